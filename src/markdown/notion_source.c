#include <stdint.h>
#include <string.h>

#include "markdown/reader.h"

/*
 * Notion's block tags start a line and end one. They are no HTML blocks of CommonMark: those end at
 * a blank line or swallow what follows. So each becomes a line of its own between blank lines, a
 * comment that holds a token; what it encloses stays Markdown.
 */

#define MAX_OPEN 80

enum line_kind { LINE_TEXT, LINE_FENCED, LINE_EQUATION, LINE_INSIDE };

struct tag {
    size_t line, start, end;
    enum piece_kind kind;
    char name[32];
    size_t attrs, attrs_end;
    size_t mate;  /* of a pair's first tag: the index of its second */
    bool literal; /* has none */
};
VEC_TYPE(tags, struct tag);

struct scan {
    struct reader *reader;
    struct source_lines lines;
    enum line_kind *kinds;
    size_t *dedent; /* by line: the blanks that tags around it take */
    struct tags tags;
    struct {
        size_t tag, base, dedent;
        bool known; /* the dedent is */
    } open[MAX_OPEN];
    size_t opened;
};

static bool
is_one_of(const char *name, const char *const *names)
{
    for (; *names != NULL; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

static bool
is_inline_tag(const char *name)
{
    static const char *const names[] = {"u", "b", "i", "s", "span", "mention", "date", "br", NULL};

    return is_one_of(name, names);
}

static bool
is_table_tag(const char *name)
{
    static const char *const names[] = {"table", "tr",       "td",  "th", "thead",
                                        "tbody", "colgroup", "col", NULL};

    return is_one_of(name, names);
}

static size_t
skip_blanks(struct source_line line, size_t at)
{
    while (at < line.length && (line.text[at] == ' ' || line.text[at] == '\t'))
        at++;
    return at;
}

static bool
is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* Past one attribute and the blanks before it, or `at` where there is none. */
static size_t
skip_attribute(struct source_line line, size_t at)
{
    size_t name = skip_blanks(line, at), end = name;
    const char *quote;

    while (end < line.length && is_name(line.text[end]))
        end++;
    if (name == at || end == name || end + 1 >= line.length || line.text[end] != '=' ||
        line.text[end + 1] != '"')
        return at;
    quote = memchr(line.text + end + 2, '"', line.length - end - 2);
    return quote != NULL ? (size_t)(quote - line.text) + 1 : at;
}

/* Reads a tag at a place in a line. */
static bool
match_tag(struct source_line line, size_t at, struct tag *tag)
{
    bool closing = at + 1 < line.length && line.text[at + 1] == '/';
    size_t name = at + (closing ? 2 : 1), end = name, next;

    if (at >= line.length || line.text[at] != '<')
        return false;
    while (end < line.length && is_name(line.text[end]))
        end++;
    if (end == name || end - name >= sizeof(tag->name) || line.text[name] < 'a')
        return false;
    *tag = (struct tag){.start = at, .kind = closing ? PIECE_CLOSE : PIECE_OPEN, .attrs = end};
    memcpy(tag->name, line.text + name, end - name);
    while (!closing && (next = skip_attribute(line, end)) > end)
        end = next;
    tag->attrs_end = end;
    end = skip_blanks(line, end);
    if (!closing && end < line.length && line.text[end] == '/') {
        tag->kind = PIECE_VOID;
        end++;
    }
    if (end >= line.length || line.text[end] != '>')
        return false;
    tag->end = end + 1;
    return true;
}

static bool
is_escaped(struct source_line line, size_t at)
{
    size_t slashes = 0;

    while (slashes < at && line.text[at - slashes - 1] == '\\')
        slashes++;
    return slashes % 2 == 1;
}

/* The place of a name among the open tags from the top, 0: it is not open. */
static size_t
find_open(const struct scan *scan, const char *name)
{
    for (size_t i = scan->opened; i > 0; i--)
        if (strcmp(scan->tags.items[scan->open[i - 1].tag].name, name) == 0)
            return i;
    return 0;
}

static void
take_tag(struct scan *scan, struct tag tag, size_t line)
{
    size_t index = scan->tags.len;
    size_t place;

    tag.line = line;
    tag.literal = tag.kind != PIECE_VOID;
    if (tag.kind == PIECE_CLOSE && (place = find_open(scan, tag.name)) > 0) {
        struct tag *first = &scan->tags.items[scan->open[place - 1].tag];

        first->mate = index;
        first->literal = tag.literal = false;
        scan->opened = place - 1;
    } else if (tag.kind == PIECE_OPEN && strcmp(tag.name, "col") == 0) {
        tag.kind = PIECE_VOID;
        tag.literal = false;
    } else if (tag.kind == PIECE_OPEN && scan->opened < MAX_OPEN) {
        scan->open[scan->opened].tag = index;
        scan->open[scan->opened].base = skip_blanks(scan->lines.items[line], 0);
        scan->open[scan->opened].dedent =
            scan->opened > 0 ? scan->open[scan->opened - 1].dedent : 0;
        scan->open[scan->opened].known = false;
        scan->opened++;
    }
    vec_push(&scan->tags, tag);
}

static bool
in_table(const struct scan *scan)
{
    return scan->opened > 0 &&
           is_table_tag(scan->tags.items[scan->open[scan->opened - 1].tag].name);
}

/* Inside a table its tags stand anywhere in a line. */
static void
scan_table_line(struct scan *scan, size_t number, size_t at)
{
    struct source_line line = scan->lines.items[number];
    struct tag tag;

    while (at < line.length) {
        if (line.text[at] == '<' && !is_escaped(line, at) && match_tag(line, at, &tag) &&
            is_table_tag(tag.name)) {
            take_tag(scan, tag, number);
            at = tag.end;
        } else if (line.text[at] == '`' && !is_escaped(line, at)) {
            at = source_code_end(line, at);
        } else {
            at++;
        }
    }
}

/* The tags that close at the end of a line, from the last. */
static void
scan_line_end(struct scan *scan, size_t number, size_t at)
{
    struct source_line line = scan->lines.items[number];
    struct tag found[MAX_OPEN];
    size_t count = 0, opened = scan->opened;

    while (count < MAX_OPEN && opened > 0) {
        size_t start;

        while (line.length > at && strchr(" \t", line.text[line.length - 1]) != NULL)
            line.length--;
        start = line.length;
        while (start > at && line.length - start < sizeof(found[0].name) + 3 &&
               line.text[start - 1] != '<')
            start--;
        if (start <= at || line.text[start - 1] != '<' || is_escaped(line, start - 1) ||
            !match_tag(line, start - 1, &found[count]) || found[count].end != line.length ||
            found[count].kind != PIECE_CLOSE || is_inline_tag(found[count].name) ||
            find_open(scan, found[count].name) == 0)
            break;
        line.length = found[count++].start;
    }
    while (count > 0)
        take_tag(scan, found[--count], number);
}

static void
scan_line(struct scan *scan, size_t number)
{
    struct source_line line = scan->lines.items[number];
    size_t at = skip_blanks(line, 0);
    struct tag tag;

    while (!in_table(scan) && match_tag(line, at, &tag) && !is_inline_tag(tag.name)) {
        take_tag(scan, tag, number);
        at = skip_blanks(line, tag.end);
    }
    if (in_table(scan))
        scan_table_line(scan, number, at);
    else
        scan_line_end(scan, number, at);
}

/* Children that are indented more than their tag: by how much. */
static size_t
find_dedent(struct scan *scan, size_t number)
{
    struct source_line line = scan->lines.items[number];
    size_t indent = skip_blanks(line, 0);

    if (scan->opened == 0)
        return 0;
    if (!scan->open[scan->opened - 1].known && indent < line.length && line.text[indent] != '<') {
        size_t base = scan->open[scan->opened - 1].base;

        scan->open[scan->opened - 1].known = true;
        scan->open[scan->opened - 1].dedent += indent > base ? indent - base : 0;
    }
    return scan->open[scan->opened - 1].dedent < indent ? scan->open[scan->opened - 1].dedent
                                                        : indent;
}

static void
scan_lines(struct scan *scan)
{
    struct fence fence = {0};

    for (size_t i = 0; i < scan->lines.len; i++) {
        size_t end;

        scan->dedent[i] = find_dedent(scan, i);
        if (source_fenced(&fence, scan->lines.items[i])) {
            scan->kinds[i] = LINE_FENCED;
            continue;
        }
        end = source_equation_end(&scan->lines, i, true);
        if (end == 0) {
            scan_line(scan, i);
            continue;
        }
        scan->kinds[i] = LINE_EQUATION;
        while (i < end)
            scan->kinds[++i] = LINE_INSIDE;
    }
}

static bool
is_blank_text(const char *text, size_t length)
{
    return skip_blanks((struct source_line){text, length}, 0) == length;
}

/* Adds a line whose text from `at` on is a paragraph's, whatever it looks like. */
static void
add_protected(struct source *source, struct source_line line, size_t at, size_t number)
{
    const char *token = source_token(source, (struct piece){.kind = PIECE_TITLE, .written = ""});
    char *copy = arena_printf(source->arena, "%.*s%s %.*s", (int)at, line.text, token,
                              (int)(line.length - at), line.text + at);

    source_add(source, (struct source_line){copy, strlen(copy)}, number + 1);
}

/* An inline tag that stands at the beginning makes no block of HTML. */
static void
add_plain(struct source *source, struct source_line line, size_t number)
{
    size_t at = source_prefix(line, true);

    if (at < line.length && line.text[at] == '<')
        add_protected(source, line, at, number);
    else
        source_add(source, line, number + 1);
}

/* Text between two tags of a line. */
static void
add_text(struct scan *scan, size_t number, const char *text, size_t length, bool title)
{
    struct source *source = &scan->reader->source;
    size_t dedent = scan->dedent[number];
    size_t indent = skip_blanks(scan->lines.items[number], 0) - dedent;
    char *copy;

    if (is_blank_text(text, length))
        return;
    copy = arena_printf(source->arena, "%.*s%.*s", (int)indent,
                        scan->lines.items[number].text + dedent, (int)length, text);
    if (title)
        add_protected(source, (struct source_line){copy, strlen(copy)}, indent, number);
    else
        add_plain(source, (struct source_line){copy, strlen(copy)}, number);
}

static void
add_placeholder(struct scan *scan, const struct tag *tag, struct piece piece)
{
    struct source *source = &scan->reader->source;
    struct source_line line = scan->lines.items[tag->line];
    size_t dedent = scan->dedent[tag->line];
    size_t indent = skip_blanks(line, 0) - dedent;
    char *text;

    piece.kind = tag->kind;
    piece.text = arena_strdup(source->arena, tag->name);
    piece.attrs = arena_strndup(source->arena, line.text + tag->attrs,
                                tag->attrs_end > tag->attrs ? tag->attrs_end - tag->attrs : 0);
    piece.written = arena_strndup(source->arena, line.text + tag->start, tag->end - tag->start);
    text = arena_printf(source->arena, "%.*s<!--%s-->", (int)indent, line.text + dedent,
                        source_token(source, piece));
    source_add_raw(source, "", 0, tag->line + 1);
    source_add_raw(source, text, strlen(text), tag->line + 1);
    source_add_raw(source, "", 0, tag->line + 1);
}

/* The text between a pair of tags, as it was written. */
static char *
text_between(const struct scan *scan, const struct tag *first, const struct tag *second)
{
    struct buf out;
    char *text;

    buf_init(&out, SIZE_MAX / 4);
    for (size_t i = first->line; i <= second->line; i++) {
        size_t start = i == first->line ? first->end : 0;
        size_t end = i == second->line ? second->start : scan->lines.items[i].length;

        buf_add(&out, scan->lines.items[i].text + start, end - start);
        if (i < second->line)
            buf_char(&out, '\n');
    }
    text = arena_strdup(scan->reader->arena, buf_text(&out));
    buf_release(&out);
    return text;
}

/* Where emission goes on. */
struct place {
    size_t line, at, tag;
    bool title; /* right after an opening tag */
};

/* Adds the tag that comes next, or its text where it is none. */
static void
add_tag(struct scan *scan, struct place *place)
{
    struct tag *tag = &scan->tags.items[place->tag];
    struct source_line line = scan->lines.items[tag->line];
    size_t next =
        place->tag + 1 < scan->tags.len && scan->tags.items[place->tag + 1].line == tag->line
            ? scan->tags.items[place->tag + 1].start
            : line.length;
    struct piece piece = {0};

    place->at = tag->end;
    place->title = tag->kind == PIECE_OPEN;
    if (tag->kind == PIECE_OPEN && strcmp(tag->name, "equation") == 0) {
        const struct tag *second = &scan->tags.items[tag->mate];

        piece.content = text_between(scan, tag, second);
        tag->kind = PIECE_VOID;
        *place = (struct place){second->line, second->end, tag->mate, false};
    } else {
        piece.titled = place->title && !is_blank_text(line.text + tag->end, next - tag->end);
    }
    add_placeholder(scan, tag, piece);
    place->tag++;
}

static void
add_line(struct scan *scan, struct place *place)
{
    struct source *source = &scan->reader->source;
    size_t number = place->line;
    struct source_line line = scan->lines.items[number];
    struct buf text;

    if (place->tag >= scan->tags.len || scan->tags.items[place->tag].line > number) {
        add_plain(source, (struct source_line){line.text + place->at, line.length - place->at},
                  number);
        return;
    }
    buf_init(&text, SIZE_MAX / 4);
    place->at = skip_blanks(line, 0) > place->at ? skip_blanks(line, 0) : place->at;
    while (place->line == number && place->tag < scan->tags.len &&
           scan->tags.items[place->tag].line == number) {
        const struct tag *tag = &scan->tags.items[place->tag];

        buf_add(&text, line.text + place->at, tag->start - place->at);
        if (tag->literal) {
            buf_char(&text, '\\');
            place->at = tag->start;
            buf_add(&text, line.text + tag->start, tag->end - tag->start);
            place->at = tag->end;
            place->tag++;
            continue;
        }
        add_text(scan, number, buf_text(&text), text.len, place->title);
        buf_clear(&text);
        add_tag(scan, place);
    }
    if (place->line == number) {
        buf_add(&text, line.text + place->at, line.length - place->at);
        add_text(scan, number, buf_text(&text), text.len, place->title);
    }
    buf_release(&text);
}

static void
add_lines(struct scan *scan)
{
    struct source *source = &scan->reader->source;
    struct place place = {0};

    while (place.line < scan->lines.len) {
        struct source_line line = scan->lines.items[place.line];
        size_t before = place.line;

        if (place.at == 0)
            place.at = scan->dedent[place.line];
        if (scan->kinds[place.line] == LINE_FENCED) {
            source_add_raw(source, line.text + place.at, line.length - place.at, place.line + 1);
        } else if (scan->kinds[place.line] == LINE_EQUATION) {
            if (source_equation(source, &scan->lines, &place.line, true)) {
                place.at = 0;
                continue;
            }
        } else {
            add_line(scan, &place);
        }
        if (place.line == before) {
            place.line++;
            place.at = 0;
            place.title = false;
        }
    }
}

void
notion_source(struct reader *reader, const char *text)
{
    struct scan scan = {.reader = reader, .lines = source_split(reader->arena, text)};

    scan.kinds = arena_array(reader->arena, scan.lines.len, sizeof(*scan.kinds));
    scan.dedent = arena_array(reader->arena, scan.lines.len, sizeof(*scan.dedent));
    scan_lines(&scan);
    add_lines(&scan);
    vec_free(&scan.tags);
    vec_free(&scan.lines);
}
