#include <stdio.h>

#include "markdown/printer.h"

void
block_callout(struct block_printer *printer, const struct node *node)
{
    static const struct {
        const char *name, *attrs;
    } alerts[] = {
        {"[!NOTE]", " icon=\"ℹ️\" color=\"blue_bg\""},
        {"[!TIP]", " icon=\"💡\" color=\"green_bg\""},
        {"[!IMPORTANT]", " icon=\"💬\" color=\"purple_bg\""},
        {"[!WARNING]", " icon=\"⚠️\" color=\"yellow_bg\""},
        {"[!CAUTION]", " icon=\"🛑\" color=\"red_bg\""},
    };
    size_t length = printer->prefix.len;
    const struct node *first = node->first;

    if (printer->dialect == MARKDOWN_NOTION) {
        struct node callout = *node;

        if (node->attrs == NULL && node->level != ALERT_OTHER)
            callout.attrs = alerts[node->level].attrs;
        block_titled_tag(printer, "callout", &callout);
        return;
    }
    block_mark(printer, "> ");
    buf_str(&printer->out, alerts[node->level % ALERT_OTHER].name);
    if (first != NULL && first->kind == NODE_PARAGRAPH && first->first == NULL)
        first = first->next;
    buf_str(&printer->prefix, "> ");
    if (first != NULL) {
        block_put(printer, first->kind == NODE_PARAGRAPH ? "\n" : "\n\n");
        block_children(printer, first);
    }
    printer->prefix.len = length;
}

static void
add_html(struct buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        const char *entity = *text == '<'   ? "&lt;"
                             : *text == '>' ? "&gt;"
                             : *text == '&' ? "&amp;"
                             : *text == '"' ? "&quot;"
                                            : NULL;

        if (entity != NULL)
            buf_str(out, entity);
        else
            buf_char(out, *text);
    }
}

/* A node as HTML, which is how GitHub reads a summary. */
static void
add_node(struct buf *out, const struct node *node)
{
    static const struct {
        enum node_kind kind;
        const char *name;
    } tags[] = {{NODE_EM, "em"},
                {NODE_STRONG, "strong"},
                {NODE_STRIKE, "del"},
                {NODE_UNDERLINE, "ins"},
                {NODE_CODE, "code"}};
    const char *tag = NULL, *mark = node->kind == NODE_MATH ? "$" : "";

    if (node_is_break(node)) {
        buf_char(out, ' ');
        return;
    }
    for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
        if (tags[i].kind == node->kind)
            tag = tags[i].name;
    if (node->kind == NODE_LINK) {
        buf_str(out, "<a href=\"");
        add_html(out, node->url);
        buf_str(out, "\">");
    } else if (tag != NULL) {
        buf_printf(out, "<%s>", tag);
    }
    buf_str(out, mark);
    if (node->text != NULL && node->kind != NODE_LINK && (tag == NULL || node->first == NULL))
        add_html(out, node->text);
    buf_str(out, mark);
    for (const struct node *child = node->first; child != NULL; child = child->next)
        add_node(out, child);
    if (node->kind == NODE_LINK || tag != NULL)
        buf_printf(out, "</%s>", tag != NULL ? tag : "a");
}

static void
print_summary(struct block_printer *printer, const struct node *toggle)
{
    const struct node *title = toggle->first;
    struct buf html;

    buf_init(&html, SIZE_MAX / 4);
    block_put(printer, "<summary>");
    if (toggle->level > 0)
        buf_printf(&printer->out, "<h%d>", toggle->level);
    for (const struct node *child = title->first; child != NULL; child = child->next)
        add_node(&html, child);
    block_put(printer, title->first != NULL ? buf_text(&html) : "Details");
    buf_release(&html);
    if (toggle->level > 0)
        buf_printf(&printer->out, "</h%d>", toggle->level);
    block_put(printer, "</summary>\n");
}

void
block_toggle(struct block_printer *printer, const struct node *node)
{
    const struct node *title = node->first;
    char attrs[32] = "";

    if (printer->dialect == MARKDOWN_NOTION) {
        if (node->level > 0)
            snprintf(attrs, sizeof(attrs), " heading=\"h%d\"", node->level);
        block_tag(printer, "toggle", node->attrs != NULL ? node->attrs : attrs, title, title->next);
        return;
    }
    block_put(printer, "<details>\n");
    if (title->first != NULL || node->level > 0)
        print_summary(printer, node);
    block_put(printer, "\n");
    if (title->next != NULL) {
        block_children(printer, title->next);
        block_put(printer, "\n\n");
    }
    block_put(printer, "</details>");
}
