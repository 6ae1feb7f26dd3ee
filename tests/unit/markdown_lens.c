#include <ctype.h>
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
#include "markdown/lens.h"
#include "markdown/units.h"

/*
 * The laws of the lens, for documents drawn from a grammar of everything that is one block on
 * GitHub and several in Notion, or none, and their neighbors. Each word of a document is there
 * once ("w12"), so that every word can be accounted for after an edit.
 */

static const struct markdown_context context = {
    .server_url = "https://github.com",
    .owner = "octo",
    .repository = "hello",
    .page_url = "https://app.notion.com/p/1",
    .issue_url = "https://github.com/octo/hello/issues/1",
};

struct draw {
    struct arena *arena;
    uint32_t seed;
    int words, labels;
    bool moved; /* the last edit took a block elsewhere */
    bool gone;  /* it removed one, perhaps without a word */
};

/* How many edits were not carried over whole, but quoted: rare. */
static uint32_t quoted;

static uint32_t
pick(struct draw *draw, uint32_t below)
{
    draw->seed = draw->seed * 1664525 + 1013904223;
    return (draw->seed >> 8) % below;
}

/* "%" is a new word, "&" the label of this block. */
static char *
fill(struct draw *draw, const char *form)
{
    struct buf out;
    char *text;

    buf_init(&out, SIZE_MAX / 4);
    draw->labels++;
    for (; *form != '\0'; form++) {
        if (*form == '%')
            buf_printf(&out, "w%d", ++draw->words);
        else if (*form == '&')
            buf_printf(&out, "d%d", draw->labels);
        else
            buf_char(&out, *form);
    }
    text = arena_strdup(draw->arena, buf_text(&out));
    buf_release(&out);
    return text;
}

static const char *const forms[] = {
    "% % %",
    "% %.\n% %!",
    "# % %",
    "%\n=====",
    "% ![](https://x.example/%) %",
    "**%:** ![%](https://x.example/%)",
    ("[![%](https://x.example/%.svg)](https://x.example/%) "
     "[![%](https://x.example/%.svg)](https://x.example/%)"),
    "<div><p>%</p><p>% %</p></div>",
    "<div>\n<p>%</p>\n<p>% %</p>\n</div>",
    "<p><img src=\"https://x.example/%\"><br>% caption</p>",
    "% %:\n| A | B |\n|:--|--:|\n| % | % |\n| % | % |",
    "% %\n<img src=\"https://x.example/%\" width=\"40\">",
    "- %\n- % %\n- %",
    "* %\n  * %\n  * %\n* %",
    "3. %\n4. % %",
    "- [ ] %\n- [x] %",
    "- %\n\n- %",
    "- % ![](https://x.example/%) %\n- %",
    "|A|B|\n|--|:-:|\n|%|%|\n|%|%|",
    "```c\n%\n%\n```",
    "~~~\n%\n~~~",
    "    %\n    %",
    "<details>\n%\n</details>",
    "<details><summary>%</summary>\n\n% %\n\n- %\n- %\n\n</details>",
    "> % %\n> %",
    "> %\n>\n> % ![](https://x.example/%)",
    "> [!NOTE]\n> % %",
    "<!-- % -->",
    "<!-- % -->\n% %",
    "% <!-- % --> %",
    "See [%][&].\n\n[&]: https://x.example/%",
    "[&]: https://x.example/%\n% [%][&]",
    "[&]: https://x.example/%\n\nSee [%][&] and [%][&].",
    "%[^&] %.\n\n[^&]: % %.",
    "% %[^&].\n\n[^&]: %\n\n        %",
    "%[^&] and %[^&].\n\n[^&]: %.",
    "<div align=\"center\">\n\n% %\n\n</div>",
    "<div align=\"center\">\n\n%\n\n%\n\n</div>",
    "---",
    "% [%](../%.md) `%` *%* **%** #12",
    "%<br>%",
    "<table><tr><td>%</td><td>%</td></tr></table>",
    "- %\n\n  <details><summary>%</summary>\n\n  %\n\n  </details>\n- %",
    "- See [%][&]\n- %\n\n[&]: https://x.example/%",
    "$$\n%\n$$",
    "<h2>%</h2>",
    "<ul><li>%</li><li>%</li></ul>",
    "% % \\\n%",
    "- %\n\n  ```\n  %\n  ```\n- %",
    "- <details><summary>%</summary>\n\n  %\n\n  - %\n\n  </details>\n- %",
    "1. %\n2. > %\n   >\n   > %",
    "% [%](https://x.example/% \"%\") %",
    "![%][&] %\n\n[&]: https://x.example/% \"%\"",
    "% [%][&].\n\n[&]: https://x.example/%\n  '% %'",
    "<p align=\"center\" title=\"%\">% %</p>",
    ("<p align=\"center\">\n<a href=\"https://x.example/%\"><img src=\"https://x.example/%\" "
     "alt=\"%\"></a>\n<a href=\"https://x.example/%\"><img src=\"https://x.example/%\" "
     "alt=\"%\"></a>\n%\n</p>"),
    "<h1 align=\"center\">%</h1>",
    "<a href=\"https://x.example/%\" title=\"%\">% %</a> %",
    "% <!-- %\n% --> %",
    "- % <!-- % -->\n- %",
    "- %\n  - % <!-- % -->\n  - %",
    "> % <!-- % -->\n> %\n>\n> %",
    ("- [![%](https://x.example/%)](https://x.example/%)\n"
     "- [![%](https://x.example/%)](https://x.example/%) %"),
    "> [![%](https://x.example/%)](https://x.example/%)\n>\n> % %",
    "<img alt=\"%\" src=\"https://x.example/%\" title=\"%\"> %",
    "<details open title=\"%\"><summary>%</summary>\n\n%\n\n% <!-- % -->\n\n</details>",
    "| % <!-- % --> | % |\n|--|--|\n| [%](https://x.example/% \"%\") | % |",
    "% % <a name=\"%\"></a>%",
    "- % %\n\n  <!-- %\n- %",
    "> % %\n>\n> <!-- %",
};

