#include "markdown/put.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "markdown/align.h"
#include "markdown/diff.h"
#include "markdown/html.h"
#include "markdown/merge.h"

/* How many pairs of a group's blocks to compare to find those that moved within it. */
#define MAX_MOVES 4096

/* How long the mark is that begins an item of a list, 0: there is none. */
static size_t
mark_length(const char *at)
{
    size_t length = strspn(at, "0123456789");
    char mark = at[length];

    if (mark == '\0' || strchr(length > 0 ? ".)" : "-*+", mark) == NULL ||
        strchr(" \n", at[length + 1]) == NULL)
        return 0;
    return length + 1;
}

/* Goes from a line on to the next mark of an item that is not within code; false: there is none. */
struct mark_walk {
    char *at;
    bool inside; /* of a line */
    char fence;
    size_t width; /* of the fence */
};

static bool
next_mark(struct mark_walk *walk, size_t *length)
{
    for (;; walk->at += *walk->at == '\n', walk->inside = false) {
        size_t width;

        walk->at += strspn(walk->at, walk->inside ? " " : " >\1");
        *length = walk->fence == '\0' ? mark_length(walk->at) : 0;
        walk->inside = true;
        if (*length > 0)
            return true;
        width = strspn(walk->at, *walk->at == '~' ? "~" : "`");
        if (width > 2 && walk->fence == '\0') {
            walk->fence = *walk->at;
            walk->width = width;
        } else if (width >= walk->width && *walk->at == walk->fence) {
            walk->fence = '\0';
        }
        walk->at += strcspn(walk->at, "\n");
        if (*walk->at == '\0')
            return false;
    }
}

/* The marks of a text's lists, '\0': there are none, '?': several. */
struct marks {
    char bullet, number;
};

static struct marks
marks_in(struct arena *arena, const char *text)
{
    struct mark_walk walk = {.at = arena_strdup(arena, text)};
    struct marks marks = {0};
    size_t length;

    for (; next_mark(&walk, &length); walk.at += length) {
        char *of = length > 1 ? &marks.number : &marks.bullet;

        *of = *of == '\0' || *of == walk.at[length - 1] ? walk.at[length - 1] : '?';
    }
    return marks;
}

/* A text of ours with other marks. */
static char *
with_marks(char *text, struct marks marks)
{
    struct mark_walk walk = {.at = text};
    size_t length;

    for (; next_mark(&walk, &length); walk.at += length)
        if (walk.at[length - 1] == '-' && strchr("*+", marks.bullet) != NULL &&
            marks.bullet != '\0')
            walk.at[0] = marks.bullet;
        else if (walk.at[length - 1] == '.' && marks.number == ')')
            walk.at[length - 1] = ')';
    return text;
}

char *
put_joined(struct arena *arena, const struct units *units, size_t from, size_t to)
{
    struct buf out;
    bool item = false;

    buf_init(&out, SIZE_MAX / 4);
    for (size_t i = from; i < to; i++) {
        const struct unit *unit = &units->list.items[i];
        const char *other = units_other(units, i);

        if (other[0] == '\0')
            continue;
        if (out.len > 0)
            buf_str(&out, item && unit->item ? "\n" : "\n\n");
        buf_str(&out, other);
        item = unit->item;
    }
    return buf_take(&out, arena);
}

char *
put_written(struct arena *arena, const struct units *units, size_t from, size_t to)
{
    if (from == to)
        return arena_strdup(arena, "");
    return units_lines(arena, units, units->list.items[from].line,
                       units->list.items[to - 1].end_line);
}

/* The marks of the lists that are in a slot, or that it is part of. */
static struct marks
marks_of(const struct put *put, size_t slot)
{
    size_t from = put->to_bounds[slot], to = put->to_bounds[slot + 1];
    struct marks marks = marks_in(put->arena, put_written(put->arena, put->to, from, to));

    if (marks.bullet != '\0' || marks.number != '\0')
        return marks;
    if (from > 0 && units_is_item(put->to, from - 1))
        to = from--;
    else if (units_is_item(put->to, to))
        from = to++;
    return marks_in(put->arena, put_written(put->arena, put->to, from, to));
}

/* The units of a that are new but moved within b. */
static void
find_twins(struct arena *arena, const uint32_t *a, size_t a_len, const uint32_t *b, size_t b_len,
           size_t *twins)
{
    bool *used = arena_array(arena, b_len, sizeof(*used));

    for (size_t i = 0; i < a_len; i++)
        if (twins[i] != DIFF_NONE)
            used[twins[i]] = true;
    for (size_t i = 0; a_len * b_len <= MAX_MOVES && i < a_len; i++)
        for (size_t j = 0; twins[i] == DIFF_NONE && j < b_len; j++)
            if (!used[j] && a[i] == b[j]) {
                twins[i] = j;
                used[j] = true;
            }
}

