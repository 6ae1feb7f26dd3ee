#include "markdown/notion_scan.h"

#include <stdint.h>
#include <string.h>

#define LABEL_END "</mention>"

static bool
is_inline_tag(const char *name)
{
    return html_is_one_of(name, " u b i s span mention date br ");
}

static bool
is_table_tag(const char *name)
{
    return html_is_one_of(name, " table tr td th thead tbody colgroup col ");
}

size_t
notion_skip_blanks(struct source_line line, size_t at)
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

/* The place after one attribute and the blanks before it, or `at` if there is none. */
static size_t
skip_attribute(struct source_line line, size_t at)
{
    size_t name = notion_skip_blanks(line, at), end = name;
    const char *quote;

    while (end < line.length && is_name(line.text[end]))
        end++;
    if (name == at || end == name || end + 1 >= line.length || line.text[end] != '=' ||
        line.text[end + 1] != '"')
        return at;
    quote = memchr(line.text + end + 2, '"', line.length - end - 2);
    return quote != NULL ? (size_t)(quote - line.text) + 1 : at;
}

/* Reads a tag at a place in a line: its name, kind and extent. */
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
    end = notion_skip_blanks(line, end);
    if (!closing && end < line.length && line.text[end] == '/') {
        tag->kind = PIECE_VOID;
        end++;
    }
    if (end >= line.length || line.text[end] != '>')
        return false;
    tag->end = end + 1;
    return true;
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
        scan->open[scan->opened].base = scan->indent[line];
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

/* Whether a tag may be in the middle of a line: inside a table, its tags; elsewhere, closing tags
 * and tags that share a line with the blocks that they hold:
 * https://developers.notion.com/guides/data-apis/notion-flavored-markdown shows columns and the
 * sections of meeting notes this way. */
static bool
may_stand_inside(const struct scan *scan, const struct tag *tag)
{
    if (in_table(scan))
        return is_table_tag(tag->name);
    if (tag->kind == PIECE_VOID || is_inline_tag(tag->name))
        return false;
    if (tag->kind == PIECE_CLOSE)
        return find_open(scan, tag->name) > 0;
    return html_is_one_of(tag->name,
                          " columns column tabs tab ul ol li table meeting-notes-section-notes "
                          "meeting-notes-section-summary meeting-notes-section-transcript ");
}

/* Where the label of the mention that ends at a place closes: the start of "</mention>", or the
 * line's length if there is none. */
static size_t
label_end(struct source_line line, size_t at)
{
    const char *end = memmem(line.text + at, line.length - at, LABEL_END, strlen(LABEL_END));

    return end != NULL ? (size_t)(end - line.text) : line.length;
}

static void
scan_rest(struct scan *scan, size_t number, size_t at)
{
    struct source_line line = scan->lines.items[number];
    bool labels = true;
    struct tag tag;

    while (at < line.length) {
        if (line.text[at] == '\\') {
            at += 2;
        } else if (line.text[at] == '`') {
            at = source_code_end(line, at);
        } else if (line.text[at] == '<' && match_tag(line, at, &tag)) {
            size_t label = line.length;

            if (may_stand_inside(scan, &tag))
                take_tag(scan, tag, number);
            if (labels && tag.kind == PIECE_OPEN && strcmp(tag.name, "mention") == 0)
                labels = (label = label_end(line, tag.end)) < line.length;
            at = label < line.length ? label : tag.end;
        } else {
            at++;
        }
    }
}

static void
scan_line(struct scan *scan, size_t number)
{
    struct source_line line = scan->lines.items[number];
    size_t at = scan->indent[number], marker;
    struct tag tag;

    /* A tag may be the first thing in a list item. */
    while (!in_table(scan) && at < line.length &&
           (marker = source_marker(line.text + at, line.text + line.length)) > 0)
        at = notion_skip_blanks(line, at + marker);
    if (!match_tag(line, at, &tag) || is_inline_tag(tag.name))
        at = scan->indent[number];
    scan->indent[number] = at;
    while (!in_table(scan) && match_tag(line, at, &tag) && !is_inline_tag(tag.name)) {
        take_tag(scan, tag, number);
        at = notion_skip_blanks(line, tag.end);
    }
    scan_rest(scan, number, at);
}

/* How much more the children are indented than their tag. */
static size_t
find_dedent(struct scan *scan, size_t number)
{
    struct source_line line = scan->lines.items[number];
    size_t indent = scan->indent[number];

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

void
notion_scan(struct scan *scan)
{
    struct fence fence = {0};

    for (size_t i = 0; i < scan->lines.len; i++) {
        size_t end;

        scan->indent[i] = notion_skip_blanks(scan->lines.items[i], 0);
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

/* Adds the mention at a place, or the text there if it is not one; returns where that ends. */
static size_t
add_mention(struct source *source, struct buf *out, struct source_line line, size_t at)
{
    size_t end = at + 1, label;
    const char *text;
    struct tag tag;

    if (line.text[at] == '\\' && end < line.length) {
        end++;
    } else if (line.text[at] == '`') {
        end = source_code_end(line, at);
    } else if (line.text[at] == '<' && match_tag(line, at, &tag) && tag.kind == PIECE_OPEN &&
               strcmp(tag.name, "mention") == 0 &&
               (label = label_end(line, tag.end)) < line.length) {
        buf_add(out, line.text + at, tag.end - at);
        text = source_cell_text(source->arena, line.text + tag.end, label - tag.end);
        if (label > tag.end)
            buf_str(out,
                    source_token(source, (struct piece){
                                             .kind = PIECE_LABEL, .written = text, .text = text}));
        return label;
    }
    buf_add(out, line.text + at, end - at);
    return end;
}

struct source_line
notion_labels(struct source *source, struct source_line line)
{
    struct buf out;

    if (memmem(line.text, line.length, LABEL_END, strlen(LABEL_END)) == NULL)
        return line;
    buf_init(&out, SIZE_MAX / 4);
    for (size_t at = 0; at < line.length;)
        at = add_mention(source, &out, line, at);
    line = (struct source_line){.text = arena_strndup(source->arena, out.data, out.len),
                                .length = out.len};
    buf_release(&out);
    return line;
}
