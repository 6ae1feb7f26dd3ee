#include "model/notion_id.h"

#include "config_test.h"

#define OTHER_BARE "ffffffffffffffffffffffffffffffff"

static void
test_parse(void **state)
{
    static const struct {
        const char *text, *id;
    } cases[] = {
        {TEST_ID_BARE, TEST_ID},
        {TEST_ID, TEST_ID},
        {"2F1C8A3E0B4D4C5E9F60718293A4B5C6", TEST_ID},
        {"2F1C8A3E-0B4D-4C5E-9F60-718293A4B5C6", TEST_ID},
        {"", NULL},
        {"2f1c8a3e0b4d4c5e9f60718293a4b5c", NULL},
        {TEST_ID_BARE "0", NULL},
        {"2f1c8a3e0b4d4c5e9f60718293a4b5cg", NULL},
        {"2f1c8a3e-0b4d4c5e-9f60-718293a4b5c6", NULL},
        {"2f1c8a3e-0b4d-4c5e9-f60-718293a4b5c6", NULL},
        {"2f1c8a3e-0b4d-4c5e-9f60-718293a4b5-6", NULL},
        {"{" TEST_ID "}", NULL},
        {" " TEST_ID_BARE, NULL},
        {"x-" TEST_ID_BARE, NULL},
        {"https://www.notion.so/" TEST_ID_BARE, NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char id[NOTION_ID_SIZE] = "untouched";
        bool parsed = notion_id_parse(cases[i].text, id);

        if (parsed != (cases[i].id != NULL))
            fail_msg("%s", cases[i].text);
        assert_string_equal(id, parsed ? cases[i].id : "untouched");
    }
}

static void
test_url_with_id(void **state)
{
    static const char *const urls[] = {
        TEST_ID_BARE,
        TEST_ID,
        "https://www.notion.so/ws/Title-" TEST_ID_BARE "?v=" OTHER_BARE,
        "https://www.notion.so/ws/Title-" TEST_ID_BARE "?v=" OTHER_BARE "&p=" OTHER_BARE "&pm=s",
        "https://www.notion.so/" TEST_ID_BARE,
        "https://www.notion.so/" TEST_ID,
        "https://www.notion.so/Tasks-abc-def-" TEST_ID_BARE,
        "https://www.notion.so/Tasks-" TEST_ID,
        "https://www.notion.so/Caf%C3%A9-" TEST_ID_BARE,
        "https://www.notion.so/2F1C8A3E0B4D4C5E9F60718293A4B5C6?v=" OTHER_BARE,
        "http://notion.so/" TEST_ID_BARE,
        "notion.so/" TEST_ID_BARE,
        "www.notion.so/ws/Title-" TEST_ID_BARE "?v=" OTHER_BARE,
        "https://app.notion.com/p/" TEST_ID_BARE,
        "https://app.notion.com/p/ws/Tasks-" TEST_ID_BARE "?v=" OTHER_BARE "&source=copy_link",
        "https://ws.notion.site/Tasks-" TEST_ID_BARE,
        "https://www.notion.so/@someone/Tasks-" TEST_ID_BARE,
        "https://www.notion.so/" TEST_ID_BARE "/",
        "https://www.notion.so/" TEST_ID_BARE "//?v=" OTHER_BARE,
        "https://www.notion.so/ws/" TEST_ID_BARE "#" OTHER_BARE,
        "https://www.notion.so/ws/" TEST_ID_BARE "#a/" OTHER_BARE,
        "https://www.notion.so/ws/" TEST_ID_BARE "?a=/" OTHER_BARE,
        "https://www.notion.so/ws/" TEST_ID_BARE "?v=https://x.example/" OTHER_BARE,
        "https://www.notion.so/" OTHER_BARE "/" TEST_ID_BARE,
        "notion://www.notion.so/ws/" TEST_ID_BARE,
        "collection://" TEST_ID,
        "collection://" TEST_ID_BARE,
        "COLLECTION://" TEST_ID "?v=" OTHER_BARE,
    };

    (void)state;
    for (size_t i = 0; i < COUNT(urls); i++) {
        char id[NOTION_ID_SIZE];

        if (!notion_id_from_url(urls[i], id))
            fail_msg("no id in %s", urls[i]);
        assert_string_equal(id, TEST_ID);
    }
}

static void
test_url_without_id(void **state)
{
    static const char *const urls[] = {
        "",
        "/",
        "Tasks",
        "https://www.notion.so",
        "https://www.notion.so/",
        "https://www.notion.so/ws?v=" TEST_ID_BARE,
        "https://www.notion.so/?v=" TEST_ID_BARE,
        "https://www.notion.so?v=" TEST_ID_BARE,
        "https://www.notion.so/ws#" TEST_ID_BARE,
        "https://www.notion.so/ws/2f1c8a3e0b4d4c5e9f60718293a4b5c",
        "https://www.notion.so/ws/Title-2f1c8a3e0b4d4c5e9f60718293a4b5c",
        "https://www.notion.so/ws/" TEST_ID_BARE "0",
        "https://www.notion.so/ws/0" TEST_ID_BARE,
        "https://www.notion.so/ws/Title-0" TEST_ID_BARE,
        "https://www.notion.so/ws/Title" TEST_ID_BARE,
        "https://www.notion.so/ws/" TEST_ID_BARE "-Title",
        "https://" TEST_ID_BARE,
        "https://" TEST_ID_BARE "/Tasks",
        "https://" TEST_ID_BARE ".notion.site/Tasks",
        "collection://",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(urls); i++) {
        char id[NOTION_ID_SIZE] = "untouched";

        if (notion_id_from_url(urls[i], id))
            fail_msg("%s in %s", id, urls[i]);
        assert_string_equal(id, "untouched");
    }
}

static void
test_compact(void **state)
{
    char out[33];

    (void)state;
    notion_id_compact(TEST_ID, out);
    assert_string_equal(out, TEST_ID_BARE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_url_with_id),
        cmocka_unit_test(test_url_without_id),
        cmocka_unit_test(test_compact),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
