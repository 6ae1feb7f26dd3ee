#include <string.h>

#include "base/buf.h"
#include "base/vec.h"
#include "markdown/parser.h"
#include "markdown/reference.h"
#include "markdown/rich.h"

#include <cmark-gfm-core-extensions.h>

#define TEXT_MAX ((size_t)16 << 20)
/* Longest link that Notion accepts (developers.notion.com/reference/request-limits). */
#define URL_MAX ((size_t)2000)
/* Deeper quotes and lists are shown at this depth. */
#define DEPTH_MAX 8

struct rich_reader {
    struct arena *arena;
    VEC(struct run) runs;
    struct buf text;         /* gathered, not yet a run */
    const char *link;        /* of that text; in the arena */
    const char *link_around; /* of the link around an image */
    bool code;
    int bold, italic, strike, images; /* how many of them are open */
    int quotes, depth;
    int numbers[DEPTH_MAX + 1]; /* of the next item, by the depth of the list */
    int notes;                  /* footnotes so far */
    bool any;                   /* something was written */
    bool at_bullet;             /* the line has a bullet and no text yet */
};

static void
flush(struct rich_reader *reader)
{
    if (reader->text.len == 0)
        return;
    vec_push(&reader->runs, (struct run){
                                .text = arena_strdup(reader->arena, buf_text(&reader->text)),
                                .link = reader->link,
                                .bold = reader->bold > 0,
                                .italic = reader->italic > 0,
                                .strike = reader->strike > 0,
                                .code = reader->code,
                            });
    buf_clear(&reader->text);
}

static void
put(struct rich_reader *reader, const char *text)
{
    buf_str(&reader->text, text);
    reader->any = reader->any || *text != '\0';
    reader->at_bullet = false;
}

static void
put_line_start(struct rich_reader *reader)
{
    for (int i = 0; i < reader->quotes && i < DEPTH_MAX; i++)
        buf_str(&reader->text, "> ");
    for (int i = 1; i < reader->depth && i < DEPTH_MAX; i++)
        buf_str(&reader->text, "    ");
}

static void
put_newline(struct rich_reader *reader)
{
    buf_char(&reader->text, '\n');
    put_line_start(reader);
}

/* Text of several lines, each of which starts as its block asks for. */
static void
put_lines(struct rich_reader *reader, const char *text)
{
    size_t length = strlen(text);

    while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r'))
        length--;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\n')
            put_newline(reader);
        else if (text[i] != '\r')
            buf_char(&reader->text, text[i]);
    }
    reader->any = reader->any || length > 0;
    reader->at_bullet = false;
}

static bool
in_list(cmark_node *node)
{
    cmark_node *parent = cmark_node_parent(node);

    return parent != NULL && cmark_node_get_type(parent) == CMARK_NODE_ITEM;
}

/* Separates a block from the one before it: nothing after a bullet, an empty line between
 * paragraphs. */
static void
start_block(struct rich_reader *reader, bool close)
{
    if (reader->at_bullet)
        return;
    if (!reader->any) {
        put_line_start(reader);
        return;
    }
    if (!close)
        buf_char(&reader->text, '\n');
    put_newline(reader);
}

static void
set_link(struct rich_reader *reader, const char *url)
{
    bool usable = url != NULL && strlen(url) <= URL_MAX && reference_is_whole(url);

    for (const char *c = url; usable && *c != '\0'; c++)
        usable = (unsigned char)*c > ' ' && *c != 0x7f;
    reader->link = usable ? arena_strdup(reader->arena, url) : NULL;
}

/* The value of an attribute of a tag, in the arena; NULL if it has none in quotes. */
static const char *
attribute(struct arena *arena, const char *tag, size_t length, const char *name)
{
    const char *text = arena_strndup(arena, tag, length);
    const char *at = strcasestr(text, arena_printf(arena, " %s=\"", name));
    const char *end;

    if (at == NULL)
        return NULL;
    at += strlen(name) + 3;
    end = strchr(at, '"');
    return end != NULL ? arena_strndup(arena, at, (size_t)(end - at)) : NULL;
}

