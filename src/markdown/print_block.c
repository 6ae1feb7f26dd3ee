#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "markdown/printer.h"

static void print_block(struct block_printer *printer, const struct node *node);

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

void
block_put(struct block_printer *printer, const char *text)
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

void
block_mark(struct block_printer *printer, const char *mark)
{
    put_prefix(printer, false);
    buf_str(&printer->out, mark);
}

static void
print_inline_block(struct block_printer *printer, const struct node *node)
{
    block_put(printer,
              print_guarded(printer->arena, print_inlines(printer->arena, printer->dialect, node)));
}

void
block_open_tag(struct block_printer *printer, const char *name, const char *attrs)
{
    block_mark(printer, "<");
    buf_str(&printer->out, name);
    if (attrs != NULL) {
        size_t length = strlen(attrs);

        while (length > 0 && attrs[length - 1] == ' ')
            length--;
        buf_add(&printer->out, attrs, length);
    }
    buf_char(&printer->out, '>');
}

void
block_close_tag(struct block_printer *printer, const char *name)
{
    block_mark(printer, "</");
    buf_str(&printer->out, name);
    buf_char(&printer->out, '>');
}

void
block_tag(struct block_printer *printer, const char *name, const char *attrs,
          const struct node *title, const struct node *children)
{
    block_open_tag(printer, name, attrs);
    if (title != NULL)
        block_put(printer, print_inlines(printer->arena, printer->dialect, title));
    if (children != NULL) {
        block_put(printer, "\n\n");
        block_children(printer, children);
        block_put(printer, "\n");
    }
    block_close_tag(printer, name);
}

void
block_titled_tag(struct block_printer *printer, const char *name, const struct node *node)
{
    bool titled = node_is_title(node->first);

    block_tag(printer, name, node->attrs, titled ? node->first : NULL,
              titled ? node->first->next : node->first);
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
        block_tag(printer, name, node->attrs, node, NULL);
        return;
    }
    block_mark(printer, &"######"[6 - level]);
    if (length == 0)
        return;
    buf_char(&printer->out, ' ');
    if (text[length - 1] == '#' && (length == 1 || text[length - 2] != '\\'))
        text = arena_printf(printer->arena, "%.*s\\#", (int)(length - 1), text);
    block_put(printer, text);
}

static const struct {
    const char *alias, *name;
} languages[] = {
    {"cpp", "c++"},     {"cs", "c#"},         {"csharp", "c#"},      {"golang", "go"},
    {"hs", "haskell"},  {"js", "javascript"}, {"jsx", "javascript"}, {"kt", "kotlin"},
    {"md", "markdown"}, {"plain", ""},        {"plaintext", ""},     {"plain_text", ""},
    {"py", "python"},   {"rb", "ruby"},       {"rs", "rust"},        {"sh", "shell"},
    {"text", ""},       {"ts", "typescript"}, {"tsx", "typescript"}, {"txt", ""},
    {"yml", "yaml"},
};

/* The name of a code block's language that both services use: Notion writes full names for the
 * short ones that people write ("ts": "typescript"). Lower case; "" and plain text are "". */
static const char *
language_name(struct arena *arena, const char *name)
{
    size_t length = name != NULL ? strlen(name) : 0;
    char *lower = arena_alloc(arena, 5 * length + 1), *to = lower;

    for (size_t i = 0; i < length; i++) {
        if (name[i] == '\\')
            *to++ = '\\';
        *to++ = name[i] == '`' ? '\'' : (char)tolower((unsigned char)name[i]);
        if (name[i] == '&')
            to = stpcpy(to, "amp;");
    }
    for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++)
        if (strcmp(languages[i].alias, lower) == 0)
            return languages[i].name;
    return lower;
}

static void
print_fenced(struct block_printer *printer, const char *language, const char *text)
{
    size_t ticks = longest_run(text, strlen(text), '`');
    char *fence;

    ticks = ticks < 3 ? 3 : ticks + 1;
    fence = arena_alloc(printer->arena, ticks + 1);
    memset(fence, '`', ticks);
    block_mark(printer, fence);
    block_put(printer, language);
    block_put(printer, "\n");
    if (text[0] != '\0') {
        block_put(printer, text);
        block_put(printer, "\n");
    }
    block_mark(printer, fence);
}

/* Whether a formula between lines of dollars would end early, or not begin: GitHub's formulas end
 * at a blank line, even a quoted one, and a code fence has precedence over both. */
static bool
needs_fence(const char *formula)
{
    for (const char *line = formula; line != NULL; line = strchr(line, '\n')) {
        line += line != formula;
        line += strspn(line, " \t>");
        if (*line == '\n' || (*line == '\0' && line != formula) || strncmp(line, "```", 3) == 0 ||
            strncmp(line, "~~~", 3) == 0)
            return true;
    }
    return false;
}

static void
print_equation(struct block_printer *printer, const struct node *node)
{
    if (node->attrs != NULL) {
        block_open_tag(printer, "equation", node->attrs);
        block_put(printer, node->text);
        block_close_tag(printer, "equation");
        return;
    }
    if (printer->dialect == MARKDOWN_GITHUB && needs_fence(node->text)) {
        print_fenced(printer, "math", node->text);
        return;
    }
    block_put(printer, "$$\n");
    if (node->text[0] != '\0') {
        block_put(printer, node->text);
        block_put(printer, "\n");
    }
    block_mark(printer, "$$");
}