static const char *const endings[] = {
    "```\n%",      "<details>\n\n% %",
    "<div>\n\n%",  "> %\n%",
    "<!-- %\n\n%", "<pre>\n%\n\n%",
    "<?php %",     "<details open><summary>%</summary>\n\n%\n\n<!-- %\n\n</details>",
};

#define COUNT(of) (sizeof(of) / sizeof((of)[0]))

struct document {
    const char *blocks[8];
    size_t n;
    char *text;
};

/* Every line of a text with something before it, the first with something else. */
static char *
prefixed(struct draw *draw, const char *text, const char *first, const char *others)
{
    struct buf out;
    char *result;

    buf_init(&out, SIZE_MAX / 4);
    buf_str(&out, first);
    for (; *text != '\0'; text++) {
        buf_char(&out, *text);
        if (*text == '\n')
            buf_str(&out, others);
    }
    result = arena_strdup(draw->arena, buf_text(&out));
    buf_release(&out);
    return result;
}

/* Now and then within another block. */
static char *
nested(struct draw *draw, char *block)
{
    switch (pick(draw, 15)) {
    case 0:
        return prefixed(draw, block, "> ", "> ");
    case 1:
        return prefixed(draw, block, fill(draw, "- %\n\n  "), "  ");
    case 2:
        return arena_printf(draw->arena, "<details><summary>%s</summary>\n\n%s\n\n</details>",
                            fill(draw, "%"), block);
    default:
        return block;
    }
}

/* open: its last block may be one that nothing closes. */
static struct document
draw_document(struct draw *draw, bool open)
{
    struct document document = {.n = 2 + pick(draw, 4)};
    uint32_t twice = pick(draw, 4) == 0 ? pick(draw, COUNT(forms)) : UINT32_MAX;

    document.text = arena_strdup(draw->arena, "");
    for (size_t i = 0; i < document.n; i++) {
        const char *form = twice != UINT32_MAX ? forms[twice] : forms[pick(draw, COUNT(forms))];

        if (open && twice == UINT32_MAX && i + 1 == document.n && pick(draw, 10) == 0)
            form = endings[pick(draw, COUNT(endings))];
        document.blocks[i] = nested(draw, fill(draw, form));
        document.text = arena_printf(draw->arena, "%s%s%s", document.text, i > 0 ? "\n\n" : "",
                                     document.blocks[i]);
    }
    return document;
}

