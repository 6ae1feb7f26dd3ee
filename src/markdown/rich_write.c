#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "base/url.h"
#include "markdown/reference.h"
#include "markdown/rich.h"

#define OUT_MAX ((size_t)16 << 20)
/* U+2060, which is invisible, and U+00A0. */
#define WORD_JOINER "\xe2\x81\xa0"
#define FIXED_SPACE "\xc2\xa0"

struct writer {
    struct buf out;
    struct arena *arena;
    bool line_start; /* the line has only marks so far */
    char before;     /* the last byte of text, 0 at the start of a run */
};

static bool
same_look(const struct run *a, const struct run *b)
{
    return a->bold == b->bold && a->italic == b->italic && a->strike == b->strike &&
           a->code == b->code && a->math == b->math &&
           ((a->link == NULL && b->link == NULL) ||
            (a->link != NULL && b->link != NULL && strcmp(a->link, b->link) == 0));
}

/* The length of a URL that begins here; 0: none. What ends a sentence is not part of it. */
static size_t
url_length(const char *text, size_t length)
{
    size_t scheme = url_web(text);
    size_t n = scheme;

    if (scheme == 0 || length <= scheme)
        return 0;
    while (n < length && (unsigned char)text[n] > ' ' && text[n] != 0x7f &&
           strchr("<>\"`\\", text[n]) == NULL)
        n++;
    while (n > scheme && strchr(".,;:!?)'*_~]", text[n - 1]) != NULL)
        n--;
    return n > scheme ? n : 0;
}

/* A link that Markdown can hold between angle brackets and that leads to the web or to a
 * mailbox. */
static bool
link_is_usable(const char *link)
{
    if (link == NULL || !reference_is_whole(link))
        return false;
    for (const char *c = link; *c != '\0'; c++)
        if ((unsigned char)*c <= ' ' || *c == 0x7f || strchr("<>\\", *c) != NULL)
            return false;
    return true;
}

/* Characters that begin a list, a heading, its underline, or the line below a table's head only at
 * the start of a line. */
static bool
needs_escape(const struct writer *writer, const char *text, size_t at)
{
    char c = text[at];

    if (strchr("\\`*_[]<>&~$|", c) != NULL)
        return true;
    /* Text that GitHub itself would turn into a link, including any escapes in it. */
    if ((c == ':' && text[at + 1] == '/') ||
        (c == '.' && at >= 3 && strncasecmp(text + at - 3, "www", 3) == 0))
        return true;
    if (writer->line_start)
        return strchr("#+-=:", c) != NULL;
    return (c == '.' || c == ')') && writer->before >= '0' && writer->before <= '9';
}

static void
put_char(struct writer *writer, const char *text, size_t length, size_t at)
{
    char c = text[at];

    if (c == ' ') {
        buf_str(&writer->out, writer->line_start ? FIXED_SPACE : " ");
    } else {
        if (needs_escape(writer, text, at))
            buf_char(&writer->out, '\\');
        buf_char(&writer->out, c);
        if (c == '@' && !isalnum((unsigned char)writer->before) &&
            (at + 1 == length || text[at + 1] != ' '))
            buf_str(&writer->out, WORD_JOINER);
        writer->line_start = false;
    }
    writer->before = c;
}

static void
put_escaped(struct writer *writer, const char *text, size_t length, bool linked)
{
    for (size_t at = 0; at < length;) {
        size_t url = linked || isalnum((unsigned char)writer->before)
                         ? 0
                         : url_length(text + at, length - at);

        if (url == 0) {
            put_char(writer, text, length, at++);
            continue;
        }
        buf_char(&writer->out, '<');
        buf_add(&writer->out, text + at, url);
        buf_char(&writer->out, '>');
        writer->before = '>';
        writer->line_start = false;
        at += url;
    }
}

static void
put_code(struct writer *writer, const char *text, size_t length)
{
    size_t ticks = longest_run(text, length, '`') + 1;
    bool pad = text[0] == '`' || text[length - 1] == '`';

    buf_repeat(&writer->out, '`', ticks);
    if (pad)
        buf_char(&writer->out, ' ');
    buf_add(&writer->out, text, length);
    if (pad)
        buf_char(&writer->out, ' ');
    buf_repeat(&writer->out, '`', ticks);
    writer->line_start = false;
    writer->before = '`';
}

static void
put_marks(struct writer *writer, const struct run *run, bool opens)
{
    static const char *const marks[] = {"~~", "**", "_"};
    const bool on[] = {run->strike, run->bold, run->italic};

    for (size_t i = 0; i < 3; i++) {
        size_t k = opens ? i : 2 - i;

        if (on[k])
            buf_str(&writer->out, marks[k]);
    }
}

/* A piece of one line in one style; marks work only if they touch the text. */
static void
put_piece(struct writer *writer, const struct run *run, const char *text, size_t length)
{
    bool linked = link_is_usable(run->link);
    size_t first = 0;
    size_t last = length;

    while (first < last && text[first] == ' ')
        first++;
    while (last > first && text[last - 1] == ' ')
        last--;
    put_escaped(writer, text, first, true);
    if (first < last) {
        if (linked)
            buf_char(&writer->out, '[');
        put_marks(writer, run, true);
        writer->before = '\0';
        if (run->code || (run->math && memchr(text, '`', length) != NULL)) {
            put_code(writer, text + first, last - first);
        } else if (run->math) {
            buf_str(&writer->out, "$`");
            buf_add(&writer->out, text + first, last - first);
            buf_str(&writer->out, "`$");
            writer->line_start = false;
        } else {
            put_escaped(writer, text + first, last - first, linked);
        }
        put_marks(writer, run, false);
        if (linked)
            buf_printf(&writer->out, "](<%s>)", run->link);
    }
    put_escaped(writer, text + last, length - last, true);
}

/* Adjacent runs with the same style become one: their marks would run together. Without control
 * characters, so that nothing is hidden between two letters; line breaks stay. */
static const char *
joined_text(const struct runs *runs, size_t *at, struct arena *arena)
{
    const struct run *first = &runs->items[*at];
    struct buf text;
    char *joined, *to;

    buf_init(&text, OUT_MAX);
    while (*at < runs->len && same_look(first, &runs->items[*at]))
        buf_str(&text, runs->items[(*at)++].text);
    joined = arena_strdup(arena, buf_text(&text));
    to = joined;
    for (const char *c = joined; *c != '\0'; c++)
        if (*c == '\t')
            *to++ = ' ';
        else if (*c == '\n' || ((unsigned char)*c >= ' ' && *c != 0x7f))
            *to++ = *c;
    *to = '\0';
    buf_release(&text);
    return joined;
}

char *
rich_to_markdown(struct arena *arena, const struct runs *runs)
{
    struct writer writer = {.arena = arena, .line_start = true};

    buf_init(&writer.out, OUT_MAX);
    for (size_t i = 0; i < runs->len;) {
        const struct run *look = &runs->items[i];
        const char *rest = joined_text(runs, &i, arena);

        while (*rest != '\0') {
            size_t length = strcspn(rest, "\n");

            put_piece(&writer, look, rest, length);
            rest += length;
            if (*rest == '\0')
                break;
            buf_char(&writer.out, '\n');
            writer.line_start = true;
            writer.before = '\0';
            rest++;
        }
    }
    return buf_take(&writer.out, arena);
}