static void
print_quote(struct block_printer *printer, const struct node *node)
{
    bool plain = node->attrs == NULL || node->attrs[0] == '\0';
    size_t length = printer->prefix.len;

    if (printer->dialect == MARKDOWN_NOTION &&
        (!plain || !node_is_title(node->first) || node->first->next != NULL)) {
        block_titled_tag(printer, "quote", node);
        return;
    }
    block_mark(printer, "> ");
    buf_str(&printer->prefix, "> ");
    block_children(printer, node->first);
    printer->prefix.len = length;
    if (printer->out.data[printer->out.len - 1] == ' ')
        printer->out.len--;
}

static void
print_footnote(struct block_printer *printer, const struct node *node)
{
    size_t length = printer->prefix.len;

    block_mark(printer, "");
    buf_printf(&printer->out, "[^%d]: ", node->level);
    buf_str(&printer->prefix, "    ");
    block_children(printer, node->first);
    printer->prefix.len = length;
}

static void
print_paragraph(struct block_printer *printer, const struct node *node)
{
    if (node->attrs != NULL)
        block_tag(printer, "p", node->attrs, node, NULL);
    else if (node->first == NULL && printer->dialect == MARKDOWN_NOTION)
        block_put(printer, "<p />");
    else
        print_inline_block(printer, node);
}

/* A block of Notion's that holds no other block. */
static void
print_object(struct block_printer *printer, const struct node *node)
{
    if (node->first != NULL) {
        block_tag(printer, node->text, node->attrs, node, NULL);
        return;
    }
    block_open_tag(printer, node->text, node->attrs);
    printer->out.len--;
    buf_str(&printer->out, " />");
}

static void
print_block(struct block_printer *printer, const struct node *node)
{
    switch (node->kind) {
    case NODE_DOCUMENT:
        block_children(printer, node->first);
        break;
    case NODE_QUOTE:
        print_quote(printer, node);
        break;
    case NODE_LIST:
        block_list(printer, node);
        break;
    case NODE_TOGGLE:
        block_toggle(printer, node);
        break;
    case NODE_CALLOUT:
        block_callout(printer, node);
        break;
    case NODE_TAG:
        block_tag(printer, node->text, node->attrs, node->header ? node->first : NULL,
                  node->header && node->first != NULL ? node->first->next : node->first);
        break;
    case NODE_FOOTNOTE:
        print_footnote(printer, node);
        break;
    case NODE_TABLE:
        block_table(printer, node);
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
        print_object(printer, node);
        break;
    case NODE_CODE_BLOCK:
        print_fenced(printer, language_name(printer->arena, node->url), node->text);
        break;
    case NODE_EQUATION:
        print_equation(printer, node);
        break;
    case NODE_RULE:
        block_put(printer, "---");
        break;
    case NODE_COMMENT:
    case NODE_RAW:
        block_put(printer, node->text);
        break;
    case NODE_ITEM:
        block_item(printer, node, "- ");
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
    /* Blocks that cannot interrupt a paragraph. */
    if (node->ordered && node->level != 1 && !printer->renumber)
        return false;
    return node->first->first != NULL &&
           (node->first->first->kind != NODE_PARAGRAPH || node->first->first->first != NULL);
}

void
block_children(struct block_printer *printer, const struct node *first)
{
    for (const struct node *node = first; node != NULL; node = node->next) {
        size_t mark;

        if (node != first)
            block_put(printer, follows_closely(printer, node) ? "\n" : "\n\n");
        mark = block_mark_start(printer, node);
        print_block(printer, node);
        block_mark_end(printer, mark);
    }
}

size_t
block_mark_start(struct block_printer *printer, const struct node *node)
{
    const struct node *parent = node->kind == NODE_ITEM ? node->parent->parent : node->parent;

    if (printer->marks == NULL || parent == NULL || parent->kind != NODE_DOCUMENT)
        return SIZE_MAX;
    vec_push(printer->marks, (struct print_mark){.node = node, .start = printer->out.len});
    return printer->marks->len - 1;
}

void
block_mark_end(struct block_printer *printer, size_t mark)
{
    if (mark != SIZE_MAX)
        printer->marks->items[mark].end = printer->out.len;
}

static char *
print(struct block_printer printer, const struct node *node)
{
    buf_init(&printer.out, SIZE_MAX / 4);
    buf_init(&printer.prefix, SIZE_MAX / 4);
    print_block(&printer, node);
    buf_release(&printer.prefix);
    return buf_take(&printer.out, printer.arena);
}

char *
print_tree(struct arena *arena, enum markdown_dialect dialect, const struct node *root,
           struct print_marks *marks)
{
    return print((struct block_printer){.arena = arena, .dialect = dialect, .marks = marks}, root);
}

char *
print_key(struct arena *arena, const struct node *node)
{
    return print(
        (struct block_printer){.arena = arena, .dialect = MARKDOWN_NOTION, .renumber = true}, node);
}
