#include <stdint.h>
#include <string.h>

#include "markdown/notion_scan.h"

/* More than the deepest lists need. */
#define MAX_INDENT 400

static bool
is_blank_text(const char *text, size_t length)
{
    return notion_skip_blanks((struct source_line){.text = text, .length = length}, 0) == length;
}

/* Adds a line whose text from `at` on belongs to a paragraph, whatever it looks like. */
static void
add_protected(struct source *source, struct source_line line, size_t at, size_t number)
{
    const char *token = source_token(source, (struct piece){.kind = PIECE_TITLE, .written = ""});
    struct buf text;

    buf_init(&text, SIZE_MAX / 4);
    buf_add(&text, line.text, at);
    buf_str(&text, token);
    buf_char(&text, ' ');
    buf_add(&text, line.text + at, line.length - at);
    source_add(source, (struct source_line){.text = buf_text(&text), .length = text.len},
               number + 1);
    buf_release(&text);
}

/* An inline tag at the beginning does not start an HTML block. */
static void
add_plain(struct source *source, struct source_line line, size_t number)
{
    size_t at;

    line = notion_labels(source, line);
    at = source_prefix(line, true);
    if (at < line.length && line.text[at] == '<')
        add_protected(source, line, at, number);
    else
        source_add(source, line, number + 1);
}

/* The remaining indentation of a line, which is written before each piece of the line. The marks of
 * items are only before the first piece. */
static char *
indent_of(struct scan *scan, size_t number)
{
    size_t indent = scan->indent[number] - scan->dedent[number];
    char *text =
        arena_strndup(scan->reader->arena, scan->lines.items[number].text + scan->dedent[number],
                      indent < MAX_INDENT ? indent : MAX_INDENT);

    for (char *at = text; scan->begun == number + 1 && *at != '\0'; at++)
        *at = *at != '\t' ? ' ' : *at;
    scan->begun = number + 1;
    return text;
}

/* Text between two tags of a line. */
static void
add_text(struct scan *scan, size_t number, const char *text, size_t length, bool title)
{
    struct source *source = &scan->reader->source;
    struct source_line line;
    const char *indent;
    char *copy;
    size_t start;

    if (is_blank_text(text, length))
        return;
    indent = indent_of(scan, number);
    start = strlen(indent);
    copy = arena_alloc(source->arena, start + length + 1);
    memcpy(copy, indent, start);
    memcpy(copy + start, text, length);
    line = (struct source_line){.text = copy, .length = start + length};
    if (title)
        add_protected(source, notion_labels(source, line), start, number);
    else
        add_plain(source, line, number);
}

static void
add_placeholder(struct scan *scan, const struct tag *tag, struct piece piece)
{
    struct source *source = &scan->reader->source;
    struct source_line line = scan->lines.items[tag->line];

    piece.kind = tag->kind;
    piece.text = arena_strdup(source->arena, tag->name);
    piece.attrs = arena_strndup(source->arena, line.text + tag->attrs,
                                tag->attrs_end > tag->attrs ? tag->attrs_end - tag->attrs : 0);
    piece.written = arena_strndup(source->arena, line.text + tag->start, tag->end - tag->start);
    source_add_raw(source, "", 0, tag->line + 1);
    buf_str(&source->text, indent_of(scan, tag->line));
    buf_str(&source->text, "<!--");
    buf_str(&source->text, source_token(source, piece));
    source_add_raw(source, "-->", 3, tag->line + 1);
    source_add_raw(source, "", 0, tag->line + 1);
}

/* The text between a pair of tags, as it was written. */
static char *
text_between(const struct scan *scan, const struct tag *first, const struct tag *second)
{
    struct buf out;

    buf_init(&out, SIZE_MAX / 4);
    for (size_t i = first->line; i <= second->line; i++) {
        size_t start = i == first->line ? first->end : 0;
        size_t end = i == second->line ? second->start : scan->lines.items[i].length;

        buf_add(&out, scan->lines.items[i].text + start, end - start);
        if (i < second->line)
            buf_char(&out, '\n');
    }
    return buf_take(&out, scan->reader->arena);
}

static bool
is_empty_paragraph(const struct tag *tag)
{
    return tag->kind == PIECE_VOID && strcmp(tag->name, "p") == 0;
}

/* Whether the title of a tag at the end of its line is in the next line: text, or an empty
 * paragraph. */
static bool
is_followed(const struct scan *scan, size_t index)
{
    const struct tag *tag = &scan->tags.items[index];
    const struct tag *next = index + 1 < scan->tags.len ? tag + 1 : NULL;
    size_t number = tag->line + 1;
    struct source_line line;

    if (next != NULL && next->line == tag->line)
        return is_empty_paragraph(next);
    if (number >= scan->lines.len || scan->kinds[number] != LINE_TEXT)
        return false;
    line = scan->lines.items[number];
    if (next != NULL && next->line == number && next->start == scan->indent[number])
        return next->literal || is_empty_paragraph(next);
    return !is_blank_text(line.text, line.length);
}

/* Where output continues. */
struct place {
    size_t line, at, tag;
    bool title; /* right after an opening tag */
};

/* Adds the next tag, or its text if it is literal. */
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
        piece.followed = place->title && !piece.titled && is_followed(scan, place->tag);
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
        add_plain(
            source,
            (struct source_line){.text = line.text + place->at, .length = line.length - place->at},
            number);
        return;
    }
    buf_init(&text, SIZE_MAX / 4);
    place->at = scan->indent[number] > place->at ? scan->indent[number] : place->at;
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
    scan.indent = arena_array(reader->arena, scan.lines.len, sizeof(*scan.indent));
    scan.dedent = arena_array(reader->arena, scan.lines.len, sizeof(*scan.dedent));
    reader->source.lines = scan.lines.len;
    notion_scan(&scan);
    add_lines(&scan);
    vec_free(&scan.tags);
    vec_free(&scan.lines);
}