/* Where a word begins and how long it is; NULL: there are no more. */
static const char *
next_word(const char *at, size_t *length)
{
    for (; *at != '\0'; at++) {
        if (*at != 'w' || !isdigit((unsigned char)at[1]))
            continue;
        *length = 1;
        while (isalnum((unsigned char)at[*length]))
            ++*length;
        return at;
    }
    return NULL;
}

static size_t
count_word(const char *text, const char *word, size_t word_length)
{
    size_t count = 0, length;

    while ((text = next_word(text, &length)) != NULL) {
        count += length == word_length && memcmp(text, word, length) == 0;
        text += length;
    }
    return count;
}

static char *
change_word(struct draw *draw, const char *text)
{
    size_t count = 0, length;
    uint32_t which;
    const char *at = text;

    while ((at = next_word(at, &length)) != NULL) {
        at += length;
        count++;
    }
    if (count == 0)
        return arena_strdup(draw->arena, text);
    which = pick(draw, (uint32_t)count);
    at = next_word(text, &length);
    for (; which > 0; which--)
        at = next_word(at + length, &length);
    return arena_printf(draw->arena, "%.*sx%s", (int)(at + length - text), text, at + length);
}

/* Unit `moved` (or none) left out, and text put before unit `place`. */
static char *
rebuild(struct draw *draw, const struct units *units, size_t out, size_t place, const char *text,
        bool item)
{
    struct buf buf;
    bool last_item = false;
    char *result;

    buf_init(&buf, SIZE_MAX / 4);
    for (size_t i = 0; i <= units->list.len; i++) {
        const struct unit *unit = &units->list.items[i];

        if (i == place && text != NULL) {
            buf_str(&buf, buf.len == 0 ? "" : last_item && item ? "\n" : "\n\n");
            buf_str(&buf, text);
            last_item = item;
        }
        if (i == units->list.len || i == out)
            continue;
        buf_str(&buf, buf.len == 0 ? "" : last_item && unit->item ? "\n" : "\n\n");
        buf_str(&buf, units_lines(draw->arena, units, unit->line, unit->end_line));
        last_item = unit->item;
    }
    result = arena_strdup(draw->arena, buf_text(&buf));
    buf_release(&buf);
    return result;
}

/* An edit as people make them. */
static char *
edit(struct draw *draw, enum markdown_dialect dialect, const char *text)
{
    struct units units = units_split(draw->arena, dialect, NULL, text, false);
    size_t n = units.list.len, out, place = pick(draw, (uint32_t)n + 1);
    char *result;

    draw->moved = draw->gone = false;
    switch (n > 0 ? pick(draw, 8) : 0) {
    case 0:
        result = rebuild(draw, &units, SIZE_MAX, place, fill(draw, "% %."), false);
        break;
    case 1:
        result = rebuild(draw, &units, SIZE_MAX, n, fill(draw, "% appended."), false);
        break;
    case 2:
        draw->gone = true;
        result = rebuild(draw, &units, pick(draw, (uint32_t)n), 0, NULL, false);
        break;
    case 3:
        out = pick(draw, (uint32_t)n);
        draw->moved = true;
        result = rebuild(draw, &units, out, place,
                         units_lines(draw->arena, &units, units.list.items[out].line,
                                     units.list.items[out].end_line),
                         units.list.items[out].item);
        break;
    case 4:
        result = rebuild(draw, &units, SIZE_MAX, place, fill(draw, "- %\n- %"), true);
        break;
    default:
        result = change_word(draw, text);
    }
    units_free(&units);
    return result;
}

static _Noreturn void
tell(const char *law, uint32_t seed, const struct lens_texts *texts, const struct lens_result *got)
{
    fprintf(stderr,
            "--- GitHub before\n%s\n--- Notion before\n%s\n--- GitHub\n%s\n--- Notion\n%s\n"
            "--- GitHub after\n%s\n--- Notion after\n%s\n--- lost\n%s\n---\n",
            texts->base[0], texts->base[1], texts->now[0], texts->now[1],
            got->possible ? got->text[0] : "(none)", got->possible ? got->text[1] : "(none)",
            got->lost);
    fail_msg("%s, seed %u", law, seed);
    abort();
}

