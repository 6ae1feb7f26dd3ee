/* No text costs more than its length: pieces that the input names are repeated to a long text, and
 * every reader and printer of texts may take so many steps for each of its bytes. Steps are
 * counted, not timed: branches of our own code (the build has the compiler call count_branch at
 * each) and bytes that the C library walks over for it (the linker leads its calls to the functions
 * below). */

#include <stdarg.h>
#include <stdint.h>

static uint64_t steps;

#define FUZZ_AT_BRANCH steps++
#include "fuzz.h"

#include "base/buf.h"
#include "markdown/lens.h"
#include "markdown/markdown.h"
#include "markdown/merge.h"
#include "markdown/rich.h"
#include "markdown/work.h"

/* A text this long, and what it may cost for each of its bytes. Ordinary texts take a tenth. */
#define LENGTH         ((size_t)12 * 1024)
#define STEPS_PER_BYTE ((uint64_t)COST_LIMIT)
#ifndef COST_LIMIT
#define COST_LIMIT 700
#endif
/* What goes over texts again and again counts the bytes itself: work.h allows it 64 times as many
 * as there are, and 16 KiB more. */
#define TIMES 64

/* A library function walks over some bytes with each step. */
static void
walked(size_t bytes)
{
    steps += 1 + bytes / 8;
}

#define WRAP(type, name, parameters, arguments, bytes) \
    type __real_##name parameters;                     \
    type __wrap_##name parameters;                     \
    type __wrap_##name parameters                      \
    {                                                  \
        type got = __real_##name arguments;            \
                                                       \
        walked(bytes);                                 \
        return got;                                    \
    }

static size_t
up_to(const char *text, const char *found)
{
    return found != NULL ? (size_t)(found - text) : (strlen)(text);
}

static size_t
alike(const char *a, const char *b, size_t most)
{
    size_t n = 0;

    while (n < most && a[n] != '\0' && a[n] == b[n])
        n++;
    return n;
}

WRAP(size_t, strlen, (const char *text), (text), got)
WRAP(char *, strchr, (const char *text, int c), (text, c), up_to(text, got))
WRAP(char *, strrchr, (const char *text, int c), (text, c), up_to(text, NULL))
WRAP(char *, strstr, (const char *text, const char *part), (text, part), up_to(text, got))
WRAP(char *, strcasestr, (const char *text, const char *part), (text, part), up_to(text, got))
WRAP(char *, strpbrk, (const char *text, const char *set), (text, set), up_to(text, got))
WRAP(size_t, strspn, (const char *text, const char *set), (text, set), got)
WRAP(size_t, strcspn, (const char *text, const char *set), (text, set), got)
WRAP(size_t, strnlen, (const char *text, size_t most), (text, most), got)
WRAP(int, strcmp, (const char *a, const char *b), (a, b), alike(a, b, SIZE_MAX))
WRAP(int, strncmp, (const char *a, const char *b, size_t n), (a, b, n), alike(a, b, n))
WRAP(int, strcasecmp, (const char *a, const char *b), (a, b), alike(a, b, SIZE_MAX))
WRAP(int, strncasecmp, (const char *a, const char *b, size_t n), (a, b, n), alike(a, b, n))
WRAP(int, memcmp, (const void *a, const void *b, size_t n), (a, b, n), n)
WRAP(void *, memchr, (const void *from, int c, size_t n), (from, c, n),
     got != NULL ? (size_t)((const char *)got - (const char *)from) : n)
WRAP(void *, memmem, (const void *from, size_t n, const void *part, size_t m), (from, n, part, m),
     got != NULL ? (size_t)((const char *)got - (const char *)from) : n)
WRAP(void *, memcpy, (void *to, const void *from, size_t n), (to, from, n), n)
WRAP(void *, memmove, (void *to, const void *from, size_t n), (to, from, n), n)
WRAP(void *, memset, (void *to, int c, size_t n), (to, c, n), n)

