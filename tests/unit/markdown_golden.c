#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "markdown/markdown.h"

/*
 * tests/markdown holds pairs: NAME.github.md becomes NAME.notion.md and the other way around. If
 * a way back loses something, NAME.github-back.md is what Notion's text becomes,
 * NAME.notion-back.md what GitHub's does. A pair is added by putting it there.
 */

#define FOLDER "tests/markdown"

static const char *
login_of(const void *data, const char *user_id)
{
    (void)data;
    return strcmp(user_id, "11111111-2222-3333-4444-555555555555") == 0 ? "octocat" : NULL;
}

static bool
is_login(const void *data, const char *login)
{
    (void)data;
    return strcmp(login, "octocat") == 0;
}

static struct markdown_context context = {
    .server_url = "https://github.com",
    .owner = "octo",
    .repository = "hello",
    .page_url = "https://app.notion.com/p/Page-1",
    .issue_url = "https://github.com/octo/hello/issues/5",
    .login_of = login_of,
    .is_login = is_login,
};

/* A file without its last line break; NULL: there is no such file. */
static char *
read_file(struct arena *arena, const char *name, const char *kind)
{
    FILE *file = fopen(arena_printf(arena, FOLDER "/%s.%s.md", name, kind), "rb");
    char piece[4096];
    struct buf out;
    char *text;
    size_t n;

    if (file == NULL)
        return NULL;
    buf_init(&out, SIZE_MAX / 4);
    while ((n = fread(piece, 1, sizeof(piece), file)) > 0)
        buf_add(&out, piece, n);
    fclose(file);
    text = arena_strndup(arena, buf_text(&out), out.len > 0 ? out.len - 1 : 0);
    buf_release(&out);
    return text;
}

static int
expect(const char *name, const char *what, const char *got, const char *want)
{
    if (strcmp(got, want) == 0)
        return 0;
    printf("--- %s: %s: wanted\n%s\n--- got\n%s\n---\n", name, what, want, got);
    return 1;
}

static int
check_pair(const char *name)
{
    struct arena *arena = arena_new();
    const char *github = read_file(arena, name, "github");
    const char *notion = read_file(arena, name, "notion");
    const char *github_back = read_file(arena, name, "github-back");
    const char *notion_back = read_file(arena, name, "notion-back");
    const char *to_github, *to_notion;
    int wrong = 0;

    assert_non_null(github);
    assert_non_null(notion);
    context.mentions = markdown_mentions(arena, github);
    to_github = markdown_to_github(arena, notion, &context);
    to_notion = markdown_to_notion(arena, github, &context);
    wrong += expect(name, "to GitHub", to_github, github_back != NULL ? github_back : github);
    wrong += expect(name, "to Notion", to_notion, notion_back != NULL ? notion_back : notion);
    /* What was once there and back stays as it is. */
    to_github = markdown_to_github(arena, to_notion, &context);
    to_notion = markdown_to_notion(arena, to_github, &context);
    wrong += expect(name, "again", markdown_to_github(arena, to_notion, &context), to_github);
    wrong += expect(name, "normal on GitHub",
                    markdown_normal_github(arena, markdown_normal_github(arena, github)),
                    markdown_normal_github(arena, github));
    wrong += expect(name, "normal in Notion",
                    markdown_normal_notion(arena, markdown_normal_notion(arena, notion)),
                    markdown_normal_notion(arena, notion));
    context.mentions = NULL;
    arena_free(arena);
    return wrong;
}

static void
test_pairs(void **state)
{
    DIR *folder = opendir(FOLDER);
    const struct dirent *entry;
    int wrong = 0, pairs = 0;

    (void)state;
    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        const char *end = strstr(entry->d_name, ".github.md");
        char name[256];

        if (end == NULL)
            continue;
        snprintf(name, sizeof(name), "%.*s", (int)(end - entry->d_name), entry->d_name);
        wrong += check_pair(name);
        pairs++;
    }
    closedir(folder);
    assert_int_equal(wrong, 0);
    assert_true(pairs > 30);
}

/* Every pair is in a row of the table, every row names a pair. */
static void
test_table(void **state)
{
    struct arena *arena = arena_new();
    FILE *file = fopen("docs/markdown.md", "rb");
    char line[2048];
    int rows = 0;

    (void)state;
    assert_non_null(file);
    while (fgets(line, sizeof(line), file) != NULL) {
        char *end = strrchr(line, '|');
        char *start;

        if (line[0] != '|' || strstr(line, "-|-") != NULL || strstr(line, "test |") != NULL)
            continue;
        assert_non_null(end);
        end[-1] = '\0';
        start = strrchr(line, '|') + 2;
        if (start[0] == '`') {
            start[strlen(start) - 1] = '\0';
            start++;
        }
        if (read_file(arena, start, "github") == NULL)
            fail_msg("docs/markdown.md names no pair: %s", start);
        rows++;
    }
    fclose(file);
    assert_true(rows > 30);
    arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_table),
    };

    return cmocka_run_group_tests_name("markdown_golden", tests, NULL, NULL);
}
