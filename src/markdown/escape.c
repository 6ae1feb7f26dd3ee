#include <ctype.h>
#include <string.h>

#include "base/utf8.h"
#include "markdown/printer.h"

/* Longer addresses are text. */
#define MAX_ADDRESS 2000

enum sort { SORT_SPACE, SORT_PUNCTUATION, SORT_OTHER, SORT_UNSURE };

/* What Unicode calls punctuation and blanks, in ranges; versions of CommonMark treat symbols
 * differently. */
static const struct {
    uint32_t first, last;
    enum sort is;
} sorts[] = {
    {0x09, 0x0d, SORT_SPACE},           {0x20, 0x20, SORT_SPACE},
    {0x21, 0x2f, SORT_PUNCTUATION},     {0x3a, 0x40, SORT_PUNCTUATION},
    {0x5b, 0x60, SORT_PUNCTUATION},     {0x7b, 0x7e, SORT_PUNCTUATION},
    {0xa0, 0xa0, SORT_SPACE},           {0xa1, 0xa1, SORT_PUNCTUATION},
    {0xa2, 0xa9, SORT_UNSURE},          {0xab, 0xb4, SORT_UNSURE},
    {0xb6, 0xb8, SORT_UNSURE},          {0xbb, 0xbb, SORT_PUNCTUATION},
    {0xbf, 0xbf, SORT_PUNCTUATION},     {0xd7, 0xd7, SORT_UNSURE},
    {0xf7, 0xf7, SORT_UNSURE},          {0x2c2, 0x2df, SORT_UNSURE},
    {0x37e, 0x37e, SORT_PUNCTUATION},   {0x55a, 0x589, SORT_UNSURE},
    {0x5be, 0x5f4, SORT_UNSURE},        {0x600, 0x61f, SORT_UNSURE},
    {0x66a, 0x66d, SORT_UNSURE},        {0x964, 0x965, SORT_PUNCTUATION},
    {0x1680, 0x1680, SORT_SPACE},       {0x2000, 0x200a, SORT_SPACE},
    {0x200b, 0x200f, SORT_UNSURE},      {0x2010, 0x2027, SORT_PUNCTUATION},
    {0x2028, 0x202e, SORT_UNSURE},      {0x202f, 0x202f, SORT_SPACE},
    {0x2030, 0x205e, SORT_UNSURE},      {0x205f, 0x205f, SORT_SPACE},
    {0x2060, 0x206f, SORT_UNSURE},      {0x207a, 0x207e, SORT_UNSURE},
    {0x208a, 0x208e, SORT_UNSURE},      {0x20a0, 0x214f, SORT_UNSURE},
    {0x2190, 0x2bff, SORT_UNSURE},      {0x2e00, 0x2fff, SORT_UNSURE},
    {0x3000, 0x3000, SORT_SPACE},       {0x3001, 0x3003, SORT_PUNCTUATION},
    {0x3004, 0x3020, SORT_UNSURE},      {0x3030, 0x303f, SORT_UNSURE},
    {0x30fb, 0x30fb, SORT_PUNCTUATION}, {0xfe10, 0xfe6f, SORT_UNSURE},
    {0xff01, 0xff0f, SORT_UNSURE},      {0xff1a, 0xff20, SORT_UNSURE},
    {0xff3b, 0xff40, SORT_UNSURE},      {0xff5b, 0xff65, SORT_UNSURE},
    {0xffe0, 0xffff, SORT_UNSURE},      {0x10100, 0x1ffff, SORT_UNSURE},
};

static enum sort
sort_of(uint32_t point)
{
    for (size_t i = 0; i < sizeof(sorts) / sizeof(sorts[0]); i++)
        if (point >= sorts[i].first && point <= sorts[i].last)
            return sorts[i].is;
    return SORT_OTHER;
}