/* What means something to a reader; bytes of 0x80 and more choose one. */
static const char *const words[] = {
    "www.",
    "http://",
    "https://a.b",
    "@",
    "mailto:a@b.c",
    "#1",
    "o/r#1",
    "GH-1",
    "](",
    "![",
    "[a]",
    "[^1]",
    "[^1]: ",
    "\n\n",
    "\n",
    "    ",
    "> ",
    "- ",
    "1. ",
    "- [ ] ",
    "| a ",
    "|-|-|\n",
    "***",
    "__",
    "~~",
    "`",
    "```",
    "```\n",
    "$",
    "$$",
    "$$\n",
    "<!--",
    "-->",
    "<?",
    "<!A",
    "<b>",
    "</b>",
    "<div>",
    "</div>",
    "<p>",
    "<p />",
    "</p>",
    "<br>",
    "<img src=\"a\">",
    "<a href=\"",
    "<details>",
    "<summary>",
    "</summary>",
    "</details>",
    "<table>",
    "<tr>",
    "<td>",
    "</td>",
    "</table>",
    "<toggle>\n",
    "</toggle>\n",
    "<callout icon=\"a\">",
    "</callout>",
    "<columns>",
    "<column>",
    "</column>",
    "<span color=\"red\">",
    "</span>",
    "<mention url=\"user://a\">",
    "</mention>",
    "<page url=\"a\">",
    "<date start=\"1\" />",
    "<unknown url=\"a\" />",
    "<quote>",
    "<sub>",
    "</sub>",
    "<pre>",
    "</pre>",
    "<ul>",
    "<li>",
    "</li>",
    "\\",
    "\\\\",
    "&amp;",
    "&#",
    "&",
    "\xc3\xa9",
    "\xe2\x80\x8b",
    "\xf0\x9f\x98\x80",
    "\xff",
    "[!NOTE]\n",
    "# ",
    "===",
    "---",
    "\t",
    "\r\n",
    "<",
    ">",
    "\"",
    "'",
    "(",
    ")",
    "[",
    "]",
    "!",
    "_",
    "*",
    "a",
    " ",
    "1",
    "<!-- notion-sync page=",
    "?X-Amz-Signature=",
    "{color=\"red\"}",
    "```math\n",
    "<kbd>",
    "::",
};

static void
add_words(struct buf *out, const uint8_t *data, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (data[i] == 0)
            buf_char(out, ' ');
        else if (data[i] < 0x80)
            buf_char(out, (char)data[i]);
        else
            buf_str(out, words[(data[i] - 0x80U) % (sizeof(words) / sizeof(words[0]))]);
}

/* A beginning once, then two pieces, each as often as it takes for half of the text. */
static char *
long_text(struct arena *arena, struct bytes *bytes)
{
    size_t start = take_below(bytes, 12), first = 1 + take_below(bytes, 12);
    struct buf out;
    char *text;

    start = start < bytes->left ? start : bytes->left;
    buf_init(&out, SIZE_MAX / 4);
    add_words(&out, bytes->at, start);
    bytes->at += start;
    bytes->left -= start;
    if (bytes->left == 0)
        buf_str(&out, "a");
    first = first < bytes->left ? first : bytes->left;
    while (first > 0 && out.len < (bytes->left > first ? LENGTH / 2 : LENGTH))
        add_words(&out, bytes->at, first);
    while (bytes->left > first && out.len < LENGTH)
        add_words(&out, bytes->at + first, bytes->left - first);
    text = arena_strdup(arena, buf_text(&out));
    buf_release(&out);
    return text;
}

typedef const char *cost_fn(struct arena *arena, const char *text);

static const struct markdown_context context = {
    .server_url = "https://github.com",
    .owner = "octo",
    .repository = "hello",
    .page_url = "https://app.notion.com/p/1",
    .issue_url = "https://github.com/octo/hello/issues/1",
};

static const char *
to_notion(struct arena *arena, const char *text)
{
    return markdown_to_notion(arena, text, &context);
}

static const char *
to_github(struct arena *arena, const char *text)
{
    return markdown_to_github(arena, text, &context);
}

static const char *
normal_github(struct arena *arena, const char *text)
{
    return markdown_normal_github(arena, text);
}

static const char *
normal_notion(struct arena *arena, const char *text)
{
    return markdown_normal_notion(arena, text);
}

static const char *
cut_github(struct arena *arena, const char *text)
{
    bool cut;

    return markdown_cut_github(arena, text, LENGTH / 2, "https://app.notion.com/p/1", &cut);
}

static const char *
cut_notion(struct arena *arena, const char *text)
{
    bool cut;

    return markdown_cut_notion(arena, text, LENGTH / 2, "https://app.notion.com/p/1", &cut);
}

static const char *
plain(struct arena *arena, const char *text)
{
    (void)arena;
    return markdown_is_plain(text) ? "" : text;
}

