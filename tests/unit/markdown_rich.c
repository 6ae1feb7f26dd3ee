/* Comments: GitHub's Markdown as runs and back. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "markdown/rich.h"

#define JOINER "\xe2\x81\xa0"
#define NBSP   "\xc2\xa0"

/* Runs in one line: their looks, then the text in brackets, then the link. */
static char *
shown(const struct runs *runs, struct arena *arena)
{
    char *all = arena_strdup(arena, "");

    for (size_t i = 0; i < runs->len; i++) {
        const struct run *run = &runs->items[i];

        all = arena_printf(arena, "%s%s%s%s%s%s[%s]%s%s%s", all, run->bold ? "b" : "",
                           run->italic ? "i" : "", run->strike ? "s" : "", run->code ? "c" : "",
                           run->math ? "m" : "", run->text, run->link != NULL ? "(" : "",
                           run->link != NULL ? run->link : "", run->link != NULL ? ")" : "");
    }
    return all;
}

static void
test_reading(void **state)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"Hello", "[Hello]"},
        {"a **b** *c* ~~d~~ `e` ***f***", "[a ]b[b][ ]i[c][ ]s[d][ ]c[e][ ]bi[f]"},
        {"one\r\ntwo  \nthree", "[one\ntwo\nthree]"},
        {"one\n\n\n\ntwo", "[one\n\ntwo]"},
        {"# Title\ntext", "b[Title][\n\ntext]"},
        {"- a\n- b\n  - c\n\n1. d\n2. e",
         "[\xe2\x80\xa2 a\n\xe2\x80\xa2 b\n    \xe2\x80\xa2 c\n\n1. d\n2. e]"},
        {"7) a\n8) b", "[7. a\n8. b]"},
        {"- [ ] a\n- [x] b", "[\xe2\x98\x90 a\n\xe2\x98\x91 b]"},
        {"- a\n\n  more", "[\xe2\x80\xa2 a\nmore]"},
        {"> a\n> b\n\nc", "[> a\n> b\n\nc]"},
        {"> a\n> > b", "[> a\n\n> > b]"},
        {"```c\nint x;\n  y\n```", "c[int x;\n  y]"},
        {"[a](https://x.y/z) <https://q.r>", "[a](https://x.y/z)[ ][https://q.r](https://q.r)"},
        {"see https://x.y/z.", "[see ][https://x.y/z](https://x.y/z)[.]"},
        {"[a](javascript:alert) [b](/rel) [c](#x)", "[a][ ][b][ ][c]"},
        {"[a](:x) [b](1:2) [c](http:x) [d](h\xc3\xa9ttps://x)", "[a][ ][b][ ][c][ ][d]"},
        {"![alt](https://i.png) ![](https://j.png)",
         "[alt](https://i.png)[ ][image](https://j.png)"},
        {"[![in](https://i.png) out](https://x.y)", "[in](https://i.png)[ out](https://x.y)"},
        {"<img width=\"1\" alt=\"pic\" src=\"https://i.png\">", "[pic](https://i.png)"},
        {"a<br>b <b>c</b> <!-- no -->d", "[a\nb c d]"},
        {"<details><summary>S</summary>\n\nin\n\n</details>", "[S\n\nin]"},
        {"a\n\n<!-- hidden -->\n\nb", "[a\n\nb]"},
        {"<!-- open", ""},
        {"| a | b |\n|-|-|\n| 1 | **2** |", "[a | b\n1 | ]b[2]"},
        {"a\n\n---\n\nb", "[a\n\n\xe2\x80\x94\xe2\x80\x94\xe2\x80\x94\n\nb]"},
        {"@octo #12 &amp; \\*x\\*", "[@octo #12 & *x*]"},
        {"Text\n\n<!-- notion-sync page=x -->", "[Text]"},
    };
    struct arena *arena = arena_new();

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct runs runs = rich_from_markdown(arena, cases[i][0]);

        assert_string_equal(shown(&runs, arena), cases[i][1]);
    }
    assert_int_equal(rich_from_markdown(arena, NULL).len, 0);
    arena_free(arena);
}

static void
test_writing(void **state)
{
    static const struct {
        struct run run;
        const char *markdown;
    } cases[] = {
        {{.text = "Hello, world!"}, "Hello, world!"},
        {{.text = "a", .bold = true, .italic = true, .strike = true}, "~~**_a_**~~"},
        {{.text = " a ", .bold = true}, NBSP "**a** "},
        {{.text = "a\n\nb", .bold = true}, "**a**\n\n**b**"},
        {{.text = "x", .code = true}, "`x`"},
        {{.text = "`x``", .code = true}, "``` `x`` ```"},
        {{.text = "@x\n@y", .code = true}, "`@x`\n`@y`"},
        {{.text = "e=mc^2", .math = true}, "$`e=mc^2`$"},
        {{.text = "e`c", .math = true}, "``e`c``"},
        {{.text = "a", .link = "https://x.y/a_(b)"}, "[a](<https://x.y/a_(b)>)"},
        {{.text = "a", .link = "javascript:alert(1)"}, "a"},
        {{.text = "a", .link = "https://x y"}, "a"},
        {{.text = "a", .link = "https://x>y"}, "a"},
        {{.text = "a", .link = "mailto:a@b.c"}, "[a](<mailto:a@b.c>)"},
        {{.text = "see https://x.y/a_b, or"}, "see <https://x.y/a_b>, or"},
        {{.text = "https://"}, "https\\://"},
        {{.text = "@octo and (@org/team) a@b.c @ x"},
         "@" JOINER "octo and (@" JOINER "org/team) a@b.c @ x"},
        {{.text = "<b>&amp;</b> [x](y) `z` *a* _b_ ~c~ $d$ \\"},
         "\\<b\\>\\&amp;\\</b\\> \\[x\\](y) \\`z\\` \\*a\\* \\_b\\_ \\~c\\~ \\$d\\$ \\\\"},
        {{.text = "# a\n- b\n+ c\n1. d\n2) e\n===\n| f |\n    g\n> h"},
         "\\# a\n\\- b\n\\+ c\n1\\. d\n2\\) e\n\\===\n\\| f \\|\n" NBSP NBSP NBSP NBSP "g\n\\> h"},
        {{.text = "a\tb\x01\x7f"}, "a b"},
    };
    struct arena *arena = arena_new();

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct runs runs = {&cases[i].run, 1};

        assert_string_equal(rich_to_markdown(arena, &runs), cases[i].markdown);
    }
    arena_free(arena);
}