size_t *
put_origins(const struct put *put, size_t slot)
{
    const struct unit *base = put->base->list.items + put->base_bounds[slot];
    const struct unit *from = put->from->list.items + put->from_bounds[slot];
    size_t base_len = put->base_bounds[slot + 1] - put->base_bounds[slot];
    size_t len = put->from_bounds[slot + 1] - put->from_bounds[slot];
    struct diff_names *names = diff_names_new(put->arena);
    uint32_t *keys = arena_array(put->arena, base_len + len, sizeof(*keys));
    struct diff_hunk at = {0};
    const size_t *pairs;
    size_t *twins;

    for (size_t i = 0; i < base_len + len; i++) {
        const char *key = i < len ? from[i].key : base[i - len].key;

        keys[i] = diff_name(names, key, strlen(key));
    }
    twins = diff_match(put->arena, keys, len, keys + len, base_len);
    while (at.base < len || at.ours < base_len) {
        diff_next_hunk(twins, twins, len, base_len, base_len, &at);
        pairs = align_pairs(put->arena, from + at.base, at.base_end - at.base, base + at.ours,
                            at.ours_end - at.ours);
        for (size_t i = at.base; i < at.base_end; i++)
            if (pairs[i - at.base] != DIFF_NONE)
                twins[i] = at.ours + pairs[i - at.base];
        at = (struct diff_hunk){at.base_end, 0, at.ours_end, 0, at.theirs_end, 0};
    }
    find_twins(put->arena, keys, len, keys + len, base_len, twins);
    return twins;
}

/* An image in Notion's text, "![caption](source)". */
struct picture {
    const char *start, *caption, *source, *end; /* the caption ends 2 before the source */
};
VEC_TYPE(pictures, struct picture);

/* The end of what was opened before `at`, or NULL. */
static const char *
closing(const char *at, char open, char close)
{
    for (size_t depth = 1; *at != '\0'; at++) {
        if (*at == '\\' && at[1] != '\0')
            at++;
        else if (*at == open)
            depth++;
        else if (*at == close && --depth == 0)
            return at;
    }
    return NULL;
}

static struct pictures
list_pictures(const char *text)
{
    struct pictures list = {0};

    for (const char *at = text; *at != '\0'; at++) {
        struct picture picture = {.start = at, .caption = at + 2};
        const char *end = strncmp(at, "![", 2) == 0 ? closing(at + 2, '[', ']') : NULL;

        at += *at == '\\' && at[1] != '\0';
        if (end == NULL || end[1] != '(')
            continue;
        picture.source = end + 2;
        end = closing(picture.source, '(', ')');
        if (end == NULL)
            continue;
        picture.end = end + 1;
        vec_push(&list, picture);
        at = end;
    }
    return list;
}

static bool
is_alike(const char *a, const char *a_end, const char *b, const char *b_end)
{
    return a_end - a == b_end - b && memcmp(a, b, (size_t)(a_end - a)) == 0;
}

/* The first unused image of `list` that is the same as another, or has the same source, or the same
 * caption. */
static size_t
find_picture(const struct pictures *list, const struct picture *is, bool *used)
{
    size_t best = DIFF_NONE;
    int most = 0;

    for (size_t i = 0; i < list->len; i++) {
        const struct picture *was = &list->items[i];
        bool source = is_alike(was->source, was->end, is->source, is->end);
        bool caption = is_alike(was->caption, was->source, is->caption, is->source);
        int fits = 2 * source + (caption && (source || is->source > is->caption + 2));

        if (!used[i] && fits > most) {
            most = fits;
            best = i;
        }
    }
    if (best != DIFF_NONE)
        used[best] = true;
    return best;
}

/* Notion keeps a caption without its link: a text that it kept, or has now, with the images that
 * were given. */
static const char *
with_links(struct arena *arena, const char *text, const struct pictures *kept,
           const struct pictures *given)
{
    struct pictures list = list_pictures(text);
    bool *used = arena_array(arena, kept->len, sizeof(*used));
    struct buf out;

    buf_init(&out, SIZE_MAX / 4);
    for (size_t i = 0; i < list.len; i++) {
        const struct picture *is = &list.items[i], *in;
        size_t at = find_picture(kept, is, used);
        const char *end;

        if (at >= given->len)
            continue;
        in = &given->items[at];
        buf_add(&out, text, (size_t)(is->start - text));
        text = is->source;
        end = *in->caption == '[' ? closing(in->caption + 1, '[', ']') : NULL;
        if (is_alike(kept->items[at].caption, kept->items[at].source, is->caption, is->source))
            buf_add(&out, in->start, (size_t)(in->source - in->start));
        else if (end != NULL && end[1] == '(')
            buf_printf(&out, "![[%.*s%.*s", (int)(is->source - is->caption - 2), is->caption,
                       (int)(in->source - end), end);
        else
            text = is->start;
    }
    buf_str(&out, text);
    vec_free(&list);
    return buf_take(&out, arena);
}