/* Without the numbers of notes, which depend on the notes before. */
static char *
unnumbered(struct arena *arena, const char *from)
{
    char *text = arena_strdup(arena, from), *to = text;

    for (; *from != '\0'; *to++ = *from++)
        if (strncmp(from, "(note ", 6) == 0 && isdigit((unsigned char)from[6]))
            from += 6 + strspn(from + 6, "0123456789");
    *to = '\0';
    return text;
}

static char *
normal(struct arena *arena, const char *notion)
{
    return unnumbered(arena, markdown_normal_notion(arena, notion));
}

/* Every word of `in`, unless it is in `but`, is in the result, and not more often. */
static bool
has_words(const char *in, const char *but, const char *result)
{
    size_t length;

    for (const char *at = in; (at = next_word(at, &length)) != NULL; at += length) {
        size_t count = count_word(result, at, length);

        if (but != NULL && count_word(but, at, length) > 0)
            continue;
        if (count == 0 || count > count_word(in, at, length))
            return false;
    }
    return true;
}

/* Every word of `in` that Notion's text never had is in the result or in the quote. */
static bool
accounts_for(const char *in, const char *notion, const struct lens_result *got)
{
    size_t length;

    for (const char *at = in; (at = next_word(at, &length)) != NULL; at += length)
        if (count_word(notion, at, length) == 0 && count_word(got->text[0], at, length) == 0 &&
            count_word(got->lost, at, length) == 0)
            return false;
    return true;
}

/* How many blocks of a document are not in a text as they were written. */
static int
count_rewritten(const struct document *document, const char *text)
{
    int count = 0;

    for (size_t i = 0; i < document->n; i++)
        count += strstr(text, document->blocks[i]) == NULL;
    return count;
}

/* What an edit beside them may have to rewrite: they would be read as another thing. */
static int
count_fragile(const struct document *document)
{
    int count = 0;

    for (size_t i = 0; i < document->n; i++)
        count += strncmp(document->blocks[i], "    ", 4) == 0;
    for (size_t i = 0; i < COUNT(endings); i++)
        count += strncmp(document->blocks[document->n - 1], endings[i], 3) == 0;
    return count;
}

/* The texts of the last agreement are read from somewhere else than those of now. */
static struct lens_texts
agreed(struct arena *arena, const char *github, const char *notion)
{
    return (struct lens_texts){{arena_strdup(arena, github), arena_strdup(arena, notion)},
                               {github, notion},
                               MARKDOWN_GITHUB};
}

/* As Notion may keep a text: without the links of captions. */
static char *
unlinked(struct arena *arena, const char *text)
{
    char *copy = arena_strdup(arena, text), *to = copy;

    for (const char *at = copy; *at != '\0';) {
        const char *label = strncmp(at, "![[", 3) == 0 ? strstr(at, "](") : NULL;
        const char *end = label != NULL ? strstr(label, ")](") : NULL;

        if (end == NULL) {
            *to++ = *at++;
            continue;
        }
        to += sprintf(to, "![%.*s", (int)(label - at - 3), at + 3);
        at = end + 1;
    }
    *to = '\0';
    return copy;
}

/* Whether exactly those blocks of a document that were aligned are, as far as anything is left of
 * them. */
static bool
is_aligned(const struct document *document, const char *text)
{
    int least = 0, most = 0, count = 0;

    for (size_t i = 0; i < document->n; i++) {
        bool left = false;
        size_t length;

        if (strstr(document->blocks[i], "align=") == NULL)
            continue;
        for (const char *at = document->blocks[i]; (at = next_word(at, &length)) != NULL;
             at += length)
            left |= count_word(text, at, length) > 0;
        least += left;
        most++;
    }
    for (const char *at = text; (at = strstr(at, "align=")) != NULL; at++)
        count++;
    return count >= least && count <= most;
}

