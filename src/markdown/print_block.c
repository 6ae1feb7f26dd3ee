#include <stdio.h>
#include <string.h>

#include "markdown/language.h"
#include "markdown/printer.h"

struct block_printer {
    struct arena *arena;
    struct buf out;
    struct buf prefix; /* of every line */
    enum markdown_dialect dialect;
    bool fresh; /* the prefix of the line is still to be written */
};

static void print_block(struct block_printer *printer, const struct node *node);
static void print_blocks(struct block_printer *printer, const struct node *first);

static void
put_prefix(struct block_printer *printer, bool empty)
{
    size_t length = printer->prefix.len;

    while (empty && length > 0 && printer->prefix.data[length - 1] == ' ')
        length--;
    if (printer->fresh && length > 0)
        buf_add(&printer->out, printer->prefix.data, length);
    printer->fresh = false;
}

static void
put(struct block_printer *printer, const char *text)
{
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");

        put_prefix(printer, length == 0);
        buf_add(&printer->out, text, length);
        text += length;
        if (*text == '\n') {
            buf_char(&printer->out, '\n');
            printer->fresh = true;
            text++;
        }
    }
}

/* Marks are followed by their content, whose first line needs no prefix any more. */
static void
put_mark(struct block_printer *printer, const char *mark)
{
    put_prefix(printer, false);
    buf_str(&printer->out, mark);
}

static void
print_inline_block(struct block_printer *printer, const struct node *node)
{
    put(printer,
        print_guarded(printer->arena, print_inlines(printer->arena, printer->dialect, node)));
}

static void
open_tag(struct block_printer *printer, const char *name, const char *attrs)
{
    put_mark(printer, "<");
    buf_str(&printer->out, name);
    if (attrs != NULL) {
        size_t length = strlen(attrs);

        while (length > 0 && attrs[length - 1] == ' ')
            length--;
        buf_add(&printer->out, attrs, length);
    }
    buf_char(&printer->out, '>');
}

static void
close_tag(struct block_printer *printer, const char *name)
{
    put_mark(printer, "</");
    buf_str(&printer->out, name);
    buf_char(&printer->out, '>');
}

/* What may follow an opening tag in its line. */
static bool
is_title(const struct node *node)
{
    return node != NULL && node->kind == NODE_PARAGRAPH && node->attrs == NULL &&
           !(node->first != NULL && node->first->kind == NODE_IMAGE && node->first->next == NULL);
}

/* <name attrs>title, children, </name>: the title may be NULL. */
static void
print_tag(struct block_printer *printer, const char *name, const char *attrs,
          const struct node *title, const struct node *children)
{
    open_tag(printer, name, attrs);
    if (title != NULL)
        put(printer, print_inlines(printer->arena, printer->dialect, title));
    if (children != NULL) {
        put(printer, "\n\n");
        print_blocks(printer, children);
        put(printer, "\n");
    }
    close_tag(printer, name);
}

static void
print_heading(struct block_printer *printer, const struct node *node)
{
    const char *text = print_line(printer->arena, printer->dialect, node);
    size_t length = strlen(text);
    int level = node->level;
    char name[8];

    if (printer->dialect == MARKDOWN_NOTION && level > 4)
        level = 4;
    if (node->attrs != NULL) {
        snprintf(name, sizeof(name), "h%d", level);
        print_tag(printer, name, node->attrs, node, NULL);
        return;
    }
    put_mark(printer, &"######"[6 - level]);
    if (length == 0)
        return;
    buf_char(&printer->out, ' ');
    if (text[length - 1] == '#' && (length == 1 || text[length - 2] != '\\'))
        text = arena_printf(printer->arena, "%.*s\\#", (int)(length - 1), text);
    put(printer, text);
}

static void
print_paragraph(struct block_printer *printer, const struct node *node)
{
    if (node->attrs != NULL)
        print_tag(printer, "p", node->attrs, node, NULL);
    else if (node->first == NULL && printer->dialect == MARKDOWN_NOTION)
        put(printer, "<p />");
    else
        print_inline_block(printer, node);
}

static size_t
longest_ticks(const char *text)
{
    size_t longest = 0;

    while ((text = strchr(text, '`')) != NULL) {
        size_t run = strspn(text, "`");

        longest = run > longest ? run : longest;
        text += run;
    }
    return longest;
}

static void
print_fenced(struct block_printer *printer, const char *language, const char *text)
{
    size_t ticks = longest_ticks(text);
    char *fence;

    ticks = ticks < 3 ? 3 : ticks + 1;
    fence = arena_alloc(printer->arena, ticks + 1);
    memset(fence, '`', ticks);
    put_mark(printer, fence);
    put(printer, language);
    put(printer, "\n");
    if (text[0] != '\0') {
        put(printer, text);
        put(printer, "\n");
    }
    put_mark(printer, fence);
}

