#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "markdown/lens.h"

/*
 * The lens by example: what an edit of a page makes of the issue's text. The laws are in
 * markdown_lens.c; an example shows what no law asks for, for instance that nothing is quoted
 * without need.
 */

static const struct markdown_context context = {
    .server_url = "https://github.com",
    .owner = "octo",
    .repository = "hello",
    .page_url = "https://app.notion.com/p/1",
    .issue_url = "https://github.com/octo/hello/issues/1",
};

static const struct {
    const char *name, *github;
    const char *edits[6]; /* in Notion: what to replace, with what */
    const char *ours[2];  /* on GitHub, at the same time */
    const char *wanted, *lost;
} examples[] = {
    {
        "two paragraphs that share a common word are two: one is deleted, one is written",
        "Press [the ![pic](https://x.example/1)](https://x.example/2) button.\n\n"
        "Other text goes on here.\n\nEnd.",
        {"Press [the pic](https://x.example/2) button.\n\nOther text goes on here.",
         "Call the doctor now."},
        {NULL},
        "Call the doctor now.\n\nEnd.",
        "",
    },
    {
        "a badge out of a centered paragraph: nothing is lost",
        "<p align=\"center\">\n"
        "<a href=\"https://x.example/a\"><img src=\"https://x.example/1\" alt=\"one\"></a>\n"
        "<a href=\"https://x.example/b\"><img src=\"https://x.example/2\" alt=\"two\"></a>\n"
        "</p>\n\nEnd.",
        {"\n\n![two](https://x.example/2)", ""},
        {NULL},
        "<div align=\"center\">\n\n[![one](https://x.example/1)](https://x.example/a)\n\n</div>\n\n"
        "End.",
        "",
    },
    {
        "the last line goes, and the tag around it is closed and still centers",
        "<div align=\"center\">\n<p>one</p>\n"
        "<p>two</p>\n</div>\n\nEnd.",
        {"\n\ntwo", ""},
        {NULL},
        "<div align=\"center\">\n\none\n\n</div>\n\nEnd.",
        "",
    },
    {
        "badges whose links Notion dropped change places within their paragraph",
        "[![one](https://x.example/1)](https://x.example/a) "
        "[![two](https://x.example/2)](https://x.example/b) "
        "[![three](https://x.example/3)](https://x.example/c) "
        "[![four](https://x.example/4)](https://x.example/d)\n\nEnd.",
        {"![two](https://x.example/2)\n\n![three](https://x.example/3)",
         "![three](https://x.example/3)\n\n![two](https://x.example/2)"},
        {NULL},
        "[![one](https://x.example/1)](https://x.example/a) "
        "[![three](https://x.example/3)](https://x.example/c) "
        "[![two](https://x.example/2)](https://x.example/b) "
        "[![four](https://x.example/4)](https://x.example/d)\n\nEnd.",
        "",
    },
    {
        "a comment stays when the words around it go",
        "One two <!-- hint --> three four.\n\nEnd.",
        {"two three ", ""},
        {NULL},
        "One <!-- hint --> four.\n\nEnd.",
        "",
    },
    {
        "a definition with a title stays, though nothing refers to it",
        "See [x].\n\nEnd.\n\n[x]: https://x.example/1 \"Title\"",
        {"[x](https://x.example/1)", "that"},
        {NULL},
        "See that.\n\nEnd.\n\n[x]: https://x.example/1 \"Title\"",
        "",
    },
    {
        "a definition whose title somebody changed stays, though what refers to it is deleted",
        "See [x].\n\nEnd.\n\n[x]: https://x.example/1 \"Title\"",
        {"See [x](https://x.example/1).\n\n", ""},
        {"Title", "Other title"},
        "End.\n\n[x]: https://x.example/1 \"Other title\"",
        "",
    },
    {
        "a note whose comment somebody changed stays, though what refers to it is deleted",
        "See[^1].\n\nEnd.\n\n[^1]: Note <!-- old --> here.",
        {"See (Note here.).\n\n", ""},
        {"old", "new"},
        "End.\n\n[^1]: Note <!-- new --> here.",
        "",
    },
    {
        "a definition without one goes with the last reference",
        "See [x].\n\nEnd.\n\n[x]: https://x.example/1",
        {"[x](https://x.example/1)", "that"},
        {NULL},
        "See that.\n\nEnd.",
        "",
    },
    {
        "an item gets the mark of its list",
        "* a\n* b\n\nEnd.",
        {"- b", "- b\n- c"},
        {NULL},
        "* a\n* b\n* c\n\nEnd.",
        "",
    },
    {
        "an item gets the mark of its list, be it a parenthesis",
        "1) a\n2) b\n\nEnd.",
        {"2. b", "2. b\n3. c"},
        {NULL},
        "1) a\n2) b\n3) c\n\nEnd.",
        "",
    },
    {
        "a task between numbered items, within an item",
        "- x\n  1. one\n  2. [ ] two\n  3. three\n\nEnd.",
        {"two", "two, edited", "three", "three, edited"},
        {"- x", "- y"},
        "- y\n  1. one\n  2. [ ] two, edited\n  3. three, edited\n\nEnd.",
        "",
    },
    {
        "an end tag that is alone in its line belongs to its block",
        "One.\n\n<pre>\na\n\nb\n</pre>\n\n<script>\nrun()\n</script>\n\n<!-- c\n\nd --> Two.",
        {"```\n\n", "```\n\nNew.\n\n", "\\</script>", "\\</script>\n\nNewer.", "Two.",
         "Two, edited."},
        {NULL},
        "One.\n\n<pre>\na\n\nb\n</pre>\n\nNew.\n\n<script>\nrun()\n</script>\n\nNewer.\n\n"
        "<!-- c\n\nd --> Two, edited.",
        "",
    },
    {
        "one of two badges within an item, and what Notion did not show of it, is deleted",
        "- [![one](https://x.example/1)](https://x.example/a) "
        "[![two](https://x.example/2)](https://x.example/b)\n"
        "- More\n\n  ```sh title=\"hint\"\n  run\n  ```",
        {"![one](https://x.example/1)\n\n  ", "", "\n\n  ```shell\n  run\n  ```", ""},
        {NULL},
        "- [![two](https://x.example/2)](https://x.example/b)\n- More",
        "",
    },
    {
        "badges within numbered items: text is edited, and blocks come in",
        "3. Press [![one](https://x.example/1)](https://x.example/a)\n4. More\n"
        "   - [![two](https://x.example/2)](https://x.example/b)\n"
        "5. Last",
        {"Press", "Do press", "- ![two]", "- New\n\n     ![two]"},
        {NULL},
        "3. Do press [![one](https://x.example/1)](https://x.example/a)\n4. More\n"
        "   - New\n\n     [![two](https://x.example/2)](https://x.example/b)\n"
        "5. Last",
        "",
    },
    {
        "an item within an item gets the mark of its list, and the others keep theirs",
        "- a\n- b\n\n3) a\n   * b <kbd>k</kbd>\n   * c\n\n     ```\n     - code\n     ```",
        {"   - b", "   - New\n   - b", "- c", "- c\n\n     1. d", "- code", "- code\n     - more"},
        {NULL},
        "- a\n- b\n\n3) a\n   * New\n   * b <kbd>k</kbd>\n   * c\n     1) d\n\n     ```\n"
        "     - code\n     - more\n     ```",
        "",
    },
    {
        "a comment that nobody closed and what is in it end before what is appended",
        "<!-- hint\n\nmore",
        {"", "New."},
        {NULL},
        "<!-- hint\n\nmore -->\n\nNew.",
        "",
    },
    {
        "\"<pre>\" that nobody closed ends before what is appended",
        "One.\n\n<pre>\ncode",
        {"code\n```", "code\n```\n\nNew."},
        {NULL},
        "One.\n\n<pre>\ncode</pre>\n\nNew.",
        "",
    },
    {
        "\"<?\" that nobody closed",
        "<?php hint",
        {"", "New."},
        {NULL},
        "<?php hint ?>\n\nNew.",
        "",
    },
    {
        "\"<!X\" that nobody closed",
        "<!DOCTYPE hint",
        {"", "New."},
        {NULL},
        "<!DOCTYPE hint >\n\nNew.",
        "",
    },
    {
        "CDATA that nobody closed",
        "<![CDATA[ hint",
        {"", "New."},
        {NULL},
        "<![CDATA[ hint ]]>\n\nNew.",
        "",
    },
    {
        "a comment that nobody closed within an item",
        "- a\n  - b\n    <!-- hint\n  - c\n- d",
        {"- b", "- b\n\n    New."},
        {NULL},
        "- a\n  - b\n    <!-- hint -->\n\n    New.\n  - c\n- d",
        "",
    },
    {
        "a comment that nobody closed within a quote",
        "> a\n> <!-- hint\n\nEnd.",
        {"> a", "<quote>\na\n\nNew.\n</quote>"},
        {NULL},
        "> a\n> <!-- hint -->\n>\n> New.\n\nEnd.",
        "",
    },
    {
        "a comment that nobody closed within details, which it keeps open",
        "<details open><summary>S</summary>\n\nIn.\n\n<!-- hint\n\n</details>",
        {"</toggle>", "</toggle>\n\nNew."},
        {NULL},
        "<details open><summary>S</summary>\n\nIn.\n\n<!-- hint\n\n</details> "
        "-->\n\n</details>\n\nNew.",
        "",
    },
    {
        "a comment that nobody closed within an item within details",
        "<details><summary>S</summary>\n\n- a\n  <!-- hint\n\n</details>",
        {"- a", "- a\n\n  New."},
        {NULL},
        "<details><summary>S</summary>\n\n- a\n  <!-- hint -->\n\n  New.\n\n</details>",
        "",
    },
    {
        "details that nobody closed stay as they were written",
        "<details open>\n\nIn.",
        {"</toggle>", "</toggle>\n\nNew."},
        {NULL},
        "<details open>\n\nIn.\n\n</details>\n\nNew.",
        "",
    },
    {
        "a comment stays below the end of the line to which words are added",
        "- one two\n  <!-- hint -->\n- b\n\n> c\n> <!-- hint\n\nEnd.",
        {"two", "two three", "> c", "> c d"},
        {NULL},
        "- one two three\n  <!-- hint -->\n- b\n\n> c d\n> <!-- hint\n\nEnd.",
        "",
    },
    {
        "both sides edit lines of one group",
        "<details><summary>Log</summary>\n\n- one\n- two\n- three\n\n</details>\n\nEnd.",
        {"- three", "- three, edited"},
        {"- one", "- one, edited"},
        "<details><summary>Log</summary>\n\n- one, edited\n- two\n- three, edited\n\n"
        "</details>\n\nEnd.",
        "",
    },
};