/* A name is parted from its "@" whatever way the runs are cut. */
static void
test_mentions_across_runs(void **state)
{
    static const struct run cut[] = {{.text = "a@"}, {.text = "octo", .link = "nowhere:"}};
    static const struct run begun[] = {{.text = "a", .bold = true}, {.text = "@octo"}};
    struct arena *arena = arena_new();

    (void)state;
    assert_string_equal(rich_to_markdown(arena, &(struct runs){cut, 2}), "a@octo");
    assert_string_equal(rich_to_markdown(arena, &(struct runs){begun, 2}), "**a**@" JOINER "octo");
    assert_string_equal(rich_to_markdown(arena, &(struct runs){cut + 1, 1}), "octo");
    arena_free(arena);
}

static void
test_neighbours(void **state)
{
    static const struct run runs[] = {
        {.text = "a", .bold = true}, {.text = "b", .bold = true}, {.text = "c"}};
    struct arena *arena = arena_new();

    (void)state;
    assert_string_equal(rich_to_markdown(arena, &(struct runs){runs, 3}), "**ab**c");
    assert_string_equal(rich_to_markdown(arena, &(struct runs){runs, 0}), "");
    arena_free(arena);
}

/* What is written shows just what was said. */
static void
test_round_trip(void **state)
{
    static const char *const texts[] = {
        "plain",
        "1. one\n2. two\n- three\n* four\n+ five",
        "<script>alert(1)</script> &lt; &#64;octo",
        "a_b_c *d* **e** `f` ~~g~~ [h](i) ![j](k) <l@m.n> \\o",
        "# h\n## h\nh\n===\nh\n---\n***\n___",
        "| a | b |\n|---|---|\n| c | d |",
        "a\n:---\nb\n:-:\nc\n  :-\nd\n-:",
        "> quote\n>> deeper\n    code\n\tcode\n```\nfence\n```\n~~~\nfence\n~~~",
        "[^1] [^1]: note\n[x]: https://y\n[ ] task\n- [x] task",
        "www.example.com/a_b https://x.y/z_*_~ ftp://q.r/a_b HTTPS://x.y/a_b mail_x@example.com",
        "a  \nb\\\nc",
        "$x$ $$y$$ :tada: #12 GH-12 o/r#12",
    };
    struct arena *arena = arena_new();

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        const struct run run = {.text = texts[i]};
        const struct runs back =
            rich_from_markdown(arena, rich_to_markdown(arena, &(struct runs){&run, 1}));
        char *said = arena_strdup(arena, texts[i]);
        char *seen = arena_strdup(arena, "");
        char *to;

        for (size_t k = 0; k < back.len; k++) {
            assert_false(back.items[k].bold || back.items[k].italic || back.items[k].code ||
                         back.items[k].strike);
            seen = arena_printf(arena, "%s%s", seen, back.items[k].text);
        }
        for (char *at; (at = strstr(seen, JOINER)) != NULL;)
            memmove(at, at + 3, strlen(at + 3) + 1);
        for (char *at; (at = strstr(seen, NBSP)) != NULL;)
            memmove(at, at + 2, strlen(at + 2) + 1);
        to = seen;
        for (char *at = seen; (*to = *at) != '\0'; at++)
            to += strchr(" \t\n", *at) == NULL;
        to = said;
        for (char *at = said; (*to = *at) != '\0'; at++)
            to += strchr(" \t\n", *at) == NULL;
        assert_string_equal(seen, said);
    }
    arena_free(arena);
}

/* Nests and runs of marks take no more time than their length asks for, and no depth too many. */
static void
test_depth(void **state)
{
    static const char *const pieces[] = {"> ", "- ", "*", "[", "`", "<", "<!--", "![", "|"};
    struct arena *arena = arena_new();
    char *text = arena_alloc(arena, 65536 + 1);

    (void)state;
    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
        size_t length = strlen(pieces[i]);
        struct runs runs;

        for (size_t at = 0; at + length <= 65536; at += length)
            memcpy(text + at, pieces[i], length);
        runs = rich_from_markdown(arena, text);
        assert_true(strlen(rich_to_markdown(arena, &runs)) < (size_t)1 << 20);
    }
    arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reading),    cmocka_unit_test(test_writing),
        cmocka_unit_test(test_neighbours), cmocka_unit_test(test_mentions_across_runs),
        cmocka_unit_test(test_round_trip), cmocka_unit_test(test_depth),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
