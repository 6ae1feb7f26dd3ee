#include "markdown/printer.h"

static void
add_html(struct buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '<':
            buf_str(out, "&lt;");
            break;
        case '>':
            buf_str(out, "&gt;");
            break;
        case '&':
            buf_str(out, "&amp;");
            break;
        case '"':
            buf_str(out, "&quot;");
            break;
        default:
            buf_char(out, *text);
        }
    }
}

static void html_children(struct buf *out, const struct node *node);

static void
html_node(struct buf *out, const struct node *node)
{
    static const struct {
        enum node_kind kind;
        const char *name;
    } tags[] = {{NODE_EM, "em"},
                {NODE_STRONG, "strong"},
                {NODE_STRIKE, "del"},
                {NODE_UNDERLINE, "ins"},
                {NODE_CODE, "code"}};
    const char *tag = NULL;

    for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
        if (tags[i].kind == node->kind)
            tag = tags[i].name;
    if (node->kind == NODE_LINK) {
        buf_str(out, "<a href=\"");
        add_html(out, node->url);
        buf_str(out, "\">");
        html_children(out, node);
        buf_str(out, "</a>");
    } else if (tag != NULL) {
        buf_printf(out, "<%s>", tag);
        if (node->first == NULL && node->text != NULL)
            add_html(out, node->text);
        html_children(out, node);
        buf_printf(out, "</%s>", tag);
    } else if (node->kind == NODE_SOFT || node->kind == NODE_HARD) {
        buf_char(out, ' ');
    } else {
        if (node->kind == NODE_MATH)
            buf_char(out, '$');
        if (node->text != NULL)
            add_html(out, node->text);
        if (node->kind == NODE_MATH)
            buf_char(out, '$');
        html_children(out, node);
    }
}

static void
html_children(struct buf *out, const struct node *node)
{
    for (const struct node *child = node->first; child != NULL; child = child->next)
        html_node(out, child);
}

char *
print_html(struct arena *arena, const struct node *block)
{
    struct buf out;

    buf_init(&out, SIZE_MAX / 4);
    html_children(&out, block);
    return buf_take(&out, arena);
}