/* As Notion keeps it, without the links of captions: "![[one](link)](image)" is "![one](image)". */
static const char *
without_links(struct arena *arena, const char *text)
{
    const char *at = strstr(text, "![["), *link, *end;

    if (at == NULL)
        return text;
    link = strstr(at, "](");
    end = strstr(link, ")](");
    return without_links(arena, arena_printf(arena, "%.*s![%.*s%s", (int)(at - text), text,
                                             (int)(link - at - 3), at + 3, end + 1));
}

static const char *
replaced(struct arena *arena, const char *text, const char *old, const char *new)
{
    const char *at = strstr(text, old);

    if (at == NULL)
        fail_msg("no '%s' in:\n%s", old, text);
    return arena_printf(arena, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
}

static void
test_examples(void **state)
{
    int wrong = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        struct arena *arena = arena_new();
        const char *notion =
            without_links(arena, markdown_to_notion(arena, examples[i].github, &context));
        struct lens_texts texts = {
            {examples[i].github, notion}, {examples[i].github, notion}, MARKDOWN_NOTION};
        struct lens_result got;

        for (size_t k = 0; k < 6 && examples[i].edits[k] != NULL; k += 2)
            texts.now[1] =
                replaced(arena, texts.now[1], examples[i].edits[k], examples[i].edits[k + 1]);
        if (examples[i].ours[0] != NULL)
            texts.now[0] = replaced(arena, texts.now[0], examples[i].ours[0], examples[i].ours[1]);
        got = lens_merge(arena, &context, &texts);
        if (!got.possible || strcmp(got.text[0], examples[i].wanted) != 0 ||
            strcmp(got.lost, examples[i].lost) != 0) {
            fprintf(stderr, "--- %s\n%s\n--- lost:\n%s\n---\n", examples[i].name,
                    got.possible ? got.text[0] : "(none)", got.possible ? got.lost : "");
            wrong++;
        }
        arena_free(arena);
    }
    assert_int_equal(wrong, 0);
}