static void
print_code(struct block_printer *printer, const struct node *node)
{
    print_fenced(printer, language_name(printer->arena, node->url), node->text);
}

static void
print_equation(struct block_printer *printer, const struct node *node)
{
    if (node->attrs != NULL) {
        open_tag(printer, "equation", node->attrs);
        put(printer, node->text);
        close_tag(printer, "equation");
        return;
    }
    /* GitHub's formulas end at a blank line, its fences do not. */
    if (printer->dialect == MARKDOWN_GITHUB && strstr(node->text, "\n\n") != NULL) {
        print_fenced(printer, "math", node->text);
        return;
    }
    put(printer, "$$\n");
    if (node->text[0] != '\0') {
        put(printer, node->text);
        put(printer, "\n");
    }
    put_mark(printer, "$$");
}

static void
print_quoted(struct block_printer *printer, const struct node *first)
{
    size_t length = printer->prefix.len;

    put_prefix(printer, false);
    buf_str(&printer->out, "> ");
    buf_str(&printer->prefix, "> ");
    print_blocks(printer, first);
    printer->prefix.len = length;
    if (printer->out.data[printer->out.len - 1] == ' ')
        printer->out.len--;
}

static void
print_quote(struct block_printer *printer, const struct node *node)
{
    bool titled = is_title(node->first);
    bool plain = node->attrs == NULL || node->attrs[0] == '\0';

    if (printer->dialect == MARKDOWN_NOTION &&
        (!plain || node->first == NULL || node->first->next != NULL || !titled))
        print_tag(printer, "quote", node->attrs, titled ? node->first : NULL,
                  titled ? node->first->next : node->first);
    else
        print_quoted(printer, node->first);
}

static void
print_callout(struct block_printer *printer, const struct node *node)
{
    static const struct {
        const char *name, *attrs;
    } alerts[] = {
        {"[!NOTE]", " icon=\"ℹ️\" color=\"blue_background\""},
        {"[!TIP]", " icon=\"💡\" color=\"green_background\""},
        {"[!IMPORTANT]", " icon=\"💬\" color=\"purple_background\""},
        {"[!WARNING]", " icon=\"⚠️\" color=\"yellow_background\""},
        {"[!CAUTION]", " icon=\"🛑\" color=\"red_background\""},
    };
    size_t length = printer->prefix.len;
    const struct node *first = node->first;

    if (printer->dialect == MARKDOWN_NOTION) {
        bool titled = is_title(first);

        print_tag(printer, "callout",
                  node->attrs != NULL || node->level == ALERT_OTHER ? node->attrs
                                                                    : alerts[node->level].attrs,
                  titled ? first : NULL, titled ? first->next : first);
        return;
    }
    put_mark(printer, "> ");
    buf_str(&printer->out, alerts[node->level % ALERT_OTHER].name);
    if (first != NULL && first->kind == NODE_PARAGRAPH && first->first == NULL)
        first = first->next;
    buf_str(&printer->prefix, "> ");
    if (first != NULL) {
        put(printer, first->kind == NODE_PARAGRAPH ? "\n" : "\n\n");
        print_blocks(printer, first);
    }
    printer->prefix.len = length;
}

static void
print_toggle(struct block_printer *printer, const struct node *node)
{
    const struct node *title = node->first;
    char attrs[32] = "";

    if (printer->dialect == MARKDOWN_NOTION) {
        if (node->level > 0)
            snprintf(attrs, sizeof(attrs), " heading=\"%d\"", node->level);
        print_tag(printer, "toggle", node->attrs != NULL ? node->attrs : attrs, title, title->next);
        return;
    }
    put(printer, "<details>\n<summary>");
    if (node->level > 0)
        buf_printf(&printer->out, "<h%d>", node->level);
    put(printer, title->first != NULL ? print_html(printer->arena, title) : "Details");
    if (node->level > 0)
        buf_printf(&printer->out, "</h%d>", node->level);
    put(printer, "</summary>\n\n");
    if (title->next != NULL) {
        print_blocks(printer, title->next);
        put(printer, "\n\n");
    }
    put(printer, "</details>");
}