/* Images that are dropped into a comment come as tags. */
static void
put_tag(struct rich_reader *reader, const char *tag, size_t length)
{
    const char *outer = reader->link;
    const char *alt;

    if (length >= 3 && strncasecmp(tag, "<br", 3) == 0) {
        put_newline(reader);
        return;
    }
    if (length < 4 || strncasecmp(tag, "<img", 4) != 0)
        return;
    alt = attribute(reader->arena, tag, length, "alt");
    flush(reader);
    set_link(reader, attribute(reader->arena, tag, length, "src"));
    put(reader, alt != NULL && *alt != '\0' ? alt : "image");
    flush(reader);
    reader->link = outer;
}

static size_t
tag_length(const char *html)
{
    bool comment = strncmp(html, "<!--", 4) == 0;
    const char *end = comment ? strstr(html + 4, "-->") : strchr(html, '>');

    return end != NULL ? (size_t)(end - html) + (comment ? 3 : 1) : strlen(html);
}

/* Whether any of it would be visible. */
static bool
html_shows(const char *html)
{
    while (*html != '\0') {
        if (*html == '<') {
            if (strncasecmp(html, "<img", 4) == 0)
                return true;
            html += tag_length(html);
        } else if (strchr(" \t\r\n", *html++) == NULL) {
            return true;
        }
    }
    return false;
}

static void
put_html(struct rich_reader *reader, const char *html)
{
    bool begun = false;

    while (*html != '\0') {
        size_t length = *html == '<' ? tag_length(html) : strcspn(html, "<");

        if (*html == '<') {
            begun = begun || strncasecmp(html, "<img", 4) == 0;
            put_tag(reader, html, length);
        } else {
            size_t blank = begun ? 0 : strspn(html, " \t\r\n");
            size_t from = blank < length ? blank : length;

            put_lines(reader, arena_strndup(reader->arena, html + from, length - from));
            begun = begun || from < length;
        }
        html += length;
    }
}

static void
put_code(struct rich_reader *reader, const char *text)
{
    bool outer = reader->code;

    flush(reader);
    reader->code = true;
    put_lines(reader, text);
    flush(reader);
    reader->code = outer;
}

static int
list_level(const struct rich_reader *reader)
{
    return reader->depth < DEPTH_MAX ? reader->depth : DEPTH_MAX;
}

static void
enter_item(struct rich_reader *reader, cmark_node *item)
{
    cmark_node *list = cmark_node_parent(item);
    bool first = cmark_node_previous(item) == NULL;

    start_block(reader, !first || in_list(list));
    if (strcmp(cmark_node_get_type_string(item), "tasklist") == 0)
        buf_str(&reader->text, cmark_gfm_extensions_get_tasklist_item_checked(item) ? "☑ " : "☐ ");
    else if (cmark_node_get_list_type(list) == CMARK_ORDERED_LIST)
        buf_printf(&reader->text, "%d. ", reader->numbers[list_level(reader)]++);
    else
        buf_str(&reader->text, "• ");
    reader->any = reader->at_bullet = true;
}

static void
toggle(struct rich_reader *reader, int *count, bool enters)
{
    flush(reader);
    *count += enters ? 1 : -1;
}

static void
pass_image(struct rich_reader *reader, cmark_node *image, bool enters)
{
    if (enters && reader->images++ == 0) {
        flush(reader);
        reader->link_around = reader->link;
        set_link(reader, cmark_node_get_url(image));
    }
    if (enters && cmark_node_first_child(image) == NULL)
        put(reader, "image");
    if (!enters && --reader->images == 0) {
        flush(reader);
        reader->link = reader->link_around;
    }
}

/* The kinds of the extensions have no constants. */
static void
pass_extension(struct rich_reader *reader, cmark_node *node, bool enters)
{
    const char *kind = cmark_node_get_type_string(node);

    if (strcmp(kind, "strikethrough") == 0)
        toggle(reader, &reader->strike, enters);
    else if ((strcmp(kind, "table_row") == 0 || strcmp(kind, "table_header") == 0) && enters)
        start_block(reader, cmark_node_previous(node) != NULL);
    else if (strcmp(kind, "table_cell") == 0 && enters && cmark_node_previous(node) != NULL)
        put(reader, " | ");
}