/* Where an entity may be, on either side: "%". */
static const char *const places[] = {
    "a % b",
    "a%0% b $x$",
    "# %",
    "\\% and \\\\%",
    "*%* **a%** ~~%~~",
    "[a%](https://x.example/%)",
    "[a](<https://x.example/%> \"t%\")",
    "<https://x.example/%> <https://x.example/\\%>",
    "www.x.example/% https://x.example/%?a=% a%@x.example",
    "![%](https://x.example/% \"%\")",
    "[![%](https://x.example/1)](https://x.example/%)",
    "[a%]\n\n[a%]: https://x.example/%\n  '%'",
    "a[^n%] b\n\n[^n%]: note %",
    "- %\n- [ ] a %\n\n1. %",
    "> %\n> % `%`",
    "| % | a |\n|--|--|\n| % | `%` $%$ |",
    "`%` ``a%``",
    "```a%\n%\n```",
    "~~~%\n%",
    "    %\n    a%",
    "$a%b$ and\n\n$$\n%\n$$",
    "<p title=\"%\">a%b</p>",
    "<pre>%a\n%</pre>",
    "<img alt=\"%\" src=\"https://x.example/%\">",
    "a <img alt=\"%\" src=\"https://x.example/%\"> <kbd>%</kbd> <sup>%</sup>",
    "<a href=\"https://x.example/%\">%</a>",
    "<details><summary>%</summary>\n\na%\n\n</details>",
    "<table><tr><td>%</td><td title=\"%\">a%b</td></tr></table>",
    "<!-- % -->",
    "<unknown a=\"%\">%</unknown>",
    "<callout icon=\"%\" color=\"%\">\n%\n</callout>",
    "<mention-user url=\"%\">%</mention-user> <mention user=\"%\">%</mention>",
    "<page url=\"%\">%</page>",
    "&%; &amp;% &amp;#38;#2;",
};