/* GetPut; an edit in Notion: PutGet, and no word lost or doubled. */
static void
check_to_github(struct draw *draw, uint32_t seed)
{
    struct arena *arena = draw->arena;
    struct document document = draw_document(draw, true);
    const char *notion = unlinked(arena, markdown_to_notion(arena, document.text, &context));
    struct lens_texts texts = agreed(arena, document.text, notion);
    struct lens_result got = lens_merge(arena, &context, &texts);

    if (!got.possible || got.conflict || strcmp(got.text[0], document.text) != 0 ||
        strcmp(got.text[1], notion) != 0)
        tell("GetPut", seed, &texts, &got);
    texts.now[1] = edit(draw, MARKDOWN_NOTION, notion);
    texts.winner = MARKDOWN_NOTION;
    got = lens_merge(arena, &context, &texts);
    if (!got.possible)
        tell("possible", seed, &texts, &got);
    quoted += got.conflict;
    if (strcmp(normal(arena, unlinked(arena, markdown_to_notion(arena, got.text[0], &context))),
               normal(arena, texts.now[1])) != 0)
        tell("PutGet", seed, &texts, &got);
    if (!draw->moved && !draw->gone && !got.conflict && has_words(notion, NULL, texts.now[1]) &&
        !has_words(document.text, notion, got.text[0]))
        tell("hidden words", seed, &texts, &got);
    if ((draw->moved || got.conflict) && !draw->gone && has_words(notion, NULL, texts.now[1]) &&
        !accounts_for(document.text, notion, &got))
        tell("hidden words of what moved or was quoted", seed, &texts, &got);
    if (!draw->moved && !got.conflict && !is_aligned(&document, got.text[0]))
        tell("aligned", seed, &texts, &got);
    if (strcmp(got.text[1], texts.now[1]) != 0)
        tell("Notion written", seed, &texts, &got);
    /* The definition of an image that moved keeps its title, and so its address. */
    if (draw->moved ? !accounts_for(texts.now[1], "", &got)
                    : !has_words(texts.now[1], NULL, got.text[0]))
        tell("words", seed, &texts, &got);
    if (count_rewritten(&document, got.text[0]) > 1 + draw->moved + count_fragile(&document))
        tell("byte for byte", seed, &texts, &got);
}

/* An edit on GitHub, the other way. */
static void
check_to_notion(struct draw *draw, uint32_t seed)
{
    struct arena *arena = draw->arena;
    struct document document = draw_document(draw, true);
    const char *notion = markdown_to_notion(arena, document.text, &context);
    struct lens_texts texts = agreed(arena, document.text, notion);
    struct lens_result got;

    texts.now[0] = edit(draw, MARKDOWN_GITHUB, document.text);
    got = lens_merge(arena, &context, &texts);
    if (!got.possible || got.conflict)
        tell("conflict", seed, &texts, &got);
    if (strcmp(got.text[0], texts.now[0]) != 0)
        tell("GitHub written", seed, &texts, &got);
    if (strcmp(normal(arena, got.text[1]),
               normal(arena, markdown_to_notion(arena, texts.now[0], &context))) != 0)
        tell("PutGet", seed, &texts, &got);
}

/* What Markdown cannot carry, beside the paragraphs of a page. */
static const char *const uncarried[] = {
    "<table-of-contents />",
    "<columns>\n<column>\n%\n</column>\n<column>\n%\n</column>\n</columns>",
    "<synced-block url=\"https://app.notion.com/p/x\">%</synced-block>",
    "<unknown url=\"https://app.notion.com/p/y\" />",
    "<page url=\"https://app.notion.com/p/z\">%</page>",
    "<p color=\"red\">%</p>",
    "<callout icon=\"\xF0\x9F\x92\xA1\" color=\"gray_bg\">%</callout>",
    "% <span color=\"red\">%</span> %",
    "<p />",
    "<toggle color=\"red\">%\n\n%\n</toggle>",
};

/* An edit on GitHub of the paragraphs between blocks that Markdown cannot carry: it is written, and
 * those blocks stay as they are. */