/* What a block of Notion says now, if GitHub's text has it as `given` and Notion kept it as `kept`.
 */
static const char *
given_again(struct arena *arena, const char *given, const char *kept, const char *now)
{
    struct pictures was = list_pictures(kept), in = list_pictures(given);

    if (was.len == in.len) {
        now = with_links(arena, now, &was, &in);
        kept = with_links(arena, kept, &was, &in);
    }
    vec_free(&was);
    vec_free(&in);
    return merge_texts(arena, MERGE_WORDS, kept, given, now).text;
}

/* What a unit of Notion's says, as a text: the number of an item is beside it. */
static const char *
as_text(const struct units *units, size_t index, const char *key)
{
    const struct unit *unit = &units->list.items[index];
    const char *number = units->lines.items[unit->line - 1].text;
    size_t width;
    struct buf out;

    if (!unit->item || !isdigit((unsigned char)key[0]))
        return key;
    number += strspn(number, " ");
    number = isdigit((unsigned char)*number) ? number : "1";
    width = strspn(number, "0123456789");
    buf_init(&out, SIZE_MAX / 4);
    buf_printf(&out, "%.*s.", (int)width, number);
    for (key += 2; *key != '\0'; key++) {
        buf_char(&out, *key);
        for (size_t i = 0; *key == '\n' && key[1] != '\n' && i < width; i++)
            buf_char(&out, ' ');
    }
    return buf_take(&out, units->arena);
}

/* Notion may have kept something else than it was given: for example, an image's caption without
 * its link. Then its blocks say what GitHub's text said, with their changes; NULL: what the block
 * itself says. Returns false if they say what GitHub's text does. */
