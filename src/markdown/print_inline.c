#include <string.h>

#include "base/utf8.h"
#include "markdown/printer.h"

/* The last character that was printed; a blank at the beginning. */
uint32_t
inline_last_point(const char *text, size_t length)
{
    const char *at, *end;
    uint32_t point;

    if (length == 0)
        return ' ';
    at = end = text + length;
    do
        at--;
    while (at > text && ((unsigned char)*at & 0xc0) == 0x80);
    return utf8_next(&at, end, &point) ? point : ' ';
}

static uint32_t
first_point(const char *text)
{
    uint32_t point;

    return utf8_next(&text, text + strlen(text), &point) ? point : ' ';
}

/* What a mark is printed with, as a rule. */
static uint32_t
closing_point(enum node_kind kind)
{
    if (kind == NODE_EM)
        return '_';
    return kind == NODE_STRIKE ? '~' : '*';
}

/* The first character of what follows, or a similar one. */
uint32_t
inline_next_point(const struct node *node)
{
    while (node->next == NULL) {
        node = node->parent;
        if (node == NULL || !node_is_inline(node->kind))
            return ' ';
        /* the delimiter that closes it */
        if (node->kind == NODE_LINK || node->kind == NODE_IMAGE)
            return ']';
        return closing_point(node->kind);
    }
    node = node->next;
    switch (node->kind) {
    case NODE_TEXT:
        return first_point(node->text);
    case NODE_SOFT:
    case NODE_HARD:
        return ' ';
    case NODE_EM:
    case NODE_STRONG:
    case NODE_STRIKE:
        return closing_point(node->kind);
    default:
        return '[';
    }
}

struct mark {
    enum node_kind kind;
    const char *marks[2]; /* tried one after the other */
    const char *tags[2];  /* by dialect */
};

static const struct mark marks[] = {
    {NODE_EM, {"_", "*"}, {"em", "i"}},
    {NODE_STRONG, {"**", NULL}, {"strong", "b"}},
    {NODE_STRIKE, {"~~", NULL}, {"del", "s"}},
    {NODE_UNDERLINE, {NULL, NULL}, {"ins", "u"}},
};

static bool
mark_works(const char *mark, uint32_t before, const char *content, uint32_t after)
{
    uint32_t last, first = first_point(content);

    if (before == (uint32_t)*mark || after == (uint32_t)*mark || first == (uint32_t)*mark)
        return false;
    last = inline_last_point(content, strlen(content));
    return last != (uint32_t)*mark && flanks_left(*mark, before, first) &&
           flanks_right(*mark, last, after);
}

static void
print_mark(struct inline_printer *printer, const struct node *node)
{
    size_t start = printer->out.len;
    uint32_t before = inline_last_point(printer->out.data, start);
    const struct mark *row = marks;
    const char *tag;
    char *content;

    while (row->kind != node->kind)
        row++;
    tag = row->tags[printer->dialect];
    /* The content is next to the mark's first character. */
    buf_str(&printer->out, row->marks[0] != NULL ? row->marks[0] : ">");
    inline_children(printer, node);
    content = arena_strdup(printer->arena, printer->out.data + start +
                                               (row->marks[0] != NULL ? strlen(row->marks[0]) : 1));
    printer->out.len = start;
    if (content[0] == '\0')
        return;
    for (size_t i = 0; i < 2 && row->marks[i] != NULL; i++) {
        if (!mark_works(row->marks[i], before, content, inline_next_point(node)))
            continue;
        buf_str(&printer->out, row->marks[i]);
        buf_str(&printer->out, content);
        buf_str(&printer->out, row->marks[i]);
        return;
    }
    buf_printf(&printer->out, "<%s>", tag);
    buf_str(&printer->out, content);
    buf_printf(&printer->out, "</%s>", tag);
}

static bool
has_run(const char *text, size_t length)
{
    while ((text = strchr(text, '`')) != NULL) {
        size_t run = strspn(text, "`");

        if (run == length)
            return true;
        text += run;
    }
    return false;
}

static void
print_code(struct inline_printer *printer, const char *text)
{
    size_t length = strlen(text), fence = 1;
    bool blank = strspn(text, " ") == length;
    bool pad = text[0] == '`' || (length > 0 && text[length - 1] == '`') ||
               (!blank && text[0] == ' ' && text[length - 1] == ' ');

    if (length == 0)
        return;
    if (printer->dialect == MARKDOWN_NOTION)
        fence = longest_run(text, length, '`') + 1;
    else
        while (fence <= 32 && has_run(text, fence))
            fence++;
    if (fence > 32)
        fence = longest_run(text, length, '`') + 1;
    buf_repeat(&printer->out, '`', fence);
    if (pad)
        buf_char(&printer->out, ' ');
    for (; *text != '\0'; text++)
        buf_char(&printer->out, *text == '\n' ? ' ' : *text);
    if (pad)
        buf_char(&printer->out, ' ');
    buf_repeat(&printer->out, '`', fence);
}

static void
trim_end(struct buf *out)
{
    while (out->len > 0 && (out->data[out->len - 1] == ' ' || out->data[out->len - 1] == '\t'))
        out->len--;
}

