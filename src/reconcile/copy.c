#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "reconcile/conversation.h"

/* Notion's limits: the length of one text, and the number of texts in a comment, including the
 * header's two. */
#define TEXT_MAX  2000
#define TEXTS_MAX ((size_t)100)
/* GitHub: below its 65,536 characters, in bytes, with room for header and marker. */
#define BODY_MAX ((size_t)60000)
/* The marks around a piece of a line: two asterisks, an underscore and two tildes at each end,
 * brackets of a link, an end of line. */
#define MARKS_MAX  ((size_t)24)
#define AUTHOR_MAX ((size_t)200)
/* If formatting would need more comments than this, it is left out. */
#define LOOKS_MAX ((size_t)4 * TEXTS_MAX)

VEC_TYPE(run_list, struct run);

/* The most bytes of Markdown: anything may be escaped, "@" is separated from what follows it, and
 * each line repeats the markup. */
static size_t
markdown_size(const struct run *run)
{
    size_t around = MARKS_MAX + (run->link != NULL ? strlen(run->link) : 0);
    size_t size = around;

    for (const char *c = run->text; *c != '\0'; c++)
        size += *c == '\n' ? around : *c == '@' ? 5 : (unsigned char)*c < 0x80 ? 2 : 1;
    return size;
}

/* The bytes of a text's first UTF-16 units, in whole characters. */
static size_t
units_prefix(const char *text, size_t units)
{
    const char *end = text + strlen(text);
    const char *at = text;
    const char *kept = text;
    uint32_t point;
    size_t used = 0;

    while (utf8_next(&at, end, &point)) {
        used += point > 0xffff ? 2 : 1;
        if (used > units)
            break;
        kept = at;
    }
    return (size_t)(kept - text);
}

static void
cut_run(const struct run *run, struct arena *arena, struct run_list *pieces)
{
    const char *rest = run->text;

    while (*rest != '\0') {
        size_t length = units_prefix(rest, TEXT_MAX);
        struct run piece = *run;

        piece.text = arena_strndup(arena, rest, length);
        vec_push(pieces, piece);
        rest += length;
    }
}

/* The text in pieces that one text of Notion can hold. */
static void
cut_runs(const struct runs *runs, struct arena *arena, struct run_list *pieces)
{
    if (runs->len > LOOKS_MAX) {
        const struct run plain = {.text = runs_text(runs, arena)};

        cut_run(&plain, arena, pieces);
        return;
    }
    for (size_t i = 0; i < runs->len; i++)
        cut_run(&runs->items[i], arena, pieces);
}

static char *
short_author(struct arena *arena, const char *author, const char *unknown)
{
    char *name = arena_strdup(arena, *author != '\0' ? author : unknown);

    utf8_cut(name, AUTHOR_MAX);
    for (char *c = name; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20)
            *c = ' ';
    return name;
}

static void
add_header(const struct talk *talk, const struct say *say, int part, struct arena *arena,
           struct run_list *out)
{
    const struct remark *remark = say->remark;

    if (say->to == SIDE_NOTION) {
        const char *name = short_author(arena, remark->author, "ghost");

        vec_push(out, (struct run){.text = copy_header(arena, name, part), .link = remark->url});
        vec_push(out, (struct run){.text = "\n"});
        return;
    }
    vec_push(out,
             (struct run){.text = short_author(arena, remark->author, "Somebody"), .bold = true});
    vec_push(out, (struct run){.text = " commented in "});
    vec_push(out, (struct run){.text = "Notion", .link = talk->page_url});
    if (part > 1)
        vec_push(out, (struct run){.text = arena_printf(arena, ", part %d", part)});
    vec_push(out, (struct run){.text = "\n\n"});
}

/* How many of the pieces fit into one part. */
static size_t
count_fitting(const struct run *pieces, size_t n, enum side to)
{
    size_t size = 0;
    size_t count = 0;

    if (to == SIDE_NOTION)
        return n < TEXTS_MAX - 2 ? n : TEXTS_MAX - 2;
    while (count < n && (count == 0 || size + markdown_size(&pieces[count]) <= BODY_MAX))
        size += markdown_size(&pieces[count++]);
    return count;
}

static struct runs
make_part(const struct talk *talk, const struct say *say, int part, const struct run *pieces,
          size_t n, struct arena *arena)
{
    struct run_list runs = {0};
    struct runs made;

    add_header(talk, say, part, arena, &runs);
    for (size_t i = 0; i < n; i++)
        vec_push(&runs, pieces[i]);
    vec_take(&runs, arena, made.items, made.len);
    return made;
}

struct runs *
conversation_parts(const struct talk *talk, const struct say *say, struct arena *arena, size_t *n)
{
    struct run_list pieces = {0};
    VEC(struct runs) parts = {0};
    struct runs *made;
    size_t done = 0;

    cut_runs(&say->remark->text, arena, &pieces);
    do {
        const struct run *rest = done > 0 ? &pieces.items[done] : pieces.items;
        size_t count = count_fitting(rest, pieces.len - done, say->to);
        struct runs part;

        part = make_part(talk, say, (int)parts.len + 1, rest, count, arena);
        vec_push(&parts, part);
        done += count;
    } while (done < pieces.len);
    vec_take(&parts, arena, made, *n);
    vec_free(&pieces);
    return made;
}