static bool
say_again(const struct put *put, size_t slot, const size_t *origin, const char ***was,
          const char ***now)
{
    const size_t *bounds = put->to_bounds + slot;
    const struct unit *base = put->base->list.items + put->base_bounds[slot];
    const struct unit *from = put->from->list.items + put->from_bounds[slot];
    size_t count = put->base_bounds[slot + 1] - put->base_bounds[slot];
    size_t len = put->from_bounds[slot + 1] - put->from_bounds[slot];
    bool same = true;

    if (put->to->dialect != MARKDOWN_GITHUB || slot % 2 == 0 || put->slot[slot].met || count == 0 ||
        align_count(put->to, bounds) != count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (units_other(put->base, put->base_bounds[slot] + i)[0] == '\0')
            return false;
    *was = arena_array(put->arena, count, sizeof(**was));
    *now = arena_array(put->arena, len, sizeof(**now));
    for (size_t i = 0; i < count; i++) {
        (*was)[i] = put->to->said.items[put->to->list.items[bounds[0]].said + i];
        same &= strcmp((*was)[i], base[i].key) == 0;
    }
    for (size_t i = 0; i < len; i++)
        (*now)[i] =
            origin[i] == DIFF_NONE || units_other(put->from, put->from_bounds[slot] + i)[0] == '\0'
                ? NULL
                : given_again(put->arena, (*was)[origin[i]], base[origin[i]].key, from[i].key);
    return !same;
}

/* What the other side says in a slot; said: in its own dialect, NULL: as the units have it. */
static char *
theirs_of(const struct put *put, size_t slot, const size_t *origin, const char **said)
{
    size_t from = put->from_bounds[slot], len = put->from_bounds[slot + 1] - from;
    struct buf out;
    bool item = false, apart;

    buf_init(&out, SIZE_MAX / 4);
    for (size_t i = 0; i < len; i++) {
        const struct unit *unit = &put->from->list.items[from + i];
        size_t moved = put->moved != NULL ? put->moved[from + i] : 0;
        const char *other = units_other(put->from, from + i);

        if (moved != 0)
            other =
                put_written(put->arena, put->to, put->to_bounds[moved], put->to_bounds[moved + 1]);
        else if (said != NULL && said[i] != NULL)
            other = markdown_to_github(put->arena, as_text(put->from, from + i, said[i]),
                                       put->to->context);

        if (other[0] == '\0')
            continue;
        /* The gap that a block had before it stays with it. */
        apart = i > 0 && (origin[i] == DIFF_NONE || origin[i - 1] == DIFF_NONE);
        if (put->slot[slot].form == PUT_WORDS)
            apart &= len > put->base_bounds[slot + 1] - put->base_bounds[slot];
        else
            apart |= i > 0 && origin[i - 1] != origin[i] - 1;
        apart &= put->slot[slot].form <= PUT_APART && out.len > 0 && !(item && unit->item);
        if (apart)
            buf_char(&out, MERGE_APART);
        if (out.len > 0 && !(apart && origin[i] == DIFF_NONE))
            buf_str(&out, item && unit->item ? "\n" : "\n\n");
        buf_str(&out, other);
        item = unit->item;
    }
    return buf_take(&out, put->arena);
}

/* With blank lines for the marks. */
static char *
set_apart(struct arena *arena, const char *text)
{
    struct buf out;

    buf_init(&out, SIZE_MAX / 4);
    for (; *text != '\0'; text++) {
        if (*text != MERGE_APART) {
            buf_char(&out, *text);
            continue;
        }
        while (out.len > 0 && strchr(" \t\n", out.data[out.len - 1]) != NULL)
            out.len--;
        if (out.len > 0)
            buf_str(&out, "\n\n");
        text += strspn(text + 1, " \t\n\1");
    }
    return buf_take(&out, arena);
}

/* A slot's text in plain form. The tag around the old one may be gone, but what it aligned still
 * is. */
static const char *
aligned(const struct put *put, size_t slot, const char *text)
{
    const char *old =
        put_written(put->arena, put->to, put->to_bounds[slot], put->to_bounds[slot + 1]);
    struct html_token tag;
    const char *align;

    /* A tag that is alone in its line stays. */
    if (put->to->dialect != MARKDOWN_GITHUB || text[0] == '\0' || !html_next(&old, &tag) ||
        tag.kind != HTML_OPEN || strcmp(tag.name, "img") == 0 ||
        units_other(put->to, put->to_bounds[slot])[0] == '\0')
        return text;
    align = strcmp(tag.name, "center") == 0
                ? tag.name
                : html_attribute(put->arena, tag.attrs, tag.attrs_length, "align");
    if (align == NULL || !html_is_one_of(align, " left right center justify "))
        return text;
    return arena_printf(put->arena, "<div align=\"%s\">\n\n%s\n\n</div>", align, text);
}

const char *
put_taken(const struct put *put, size_t slot)
{
    enum put_form form = put->slot[slot].form;
    size_t count = put->base_bounds[slot + 1] - put->base_bounds[slot];
    const size_t *origin = put_origins(put, slot);
    struct marks marks = marks_of(put, slot);
    const char **was, **now, *theirs, *ours;
    char *base;
    bool again = say_again(put, slot, origin, &was, &now);
    struct buf before;

    theirs = with_marks(theirs_of(put, slot, origin, again ? now : NULL), marks);
    if (form == PUT_PLAIN)
        return aligned(put, slot, theirs);
    base = put_joined(put->arena, put->base, put->base_bounds[slot], put->base_bounds[slot + 1]);
    buf_init(&before, SIZE_MAX / 4);
    for (size_t i = 0; again && i < count; i++)
        buf_printf(&before, "%s%s", i > 0 ? "\n\n" : "",
                   markdown_to_github(put->arena,
                                      as_text(put->base, put->base_bounds[slot] + i, was[i]),
                                      put->to->context));
    if (again)
        base = arena_strdup(put->arena, buf_text(&before));
    buf_release(&before);
    ours = put_written(put->arena, put->to, put->to_bounds[slot], put->to_bounds[slot + 1]);
    if (form == PUT_APART && put->to->dialect == MARKDOWN_GITHUB)
        ours = read_closed(put->arena, ours, false);
    return set_apart(
        put->arena,
        merge_texts(put->arena, MERGE_WORDS, with_marks(base, marks), ours, theirs).text);
}

const char *
put_again(const struct put *put, size_t slot)
{
    const char *other =
        put_joined(put->arena, put->to, put->to_bounds[slot], put->to_bounds[slot + 1]);

    return put->to->dialect == MARKDOWN_GITHUB
               ? aligned(put, slot, markdown_to_github(put->arena, other, put->to->context))
               : markdown_to_notion(put->arena, other, put->to->context);
}

bool
put_says_change(const struct put *put, size_t slot)
{
    const size_t *from = put->from_bounds + slot, *made = put->made_bounds + slot;
    const char **was, **now;
    size_t len = from[1] - from[0];

    if (!say_again(put, slot, put_origins(put, slot), &was, &now) ||
        align_count(put->made, made) != len)
        return false;
    for (size_t i = 0; i < len; i++) {
        const char *said = put->made->said.items[put->made->list.items[made[0]].said + i];
        const char *key = put->from->list.items[from[0] + i].key;

        if (now[i] != NULL) {
            key = as_text(put->from, from[0] + i, now[i]);
            said = as_text(put->from, from[0] + i, said);
            key = markdown_to_notion(put->arena,
                                     markdown_to_github(put->arena, key, put->to->context),
                                     put->to->context);
        }
        if (strcmp(said, key) != 0)
            return false;
    }
    return true;
}