static void
check_kept(struct draw *draw, uint32_t seed)
{
    struct arena *arena = draw->arena;
    const char *page = "", *block[3], *changed[4];
    struct lens_texts texts = {{NULL, NULL}, {NULL, NULL}, 0};
    const struct markdown_edit *edits;
    struct lens_result got;
    size_t n;
    int what = (int)pick(draw, 4), which = (int)pick(draw, 4);

    for (int i = 0; i < 4; i++)
        changed[i] = fill(draw, "% paragraph");
    for (int i = 0; i < 4; i++) {
        page = arena_printf(arena, "%s%s%s", page, i > 0 ? "\n\n" : "", changed[i]);
        if (i == 3)
            break;
        block[i] = fill(draw, uncarried[pick(draw, COUNT(uncarried))]);
        page = arena_printf(arena, "%s%s%s", page, "\n\n", block[i]);
    }
    texts.base[1] = texts.now[1] = page;
    texts.base[0] = markdown_to_github(arena, page, &context);
    {
        const char *at = strstr(texts.base[0], changed[which]);
        const char *end = at + strlen(changed[which]);
        const char *text = what == 0   ? arena_printf(arena, "%s edited", changed[which])
                           : what == 1 ? arena_printf(arena, "%s\n\nw99 added", changed[which])
                           : what == 2 ? arena_printf(arena, "w99 added\n\n%s", changed[which])
                                       : "";

        texts.now[0] =
            arena_printf(arena, "%.*s%s%s", (int)(at - texts.base[0]), texts.base[0], text, end);
    }
    got = lens_merge(arena, &context, &texts);
    if (!got.possible || got.conflict)
        tell("conflict", seed, &texts, &got);
    if (!markdown_edits(arena, page, got.text[1], &edits, &n) || n != 1)
        tell("edits", seed, &texts, &got);
    for (int i = 0; i < 3; i++)
        if (strstr(got.text[1], block[i]) == NULL)
            tell("kept", seed, &texts, &got);
    for (int i = 0; i < 4; i++)
        if ((strstr(got.text[1], changed[i]) == NULL) != (what == 3 && i == which))
            tell("paragraphs", seed, &texts, &got);
    if (what != 3 && strstr(got.text[1], what == 0 ? " edited" : "w99 added") == NULL)
        tell("written", seed, &texts, &got);
}

/* Edits on both sides: every word of either is in the texts or in the quote, and both say the
 * same. */
static void
check_both(struct draw *draw, uint32_t seed)
{
    struct arena *arena = draw->arena;
    struct document document = draw_document(draw, true);
    const char *notion = markdown_to_notion(arena, document.text, &context), *all;
    struct lens_texts texts = {{document.text, notion}, {document.text, notion}, seed % 2};
    struct lens_result got;
    bool moved;
    size_t length;

    texts.now[0] = edit(draw, MARKDOWN_GITHUB, document.text);
    moved = draw->moved;
    texts.now[1] = edit(draw, MARKDOWN_NOTION, notion);
    got = lens_merge(arena, &context, &texts);
    quoted += !got.possible; /* all of the replaced text */
    if (!got.possible)
        return;
    if (strcmp(normal(arena, markdown_to_notion(arena, got.text[0], &context)),
               normal(arena, got.text[1])) != 0)
        tell("PutGet", seed, &texts, &got);
    all = arena_printf(arena, "%s\n%s\n%s", got.text[0], got.text[1], got.lost);
    /* A word that only one side took out is out. */
    for (int side = 0; side < 2; side++) {
        const char *at = texts.now[side];

        for (; (at = next_word(at, &length)) != NULL; at += length)
            if (count_word(all, at, length) == 0 &&
                (count_word(texts.base[side], at, length) == 0 ||
                 count_word(texts.now[1 - side], at, length) > 0))
                tell("words", seed, &texts, &got);
    }
    /* What both moved may stand at both places. */
    for (const char *at = got.text[1]; !got.conflict && !(moved && draw->moved); at += length) {
        at = next_word(at, &length);
        if (at == NULL)
            break;
        if (count_word(got.text[1], at, length) > 1 && count_word(texts.base[0], at, length) == 1 &&
            count_word(texts.base[1], at, length) == 1)
            tell("twice", seed, &texts, &got);
    }
}

/* Puts an edit of one side, from one version to another, into the other side's text. */
static struct lens_result
put(struct draw *draw, uint32_t seed, enum markdown_dialect side, const char *other,
    const char *from, const char *to)
{
    struct lens_texts texts = {.winner = side};
    struct lens_result got;

    texts.base[side] = from;
    texts.now[side] = to;
    texts.base[1 - side] = texts.now[1 - side] = other;
    got = lens_merge(draw->arena, &context, &texts);
    if (!got.possible)
        tell("possible", seed, &texts, &got);
    return got;
}

/* PutPut: two edits of one side, one after the other or both at once, say the same; edits of
 * different groups also leave the same text on the other side. */
