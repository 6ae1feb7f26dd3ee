#include "markdown/put.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "markdown/align.h"
#include "markdown/diff.h"
#include "markdown/html.h"
#include "markdown/merge.h"
#include "markdown/work.h"

/* How often a result may be written in plainer form. */
#define MAX_ROUNDS 12

/* How many pairs of a group's blocks are looked at for those that moved within it. */
#define MAX_MOVES 4096

/* A stretch of the result: units of the text as they are, or new text in the place of units. */
struct part {
    const char *text; /* NULL: as they are */
    size_t first, end;
    bool placed;         /* it stands in the place of these units, and not beside them */
    bool item, end_item; /* it begins, it ends with the item of a list */
    size_t slot, at;     /* at: where it begins in the result */
};
VEC_TYPE(part_list, struct part);

static bool
is_item(const struct units *units, size_t at)
{
    return at < units->list.len && units->list.items[at].item;
}

/* A list item with another mark. */
static char *
marked(struct arena *arena, const char *item, char mark)
{
    size_t digits = strspn(item, "0123456789");
    char *text = arena_strdup(arena, item);

    if (mark == ')' && digits > 0 && text[digits] == '.')
        text[digits] = mark;
    else if (mark != ')' && mark != '\0' && text[0] == '-' && text[1] == ' ')
        text[0] = mark;
    return text;
}

char *
put_joined(struct arena *arena, const struct units *units, size_t from, size_t to, char mark)
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
        buf_str(&out, unit->item ? marked(arena, other, mark) : other);
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

/* The mark of the list that a slot is part of, '\0': none, or the usual one. */
static char
mark_of(const struct put *put, size_t slot)
{
    size_t from = put->to_bounds[slot], to = put->to_bounds[slot + 1];
    size_t at = is_item(put->to, from) && from < to      ? from
                : from > 0 && is_item(put->to, from - 1) ? from - 1
                                                         : to;
    const char *text;

    if (!is_item(put->to, at))
        return '\0';
    text = put->to->lines.items[put->to->list.items[at].line - 1].text;
    text += strspn(text, " ");
    if (*text == '*' || *text == '+')
        return *text;
    return text[strspn(text, "0123456789")] == ')' ? ')' : '\0';
}

/* Those of a that are new, but moved within b. */
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

/* What a block of Notion says now, if GitHub's text has it as `given` and Notion kept it as `kept`.
 */
static const char *
given_again(struct arena *arena, const char *given, const char *kept, const char *now)
{
    const char *was = strstr(kept, "!["), *is = strstr(now, "!["), *in = strstr(given, "![[");
    const char *source = was != NULL ? strstr(was, "](") : NULL;
    const char *new_source = is != NULL ? strstr(is, "](") : NULL;
    size_t length = source != NULL ? (size_t)(source - was) : 0;

    /* A caption without its link. */
    if (source != NULL && new_source != NULL && in != NULL && in - given == was - kept &&
        strncmp(given, kept, (size_t)(was - kept)) == 0 &&
        strncmp(in + 2, was + 1, length - 1) == 0 && strlen(in) > strlen(was) &&
        strcmp(in + strlen(in) - strlen(source), source) == 0)
        return arena_printf(
            arena, "%.*s![%.*s%.*s%s", (int)(is - now), now, (int)(new_source - is - 1), is + 1,
            (int)(strlen(in) - strlen(source) - length - 1), in + length + 1, new_source);
    return merge_texts(arena, MERGE_WORDS, kept, given, now).text;
}

/* The number of an item stands beside its text. */
static bool
can_say_again(const struct units *units, size_t index)
{
    const struct unit *unit = &units->list.items[index];

    return units_other(units, index)[0] != '\0' &&
           !(unit->item && isdigit((unsigned char)unit->key[0]));
}

/* Notion may have kept something else than it was given, as an image's caption without its link.
 * What its blocks say, then, is what GitHub's text said, with what changed in them; NULL: what the
 * block itself says. Returns false where they say what GitHub's text does. */
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
        if (!can_say_again(put->base, put->base_bounds[slot] + i))
            return false;
    *was = arena_array(put->arena, count, sizeof(**was));
    *now = arena_array(put->arena, len, sizeof(**now));
    for (size_t i = 0; i < count; i++) {
        (*was)[i] = put->to->said.items[put->to->list.items[bounds[0]].said + i];
        same &= strcmp((*was)[i], base[i].key) == 0;
    }
    for (size_t i = 0; i < len; i++)
        (*now)[i] =
            origin[i] == DIFF_NONE || !can_say_again(put->from, put->from_bounds[slot] + i)
                ? NULL
                : given_again(put->arena, (*was)[origin[i]], base[origin[i]].key, from[i].key);
    return !same;
}

