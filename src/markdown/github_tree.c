#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "markdown/reader.h"

/* Characters for <sub> and <sup>: https://www.unicode.org/charts/PDF/U2070.pdf. */
static const struct {
    char plain;
    const char *sub, *sup;
} scripts[] = {
    {'0', "₀", "⁰"}, {'1', "₁", "¹"}, {'2', "₂", "²"}, {'3', "₃", "³"}, {'4', "₄", "⁴"},
    {'5', "₅", "⁵"}, {'6', "₆", "⁶"}, {'7', "₇", "⁷"}, {'8', "₈", "⁸"}, {'9', "₉", "⁹"},
    {'+', "₊", "⁺"}, {'-', "₋", "⁻"}, {'=', "₌", "⁼"}, {'(', "₍", "⁽"}, {')', "₎", "⁾"},
    {'n', "ₙ", "ⁿ"}, {'i', "ᵢ", "ⁱ"},
};

static const char *
script_of(char c, bool sub)
{
    for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++)
        if (scripts[i].plain == c)
            return sub ? scripts[i].sub : scripts[i].sup;
    return NULL;
}

/* Notion has neither: uses special characters if there are any, else a mark before the text. */
static void
close_script(struct reader *reader, struct node *node)
{
    bool sub = strcmp(node->text, "sub") == 0;
    const char *plain = node_plain(reader->arena, node);
    bool all = true;
    char *out = arena_alloc(reader->arena, 3 * strlen(plain) + 1);
    char *to = out;

    for (const char *at = plain; *at != '\0'; at++)
        all = all && script_of(*at, sub) != NULL;
    if (!all || plain[0] == '\0') {
        struct node *mark = node_text(reader->arena, NODE_TEXT, sub ? "_" : "^");

        if (plain[0] != '\0')
            node_insert_before(node, mark);
        node_dissolve(node);
        return;
    }
    for (const char *at = plain; *at != '\0'; at++)
        to = stpcpy(to, script_of(*at, sub));
    node_insert_before(node, node_text(reader->arena, NODE_TEXT, out));
    node_unlink(node);
}

/* "> [!NOTE]" and a line break, at the top level only. */
static void
close_quote(struct node *node)
{
    static const char *const names[] = {"[!NOTE]", "[!TIP]", "[!IMPORTANT]", "[!WARNING]",
                                        "[!CAUTION]"};
    struct node *title = node->first;
    struct node *mark = title != NULL ? title->first : NULL;
    int alert = ALERT_NOTE;

    if (node->parent->kind != NODE_DOCUMENT || title == NULL || title->kind != NODE_PARAGRAPH ||
        mark == NULL || mark->kind != NODE_TEXT ||
        (mark->next != NULL && mark->next->kind != NODE_SOFT && mark->next->kind != NODE_HARD))
        return;
    while (alert < ALERT_OTHER && strcasecmp(mark->text, names[alert]) != 0)
        alert++;
    if (alert == ALERT_OTHER)
        return;
    if (mark->next != NULL)
        node_unlink(mark->next);
    node_unlink(mark);
    if (title->first == NULL && title->next != NULL && title->next->kind == NODE_PARAGRAPH)
        node_unlink(title);
    node->kind = NODE_CALLOUT;
    node->level = alert;
}

/* The alternative text of a picture is plain text, even if it looks like an address. */
static void
drop_links(struct node *node)
{
    struct node *next;

    for (struct node *child = node->first; child != NULL; child = next) {
        next = child->next;
        drop_links(child);
        if (child->kind == NODE_LINK)
            node_dissolve(child);
    }
}

void
github_closed(struct reader *reader, struct node *node)
{
    int number = 0;

    switch (node->kind) {
    case NODE_SPAN:
        close_script(reader, node);
        break;
    case NODE_CODE:
        node->text = node_plain(reader->arena, node);
        node->first = node->last = NULL;
        if (node->text[0] == '\0')
            node_unlink(node);
        break;
    case NODE_QUOTE:
        close_quote(node);
        break;
    case NODE_PARAGRAPH:
        node_close_equation(node);
        break;
    case NODE_IMAGE:
        drop_links(node);
        break;
    case NODE_TABLE:
        if (node_columns(node) == 0)
            node_unlink(node);
        break;
    case NODE_DOCUMENT:
        /* The parser numbers references by the order of the definitions that it keeps. */
        for (struct node *child = node->first; child != NULL; child = child->next)
            if (child->kind == NODE_FOOTNOTE)
                child->level = ++number;
        break;
    default:
        break;
    }
}
