#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apply/comment_text.h"
#include "fields_test.h"
#include "github/github_p.h"
#include "reconcile/rules.h"

#define PAGE        "2f1c8a3e-0b4d-4c5e-9f60-718293a4b5c6"
#define COMMENT_MAX 65536

/* What the titles of a conflict, won by GitHub, make of the comment. */
static const char **
conflicts_of(struct arena *arena, const char *kept, const char *lost, const char *url, size_t *n)
{
    static struct rules rules;
    struct item *item = arena_alloc(arena, sizeof(*item));
    struct issue *issue = arena_alloc(arena, sizeof(*issue));
    struct page *page = arena_alloc(arena, sizeof(*page));

    put_value(&issue->values, FIELD_TITLE, value_text(kept));
    put_value(&page->values, FIELD_TITLE, value_text(lost));
    page->url = url;
    item->issue = issue;
    item->page = page;
    rules.fields = all_fields();
    item->rules = &rules;
    item->fields = arena_array(arena, FIELD_BUILTINS, sizeof(*item->fields));
    item->fields[FIELD_TITLE].conflict = true;
    item->fields[FIELD_TITLE].winner = SIDE_GITHUB;
    return comment_text_conflict(arena, item, n);
}

static const char *
conflict_of(struct arena *arena, const char *kept, const char *lost, const char *url)
{
    size_t n;

    return conflicts_of(arena, kept, lost, url, &n)[0];
}

static char *
repeated(struct arena *arena, const char *text, size_t n)
{
    size_t length = strlen(text);
    char *all = arena_alloc(arena, n * length + 1);

    for (size_t i = 0; i < n; i++)
        memcpy(all + i * length, text, length);
    return all;
}

/* The last fence of the comment closes the one that its value is in. */
static void
assert_fenced(struct arena *arena, const char *comment)
{
    const char *whole = marker_append(arena, comment, "page=" PAGE);
    const char *open = strstr(comment, "`text\n");
    size_t ticks = 0;
    char *close;

    assert_non_null(open);
    while (open - ticks >= comment && open[-(ptrdiff_t)ticks] == '`')
        ticks++;
    assert_true(ticks >= 3);
    close = arena_printf(arena, "\n%s\n", repeated(arena, "`", ticks));
    assert_non_null(strstr(open, close));
    assert_null(strstr(strstr(open, close) + 1, close));
    assert_true(strlen(whole) <= COMMENT_MAX);
    assert_string_equal(github_find_marker(arena, whole), "page=" PAGE);
}

/* Fences as long as the text asks for could fill the comment before its value did. */
static void
test_runs_of_backticks(void **state)
{
    static const size_t lengths[] = {1, 2, 3, 300, 9000, 20000, 25000, 60000, 200000};
    struct arena *arena = arena_new();

    (void)state;
    for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
        const char *title = repeated(arena, "`", lengths[i]);
        const char *comment = conflict_of(arena, title, title, "https://www.notion.so/x");

        assert_fenced(arena, comment);
        if (lengths[i] <= 9000)
            assert_non_null(strstr(comment, arena_printf(arena, "\n%s\n", title)));
    }
    arena_free(arena);
}

/* A value that is too long for one comment continues in the next, cut between characters, and
 * nothing of it is lost. */
static void
test_long_values(void **state)
{
    static const size_t lengths[] = {25000, 100000, 300000};
    struct arena *arena = arena_new();

    (void)state;
    for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
        size_t n, seen = 0;
        const char **comments =
            conflicts_of(arena, "a", repeated(arena, "\xc3\xa9", lengths[i]), NULL, &n);

        assert_true(n > lengths[i] / 32000);
        for (size_t k = 0; k < n; k++) {
            assert_fenced(arena, comments[k]);
            for (const char *at = comments[k]; (at = strstr(at, "\xc3\xa9")) != NULL; at += 2)
                seen++;
        }
        assert_int_equal(seen, lengths[i]);
    }
    arena_free(arena);
}

/* An address that cannot be in a link is left out. */
static void
test_addresses(void **state)
{
    struct arena *arena = arena_new();
    const char *const bad[] = {
        "javascript:alert(1)",  "https://x/)[y](https://z",
        "https://x/ \"title\"", "https://x/<b>",
        "https://x/\\",         arena_printf(arena, "https://x/%s", repeated(arena, "y", 70000)),
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        const char *comment = conflict_of(arena, "a", "b", bad[i]);

        assert_non_null(strstr(comment, "its Notion page already had"));
        assert_null(strstr(comment, "]("));
        assert_fenced(arena, comment);
    }
    assert_non_null(
        strstr(conflict_of(arena, "a", "b", "https://x/y"), "[Notion page](https://x/y)"));
    arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_runs_of_backticks),
        cmocka_unit_test(test_long_values),
        cmocka_unit_test(test_addresses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