/* No entity of a control character is decoded: the reader uses such characters as marks. An entity
 * of a line end begins no line. */
static void
test_controls(void **state)
{
    char entities[33 * 4 + 2][16] = {"&Tab;", "&NewLine;"};
    size_t n = 2;

    (void)state;
    for (int i = 1; i <= 0x20; i++) {
        static const char *const spellings[] = {"&#%d;", "&#%07d;", "&#x%x;", "&#X%04X;"};

        for (size_t k = 0; k < sizeof(spellings) / sizeof(spellings[0]); k++)
            snprintf(entities[n++], 16, spellings[k], i == 0x20 ? 0x7f : i);
    }
    for (size_t p = 0; p < sizeof(places) / sizeof(places[0]); p++) {
        for (size_t e = 0; e < n; e++) {
            struct arena *arena = arena_new();
            const char *text = arena_strdup(arena, places[p]);

            while (strchr(text, '%') != NULL)
                text = replaced(arena, text, "%", entities[e]);
            for (int github = 0; github < 2; github++) {
                const char *normal = github ? markdown_normal_github(arena, text)
                                            : markdown_normal_notion(arena, text);
                const char *other = github ? markdown_to_notion(arena, text, &context)
                                           : markdown_to_github(arena, text, &context);

                for (int i = 0; i < 2; i++)
                    for (const char *c = i == 0 ? normal : other; *c != '\0'; c++)
                        if (((unsigned char)*c < ' ' && *c != '\t' && *c != '\n') || *c == 0x7f)
                            fail_msg("a control character from %s", text);
                assert_string_equal(normal, github ? markdown_normal_github(arena, normal)
                                                   : markdown_normal_notion(arena, normal));
                /* Code shows what is written. */
                if (places[p][0] == '`')
                    assert_non_null(strstr(other, entities[e]));
            }
            arena_free(arena);
        }
    }
}