static void
pass_inline(struct rich_reader *reader, cmark_node *node, bool enters)
{
    cmark_node_type type = cmark_node_get_type(node);

    if (type == CMARK_NODE_LINK) {
        flush(reader);
        set_link(reader, enters ? cmark_node_get_url(node) : NULL);
    } else if (type == CMARK_NODE_TEXT) {
        put(reader, cmark_node_get_literal(node));
    } else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK) {
        put_newline(reader);
    } else if (type == CMARK_NODE_CODE) {
        put_code(reader, cmark_node_get_literal(node));
    } else if (type == CMARK_NODE_HTML_INLINE) {
        put_tag(reader, cmark_node_get_literal(node), strlen(cmark_node_get_literal(node)));
    } else if (type == CMARK_NODE_EMPH) {
        toggle(reader, &reader->italic, enters);
    } else if (type == CMARK_NODE_STRONG) {
        toggle(reader, &reader->bold, enters);
    } else if (type == CMARK_NODE_IMAGE) {
        pass_image(reader, node, enters);
    } else {
        pass_extension(reader, node, enters);
    }
}

static void
pass_node(struct rich_reader *reader, cmark_node *node, bool enters)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_DOCUMENT:
        break;
    case CMARK_NODE_BLOCK_QUOTE:
        reader->quotes += enters ? 1 : -1;
        break;
    case CMARK_NODE_LIST:
        reader->depth += enters ? 1 : -1;
        if (enters)
            reader->numbers[list_level(reader)] = cmark_node_get_list_start(node);
        break;
    case CMARK_NODE_ITEM:
        if (enters)
            enter_item(reader, node);
        break;
    case CMARK_NODE_PARAGRAPH:
        if (enters)
            start_block(reader, in_list(node));
        break;
    case CMARK_NODE_HEADING:
        if (enters)
            start_block(reader, false);
        toggle(reader, &reader->bold, enters);
        break;
    case CMARK_NODE_CODE_BLOCK:
        start_block(reader, in_list(node));
        put_code(reader, cmark_node_get_literal(node));
        break;
    case CMARK_NODE_HTML_BLOCK:
        if (!html_shows(cmark_node_get_literal(node)))
            break;
        start_block(reader, false);
        put_html(reader, cmark_node_get_literal(node));
        break;
    case CMARK_NODE_THEMATIC_BREAK:
        start_block(reader, false);
        put(reader, "———");
        break;
    case CMARK_NODE_FOOTNOTE_REFERENCE:
        if (enters)
            put(reader, arena_printf(reader->arena, "[%s]", cmark_node_get_literal(node)));
        break;
    case CMARK_NODE_FOOTNOTE_DEFINITION:
        if (enters) {
            start_block(reader, false);
            buf_printf(&reader->text, "[%d] ", ++reader->notes);
            reader->any = reader->at_bullet = true;
        }
        break;
    default:
        pass_inline(reader, node, enters);
    }
}

struct runs
rich_from_markdown(struct arena *arena, const char *markdown)
{
    struct rich_reader reader = {.arena = arena};
    struct parsed document;
    cmark_iter *iter;
    cmark_event_type event;
    struct runs runs;

    if (markdown == NULL)
        return (struct runs){0};
    buf_init(&reader.text, TEXT_MAX);
    parser_run(&document, markdown, strlen(markdown), CMARK_OPT_VALIDATE_UTF8 | CMARK_OPT_FOOTNOTES,
               true);
    iter = cmark_iter_new(document.root);
    while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE)
        pass_node(&reader, cmark_iter_get_node(iter), event == CMARK_EVENT_ENTER);
    flush(&reader);
    cmark_iter_free(iter);
    parser_done(&document);
    runs = (struct runs){
        arena_memdup(arena, reader.runs.items, reader.runs.len * sizeof(*reader.runs.items)),
        reader.runs.len};
    vec_free(&reader.runs);
    buf_release(&reader.text);
    return runs;
}
