#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "markdown/reader.h"

/*
 * HTML in GitHub's Markdown. GitHub shows the elements of
 * https://github.com/gjtorikian/html-pipeline (its sanitizer's list) and drops the tags of others.
 */

enum tag_meaning {
    MEANING_NONE, /* shown by its content alone */
    MEANING_INLINE,
    MEANING_BLOCK, /* opens a node of that kind */
    MEANING_BREAK, /* separates paragraphs */
    MEANING_HEADING,
    MEANING_LINE, /* <br> */
    MEANING_RULE,
    MEANING_IMAGE,
    MEANING_LINK,
    MEANING_SCRIPT, /* sub, sup */
    MEANING_QUOTED,
    MEANING_TOGGLE,
    MEANING_SUMMARY,
    MEANING_CELL,
    MEANING_PRE
};

static const struct element {
    const char *names; /* a blank around each */
    enum tag_meaning meaning;
    enum node_kind kind;
} elements[] = {
    {" details ", MEANING_TOGGLE, NODE_TOGGLE},
    {" summary ", MEANING_SUMMARY, NODE_PARAGRAPH},
    {" a ", MEANING_LINK, NODE_LINK},
    {" abbr bdo big caption col colgroup font mark picture rp rt ruby small source span tbody "
     "tfoot thead time wbr ",
     MEANING_NONE, NODE_TEXT},
    {" b strong ", MEANING_INLINE, NODE_STRONG},
    {" blockquote ", MEANING_BLOCK, NODE_QUOTE},
    {" body center dd div dl dt figcaption figure html p section ", MEANING_BREAK, NODE_TEXT},
    {" br ", MEANING_LINE, NODE_HARD},
    {" cite dfn em i var ", MEANING_INLINE, NODE_EM},
    {" code kbd samp tt ", MEANING_INLINE, NODE_CODE},
    {" del s strike ", MEANING_INLINE, NODE_STRIKE},
    {" h1 h2 h3 h4 h5 h6 ", MEANING_HEADING, NODE_HEADING},
    {" hr ", MEANING_RULE, NODE_RULE},
    {" img ", MEANING_IMAGE, NODE_IMAGE},
    {" ins u ", MEANING_INLINE, NODE_UNDERLINE},
    {" li ", MEANING_BLOCK, NODE_ITEM},
    {" ol ul ", MEANING_BLOCK, NODE_LIST},
    {" pre ", MEANING_PRE, NODE_CODE_BLOCK},
    {" q ", MEANING_QUOTED, NODE_TEXT},
    {" sub sup ", MEANING_SCRIPT, NODE_TEXT},
    {" table ", MEANING_BLOCK, NODE_TABLE},
    {" td th ", MEANING_CELL, NODE_CELL},
    {" tr ", MEANING_BLOCK, NODE_ROW},
};

static void
add_raw(struct reader *reader, const struct html_token *token, enum node_kind kind)
{
    const char *text = arena_strndup(reader->arena, token->text, token->length);
    enum node_kind at = reader_node(reader)->kind;

    if (at == NODE_LIST || at == NODE_TABLE || at == NODE_ROW)
        return;
    reader_add(reader, node_text(reader->arena, kind, text));
}

static void
add_image(struct reader *reader, const struct html_token *token)
{
    struct node *node = node_new(reader->arena, NODE_IMAGE);
    char *alt = html_attribute(reader->arena, token->attrs, token->attrs_length, "alt");

    node->url = html_attribute(reader->arena, token->attrs, token->attrs_length, "src");
    if (node->url == NULL || node->url[0] == '\0')
        return;
    node->title = "";
    if (alt != NULL && alt[0] != '\0')
        node_append(node, node_text(reader->arena, NODE_TEXT, alt));
    reader_add(reader, node);
}

/* A heading in a summary shares its text with it: it makes a toggle of that level. */
static void
open_heading(struct reader *reader, const struct html_token *token)
{
    struct node *at = reader_node(reader);
    struct node *node = node_new(reader->arena, NODE_HEADING);

    node->level = token->name[1] - '0';
    if (at->kind == NODE_PARAGRAPH && at->parent != NULL && at->parent->kind == NODE_TOGGLE &&
        at->prev == NULL) {
        at->parent->level = node->level < 4 ? node->level : 4;
        return;
    }
    reader_open(reader, OWNER_TAG, token->name, node);
}

/* The end tags of items, rows and cells may be left out. */
static void
close_sibling(struct reader *reader, enum node_kind kind)
{
    for (size_t i = reader->frames.len; i > 0; i--) {
        const struct frame *frame = &reader->frames.items[i - 1];

        if (frame->owner == OWNER_PARSER || frame->node->kind == NODE_LIST ||
            frame->node->kind == NODE_TABLE)
            return;
        if (frame->owner == OWNER_TAG && frame->node->kind == kind && !frame->shared) {
            char name[sizeof(frame->name)];

            memcpy(name, frame->name, sizeof(name));
            reader_close_tag(reader, name);
            return;
        }
    }
}

static void
open_block(struct reader *reader, const struct html_token *token, enum node_kind kind)
{
    struct node *node = node_new(reader->arena, kind);

    if (kind == NODE_ITEM || kind == NODE_ROW || kind == NODE_CELL)
        close_sibling(reader, kind);
    node->ordered = strcmp(token->name, "ol") == 0;
    node->level = node->ordered ? 1 : 0;
    reader_open(reader, OWNER_TAG, token->name, node);
    if (token->name[1] == 'h' && kind == NODE_CELL && reader_node(reader)->parent != NULL)
        reader_node(reader)->parent->header = true;
}