/* A bare address ends before what follows the mark around it, so that the mark is one. */
static void
test_addresses(void **state)
{
    static const char *const marks[] = {"**", "*", "~~"};
    static const char *const addresses[] = {"www.x", "www.x.org", "http://a", "https://x.org/a",
                                            "a@x.org"};
    static const char *const after[] = {"n", "(n", ".n", " n", "", "\\\nn", "é", "[n](/b)", "`n`"};

    (void)state;
    for (size_t m = 0; m < sizeof(marks) / sizeof(marks[0]); m++)
        for (size_t a = 0; a < sizeof(addresses) / sizeof(addresses[0]); a++)
            for (size_t n = 0; n < sizeof(after) / sizeof(after[0]); n++) {
                struct arena *arena = arena_new();
                const char *text =
                    arena_printf(arena, "a %s%s%s%s", marks[m], addresses[a], marks[m], after[n]);
                const char *github = markdown_to_github(arena, text, &context);
                const char *notion = markdown_to_notion(arena, github, &context);

                if (strchr(text + 2, '\\') == NULL && strpbrk(notion, "\\") != NULL)
                    fail_msg("%s is\n%s and then\n%s", text, github, notion);
                arena_free(arena);
            }
}

/* Text that goes to Notion only: the page holds more than the issue at the last agreement. */
static void
test_one_way(void **state)
{
    static const struct {
        const char *github, *notion, *edited; /* on GitHub */
        const char *wanted, *lost;
    } rows[] = {
        {"A.\n\nB.", "A.\n\nNote.\n\nB.\n\nNotes.", "A.\n\nNew.\n\nB.\n\nLast.",
         "A.\n\nNew.\n\nNote.\n\nB.\n\nLast.\n\nNotes.", ""},
        {"> A.\n>\n> B.", "<quote>\nA.\n\nB.\n\nNote.\n</quote>", "> A.\n>\n> New.\n>\n> B.",
         "<quote>A.\n\nNew.\n\nB.\n</quote>", "> A.\n>\n> B.\n>\n> Note."},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arena *arena = arena_new();
        const struct lens_texts texts = {.base = {rows[i].github, rows[i].notion},
                                         .now = {rows[i].edited, rows[i].notion},
                                         .winner = MARKDOWN_GITHUB};
        struct lens_result result = lens_merge(arena, &context, &texts);

        assert_true(result.possible);
        assert_string_equal(result.text[MARKDOWN_NOTION], rows[i].wanted);
        assert_string_equal(result.lost, rows[i].lost);
        arena_free(arena);
    }
}