static const char *
rich(struct arena *arena, const char *text)
{
    struct runs runs = rich_from_markdown(arena, text);
    const struct run all = {.text = text};
    const struct runs one = {(struct run *)(uintptr_t)&all, 1};

    rich_to_markdown(arena, &runs);
    return rich_to_markdown(arena, &one);
}

/* The text with a word in every so many bytes: in all its blocks, or in some. */
static const char *
edited(struct arena *arena, const char *text, size_t every, const char *word)
{
    struct buf out;
    char *copy;

    buf_init(&out, SIZE_MAX / 4);
    for (size_t i = 0; text[i] != '\0'; i++) {
        if (i % every == every / 2)
            buf_str(&out, word);
        buf_char(&out, text[i]);
    }
    copy = arena_strdup(arena, buf_text(&out));
    buf_release(&out);
    return copy;
}

static const char *
merged(struct arena *arena, const char *text, size_t every)
{
    const char *ours = edited(arena, text, every, " x");
    const char *theirs = edited(arena, text, every + every / 3, "\n\ny ");

    merge_texts(arena, MERGE_LINES, text, ours, theirs);
    return merge_texts(arena, MERGE_WORDS, text, ours, theirs).text;
}

static const char *
merge_much(struct arena *arena, const char *text)
{
    return merged(arena, text, 41);
}

static const char *
merge_little(struct arena *arena, const char *text)
{
    return merged(arena, text, LENGTH / 4);
}

static const char *
lens(struct arena *arena, const char *text, size_t every)
{
    const char *notion = markdown_to_notion(arena, text, &context);
    const struct lens_texts texts = {
        {text, notion},
        {edited(arena, text, every, " x"), edited(arena, notion, every + every / 3, "\n\ny ")},
        MARKDOWN_NOTION};

    return lens_merge(arena, &context, &texts).text[MARKDOWN_GITHUB];
}

static const char *
lens_much(struct arena *arena, const char *text)
{
    return lens(arena, text, 41);
}

static const char *
lens_little(struct arena *arena, const char *text)
{
    return lens(arena, text, LENGTH / 4);
}

static const char *
edits(struct arena *arena, const char *text, size_t every)
{
    const struct markdown_edit *found;
    size_t n;

    return markdown_edits(arena, text, edited(arena, text, every, " x"), &found, &n) ? text : "";
}

static const char *
edits_much(struct arena *arena, const char *text)
{
    return edits(arena, text, 41);
}

static const char *
edits_little(struct arena *arena, const char *text)
{
    return edits(arena, text, LENGTH / 4);
}

static const struct {
    const char *name;
    cost_fn *run;
    bool counts; /* the bytes that it goes over */
} rooms[] = {
    {"to Notion", to_notion, false},
    {"to GitHub", to_github, false},
    {"GitHub's normal form", normal_github, false},
    {"Notion's normal form", normal_notion, false},
    {"cut for GitHub", cut_github, false},
    {"cut for Notion", cut_notion, false},
    {"plain", plain, false},
    {"comments", rich, false},
    {"many changes merged", merge_much, true},
    {"some changes merged", merge_little, true},
    {"many changes through the lens", lens_much, true},
    {"some changes through the lens", lens_little, true},
    {"many edits", edits_much, true},
    {"some edits", edits_little, true},
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes bytes = {data, size};
    struct arena *arena = arena_new();
    const char *text = long_text(arena, &bytes);
    size_t length = (strlen)(text);

    for (size_t i = 0; i < sizeof(rooms) / sizeof(rooms[0]); i++) {
        struct arena *scratch = arena_new();

        uint64_t most = (length + LENGTH / 8) * STEPS_PER_BYTE;

        if (rooms[i].counts) {
            work_begin(4 * length);
            most *= TIMES;
        }
        steps = 0;
        rooms[i].run(scratch, text);
        if (rooms[i].counts)
            (void)work_end();
        if (getenv("COST_SHOW") != NULL)
            printf("%s: %llu\n", rooms[i].name, (unsigned long long)(steps / length));
        if (steps > most) {
            fprintf(stderr, "%s: %llu steps a byte: %.200s\n", rooms[i].name,
                    (unsigned long long)(steps / length), text);
            abort();
        }
        arena_free(scratch);
    }
    arena_free(arena);
    return 0;
}