bool
flanks_left(char mark, uint32_t before, uint32_t after)
{
    enum sort outer = sort_of(before), inner = sort_of(after);
    bool edge = outer == SORT_SPACE || outer == SORT_PUNCTUATION;

    if (inner == SORT_SPACE || (inner != SORT_OTHER && !edge))
        return false;
    return mark != '_' || edge;
}

bool
flanks_right(char mark, uint32_t before, uint32_t after)
{
    return flanks_left(mark, after, before);
}

static bool
is_in_word(const char *text, size_t at)
{
    return at > 0 && isalnum((unsigned char)text[at - 1]) && isalnum((unsigned char)text[at + 1]);
}

bool
escape_is_entity(const char *at)
{
    const char *end = at + 1;

    if (*end == '#')
        end++;
    while (isalnum((unsigned char)*end))
        end++;
    return end > at + 1 && *end == ';';
}

static bool
escaped_on_github(const struct inline_printer *printer, const char *text, size_t at)
{
    char next = text[at + 1];

    switch (text[at]) {
    case '\\':
        /* Blanks at the end may go. */
        return ispunct((unsigned char)next) || text[at + 1 + strspn(text + at + 1, " \t")] == '\0';
    case '`':
    case '~':
        return true;
    case '*':
        return !(at > 0 && text[at - 1] == ' ' && next == ' ');
    case '_':
        return !is_in_word(text, at);
    case '[':
        /* Also what GitHub reads as a footnote or a task. */
        return printer->link || next == '^' ||
               (at == 0 && next != '\0' && strchr(" xX", next) != NULL && text[2] == ']');
    case ']':
        return printer->link || next == '(' || next == ':' || next == '[';
    case '<':
        return isalpha((unsigned char)next) || (next != '\0' && strchr("/!?", next) != NULL) ||
               next == '\0';
    case '&':
        return escape_is_entity(text + at);
    case '$':
        return printer->dollars;
    default:
        return false;
    }
}

static bool
escaped_on_notion(const char *text, size_t at)
{
    if (text[at] == '_')
        return !is_in_word(text, at);
    return text[at] == '&' ? escape_is_entity(text + at) : strchr("\\`*[]<~$", text[at]) != NULL;
}

/* Whether the letters before text[at] are exactly this word. */
static bool
follows_word(const char *text, size_t at, const char *word)
{
    size_t length = strlen(word);

    return at >= length && memcmp(text + at - length, word, length) == 0 &&
           (at == length || !isalpha((unsigned char)text[at - length - 1]));
}

/* Whether more than a blank follows a text and the ends of the marks around it. */
static bool
is_followed(const struct node *node)
{
    while (node->next == NULL && node->parent != NULL && node_is_inline(node->parent->kind))
        node = node->parent;
    node = node->next;
    return node != NULL && !node_is_break(node) &&
           (node->kind != NODE_TEXT || strchr(" \t", node->text[0]) == NULL);
}

/* Whether a bare address that GitHub turns into a link begins before text[at], its ":" or first "."
 * (https://github.github.com/gfm/#autolinks-extension-), and a backslash, or what follows the text,
 * would become part of it; then it must stay text. *end: caches how far the address was checked. */
static bool
spoils_address(const struct inline_printer *printer, const char *text, size_t at, size_t *end,
               const struct node *node)
{
    bool www =
        text[at] == '.' && strchr(" \t<", text[at + 1]) == NULL && follows_word(text, at, "www");

    if (printer->link ||
        (!www && (strncmp(text + at, "://", 3) != 0 ||
                  !(follows_word(text, at, "http") || follows_word(text, at, "https") ||
                    follows_word(text, at, "ftp")))))
        return false;
    if (*end <= at)
        for (*end = at + 1; strchr(" \t<", text[*end]) == NULL; ++*end)
            if (escaped_on_github(printer, text, *end))
                break;
    if (*end - at > MAX_ADDRESS || strchr(" \t<", text[*end]) == NULL)
        return true;
    return text[*end] == '\0' && is_followed(node);
}