static void
print_item(struct block_printer *printer, const struct node *node, const char *marker)
{
    size_t length = printer->prefix.len, start;
    const struct node *first = node->first;
    bool empty = first != NULL && first->kind == NODE_PARAGRAPH && first->first == NULL;

    put_mark(printer, marker);
    for (size_t i = 0; marker[i] != '\0'; i++)
        buf_char(&printer->prefix, ' ');
    if (node->task != TASK_NONE)
        buf_str(&printer->out, node->task == TASK_DONE ? "[x] " : "[ ] ");
    start = printer->out.len;
    if (node->task != TASK_NONE && first != NULL && first->kind != NODE_PARAGRAPH)
        put(printer, "\n\n");
    /* A rule of hyphens would make one of the whole line. */
    if (first != NULL && first->kind == NODE_RULE) {
        put(printer, "***");
        if (first->next != NULL) {
            put(printer, "\n\n");
            print_blocks(printer, first->next);
        }
    } else if (first != NULL && !(empty && first->next == NULL)) {
        print_blocks(printer, empty ? first->next : first);
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

/* Attributes other than the tick need the tag. */
static bool
is_tagged_task(const struct node *item)
{
    return item->attrs != NULL && strstr(item->attrs, "color=") != NULL;
}

static void
print_tagged_list(struct block_printer *printer, const struct node *list)
{
    const char *name = list->ordered ? "ol" : "ul";

    open_tag(printer, name, list->attrs);
    for (const struct node *item = list->first; item != NULL; item = item->next) {
        bool titled = is_title(item->first);

        put(printer, "\n");
        print_tag(printer, "li", item->attrs, titled ? item->first : NULL,
                  titled ? item->first->next : item->first);
    }
    put(printer, "\n");
    close_tag(printer, name);
}

/* Lists that follow each other would be one, were their marks the same. */
static bool
is_second_list(const struct node *list)
{
    bool second = false;

    while (list->prev != NULL && list->prev->kind == NODE_LIST &&
           list->prev->ordered == list->ordered) {
        second = !second;
        list = list->prev;
    }
    return second;
}

static void
print_list(struct block_printer *printer, const struct node *list)
{
    bool notion = printer->dialect == MARKDOWN_NOTION;
    bool second = !notion && is_second_list(list);
    int number = list->level;
    char marker[24] = "- ";

    if (notion && has_attrs(list)) {
        print_tagged_list(printer, list);
        return;
    }
    for (const struct node *item = list->first; item != NULL; item = item->next) {
        if (item != list->first)
            put(printer, "\n");
        if (notion && item->task != TASK_NONE && is_tagged_task(item)) {
            bool titled = is_title(item->first);

            print_tag(printer, "todo", item->attrs, titled ? item->first : NULL,
                      titled ? item->first->next : item->first);
            continue;
        }
        if (list->ordered && !(notion && item->task != TASK_NONE))
            snprintf(marker, sizeof(marker), "%d%s ", number++, second ? ")" : ".");
        else
            snprintf(marker, sizeof(marker), "%s", second ? "* " : "- ");
        print_item(printer, item, marker);
    }
}

static void
print_row(struct block_printer *printer, const struct node *row, size_t columns)
{
    const struct node *cell = row != NULL ? row->first : NULL;

    put_mark(printer, "|");
    for (size_t i = 0; i < columns; i++) {
        const char *text = cell != NULL ? print_cell(printer->arena, printer->dialect, cell) : "";

        buf_printf(&printer->out, " %s%s|", text, text[0] != '\0' ? " " : "");
        cell = cell != NULL ? cell->next : NULL;
    }
}

static size_t
count_columns(const struct node *table)
{
    size_t columns = 0;

    for (const struct node *row = table->first; row != NULL; row = row->next) {
        size_t cells = 0;

        for (const struct node *cell = row->first; cell != NULL; cell = cell->next)
            cells++;
        columns = cells > columns ? cells : columns;
    }
    return columns;
}

static void
print_alignment(struct block_printer *printer, const struct node *table, size_t columns)
{
    const char *alignment = table->text != NULL ? table->text : "";

    put_mark(printer, "|");
    for (size_t i = 0; i < columns; i++) {
        char how = *alignment;

        alignment += how != '\0';
        if (printer->dialect == MARKDOWN_NOTION)
            how = '-';
        buf_str(&printer->out, how == 'l'   ? " :-- |"
                               : how == 'c' ? " :-: |"
                               : how == 'r' ? " --: |"
                                            : " --- |");
    }
}

static void
print_tagged_table(struct block_printer *printer, const struct node *table)
{
    open_tag(printer, "table", table->attrs != NULL ? table->attrs : " header-row=\"false\"");
    for (const struct node *row = table->first; row != NULL; row = row->next) {
        put(printer, "\n");
        open_tag(printer, "tr", row->attrs);
        for (const struct node *cell = row->first; cell != NULL; cell = cell->next) {
            const char *name = cell->header ? "th" : "td";

            put(printer, "\n");
            open_tag(printer, name, cell->attrs);
            put(printer, print_inlines(printer->arena, printer->dialect, cell));
            close_tag(printer, name);
        }
        put(printer, "\n");
        close_tag(printer, "tr");
    }
    put(printer, "\n");
    close_tag(printer, "table");
}

static void
print_table(struct block_printer *printer, const struct node *table)
{
    size_t columns = count_columns(table);
    const struct node *row = table->first;
    bool headed = row != NULL && row->header;

    if (printer->dialect == MARKDOWN_NOTION && (table->attrs != NULL || !headed)) {
        print_tagged_table(printer, table);
        return;
    }
    print_row(printer, headed ? row : NULL, columns);
    put(printer, "\n");
    print_alignment(printer, table, columns);
    for (row = headed ? row->next : row; row != NULL; row = row->next) {
        put(printer, "\n");
        print_row(printer, row, columns);
    }
}

static void
print_footnote(struct block_printer *printer, const struct node *node)
{
    size_t length = printer->prefix.len;

    put_mark(printer, "");
    buf_printf(&printer->out, "[^%d]: ", node->level);
    buf_str(&printer->prefix, "    ");
    print_blocks(printer, node->first);
    printer->prefix.len = length;
}

/* A Notion tag whose content is inline. */
static void
print_media(struct block_printer *printer, const struct node *node)
{
    if (node->first != NULL) {
        print_tag(printer, node->text, node->attrs, node, NULL);
        return;
    }
    open_tag(printer, node->text, node->attrs);
    printer->out.len--;
    buf_str(&printer->out, " />");
}

static void
print_block(struct block_printer *printer, const struct node *node)
{
    switch (node->kind) {
    case NODE_DOCUMENT:
        print_blocks(printer, node->first);
        break;
    case NODE_QUOTE:
        print_quote(printer, node);
        break;
    case NODE_LIST:
        print_list(printer, node);
        break;
    case NODE_TOGGLE:
        print_toggle(printer, node);
        break;
    case NODE_CALLOUT:
        print_callout(printer, node);
        break;
    case NODE_TAG:
        print_tag(printer, node->text, node->attrs, node->header ? node->first : NULL,
                  node->header && node->first != NULL ? node->first->next : node->first);
        break;
    case NODE_FOOTNOTE:
        print_footnote(printer, node);
        break;
    case NODE_TABLE:
        print_table(printer, node);
        break;
    case NODE_PARAGRAPH:
        print_paragraph(printer, node);
        break;
    case NODE_HEADING:
        print_heading(printer, node);
        break;
    case NODE_MEDIA:
    case NODE_CHILD:
    case NODE_OPAQUE:
        print_media(printer, node);
        break;
    case NODE_CODE_BLOCK:
        print_code(printer, node);
        break;
    case NODE_EQUATION:
        print_equation(printer, node);
        break;
    case NODE_RULE:
        put(printer, "---");
        break;
    case NODE_COMMENT:
    case NODE_RAW:
        put(printer, node->text);
        break;
    case NODE_ITEM:
        print_item(printer, node, "- ");
        break;
    default:
        print_inline_block(printer, node);
    }
}

/* Whether a list may follow the block before it without a blank line: below an item's own text. */
static bool
follows_closely(const struct block_printer *printer, const struct node *node)
{
    const struct node *before = node->prev;

    if (node->kind != NODE_LIST || before == NULL)
        return false;
    if (before->kind == NODE_LIST)
        return printer->dialect == MARKDOWN_NOTION && before->ordered == node->ordered;
    if (node->parent->kind != NODE_ITEM || before->kind != NODE_PARAGRAPH || before->prev != NULL ||
        node->first == NULL)
        return false;
    /* What cannot interrupt a paragraph. */
    if (node->ordered && node->level != 1)
        return false;
    return node->first->first != NULL &&
           (node->first->first->kind != NODE_PARAGRAPH || node->first->first->first != NULL);
}

static void
print_blocks(struct block_printer *printer, const struct node *first)
{
    for (const struct node *node = first; node != NULL; node = node->next) {
        if (node != first)
            put(printer, follows_closely(printer, node) ? "\n" : "\n\n");
        print_block(printer, node);
    }
}

static char *
print(struct arena *arena, enum markdown_dialect dialect, const struct node *node)
{
    struct block_printer printer = {.arena = arena, .dialect = dialect};
    char *text;

    buf_init(&printer.out, SIZE_MAX / 4);
    buf_init(&printer.prefix, SIZE_MAX / 4);
    print_block(&printer, node);
    text = arena_strdup(arena, buf_text(&printer.out));
    buf_release(&printer.out);
    buf_release(&printer.prefix);
    return text;
}

char *
print_github(struct arena *arena, const struct node *node)
{
    return print(arena, MARKDOWN_GITHUB, node);
}

char *
print_notion(struct arena *arena, const struct node *node)
{
    return print(arena, MARKDOWN_NOTION, node);
}
