#include <stdio.h>
#include <string.h>

#include "markdown/printer.h"

void
block_item(struct block_printer *printer, const struct node *node, const char *marker)
{
    size_t length = printer->prefix.len, start;
    const struct node *first = node->first;
    bool empty = first != NULL && first->kind == NODE_PARAGRAPH && first->first == NULL;

    block_mark(printer, marker);
    for (size_t i = 0; marker[i] != '\0'; i++)
        buf_char(&printer->prefix, ' ');
    if (node->task != TASK_NONE)
        buf_str(&printer->out, node->task == TASK_DONE ? "[x] " : "[ ] ");
    start = printer->out.len;
    if (node->task != TASK_NONE && first != NULL && first->kind != NODE_PARAGRAPH)
        block_put(printer, "\n\n");
    /* A rule of hyphens would turn the whole line into a rule. */
    if (first != NULL && first->kind == NODE_RULE) {
        block_put(printer, "***");
        if (first->next != NULL) {
            block_put(printer, "\n\n");
            block_children(printer, first->next);
        }
    } else if (first != NULL && !(empty && first->next == NULL)) {
        block_children(printer, empty ? first->next : first);
    }
    if (printer->out.len == start && node->task == TASK_NONE)
        while (printer->out.data[printer->out.len - 1] == ' ')
            printer->out.len--;
    printer->prefix.len = length;
}

static bool
has_attrs(const struct node *list)
{
    if (list->attrs != NULL && list->attrs[0] != '\0')
        return true;
    for (const struct node *item = list->first; item != NULL; item = item->next)
        if (item->attrs != NULL && item->attrs[0] != '\0' && item->task == TASK_NONE)
            return true;
    return false;
}

static void
print_tagged_list(struct block_printer *printer, const struct node *list)
{
    const char *name = list->ordered ? "ol" : "ul";

    block_open_tag(printer, name, list->attrs);
    for (const struct node *item = list->first; item != NULL; item = item->next) {
        block_put(printer, "\n");
        block_titled_tag(printer, "li", item);
    }
    block_put(printer, "\n");
    block_close_tag(printer, name);
}

void
block_list(struct block_printer *printer, const struct node *list)
{
    bool notion = printer->dialect == MARKDOWN_NOTION;
    bool second = false;
    int number = printer->renumber ? 1 : list->level;
    char marker[24] = "- ";

    if (notion && has_attrs(list)) {
        print_tagged_list(printer, list);
        return;
    }
    /* Consecutive lists with the same mark would become one. */
    for (const struct node *at = list->prev;
         !notion && at != NULL && at->kind == NODE_LIST && at->ordered == list->ordered;
         at = at->prev)
        second = !second;
    for (const struct node *item = list->first; item != NULL; item = item->next) {
        size_t mark;

        if (item != list->first)
            block_put(printer, "\n");
        mark = block_mark_start(printer, item);
        /* Attributes other than the tick need the tag. */
        if (notion && item->task != TASK_NONE && item->attrs != NULL &&
            strstr(item->attrs, "color=") != NULL) {
            block_titled_tag(printer, "todo", item);
        } else {
            if (list->ordered && !(notion && item->task != TASK_NONE))
                snprintf(marker, sizeof(marker), "%d%s ", number++, second ? ")" : ".");
            else
                snprintf(marker, sizeof(marker), "%s", second ? "* " : "- ");
            block_item(printer, item, marker);
        }
        block_mark_end(printer, mark);
    }
}
