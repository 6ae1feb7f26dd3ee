#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CMARK_NO_SHORT_NAMES
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

#include "base/arena.h"
#include "base/buf.h"
#include "markdown/markdown.h"

/*
 * Every example of GitHub's specification, to Notion and back, shown as GitHub shows both ends.
 */

#define EXAMPLE "````````````````````````````````"

struct example {
    int number;
    const char *section, *text;
};

/* Examples that come back as something else, and why; of whole sections, examples that may. An
 * example is known by its text: its number differs between releases. */
static const struct {
    const char *section, *text, *why;
} exceptions[] = {
    {"HTML blocks", NULL, "tags become what they mean, or their content alone"},
    {"Raw HTML", NULL, "the same; tags that nobody knows are shown as text"},
    {"Disallowed Raw HTML (extension)", NULL, "the same"},
    {NULL, "[foo]: <bar>(baz)\n\n[foo]\n", "<bar> is a tag that nobody knows"},
    {NULL, "- foo\n- bar\n+ baz\n", "Notion has items, no lists: neighbouring lists are one"},
    {NULL, "1. foo\n2. bar\n3) baz\n", "Notion has items, no lists: neighbouring lists are one"},
    {NULL, "- foo\n- bar\n\n<!-- -->\n\n- baz\n- bim\n", "comments are dropped"},
    {NULL, "-   foo\n\n    notcode\n\n-   foo\n\n<!-- -->\n\n    code\n", "comments are dropped"},
    {NULL, "<a href=\"/bar\\/)\">\n", "a link around nothing is dropped"},
    {NULL, "<a href=\"&ouml;&ouml;.html\">\n", "a link around nothing is dropped"},
    {NULL, "&#9;foo\n", "a blank at the start of a paragraph is dropped"},
    {NULL, "foo&#10;&#10;bar\n", "a line end as an entity is a blank, as GitHub shows it"},
    {NULL, "<a href=\"`\">`\n", "a tag is closed with its paragraph"},
    {NULL, "*<img src=\"foo\" title=\"*\"/>\n", "an image's tag becomes an image"},
    {NULL, "**<a href=\"**\">\n", "a link around nothing is dropped"},
    {NULL, "__<a href=\"__\">\n", "a link around nothing is dropped"},
    {NULL, "[link](<foo\nbar>)\n", "a tag that nobody knows is text"},
    {NULL, "[a](<b)c\n[a](<b)c>\n[a](<b>c)\n", "a tag is closed with its paragraph"},
    {NULL, "[foo <bar attr=\"](baz)\">\n", "a tag that nobody knows is text"},
    {NULL, "[foo <bar attr=\"][ref]\">\n\n[ref]: /uri\n", "a tag that nobody knows is text"},
    {NULL, "My ![foo bar](/path/to/train.jpg  \"title\"   )\n", "an image stands alone"},
    {NULL, "<a href=\"foo  \nbar\">\n", "a link around nothing is dropped"},
    {NULL, "<a href=\"foo\\\nbar\">\n", "a link around nothing is dropped"},
    {NULL, "<irc://foo.bar:2233/baz>\n", "links lead to the web and to mailboxes only"},
    {NULL, "<a+b+c:d>\n", "links lead to the web and to mailboxes only"},
    {NULL, "<made-up-scheme://foo,bar>\n", "links lead to the web and to mailboxes only"},
    {NULL, "<localhost:5001/foo>\n", "links lead to the web and to mailboxes only"},
};

/* 1: it must differ, 0: it must not, -1: either. */
static int
differs(const struct example *example)
{
    for (size_t i = 0; i < sizeof(exceptions) / sizeof(exceptions[0]); i++) {
        if (exceptions[i].text == NULL && strcmp(example->section, exceptions[i].section) == 0)
            return -1;
        if (exceptions[i].text != NULL && strcmp(example->text, exceptions[i].text) == 0)
            return 1;
    }
    return 0;
}

static char *
show(struct arena *arena, const char *text)
{
    static const char *const extensions[] = {"table", "strikethrough", "tasklist", "autolink",
                                             "tagfilter"};
    int options = CMARK_OPT_UNSAFE | CMARK_OPT_HARDBREAKS | CMARK_OPT_FOOTNOTES;
    cmark_parser *parser;
    cmark_node *root;
    char *html, *copy;

    cmark_gfm_core_extensions_ensure_registered();
    parser = cmark_parser_new(options);
    for (size_t i = 0; i < sizeof(extensions) / sizeof(extensions[0]); i++)
        cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(extensions[i]));
    cmark_parser_feed(parser, text, strlen(text));
    root = cmark_parser_finish(parser);
    html = cmark_render_html(root, options, cmark_parser_get_syntax_extensions(parser));
    copy = arena_strdup(arena, html);
    free(html);
    cmark_node_free(root);
    cmark_parser_free(parser);
    return copy;
}

/* Removes every occurrence of a piece. */
static void
remove_all(char *text, const char *piece, const char *instead)
{
    size_t length = strlen(piece), with = strlen(instead);
    char *to = text;

    while (*text != '\0') {
        if (strncmp(text, piece, length) == 0) {
            memmove(to, instead, with);
            to += with;
            text += length;
        } else {
            *to++ = *text++;
        }
    }
    *to = '\0';
}

