#include <string.h>

#include "markdown/reader.h"

/* What Notion's tags mean. Source:
 * https://developers.notion.com/guides/data-apis/notion-flavored-markdown. */

static const struct block_tag {
    const char *name;
    enum node_kind kind;
} block_tags[] = {
    {"quote", NODE_QUOTE},     {"toggle", NODE_TOGGLE},
    {"callout", NODE_CALLOUT}, {"ul", NODE_LIST},
    {"ol", NODE_LIST},         {"li", NODE_ITEM},
    {"todo", NODE_ITEM},       {"table", NODE_TABLE},
    {"tr", NODE_ROW},          {"td", NODE_CELL},
    {"th", NODE_CELL},         {"image", NODE_MEDIA},
    {"pdf", NODE_MEDIA},       {"file", NODE_MEDIA},
    {"audio", NODE_MEDIA},     {"video", NODE_MEDIA},
    {"bookmark", NODE_MEDIA},  {"embed", NODE_MEDIA},
    {"page", NODE_CHILD},      {"database", NODE_CHILD},
    {"folder", NODE_CHILD},    {"colgroup", NODE_COMMENT},
    {"col", NODE_COMMENT},     {"thead", NODE_COMMENT},
    {"tbody", NODE_COMMENT},   {"external_object_instance", NODE_MEDIA},
};

char *
attribute(struct arena *arena, const char *attrs, const char *name)
{
    return attrs == NULL ? NULL : html_attribute(arena, attrs, strlen(attrs), name);
}

bool
url_is_signed(const char *url)
{
    return strstr(url, "X-Amz-Signature=") != NULL ||
           strncmp(url, "https://prod-files-secure.s3", 28) == 0 ||
           strncmp(url, "https://secure.notion-static.com/", 33) == 0 ||
           strncmp(url, "https://file.notion.so/", 23) == 0;
}

/* A callout is an alert if it has the alert's color; blocks from Notion's other endpoints name it
 * "…_background". */
static enum alert
alert_of(struct arena *arena, const char *attrs)
{
    static const char *const colors[] = {"blue", "green", "purple", "yellow", "red"};
    const char *color = attribute(arena, attrs, "color");

    for (size_t i = 0; color != NULL && i < sizeof(colors) / sizeof(colors[0]); i++) {
        size_t length = strlen(colors[i]);

        if (strncmp(color, colors[i], length) == 0 &&
            (strcmp(color + length, "_bg") == 0 || strcmp(color + length, "_background") == 0))
            return (enum alert)i;
    }
    return ALERT_OTHER;
}

static struct node *
make_block(struct reader *reader, const struct piece *piece)
{
    struct node *node = node_new(reader->arena, NODE_TAG);
    const char *value;

    for (size_t i = 0; i < sizeof(block_tags) / sizeof(block_tags[0]); i++)
        if (strcmp(block_tags[i].name, piece->text) == 0)
            node->kind = block_tags[i].kind;

    node->text = piece->text;
    node->attrs = piece->attrs;
    node->url = attribute(reader->arena, piece->attrs, "source");
    if (node->url == NULL)
        node->url = attribute(reader->arena, piece->attrs, "url");
    switch (node->kind) {
    case NODE_TOGGLE:
        value = attribute(reader->arena, piece->attrs, "heading");
        if (value != NULL && *value == 'h')
            value++;
        if (value != NULL && strlen(value) == 1 && *value >= '1' && *value <= '4')
            node->level = *value - '0';
        break;
    case NODE_CALLOUT:
        node->level = (int)alert_of(reader->arena, piece->attrs);
        break;
    case NODE_LIST:
        node->ordered = strcmp(piece->text, "ol") == 0;
        node->level = node->ordered ? 1 : 0;
        break;
    case NODE_TABLE:
        node->text = "";
        break;
    case NODE_CELL:
        node->header = strcmp(piece->text, "th") == 0;
        break;
    default:
        break;
    }
    return node;
}

/* Adjacent items make one list. */
static void
open_todo(struct reader *reader, const struct piece *piece)
{
    struct node *last = reader_node(reader)->last;
    struct node *item = make_block(reader, piece);
    const char *checked = attribute(reader->arena, piece->attrs, "checked");

    item->task = checked != NULL && strcmp(checked, "true") == 0 ? TASK_DONE : TASK_OPEN;
    if (last != NULL && last->kind == NODE_LIST && last->text != NULL &&
        strcmp(last->text, "todo") == 0)
        reader_reopen(reader, "todo-list", last);
    else
        reader_open(reader, OWNER_TAG, "todo-list", node_text(reader->arena, NODE_LIST, "todo"));
    reader_open(reader, OWNER_TAG, "todo", item);
}

static void
open_block(struct reader *reader, const struct piece *piece)
{
    struct node *node;

    if (strcmp(piece->text, "todo") == 0) {
        open_todo(reader, piece);
        return;
    }
    node = make_block(reader, piece);
    if (node->kind == NODE_COMMENT)
        return;
    if (node->kind == NODE_TOGGLE || node->kind == NODE_CALLOUT || node->kind == NODE_TAG)
        node->header = piece->titled || piece->followed;
    reader_open(reader, OWNER_TAG, piece->text, node);
}

static void
add_void(struct reader *reader, const struct piece *piece)
{
    struct node *node;

    if (strcmp(piece->text, "equation") == 0 && piece->content != NULL) {
        node = node_text(reader->arena, NODE_EQUATION, piece->content);
        node->attrs = piece->attrs;
    } else if (strcmp(piece->text, "p") == 0) {
        node = node_new(reader->arena, NODE_PARAGRAPH);
    } else {
        node = make_block(reader, piece);
        if (node->kind == NODE_COMMENT)
            return;
        if (node->kind != NODE_MEDIA && node->kind != NODE_CHILD)
            node->kind = NODE_OPAQUE;
    }
    reader_add(reader, node);
}

