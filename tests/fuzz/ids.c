#include "fuzz.h"

#include <ctype.h>

#include "base/url.h"
#include "config/config_p.h"
#include "http/http_p.h"
#include "model/notion_id.h"
#include "notion/notion_p.h"
#include "state/record.h"

static bool
has_control(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text <= 0x20 || *text == 0x7f)
            return true;
    return false;
}

static void
check_notion_id(struct arena *arena, const char *text)
{
    char id[NOTION_ID_SIZE];
    char again[NOTION_ID_SIZE];
    char compact[33];
    bool plain = notion_id_parse(text, id);

    if (plain) {
        CHECK(is_notion_id(id));
        notion_id_compact(id, compact);
        CHECK(strlen(compact) == 32);
        CHECK(notion_id_parse(compact, again) && strcmp(id, again) == 0);
        CHECK(notion_id_is_tidy(id));
        CHECK(notion_id_from_url(text, again) && strcmp(id, again) == 0);
    }
    if (notion_id_from_url(text, id)) {
        char *digits = arena_alloc(arena, strlen(text) + 1);
        size_t n = 0;

        for (const char *c = text; *c != '\0'; c++)
            if (*c != '-')
                digits[n++] = (char)tolower((unsigned char)*c);
        notion_id_compact(id, compact);
        CHECK(is_notion_id(id) && strstr(digits, compact) != NULL);
    }
}

static void
check_ref(const char *text)
{
    static const char *const never[] = {"..", "//", "/.", ".lock/", "@{", "~", "^",
                                        ":",  "?",  "*",  "[",      "\\", " "};

    if (!git_ref_valid(text))
        return;
    CHECK(strncmp(text, "refs/", 5) == 0 && strchr(text + 5, '/') != NULL);
    CHECK(!has_control(text));
    for (size_t i = 0; i < sizeof(never) / sizeof(*never); i++)
        CHECK(strstr(text, never[i]) == NULL);
    CHECK(strchr("./", text[strlen(text) - 1]) == NULL);
    CHECK(strlen(text) < 5 || strcmp(text + strlen(text) - 5, ".lock") != 0);
}

static void
check_url(const char *text)
{
    struct err err;
    char *origin = http_url_origin(text);
    char *host = http_url_host(text);

    if (url_allowed(text, &err)) {
        CHECK(strncasecmp(text, "https://", 8) == 0 || strncasecmp(text, "http://", 7) == 0);
        CHECK(strpbrk(text, "?#@\\") == NULL && !has_control(text));
    } else {
        check_err(&err);
        CHECK(err.kind == ERR_INPUT);
    }
    if (http_url_allowed(text, &err)) {
        CHECK(url_allowed(text, NULL) && origin != NULL && host != NULL);
        CHECK(strncmp(origin, "https://", 8) == 0 || url_host_is_loopback(host));
    }
    if (origin != NULL)
        CHECK(host != NULL && strstr(origin, "://") != NULL && strchr(origin, '@') == NULL);
    free(origin);
    free(host);
}

/* Where a reference leads decides who is sent a token. */
static void
check_reference(const char *text)
{
    static const char *const bases[] = {"https://api.notion.com/v1/pages?a=b#c",
                                        "http://127.0.0.1:8080/api/v3/x"};
    bool path = text[0] == '/' && strpbrk(text + 1, "/\\") == NULL;

    for (size_t i = 0; i < 2; i++) {
        char *home = http_url_origin(bases[i]);
        char *found = http_url_resolve(bases[i], text);
        char *origin = found != NULL ? http_url_origin(found) : NULL;

        if (path && found != NULL)
            CHECK(origin != NULL && strcmp(origin, home) == 0);
        if (origin != NULL && strcmp(origin, home) == 0)
            CHECK(strncmp(found, home, strcspn(home, ":") + 3) == 0 && !has_control(found));
        free(origin);
        free(found);
        free(home);
    }
}

static void
check_numbers(struct arena *arena, const char *text)
{
    int64_t number = state_path_number(text);

    CHECK(number >= 0);
    if (number > 0)
        CHECK(strcmp(state_record_path(arena, number), text) == 0);
    if (number_read(text, 3, 400, &number))
        CHECK(number >= 3 && number <= 400 && strtoll(text, NULL, 10) == number);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct bytes bytes = {data, size};
    const char *text = take_rest(&bytes, arena);

    check_notion_id(arena, text);
    check_ref(text);
    check_url(text);
    check_reference(text);
    check_numbers(arena, text);
    arena_free(arena);
    return 0;
}