/* What the other side says in a slot; said: in its own dialect, NULL: as the units have it. */
static char *
theirs_of(const struct put *put, size_t slot, const size_t *origin, const char **said)
{
    size_t from = put->from_bounds[slot], len = put->from_bounds[slot + 1] - from;
    char mark = mark_of(put, slot);
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
            other = markdown_to_github(put->arena, said[i], put->to->context);

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
        buf_str(&out, unit->item ? marked(put->arena, other, mark) : other);
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

/* What the other side says in a slot, as it is written here as far as that goes. */
static const char *
taken(const struct put *put, size_t slot)
{
    enum put_form form = put->slot[slot].form;
    size_t count = put->base_bounds[slot + 1] - put->base_bounds[slot];
    const size_t *origin = put_origins(put, slot);
    const char **was, **now, *theirs, *base, *ours;
    bool again = say_again(put, slot, origin, &was, &now);
    struct buf before;

    theirs = theirs_of(put, slot, origin, again ? now : NULL);
    if (form == PUT_PLAIN)
        return theirs;
    base = put_joined(put->arena, put->base, put->base_bounds[slot], put->base_bounds[slot + 1],
                      mark_of(put, slot));
    buf_init(&before, SIZE_MAX / 4);
    for (size_t i = 0; again && i < count; i++)
        buf_printf(&before, "%s%s", i > 0 ? "\n\n" : "",
                   markdown_to_github(put->arena, was[i], put->to->context));
    if (again)
        base = arena_strdup(put->arena, buf_text(&before));
    buf_release(&before);
    ours = put_written(put->arena, put->to, put->to_bounds[slot], put->to_bounds[slot + 1]);
    return set_apart(put->arena, merge_texts(put->arena, MERGE_WORDS, base, ours, theirs).text);
}

/* What stands in a slot, there and back. */
static const char *
again(const struct put *put, size_t slot)
{
    const char *other =
        put_joined(put->arena, put->to, put->to_bounds[slot], put->to_bounds[slot + 1], '\0');

    return put->to->dialect == MARKDOWN_GITHUB
               ? markdown_to_github(put->arena, other, put->to->context)
               : markdown_to_notion(put->arena, other, put->to->context);
}

static void
add_unit(struct part_list *parts, const struct put *put, size_t slot, size_t unit)
{
    if (put->gone != NULL && put->gone[unit])
        return;
    vec_push(parts, (struct part){.first = unit,
                                  .end = unit + 1,
                                  .placed = true,
                                  .item = is_item(put->to, unit),
                                  .end_item = is_item(put->to, unit),
                                  .slot = slot});
}

/* The item flags are those of the units that the text comes from. */
static void
add_text(struct part_list *parts, const struct put *put, size_t slot, const char *text,
         size_t first, size_t end, bool placed)
{
    bool own = put->slot[slot].act == PUT_AGAIN;
    const struct units *units = own ? put->to : put->from;
    size_t from = (own ? put->to_bounds : put->from_bounds)[slot];
    size_t to = (own ? put->to_bounds : put->from_bounds)[slot + 1];

    while (from < to && units_other(units, from)[0] == '\0')
        from++;
    while (to > from && units_other(units, to - 1)[0] == '\0')
        to--;
    if (text[0] != '\0')
        vec_push(parts, (struct part){.text = text,
                                      .first = first,
                                      .end = end,
                                      .placed = placed,
                                      .item = from < to && is_item(units, from),
                                      .end_item = from < to && is_item(units, to - 1),
                                      .slot = slot});
}

static bool
is_hidden(const struct put *put, size_t unit)
{
    return units_other(put->to, unit)[0] == '\0';
}

/* How many tags a hidden unit leaves open, or closes. */
static int
tags_of(const struct put *put, size_t at)
{
    static const char voids[] = " br hr img wbr col source input ";
    const struct unit *unit = &put->to->list.items[at];
    const char *text = units_lines(put->arena, put->to, unit->line, unit->end_line);
    struct html_token token;
    int depth = 0;

    while (html_next(&text, &token)) {
        if (token.kind == HTML_CLOSE)
            depth--;
        else if (token.kind == HTML_OPEN && !html_is_one_of(token.name, voids))
            depth++;
    }
    return depth;
}

/* Where new blocks go among what the other side does not show: outside of tags, and at the group
 * before; at the start of the text at the one behind. */
static size_t
place_in(const struct put *put, size_t slot)
{
    size_t best = put->to_bounds[slot];
    int depth = 0, least = 0;

    for (size_t i = best; i < put->to_bounds[slot + 1]; i++) {
        if (!is_hidden(put, i))
            continue;
        depth += put->to->dialect == MARKDOWN_GITHUB ? tags_of(put, i) : 0;
        if (depth < least || (depth == least && slot == 0)) {
            least = depth;
            best = i + 1;
        }
    }
    return best;
}

static void
add_gap(struct part_list *parts, const struct put *put, size_t slot)
{
    size_t place = place_in(put, slot);
    const char *text = taken(put, slot);

    for (size_t i = put->to_bounds[slot]; i <= put->to_bounds[slot + 1]; i++) {
        if (i == place)
            add_text(parts, put, slot, text, i, i, false);
        if (i < put->to_bounds[slot + 1] && is_hidden(put, i))
            add_unit(parts, put, slot, i);
    }
}

/* The hidden units within a group outlive what they stood between. */
static void
add_group(struct part_list *parts, const struct put *put, size_t slot)
{
    const struct put_slot *of = &put->slot[slot];
    size_t first = put->to_bounds[slot], end = put->to_bounds[slot + 1];
    const char *text = of->act == PUT_TEXT    ? of->text
                       : of->act == PUT_AGAIN ? again(put, slot)
                                              : taken(put, slot);
    bool plain = text[0] == '\0' || (of->act != PUT_TEXT && of->form == PUT_PLAIN), hidden = false;

    for (size_t i = first; plain && i < end; i++)
        hidden |= is_hidden(put, i);
    add_text(parts, put, slot, text, first, hidden ? first : end, true);
    for (size_t i = first; hidden && i < end; i++)
        if (is_hidden(put, i))
            add_unit(parts, put, slot, i);
}

/* What stands between two parts: as it was, if they are what stood there. */
static void
add_between(struct buf *out, const struct put *put, const struct part *before,
            const struct part *next)
{
    const char *from, *to;
    bool blank = false, fits;

    if (before->placed && next->placed && before->end == next->first && next->first > 0 &&
        next->first < put->to->list.len) {
        from = units_end(put->to, before->end - 1);
        to = units_start(put->to, next->first);
        for (const char *at = from; at + 1 < to; at++)
            blank |= (at[0] == '\n' && (at[1] == '\n' || at[1] == '\r')) ||
                     (at[0] == '\r' && at[1] == '\r');
        fits = before->text == NULL && next->text == NULL;
        if (!put->apart)
            fits |= before->end_item == is_item(put->to, before->end - 1) &&
                    next->item == is_item(put->to, next->first);
        fits |= before->end_item && next->item;
        if (blank || fits) {
            buf_add(out, from, (size_t)(to - from));
            return;
        }
    }
    buf_str(out, before->end_item && next->item ? "\n" : "\n\n");
}

static void
add_lines(struct buf *out, const char *text, bool returns)
{
    for (; *text != '\0'; text++) {
        if (*text == '\n' && returns)
            buf_char(out, '\r');
        buf_char(out, *text);
    }
}

static char *
write_parts(const struct put *put, struct part_list *parts)
{
    const char *line = strchr(put->text, '\n');
    bool returns = line != NULL && line > put->text && line[-1] == '\r';
    size_t units = put->to->list.len;
    struct buf out;

    buf_init(&out, SIZE_MAX / 4);
    for (size_t i = 0; i < parts->len; i++) {
        struct part *part = &parts->items[i];
        struct buf between;

        buf_init(&between, SIZE_MAX / 4);
        if (i > 0)
            add_between(&between, put, part - 1, part);
        else if (part->placed && part->first == 0 && units > 0)
            buf_add(&between, put->text, (size_t)(units_start(put->to, 0) - put->text));
        if (returns && memchr(buf_text(&between), '\r', between.len) == NULL)
            add_lines(&out, buf_text(&between), true);
        else
            buf_add(&out, buf_text(&between), between.len);
        buf_release(&between);
        part->at = out.len;
        if (part->text != NULL)
            add_lines(&out, part->text, returns);
        else
            buf_add(&out, units_start(put->to, part->first),
                    (size_t)(units_end(put->to, part->first) - units_start(put->to, part->first)));
    }
    if (parts->len > 0 && units > 0 && parts->items[parts->len - 1].placed &&
        parts->items[parts->len - 1].end == units)
        buf_str(&out, units_end(put->to, units - 1));
    return buf_take(&out, put->arena);
}

/* The "[label]" that a unit defines, or NULL. */
static const char *
label_of(struct arena *arena, const struct units *units, size_t unit)
{
    const char *line = units->lines.items[units->list.items[unit].line - 1].text;
    const char *label = line + strspn(line, " "), *end = strchr(label, ']');

    if (units_other(units, unit)[0] != '\0' || *label != '[' || end == NULL || end[1] != ':')
        return NULL;
    return arena_strndup(arena, label, (size_t)(end - label) + 1);
}

/* Whether a text refers to what that label defines. */
static bool
refers_to(const char *text, const char *label)
{
    work_add(strlen(text));
    for (const char *at = text; !work_is_spent() && (at = strcasestr(at, label)) != NULL; at++) {
        const char *start = at;

        while (start > text && start[-1] == ' ')
            start--;
        /* "[label](url)" is a link of its own. */
        if (at[strlen(label)] != '(' &&
            (at[strlen(label)] != ':' || (start > text && start[-1] != '\n' && start[-1] != '\r')))
            return true;
    }
    return false;
}

/* Definitions inside of blocks that go, as far as the rest still refers to them, go to the end. */
static void
add_definitions(struct part_list *parts, const struct put *put, size_t slot, const char *rest)
{
    size_t first = put->to_bounds[slot], end = put->to_bounds[slot + 1];

    if (first == end || put->slot[slot].form != PUT_PLAIN)
        return;
    for (size_t line = put->to->list.items[first].line;
         line <= put->to->list.items[end - 1].end_line; line++) {
        struct source_line at = put->to->lines.items[line - 1];
        size_t prefix = source_prefix(at, true);
        struct source_lines lines = {.items = &at, .len = 1};

        at.text += prefix;
        at.length -= prefix;
        if (prefix > 0 && at.length > 0 && units_definition(&lines, 1) == 1 &&
            refers_to(rest, arena_printf(put->arena, "[%.*s", (int)strcspn(at.text + 1, "]") + 1,
                                         at.text + 1)))
            vec_push(parts, (struct part){.text = arena_strndup(put->arena, at.text, at.length),
                                          .first = put->to->list.len,
                                          .end = put->to->list.len,
                                          .slot = put->slots - 1});
    }
}

static struct part_list
make_parts(const struct put *put)
{
    struct part_list parts = {0};
    const char *rest;

    for (size_t k = 0; k < put->slots; k++) {
        bool keep = put->slot[k].act == PUT_KEEP;

        for (size_t i = put->to_bounds[k]; keep && i < put->to_bounds[k + 1]; i++)
            add_unit(&parts, put, k, i);
        if (!keep && k % 2 == 0)
            add_gap(&parts, put, k);
        else if (!keep)
            add_group(&parts, put, k);
    }
    if (!put->apart || put->to->dialect != MARKDOWN_GITHUB)
        return parts;
    rest = write_parts(put, &parts);
    for (size_t k = 1; k < put->slots; k += 2)
        if (put->slot[k].act == PUT_TAKE || put->slot[k].act == PUT_AGAIN)
            add_definitions(&parts, put, k, rest);
    return parts;
}

char *
put_quote(struct arena *arena, const struct units *units, size_t from, size_t to)
{
    char *text = put_written(arena, units, from, to), *quote = text;

    for (size_t i = 0; i < units->list.len; i++) {
        const char *label = label_of(arena, units, i);

        if (label != NULL && (i < from || i >= to) && refers_to(text, label))
            quote = arena_printf(arena, "%s\n\n%s", quote, put_written(arena, units, i, i + 1));
    }
    return quote;
}

/* Whether a definition must stay though nothing refers to it: it changed, or it has a title, and
 * stood for something in a group that goes on without it. */
static bool
outlives(const struct put *put, size_t unit, const char *label)
{
    const char *text = put_written(put->arena, put->to, unit, unit + 1);

    if (!align_has(put->before, put->to->list.items[unit].key))
        return true;
    text = strchr(text, ']') + 2;
    text += strspn(text, " \t\n");
    text += strcspn(text, " \t\n");
    if (label[1] == '^' || text[strspn(text, " \t\n")] == '\0')
        return false;
    for (size_t k = 1; k < put->slots; k += 2)
        if (put->slot[k].act != PUT_KEEP && put->from_bounds[k] < put->from_bounds[k + 1] &&
            refers_to(put_written(put->arena, put->to, put->to_bounds[k], put->to_bounds[k + 1]),
                      label))
            return true;
    return false;
}

/* Definitions whose last reference is gone: what they said stands in the text now. */
static bool
drop_definitions(struct put *put, const char *text)
{
    bool any = false;

    for (size_t i = 0; put->to->dialect == MARKDOWN_GITHUB && i < put->to->list.len; i++) {
        const char *label = label_of(put->arena, put->to, i);

        if (label == NULL || (put->gone != NULL && put->gone[i]) || refers_to(text, label) ||
            !refers_to(put->text, label) || outlives(put, i, label))
            continue;
        if (put->gone == NULL)
            put->gone = arena_array(put->arena, put->to->list.len, sizeof(bool));
        put->gone[i] = any = true;
    }
    return any;
}

/* Where the slots are in the result. */
static void
find_bounds(struct put *put, const char *text, const struct part_list *parts)
{
    size_t *bounds = arena_array(put->arena, put->slots + 1, sizeof(*bounds));
    size_t part = 0, slot = 0;

    for (size_t i = 0; i < put->own.list.len; i++) {
        size_t at = (size_t)(units_start(&put->own, i) - text);

        while (part + 1 < parts->len && parts->items[part + 1].at <= at)
            part++;
        while (slot < parts->items[part].slot)
            bounds[++slot] = i;
    }
    while (slot < put->slots)
        bounds[++slot] = put->own.list.len;
    put->made_bounds = bounds;
}

/* Whether GitHub's text says in a slot what it said, with what changed in Notion. */
static bool
says_change(const struct put *put, size_t slot)
{
    const size_t *from = put->from_bounds + slot, *made = put->made_bounds + slot;
    const char **was, **now;
    size_t len = from[1] - from[0];

    if (!say_again(put, slot, put_origins(put, slot), &was, &now) ||
        align_count(put->made, made) != len)
        return false;
    for (size_t i = 0; i < len; i++) {
        const char *key = put->from->list.items[from[0] + i].key;

        if (now[i] != NULL)
            key = markdown_to_notion(put->arena,
                                     markdown_to_github(put->arena, now[i], put->to->context),
                                     put->to->context);
        if (strcmp(put->made->said.items[put->made->list.items[made[0]].said + i], key) != 0)
            return false;
    }
    return true;
}

/* Whether the result says in a slot what the other side does. */
static bool
agrees(struct put *put, size_t slot)
{
    const size_t *from = put->from_bounds + slot, *made = put->made_bounds + slot;

    if (put->made->dialect == MARKDOWN_NOTION)
        return align_agree(put->from, from[0], from[1], put->made, made[0], made[1], put->to);
    return align_agree(put->made, made[0], made[1], put->from, from[0], from[1], NULL) ||
           says_change(put, slot);
}

/* Whether a slot that was kept says what it said. */
static bool
is_kept(const struct put *put, size_t slot)
{
    const size_t *old = put->to_bounds + slot, *now = put->made_bounds + slot;

    if (put->to->dialect == MARKDOWN_GITHUB)
        return align_same(put->to, old, put->made, now);
    if (old[1] - old[0] != now[1] - now[0])
        return false;
    for (size_t i = 0; i < now[1] - now[0]; i++)
        if (strcmp(put->to->list.items[old[0] + i].key, put->made->list.items[now[0] + i].key) != 0)
            return false;
    return true;
}

/* Without control characters, which an entity may stand for. */
static void
add_field(struct buf *out, const char *text, char end)
{
    for (; text != NULL && *text != '\0'; text++)
        buf_char(out, (unsigned char)*text < ' ' ? ' ' : *text);
    buf_char(out, end);
}

/* The images within links of a text, of which Notion shows no address, a line each: with it stands
 * what shows there, and the address of the link. */
static void
list_hidden(struct arena *arena, struct buf *out, const struct node *node)
{
    const struct node *link = node->parent;

    for (const struct node *child = node->first; child != NULL; child = child->next)
        list_hidden(arena, out, child);
    while (link != NULL && link->kind != NODE_LINK)
        link = link->parent;
    /* One that is all of a link in a paragraph is a block of Notion's, with both addresses. */
    if (node->kind != NODE_IMAGE || link == NULL ||
        (node->parent == link && link->first == link->last &&
         link->parent->kind == NODE_PARAGRAPH && link->parent->parent->kind != NODE_TOGGLE))
        return;
    buf_char(out, '\n');
    add_field(out, node_plain(arena, node), '\t');
    add_field(out, node->url, '\t');
    add_field(out, link->url, '\n');
}

static size_t
count_in(struct arena *arena, struct buf *list, const char *from, const char *to)
{
    const char *what = arena_strndup(arena, from, (size_t)(to - from));
    size_t count = 0;

    work_add(list->len);
    for (const char *at = buf_text(list); (at = strstr(at, what)) != NULL; at++)
        count++;
    return count;
}

/* Whether images that the other side does not show are with what shows there, or with the part of
 * it that no other image has. */
static bool
keeps_hidden(const struct put *put, size_t slot)
{
    const size_t *old = put->to_bounds + slot, *now = put->made_bounds + slot;
    struct arena *arena;
    struct buf was, is, all;
    bool keeps = true;

    if (put->to->dialect != MARKDOWN_GITHUB || put->slot[slot].form == PUT_PLAIN)
        return true;
    arena = arena_new();
    buf_init(&was, SIZE_MAX / 4);
    buf_init(&is, SIZE_MAX / 4);
    buf_init(&all, SIZE_MAX / 4);
    list_hidden(arena, &is, read_github(arena, put_written(arena, put->made, now[0], now[1])));
    if (is.len > 0) {
        list_hidden(arena, &was, read_github(arena, put_written(arena, put->to, old[0], old[1])));
        list_hidden(arena, &all, read_github(arena, put->text));
        work_add(strlen(put->text));
    }
    for (const char *at = buf_text(&is); keeps && *at != '\0'; at = strchr(at + 1, '\n') + 1) {
        const char *url = strchr(at, '\t'), *link = strchr(url + 1, '\t');
        const char *end = strchr(link, '\n') + 1;
        bool named = url > at + 1 && count_in(arena, &all, at, url + 1) == 1;
        bool linked = count_in(arena, &all, link, end) == 1;

        keeps = !work_is_spent() && (count_in(arena, &was, at, end) > 0 ||
                                     (named && count_in(arena, &was, at, link + 1) > 0) ||
                                     (linked && count_in(arena, &was, url, end) > 0));
    }
    buf_release(&was);
    buf_release(&is);
    buf_release(&all);
    arena_free(arena);
    return keeps;
}

static bool
is_right(struct put *put, size_t slot)
{
    if (put->slot[slot].act == PUT_TAKE)
        return agrees(put, slot) && keeps_hidden(put, slot);
    if (put->slot[slot].act == PUT_TEXT)
        return align_count(put->made, put->made_bounds + slot) ==
               align_count(put->to, put->to_bounds + slot);
    return is_kept(put, slot);
}

static bool
write_again(struct put *put, size_t slot)
{
    if (slot >= put->slots || slot % 2 == 0 || put->slot[slot].act != PUT_KEEP ||
        put->to_bounds[slot] == put->to_bounds[slot + 1])
        return false;
    put->slot[slot].form = PUT_PLAIN;
    put->slot[slot].act = PUT_AGAIN;
    return true;
}

/* The next plainer form, for what is read in another way than it is meant. */
static bool
retreat(struct put *put, const bool *wrong)
{
    bool any = false;

    for (size_t k = 0; k < put->slots; k++)
        if (wrong[k] && put->slot[k].act == PUT_TAKE && put->slot[k].form < PUT_PLAIN) {
            put->slot[k].form++;
            any = true;
        }
    if (any)
        return true;
    if (put->moved != NULL) {
        put->moved = NULL;
        return true;
    }
    for (size_t k = 0; !put->apart && k < put->slots; k++)
        put->slot[k].form = PUT_PLAIN;
    if (!put->apart)
        return put->apart = true;
    /* Of two that ran together the later one is enough. */
    for (size_t k = put->slots; !any && k-- > 0;)
        any = wrong[k] && write_again(put, k);
    for (size_t k = 0; !any && k < put->slots; k++)
        if (wrong[k]) {
            any = write_again(put, k - (k % 2) - 1);
            any |= write_again(put, k + 1 + (k % 2));
        }
    return any;
}

/* Blocks that the other side has elsewhere now: they stay as they were written, too. */
static void
find_moved(struct put *put)
{
    struct diff_names *names = diff_names_new(put->arena);
    size_t *slots = arena_array(put->arena, put->slots + 1, sizeof(*slots));
    uint32_t none = diff_name(names, "", 0), last = none;

    put->moved = arena_array(put->arena, put->from->list.len, sizeof(*put->moved));
    for (size_t k = 1; k < put->slots; k += 2)
        if (put->slot[k].act == PUT_TAKE && !put->slot[k].met &&
            put->from_bounds[k] == put->from_bounds[k + 1] &&
            put->base_bounds[k + 1] - put->base_bounds[k] == 1 &&
            put->to_bounds[k + 1] - put->to_bounds[k] == 1) {
            const char *key = put->base->list.items[put->base_bounds[k]].key;
            uint32_t name = diff_name(names, key, strlen(key));

            slots[name - none] = k;
            last = name > last ? name : last;
        }
    for (size_t k = 0; last > none && k < put->slots; k++) {
        size_t from = put->from_bounds[k], len = put->from_bounds[k + 1] - from;
        const size_t *origin = put->slot[k].act == PUT_TAKE ? put_origins(put, k) : NULL;

        for (size_t i = 0; origin != NULL && i < len; i++) {
            const char *key = put->from->list.items[from + i].key;
            uint32_t name = diff_name(names, key, strlen(key));

            if (origin[i] != DIFF_NONE || name > last)
                continue;
            put->moved[from + i] = slots[name - none];
            slots[name - none] = 0;
        }
    }
}

/* Whether nothing in a slot of the other side was there before in any words. One block in the place
 * of one is that block, edited, unless either is elsewhere as well. */
static bool
is_new(const struct put *put, size_t slot)
{
    size_t len = put->from_bounds[slot + 1] - put->from_bounds[slot];
    const size_t *origin = put_origins(put, slot);

    if (len == 1 && put->base_bounds[slot + 1] - put->base_bounds[slot] == 1 &&
        !align_has(put->from, put->base->list.items[put->base_bounds[slot]].key) &&
        !align_has(put->base, put->from->list.items[put->from_bounds[slot]].key))
        return false;
    for (size_t i = 0; i < len; i++)
        if (origin[i] != DIFF_NONE)
            return false;
    return len > 0;
}

static bool
has_changes(struct put *put)
{
    bool any = false;

    for (size_t k = 0; k < put->slots; k++) {
        struct put_slot *of = &put->slot[k];

        any |= of->act != PUT_KEEP;
        if (k % 2 == 0 || put->base_bounds[k] == put->base_bounds[k + 1] ||
            put->to_bounds[k] == put->to_bounds[k + 1] ||
            put->from_bounds[k] == put->from_bounds[k + 1])
            of->form = PUT_PLAIN;
        if (of->act == PUT_TAKE && of->form != PUT_PLAIN && is_new(put, k))
            of->form = PUT_PLAIN;
    }
    return any;
}

bool
put_run(struct put *put)
{
    bool *wrong = arena_array(put->arena, put->slots, sizeof(*wrong));

    if (!has_changes(put)) {
        put->made = put->to;
        put->made_bounds = put->to_bounds;
        return true;
    }
    find_moved(put);
    for (int round = 0;; round++) {
        struct part_list parts = make_parts(put);
        char *text = write_parts(put, &parts);
        bool right = true, rest = true;

        if (drop_definitions(put, text)) {
            vec_free(&parts);
            parts = make_parts(put);
            text = write_parts(put, &parts);
        }
        put->own = units_split(put->arena, put->to->dialect, put->to->context, text, true);
        put->made = &put->own;
        find_bounds(put, text, &parts);
        vec_free(&parts);
        for (size_t k = 0; k < put->slots; k++) {
            wrong[k] = !is_right(put, k);
            right &= !wrong[k];
            rest &= !wrong[k] || put->slot[k].act == PUT_TAKE;
        }
        if (!right && round < MAX_ROUNDS && !work_is_spent() && retreat(put, wrong)) {
            units_free(&put->own);
            continue;
        }
        for (size_t k = 0; k < put->slots; k++)
            put->slot[k].unsure = wrong[k];
        put->text = text;
        return rest;
    }
}