/* Both sides change the same block. */
static void
test_same_block(void **state)
{
    static const char moved[] = "# A\n\nOne [x](../y) two.\n\nThree[^1] <!-- h --> four.\n\n"
                                "Five ![](https://x.example/1) six.\n\nEnd.\n\n[^1]: Note";
    static const struct {
        const char *name, *github, *ours[2], *theirs[4], *wanted[2], *lost;
        enum markdown_dialect winner, kept;
    } rows[] = {
        {"Notion moves it, GitHub edits it: the edit goes along",
         moved,
         {"two", "two and a half"},
         {"One [x](https://github.com/octo/hello/y) two.\n\n", "", "End.",
          "End.\n\nOne [x](https://github.com/octo/hello/y) two."},
         {"# A\n\nThree[^1] <!-- h --> four.\n\nFive ![](https://x.example/1) six.\n\nEnd.\n\n"
          "One [x](../y) two and a half.\n\n[^1]: Note",
          "# A\n\nThree (Note) four.\n\nFive\n\n![](https://x.example/1)\n\nsix.\n\nEnd.\n\n"
          "One [x](https://github.com/octo/hello/y) two and a half."},
         "",
         MARKDOWN_GITHUB,
         MARKDOWN_GITHUB},
        {"Notion moves three blocks that are one on GitHub",
         moved,
         {"six", "six and a half"},
         {"Five\n\n![](https://x.example/1)\n\nsix.\n\n", "", "# A",
          "# A\n\nFive\n\n![](https://x.example/1)\n\nsix."},
         {"# A\n\nFive ![](https://x.example/1) six and a half.\n\nOne [x](../y) two.\n\n"
          "Three[^1] <!-- h --> four.\n\nEnd.\n\n[^1]: Note",
          "# A\n\nFive\n\n![](https://x.example/1)\n\nsix and a half.\n\n"
          "One [x](https://github.com/octo/hello/y) two.\n\nThree (Note) four.\n\nEnd."},
         "",
         MARKDOWN_NOTION,
         MARKDOWN_NOTION},
        {"GitHub moves it, Notion edits it",
         moved,
         {"One [x](../y) two.\n\nThree[^1] <!-- h --> four.\n\n"
          "Five ![](https://x.example/1) six.\n\nEnd.",
          "Three[^1] <!-- h --> four.\n\nFive ![](https://x.example/1) six.\n\nEnd.\n\n"
          "One [x](../y) two."},
         {"two", "two and a half"},
         {"# A\n\nThree[^1] <!-- h --> four.\n\nFive ![](https://x.example/1) six.\n\nEnd.\n\n"
          "One [x](../y) two and a half.\n\n[^1]: Note",
          "# A\n\nThree (Note) four.\n\nFive\n\n![](https://x.example/1)\n\nsix.\n\nEnd.\n\n"
          "One [x](https://github.com/octo/hello/y) two and a half."},
         "",
         MARKDOWN_GITHUB,
         MARKDOWN_GITHUB},
        {"Notion deletes it, GitHub edits it and is kept: nothing is quoted",
         "One.\n\nTwo.\n\nThree.",
         {"Two", "Two, edited"},
         {"Two.\n\n", ""},
         {"One.\n\nTwo, edited.\n\nThree.", "One.\n\nTwo, edited.\n\nThree."},
         "",
         MARKDOWN_GITHUB,
         MARKDOWN_GITHUB},
        {"what only GitHub showed is quoted as GitHub's, whoever wins",
         "One [a ![](https://x.example/1) b](https://x.example/2) c.\n\nTwo.",
         {"Two.", "Two, edited."},
         {"https://x.example/2", "https://x.example/3"},
         {"One [a image b](https://x.example/3) c.\n\nTwo, edited.",
          "One [a image b](https://x.example/3) c.\n\nTwo, edited."},
         "One [a ![](https://x.example/1) b](https://x.example/2) c.",
         MARKDOWN_GITHUB,
         MARKDOWN_NOTION},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arena *arena = arena_new();
        const char *notion = markdown_to_notion(arena, rows[i].github, &context);
        struct lens_texts texts = {
            {rows[i].github, notion}, {rows[i].github, notion}, rows[i].winner};
        struct lens_result got;

        texts.now[0] = replaced(arena, rows[i].github, rows[i].ours[0], rows[i].ours[1]);
        for (size_t k = 0; k < 4 && rows[i].theirs[k] != NULL; k += 2)
            texts.now[1] = replaced(arena, texts.now[1], rows[i].theirs[k], rows[i].theirs[k + 1]);
        got = lens_merge(arena, &context, &texts);
        if (!got.possible || strcmp(got.text[0], rows[i].wanted[0]) != 0 ||
            strcmp(got.text[1], rows[i].wanted[1]) != 0 || strcmp(got.lost, rows[i].lost) != 0 ||
            got.winner != rows[i].kept)
            fail_msg("%s:\n%s\n--- Notion\n%s\n--- lost, %d\n%s", rows[i].name,
                     got.possible ? got.text[0] : "(none)", got.possible ? got.text[1] : "(none)",
                     (int)got.winner, got.lost);
        arena_free(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_examples), cmocka_unit_test(test_one_way),
        cmocka_unit_test(test_same_block), cmocka_unit_test(test_controls),
        cmocka_unit_test(test_addresses)};

    return cmocka_run_group_tests_name("markdown_examples", tests, NULL, NULL);
}