void
escape_text(struct inline_printer *printer, const char *text, const struct node *node)
{
    const struct node *next = node->next;
    bool github = printer->dialect == MARKDOWN_GITHUB;
    size_t address = 0, plain;

    for (size_t at = 0; text[at] != '\0'; at++) {
        bool escape = github ? escaped_on_github(printer, text, at) ||
                                   spoils_address(printer, text, at, &address, node)
                             : escaped_on_notion(text, at);

        if (text[at] == '!' && text[at + 1] == '\0' && next != NULL && next->kind == NODE_LINK)
            escape = true;
        if (text[at] == '!' && text[at + 1] == '[' && printer->link)
            escape = true;
        if (escape)
            buf_char(&printer->out, '\\');
        plain = strcspn(text + at + 1, "\\`~*_[]<&$!.:");
        buf_add(&printer->out, text + at, plain + 1);
        at += plain;
    }
}

static bool
needs_brackets(const char *url)
{
    int depth = 0;

    if (*url == '\0' || *url == '<')
        return true;
    for (; *url != '\0'; url++) {
        if ((unsigned char)*url <= ' ' || *url == '<' || *url == '>')
            return true;
        depth += *url == '(' ? 1 : *url == ')' ? -1 : 0;
        if (depth < 0 || depth > 20)
            return true;
    }
    return depth != 0;
}

void
escape_url(struct buf *out, enum markdown_dialect dialect, const char *url)
{
    bool brackets = needs_brackets(url);

    if (brackets)
        buf_char(out, '<');
    for (;;) {
        size_t plain = strcspn(url, "<>&`$\\");

        buf_add(out, url, plain);
        url += plain;
        if (*url == '\0')
            break;
        if (*url == '<' || *url == '>' || *url == '`' ||
            (dialect == MARKDOWN_NOTION && *url == '$') ||
            (*url == '\\' && (url[1] == '\0' || ispunct((unsigned char)url[1]))))
            buf_char(out, '\\');
        buf_char(out, *url);
        if (*url == '&' && escape_is_entity(url))
            buf_str(out, "amp;");
        url++;
    }
    if (brackets)
        buf_char(out, '>');
}

static bool
ends_word(char c)
{
    return c == '\0' || c == ' ' || c == '\t' || c == '\n';
}

/* Whether there are only marks of a table's second line or a heading's underline. */
static bool
is_underline(const char *at, const char *end)
{
    bool dashes = false, equals = true;

    for (const char *p = at; p < end; p++) {
        if (strchr("|:- \t=", *p) == NULL)
            return false;
        dashes = dashes || *p == '-';
        equals = equals && *p == '=';
    }
    return end > at && (equals || (dashes && memchr(at, '=', (size_t)(end - at)) == NULL));
}

/* Where a backslash prevents a line from beginning a block; -1: it begins none. */
static ptrdiff_t
guard_at(const char *at)
{
    const char *end = at + strcspn(at, "\n");
    size_t digits = 0;

    if (*at == '>')
        return 0;
    if (*at == '#' && strspn(at, "#") <= 6 && ends_word(at[strspn(at, "#")]))
        return 0;
    if ((*at == '-' || *at == '+') && ends_word(at[1]))
        return 0;
    if (*at == '|' || is_underline(at, end))
        return 0;
    while (digits < 10 && isdigit((unsigned char)at[digits]))
        digits++;
    if (digits > 0 && digits < 10 && (at[digits] == '.' || at[digits] == ')') &&
        ends_word(at[digits + 1]))
        return (ptrdiff_t)digits;
    return -1;
}

char *
print_guarded(struct arena *arena, const char *text)
{
    struct buf out;

    buf_init(&out, SIZE_MAX / 4);
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        ptrdiff_t guard = guard_at(text);

        length += text[length] == '\n';
        if (guard >= 0) {
            buf_add(&out, text, (size_t)guard);
            buf_char(&out, '\\');
            buf_add(&out, text + guard, length - (size_t)guard);
        } else {
            buf_add(&out, text, length);
        }
        text += length;
    }
    return buf_take(&out, arena);
}