static void
put_twice(struct draw *draw, uint32_t seed, enum markdown_dialect side, const char *other,
          const char *const version[3], bool apart)
{
    struct arena *arena = draw->arena;
    struct lens_result first = put(draw, seed, side, other, version[0], version[1]);
    const char *between = first.text[1 - side];
    struct lens_result second = put(draw, seed, side, between, version[1], version[2]);
    struct lens_result both = put(draw, seed, side, other, version[0], version[2]);
    /* Shows both at once as the texts before, the first edit alone as those of now. */
    struct lens_texts texts = {{both.text[0], both.text[1]}, {first.text[0], first.text[1]}, side};
    bool conflict = both.conflict || first.conflict || second.conflict;

    quoted += conflict;
    if (strcmp(normal(arena, markdown_to_notion(arena, both.text[0], &context)),
               normal(arena, markdown_to_notion(arena, second.text[0], &context))) != 0)
        tell("PutPut", seed, &texts, &second);
    if (apart && !conflict &&
        strcmp(unnumbered(arena, both.text[1 - side]), unnumbered(arena, second.text[1 - side])) !=
            0)
        tell("PutPut byte for byte", seed, &texts, &second);
}

static void
check_twice(struct draw *draw, uint32_t seed)
{
    struct document document = draw_document(draw, true);
    const char *notion[3] = {markdown_to_notion(draw->arena, document.text, &context)};

    notion[1] = edit(draw, MARKDOWN_NOTION, notion[0]);
    notion[2] = edit(draw, MARKDOWN_NOTION, notion[1]);
    put_twice(draw, seed, MARKDOWN_NOTION, document.text, notion, false);
}

/* Blocks without blank lines between them. */
static const char *const tight[] = {
    "% %\n- %\n- %",
    "% %\n> %",
    "# %\n% %\n```\n%\n```\n%",
};

/* Edits before and behind a paragraph that nobody touches, in either order. */
static void
check_apart(struct draw *draw, uint32_t seed)
{
    struct arena *arena = draw->arena;
    enum markdown_dialect side = pick(draw, 3) == 0 ? MARKDOWN_GITHUB : MARKDOWN_NOTION;
    const char *before = pick(draw, 4) == 0 ? fill(draw, tight[pick(draw, COUNT(tight))])
                                            : draw_document(draw, false).text;
    const char *between = fill(draw, "\n\n% between %.\n\n");
    const char *github =
        arena_printf(arena, "%s%s%s", before, between, draw_document(draw, true).text);
    const char *notion = markdown_to_notion(arena, github, &context);
    const char *version[3] = {side == MARKDOWN_GITHUB ? github : notion};
    const char *at = strstr(version[0], between), *part[2];
    uint32_t first = pick(draw, 2);

    if (at == NULL) /* Notion shows nothing before it */
        return;
    part[0] = arena_strndup(arena, version[0], (size_t)(at - version[0]));
    part[1] = at + strlen(between);
    for (uint32_t i = 0; i < 2; i++) {
        part[first ^ i] = edit(draw, side, part[first ^ i]);
        version[i + 1] = arena_printf(arena, "%s%s%s", part[0], between, part[1]);
    }
    put_twice(draw, seed, side, side == MARKDOWN_GITHUB ? notion : github, version, true);
}

/* Paragraphs with an image within a link, of which Notion does not show the address. */
static const char *const linked_images[] = {
    "% [% ![%](https://x.example/%) %](https://x.example/%) %",
    "% [% ![](https://x.example/%)](https://x.example/%)",
    "[% ![%](https://x.example/%)](https://x.example/%)",
    "# % [![%](https://x.example/%)](https://x.example/%)",
    "% [% ![%](<https://x.example/%&#10;&#9;x>)](https://x.example/%)",
    "% % %.",
};

/* One paragraph deleted in Notion and others edited at once: what Notion does not show stays with
 * the words that carry it, or goes. */