static void
print_break(struct inline_printer *printer)
{
    bool github = printer->dialect == MARKDOWN_GITHUB;

    trim_end(&printer->out);
    if (printer->cell)
        buf_str(&printer->out, github ? "<br>" : "<br />");
    else if (printer->line)
        buf_char(&printer->out, ' ');
    else if (github && printer->out.len == printer->broken)
        buf_str(&printer->out, "<br>");
    else
        buf_str(&printer->out, github ? "\n" : "\\\n");
    printer->broken = printer->out.len;
}

static void
print_tagged(struct inline_printer *printer, const struct node *node, const char *name)
{
    buf_printf(&printer->out, "<%s%s", name, node->attrs != NULL ? node->attrs : "");
    trim_end(&printer->out);
    if (node->first == NULL) {
        buf_str(&printer->out, " />");
        return;
    }
    buf_char(&printer->out, '>');
    if (node->kind == NODE_MENTION)
        buf_str(&printer->out, node_plain(printer->arena, node));
    else
        inline_children(printer, node);
    buf_printf(&printer->out, "</%s>", name);
}

static void
print_node(struct inline_printer *printer, const struct node *node)
{
    size_t blanks;

    switch (node->kind) {
    case NODE_TEXT:
        /* Text loses its blanks at the start of a line. */
        blanks = printer->out.len == printer->broken ? strspn(node->text, " \t") : 0;
        escape_text(printer, node->text + blanks, node);
        break;
    case NODE_CODE:
        print_code(printer, node->text);
        break;
    case NODE_SOFT:
        trim_end(&printer->out);
        buf_char(&printer->out, ' ');
        break;
    case NODE_HARD:
        print_break(printer);
        break;
    case NODE_EM:
    case NODE_STRONG:
    case NODE_STRIKE:
    case NODE_UNDERLINE:
        print_mark(printer, node);
        break;
    case NODE_LINK:
    case NODE_IMAGE:
        inline_link(printer, node, node->kind == NODE_IMAGE);
        break;
    case NODE_MATH:
        buf_printf(&printer->out, "$%s$", node->text);
        break;
    case NODE_DISPLAY_MATH:
        buf_printf(&printer->out, "$$%s$$", node->text);
        break;
    case NODE_SPAN:
        print_tagged(printer, node, "span");
        break;
    case NODE_MENTION:
        print_tagged(printer, node, "mention");
        break;
    case NODE_DATE:
        print_tagged(printer, node, "date");
        break;
    case NODE_CITATION:
        buf_printf(&printer->out, "[^%s]", node->url);
        break;
    case NODE_REFERENCE:
        buf_printf(&printer->out, "[^%d]", node->level);
        break;
    default:
        if (node->text != NULL)
            buf_str(&printer->out, node->text);
        inline_children(printer, node);
    }
}

void
inline_children(struct inline_printer *printer, const struct node *node)
{
    for (const struct node *child = node->first; child != NULL; child = child->next)
        print_node(printer, child);
}

/* In text and addresses: GitHub looks for formulas in both. */
static size_t
count_dollars(const struct node *node)
{
    size_t count = node->kind == NODE_MATH || node->kind == NODE_DISPLAY_MATH ? 2 : 0;

    if (node->kind == NODE_TEXT)
        for (const char *at = node->text; (at = strchr(at, '$')) != NULL; at++)
            count++;
    for (const char *at = node->url; at != NULL && (at = strchr(at, '$')) != NULL; at++)
        count++;
    for (const struct node *child = node->first; child != NULL; child = child->next)
        count += count_dollars(child);
    return count;
}

static char *
print_with(struct inline_printer *printer, const struct node *block)
{
    const char *start, *end;
    char *text;

    buf_init(&printer->out, SIZE_MAX / 4);
    printer->dollars = count_dollars(block) > 1;
    inline_children(printer, block);
    start = buf_text(&printer->out);
    end = start + strlen(start);
    while (end > start && strchr(" \t\n", end[-1]) != NULL)
        end--;
    start += strspn(start, " \t\n");
    text = arena_strndup(printer->arena, start, end > start ? (size_t)(end - start) : 0);
    buf_release(&printer->out);
    return text;
}

char *
print_inlines(struct arena *arena, enum markdown_dialect dialect, const struct node *block)
{
    struct inline_printer printer = {.arena = arena, .dialect = dialect};

    return print_with(&printer, block);
}

char *
print_line(struct arena *arena, enum markdown_dialect dialect, const struct node *block)
{
    struct inline_printer printer = {.arena = arena, .dialect = dialect, .line = true};

    return print_with(&printer, block);
}

char *
print_tagged_cell(struct arena *arena, const struct node *cell)
{
    struct inline_printer printer = {.arena = arena, .dialect = MARKDOWN_NOTION, .cell = true};

    return print_with(&printer, cell);
}

/* A bar would end the cell, whatever it is in. */
char *
print_cell(struct arena *arena, enum markdown_dialect dialect, const struct node *cell)
{
    struct inline_printer printer = {.arena = arena, .dialect = dialect, .cell = true};
    const char *text = print_with(&printer, cell);
    char *out = arena_alloc(arena, 2 * strlen(text) + 1);
    char *to = out;

    for (; *text != '\0'; text++) {
        if (*text == '|')
            *to++ = '\\';
        *to++ = *text == '\n' ? ' ' : *text;
    }
    return out;
}
