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
        bool titled = block_is_title(first);

        block_tag(printer, "callout",
                  node->attrs != NULL || node->level == ALERT_OTHER ? node->attrs
                                                                    : alerts[node->level].attrs,
                  titled ? first : NULL, titled ? first->next : first);
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
print_summary(struct block_printer *printer, const struct node *toggle)
{
    const struct node *title = toggle->first;

    block_put(printer, "<summary>");
    if (toggle->level > 0)
        buf_printf(&printer->out, "<h%d>", toggle->level);
    block_put(printer, title->first != NULL ? print_html(printer->arena, title) : "Details");
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