static void
check_deleted(struct draw *draw, uint32_t seed)
{
    struct arena *arena = draw->arena;
    const char *text = "", *notion, *now = "", *kept = "", *at, *end = NULL;
    size_t n = 3 + pick(draw, 3), out = pick(draw, (uint32_t)n);
    struct lens_texts texts;
    struct lens_result got;

    for (size_t i = 0; i < n; i++) {
        const char *block = fill(draw, linked_images[pick(draw, COUNT(linked_images))]);

        text = arena_printf(arena, "%s%s%s", text, i > 0 ? "\n\n" : "", block);
        if (i != out)
            kept = arena_printf(arena, "%s %s", kept, block);
    }
    notion = markdown_to_notion(arena, text, &context);
    for (size_t i = 0; i < n; i++) {
        const char *block;

        at = i == 0 ? notion : end + 2;
        end = strstr(at, "\n\n");
        end = end != NULL ? end : at + strlen(at);
        block = arena_strndup(arena, at, (size_t)(end - at));
        if (i == out)
            continue;
        for (uint32_t times = pick(draw, 3); times > 0; times--)
            block = change_word(draw, block);
        now = arena_printf(arena, "%s%s%s", now, now[0] != '\0' ? "\n\n" : "", block);
    }
    texts = agreed(arena, text, notion);
    texts.now[1] = now;
    texts.winner = MARKDOWN_NOTION;
    got = lens_merge(arena, &context, &texts);
    if (!got.possible)
        tell("possible", seed, &texts, &got);
    if (strcmp(normal(arena, markdown_to_notion(arena, got.text[0], &context)),
               normal(arena, now)) != 0)
        tell("PutGet", seed, &texts, &got);
    if (!accounts_for(kept, notion, &got))
        tell("words", seed, &texts, &got);
    quoted += got.conflict;
    /* An image is still with its name or with its link's address. */
    for (at = got.text[0]; (at = strstr(at, "![")) != NULL; at++) {
        const char *name = arena_strndup(arena, at, strcspn(at, ")") + 1);
        const char *address = strstr(name, "]("), *was = strstr(text, address);
        const char *link = strstr(at + strlen(name), "]("), *old;

        if (was == NULL || link == NULL)
            tell("image", seed, &texts, &got);
        old = strstr(was + strlen(address), "](");
        if (strncmp(link, old, strcspn(old, ")") + 1) != 0 &&
            (address - name == 2 || strstr(text, name) == NULL))
            tell("image of another", seed, &texts, &got);
    }
}

/* percent: how many may be quoted. */
static void
run(void (*check)(struct draw *draw, uint32_t seed), uint32_t count, uint32_t percent)
{
    const char *from = getenv("LENS_SEED"), *wanted = getenv("LENS_COUNT");
    uint32_t first = from != NULL ? (uint32_t)atoi(from) : 1;
    uint32_t last = first + (wanted != NULL ? (uint32_t)atoi(wanted) : count);

    quoted = 0;
    for (uint32_t seed = first; seed < last; seed++) {
        struct draw draw = {.arena = arena_new(), .seed = seed * 2654435761U};

        check(&draw, seed);
        arena_free(draw.arena);
    }
    print_message("%u of %u quoted\n", quoted, last - first);
    assert_true(quoted <= (last - first) * percent / 100);
}

static void
test_edits_in_notion(void **state)
{
    (void)state;
    run(check_to_github, 1500, 2);
}

static void
test_edits_on_github(void **state)
{
    (void)state;
    run(check_to_notion, 1500, 0);
}

static void
test_edits_beside_what_is_kept(void **state)
{
    (void)state;
    run(check_kept, 1000, 0);
}

static void
test_edits_on_both(void **state)
{
    (void)state;
    run(check_both, 1500, 2);
}

static void
test_edits_one_after_the_other(void **state)
{
    (void)state;
    run(check_twice, 1000, 3);
}

static void
test_edits_of_different_groups(void **state)
{
    (void)state;
    run(check_apart, 1000, 3);
}

static void
test_deleted_beside_edits(void **state)
{
    (void)state;
    run(check_deleted, 1000, 25);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_edits_in_notion),
        cmocka_unit_test(test_edits_on_github),
        cmocka_unit_test(test_edits_beside_what_is_kept),
        cmocka_unit_test(test_edits_on_both),
        cmocka_unit_test(test_edits_one_after_the_other),
        cmocka_unit_test(test_edits_of_different_groups),
        cmocka_unit_test(test_deleted_beside_edits),
    };

    cmocka_set_test_filter(getenv("LENS_TEST"));
    return cmocka_run_group_tests_name("markdown_lens", tests, NULL, NULL);
}