/* A tag that belongs to a block closes the frames that were opened for loose text. */
static bool
is_block(const struct element *element)
{
    switch (element->meaning) {
    case MEANING_BLOCK:
    case MEANING_BREAK:
    case MEANING_HEADING:
    case MEANING_RULE:
    case MEANING_TOGGLE:
    case MEANING_SUMMARY:
    case MEANING_CELL:
    case MEANING_PRE:
        return true;
    default:
        return false;
    }
}

static void
open_element(struct reader *reader, const struct element *element, const struct html_token *token)
{
    struct node *at = reader_node(reader);

    switch (element->meaning) {
    case MEANING_INLINE:
    case MEANING_SCRIPT:
        reader_open(reader, OWNER_TAG, token->name,
                    node_new(reader->arena,
                             element->meaning == MEANING_SCRIPT ? NODE_SPAN : element->kind));
        if (element->meaning == MEANING_SCRIPT && reader_node(reader)->kind == NODE_SPAN)
            reader_node(reader)->text = arena_strdup(reader->arena, token->name);
        break;
    case MEANING_BLOCK:
    case MEANING_CELL:
        open_block(reader, token, element->kind);
        break;
    case MEANING_HEADING:
        open_heading(reader, token);
        break;
    case MEANING_LINE:
        reader_add(reader, node_new(reader->arena, NODE_HARD));
        break;
    case MEANING_RULE:
        reader_add(reader, node_new(reader->arena, NODE_RULE));
        break;
    case MEANING_IMAGE:
        add_image(reader, token);
        break;
    case MEANING_LINK:
        at = node_new(reader->arena, NODE_LINK);
        at->url = html_attribute(reader->arena, token->attrs, token->attrs_length, "href");
        at->title = "";
        if (at->url != NULL)
            reader_open(reader, OWNER_TAG, token->name, at);
        break;
    case MEANING_QUOTED:
        reader_add(reader, node_text(reader->arena, NODE_TEXT, "\xe2\x80\x9c"));
        break;
    case MEANING_TOGGLE:
        at = node_new(reader->arena, NODE_TOGGLE);
        node_append(at, node_new(reader->arena, NODE_PARAGRAPH));
        reader_open(reader, OWNER_TAG, token->name, at);
        break;
    case MEANING_SUMMARY:
        if (at->kind == NODE_TOGGLE && at->first != NULL)
            reader_reopen(reader, token->name, at->first);
        break;
    default:
        break;
    }
}

static void
handle_tag(struct reader *reader, const struct html_token *token, bool block)
{
    const struct element *element = NULL;

    for (size_t i = 0; element == NULL && i < sizeof(elements) / sizeof(elements[0]); i++)
        if (html_is_one_of(token->name, elements[i].names))
            element = &elements[i];
    if (element == NULL) {
        add_raw(reader, token, NODE_RAW);
        return;
    }
    if (is_block(element)) {
        /* Inside a paragraph of Markdown a block's tag means nothing. */
        if (!block)
            return;
        reader_close_implied(reader);
    }
    if (token->kind == HTML_OPEN)
        open_element(reader, element, token);
    else if (element->meaning == MEANING_QUOTED)
        reader_add(reader, node_text(reader->arena, NODE_TEXT, "\xe2\x80\x9d"));
    else
        reader_close_tag(reader, token->name);
}

/* Text of an HTML block: line breaks and runs of blanks become one blank. */
static void
loose_text(struct reader *reader, const struct html_token *token)
{
    char *text = html_text(reader->arena, token->text, token->length);
    char *to = text;
    const struct node *at = reader_node(reader);
    bool blank = at->last == NULL || at->last->kind == NODE_HARD ||
                 !(node_has_inlines(at->kind) || node_is_inline(at->kind));

    for (const char *from = text; *from != '\0'; from++) {
        bool space = isspace((unsigned char)*from);

        if (!space || !blank)
            *to++ = space ? ' ' : *from;
        blank = space;
    }
    *to = '\0';
    if (text[0] != '\0')
        reader_text(reader, text);
}

/* Everything up to the end of <pre> as a code block; returns where it ends. */
static const char *
read_pre(struct reader *reader, const char *at)
{
    struct html_token token;
    struct buf out;
    size_t start;

    buf_init(&out, SIZE_MAX / 4);
    while (html_next(&at, &token)) {
        if (token.kind == HTML_CLOSE && strcmp(token.name, "pre") == 0)
            break;
        if (token.kind == HTML_TEXT)
            buf_add(&out, token.text, token.length);
    }
    start = out.len > 0 && out.data[0] == '\n' ? 1 : 0;
    while (out.len > start && out.data[out.len - 1] == '\n')
        out.len--;
    if (out.len > start) {
        struct node *node = node_text(reader->arena, NODE_CODE_BLOCK,
                                      html_text(reader->arena, out.data + start, out.len - start));

        node->url = "";
        reader_add(reader, node);
    }
    buf_release(&out);
    return at;
}

void
github_html(struct reader *reader, const char *html, bool block)
{
    struct html_token token;

    while (html_next(&html, &token)) {
        switch (token.kind) {
        case HTML_TEXT:
            if (block)
                loose_text(reader, &token);
            else
                reader_text(reader, arena_strndup(reader->arena, token.text, token.length));
            break;
        case HTML_COMMENT:
            add_raw(reader, &token, NODE_COMMENT);
            break;
        case HTML_OTHER:
            add_raw(reader, &token, NODE_RAW);
            break;
        default:
            handle_tag(reader, &token, block);
            if (block && token.kind == HTML_OPEN && strcmp(token.name, "pre") == 0)
                html = read_pre(reader, html);
        }
    }
    if (block)
        reader_close_implied(reader);
}
