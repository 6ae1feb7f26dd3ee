#include <stdint.h>
#include <string.h>

#include "markdown/notion_scan.h"

#define LABEL_END "</mention>"

size_t
notion_label_end(struct source_line line, size_t at)
{
    const char *end = memmem(line.text + at, line.length - at, LABEL_END, strlen(LABEL_END));

    return end != NULL ? (size_t)(end - line.text) : line.length;
}

static void
add_label(struct source *source, struct buf *out, const char *at, const char *end)
{
    const char *text = source_cell_text(source->arena, at, (size_t)(end - at));

    if (at < end)
        buf_str(out, source_token(source, (struct piece){
                                              .kind = PIECE_LABEL, .written = text, .text = text}));
}

/* Adds the mention at a place, or the text there if it is not one; returns where that ends. */
static size_t
add_piece(struct source *source, struct buf *out, struct source_line line, size_t at)
{
    size_t end = at + 1, label;
    struct tag tag;

    if (line.text[at] == '\\' && end < line.length) {
        end++;
    } else if (line.text[at] == '`') {
        end = source_code_end(line, at);
    } else if (line.text[at] == '<' && notion_match_tag(line, at, &tag) && tag.kind == PIECE_OPEN &&
               strcmp(tag.name, "mention") == 0 &&
               (label = notion_label_end(line, tag.end)) < line.length) {
        buf_add(out, line.text + at, tag.end - at);
        add_label(source, out, line.text + tag.end, line.text + label);
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
        at = add_piece(source, &out, line, at);
    line = (struct source_line){.text = arena_strndup(source->arena, out.data, out.len),
                                .length = out.len};
    buf_release(&out);
    return line;
}