static void
block_html(struct reader *reader, const char *html)
{
    const char *end;
    const struct piece *piece =
        strncmp(html, "<!--", 4) == 0 ? source_piece(&reader->source, html + 4, &end) : NULL;

    if (piece == NULL) {
        reader_text(reader, html);
        reader_close_implied(reader);
    } else if (piece->kind == PIECE_OPEN) {
        open_block(reader, piece);
    } else if (piece->kind == PIECE_VOID) {
        add_void(reader, piece);
    } else {
        reader_close_tag(reader, piece->text);
        if (strcmp(piece->text, "todo") == 0)
            reader_close_tag(reader, "todo-list");
    }
}

static void
open_inline(struct reader *reader, const struct html_token *token)
{
    static const struct {
        const char *name;
        enum node_kind kind;
    } rows[] = {{"u", NODE_UNDERLINE}, {"b", NODE_STRONG},  {"i", NODE_EM},
                {"s", NODE_STRIKE},    {"span", NODE_SPAN}, {"mention", NODE_MENTION}};
    const char *attrs = arena_strndup(reader->arena, token->attrs, token->attrs_length);

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct node *node;

        if (strcmp(rows[i].name, token->name) != 0)
            continue;
        node = node_new(reader->arena, rows[i].kind);
        node->attrs = attrs;
        node->url = attribute(reader->arena, attrs, "url");
        if (token->empty)
            reader_add(reader, node);
        else
            reader_open(reader, OWNER_TAG, token->name, node);
        return;
    }
    if (strcmp(token->name, "br") == 0) {
        reader_add(reader, node_new(reader->arena, NODE_HARD));
    } else if (strcmp(token->name, "date") == 0) {
        struct node *node = node_new(reader->arena, NODE_DATE);

        node->attrs = attrs;
        reader_add(reader, node);
    } else {
        reader_add(reader, node_text(reader->arena, NODE_RAW,
                                     arena_strndup(reader->arena, token->text, token->length)));
    }
}

static void
inline_html(struct reader *reader, const char *html)
{
    struct html_token token;

    while (html_next(&html, &token)) {
        const char *text = arena_strndup(reader->arena, token.text, token.length);

        if (token.kind == HTML_OPEN)
            open_inline(reader, &token);
        else if (token.kind != HTML_CLOSE)
            reader_text(reader, text);
        else if (!reader_close_tag(reader, token.name) && strcmp(token.name, "date") != 0)
            reader_add(reader, node_text(reader->arena, NODE_RAW, text));
    }
}

void
notion_html(struct reader *reader, const char *html, bool block)
{
    if (block)
        block_html(reader, html);
    else
        inline_html(reader, source_restore(&reader->source, html));
}

/* A title is text; a list or an image after the tag is content. */
static bool
has_title(const struct node *node)
{
    return node->header && node_is_title(node->first);
}

/* A paragraph or heading in tag form: its own attributes move to its title. */
static void
close_tag(struct reader *reader, struct node *node)
{
    bool heading = node->text[0] == 'h' && node->text[1] >= '1' && node->text[1] <= '4' &&
                   node->text[2] == '\0';
    struct node *title;

    node->header = has_title(node);
    if (!heading && strcmp(node->text, "p") != 0)
        return;
    if (!node->header)
        node_prepend(node, node_new(reader->arena, NODE_PARAGRAPH));
    node->header = true;
    title = node->first;
    if (heading) {
        title->kind = NODE_HEADING;
        title->level = node->text[1] - '0';
    }
    if (title->next != NULL)
        return;
    if (node->attrs[strspn(node->attrs, " \t")] != '\0')
        title->attrs = node->attrs;
    title->line = node->line;
    title->end_line = node->end_line;
    node_dissolve(node);
}

/* "[^https://…]" in the text. */
static void
close_inlines(struct reader *reader, struct node *node)
{
    for (struct node *child = node->first; child != NULL; child = child->next) {
        const char *start, *end;
        struct node *rest;

        if (child->kind != NODE_TEXT || (start = strstr(child->text, "[^")) == NULL)
            continue;
        end = start + strcspn(start, "] \t");
        if (*end != ']' || strstr(start, "://") == NULL || strstr(start, "://") > end)
            continue;
        rest = node_text(reader->arena, NODE_CITATION, NULL);
        rest->url = arena_strndup(reader->arena, start + 2, (size_t)(end - start) - 2);
        if (start > child->text)
            node_insert_before(child, node_text(reader->arena, NODE_TEXT,
                                                arena_strndup(reader->arena, child->text,
                                                              (size_t)(start - child->text))));
        node_insert_before(child, rest);
        child->text = end + 1;
        if (child->prev != NULL)
            child = child->prev;
    }
}

void
notion_closed(struct reader *reader, struct node *node)
{
    const char *header;

    switch (node->kind) {
    case NODE_TAG:
        close_tag(reader, node);
        break;
    case NODE_TOGGLE:
    case NODE_CALLOUT:
        if (!has_title(node))
            node_prepend(node, node_new(reader->arena, NODE_PARAGRAPH));
        break;
    case NODE_PARAGRAPH:
        close_inlines(reader, node);
        node_close_equation(node);
        break;
    case NODE_HEADING:
    case NODE_CELL:
        close_inlines(reader, node);
        break;
    case NODE_TABLE:
        header = attribute(reader->arena, node->attrs, "header-row");
        if (node->first == NULL)
            node_unlink(node);
        else if (header != NULL && strcmp(header, "true") == 0)
            node->first->header = true;
        break;
    default:
        break;
    }
}