/* Removes an attribute of the HTML that the parser prints. */
static void
remove_attribute(char *html, const char *start)
{
    for (char *at = strstr(html, start); at != NULL; at = strstr(at, start)) {
        const char *end = strchr(at + strlen(start), '"') + 1;

        memmove(at, end, strlen(end) + 1);
    }
}

/* Leaves the outermost of nested tags. */
static void
flatten(char *html, const char *open, const char *close)
{
    char *to = html;
    int depth = 0;

    while (*html != '\0') {
        bool opens = strncmp(html, open, strlen(open)) == 0;
        bool closes = strncmp(html, close, strlen(close)) == 0;

        if ((opens && depth++ > 0) || (closes && --depth > 0)) {
            html += strlen(opens ? open : close);
            continue;
        }
        *to++ = *html++;
    }
    *to = '\0';
}

/* A heading's lines as one. */
static void
join_headings(char *html)
{
    bool inside = false;

    for (; *html != '\0'; html++) {
        if (html[0] == '<' && html[1] == 'h' && html[2] >= '1' && html[2] <= '6')
            inside = true;
        if (strncmp(html, "</h", 3) == 0)
            inside = false;
        if (inside && *html == '\n')
            *html = ' ';
    }
}

/* What is shown alike (loose and tight lists, blanks at line ends), and what Notion has no place
 * for: titles of links, alignment, headings below the fourth level, emphasis in emphasis, lines
 * within a heading. */
static char *
meaning(struct arena *arena, const char *markdown)
{
    char *html = show(arena, markdown);

    remove_attribute(html, " title=\"");
    remove_attribute(html, " align=\"");
    remove_all(html, "<h5>", "<h4>");
    remove_all(html, "</h5>", "</h4>");
    remove_all(html, "<h6>", "<h4>");
    remove_all(html, "</h6>", "</h4>");
    flatten(html, "<em>", "</em>");
    flatten(html, "<strong>", "</strong>");
    remove_all(html, "<p>", "");
    remove_all(html, "</p>", "");
    remove_all(html, "<br />\n", "\n");
    remove_all(html, " \n", "\n");
    join_headings(html);
    while (strstr(html, "\n\n") != NULL)
        remove_all(html, "\n\n", "\n");
    remove_all(html, ">\n", ">");
    remove_all(html, "\n<", "<");
    return html;
}

static char *
read_spec(struct arena *arena)
{
    FILE *pipe = popen("scripts/gfm-spec", "r");
    struct buf out;
    char piece[4096];
    char *text;
    size_t n;

    assert_non_null(pipe);
    buf_init(&out, SIZE_MAX / 4);
    while ((n = fread(piece, 1, sizeof(piece), pipe)) > 0)
        buf_add(&out, piece, n);
    assert_int_equal(pclose(pipe), 0);
    text = arena_strdup(arena, buf_text(&out));
    buf_release(&out);
    return text;
}

/* The next example at *at; its tabs are written as arrows. */
static bool
next_example(struct arena *arena, const char **at, struct example *example)
{
    const char *start = strstr(*at, "\n" EXAMPLE " example"), *end;
    char *text;

    if (start == NULL)
        return false;
    start = strchr(start + 1, '\n');
    end = strstr(start, "\n.\n");
    text = end > start ? arena_strndup(arena, start + 1, (size_t)(end - start)) : "";
    if (*text != '\0')
        remove_all(text, "→", "\t");
    example->number++;
    example->text = text;
    for (const char *line = *at; (line = strstr(line, "\n## ")) != NULL && line < start; line++)
        example->section = arena_strndup(arena, line + 4, strcspn(line + 4, "\n"));
    *at = strstr(end, "\n" EXAMPLE);
    *at += strlen(EXAMPLE) + 1;
    return true;
}

static void
test_examples(void **state)
{
    static const struct markdown_context context = {
        .server_url = "https://github.com", .owner = NULL, .repository = "hello"};
    struct arena *arena = arena_new();
    const char *at = read_spec(arena);
    struct example example = {.section = ""};
    int wrong = 0;

    (void)state;
    while (next_example(arena, &at, &example)) {
        const char *notion = markdown_to_notion(arena, example.text, &context);
        const char *back = markdown_to_github(arena, notion, &context);
        bool same = strcmp(meaning(arena, example.text), meaning(arena, back)) == 0;

        const char *again =
            markdown_to_github(arena, markdown_to_notion(arena, back, &context), &context);

        assert_string_equal(meaning(arena, again), meaning(arena, back));
        if (differs(&example) == -1 || same == (differs(&example) == 0))
            continue;
        printf("--- example %d %s\n%s\n--- Notion\n%s\n--- back\n%s\n--- %s\n+++ %s\n",
               example.number, example.section, example.text, notion, back,
               meaning(arena, example.text), meaning(arena, back));
        wrong++;
    }
    assert_int_equal(wrong, 0);
    assert_true(example.number > 600);
    arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_examples),
    };

    return cmocka_run_group_tests_name("markdown_spec", tests, NULL, NULL);
}
