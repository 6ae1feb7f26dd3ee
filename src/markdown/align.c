#include "markdown/align.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "markdown/diff.h"
#include "markdown/work.h"

/* A side as a sequence of what Notion shows of it; owner: the unit that says it. */
struct row {
    uint32_t *names;
    size_t *owners, len;
};

static struct row
row_new(struct arena *arena, size_t room)
{
    return (struct row){.names = arena_array(arena, room, sizeof(uint32_t)),
                        .owners = arena_array(arena, room, sizeof(size_t))};
}

/* Where the number of a footnote ends, as to_notion.c writes it; text itself if there is none. */
static const char *
note_end(const char *text)
{
    static const char start[] = " (note ";
    size_t length = sizeof(start) - 1, digits;

    if (strncmp(text, start, length) != 0)
        return text;
    digits = strspn(text + length, "0123456789");
    return digits > 0 ? text + length + digits : text;
}

static bool
says(const char *a, const char *b)
{
    if (strcmp(a, b) == 0)
        return true;
    for (; *a == *b && *a != '\0'; a++, b++) {
        a = note_end(a);
        b = note_end(b);
        if (*a != *b)
            return false;
    }
    return *a == *b;
}

static uint32_t
name_said(struct arena *arena, struct diff_names *names, const char *text)
{
    char *plain, *to;

    if (strstr(text, " (note ") == NULL)
        return diff_name(names, text, strlen(text));
    plain = to = arena_strdup(arena, text);
    for (; *text != '\0'; *to++ = *text++)
        text = note_end(text);
    return diff_name(names, plain, (size_t)(to - plain));
}

static void
add_said(struct row *row, struct arena *arena, struct diff_names *names, const struct units *units,
         size_t unit)
{
    for (size_t k = units->list.items[unit].said; k < units->list.items[unit].said_end; k++) {
        row->owners[row->len] = unit;
        row->names[row->len++] = name_said(arena, names, units->said.items[k]);
    }
}

/* A unit that GitHub's text says in the same words is compared as it is, any other by its
 * translation. */
static struct row
row_of_notion(struct arena *arena, struct diff_names *names, struct units *units)
{
    uint32_t known = diff_name(names, "", 0);
    uint32_t *own = arena_array(arena, units->list.len, sizeof(*own));
    struct row row;

    for (size_t i = 0; i < units->list.len; i++) {
        own[i] = name_said(arena, names, units->list.items[i].key);
        if (own[i] >= known && units_other(units, i)[0] != '\0')
            units_said(units);
    }
    row = row_new(arena, units->list.len + units->said.len);
    for (size_t i = 0; i < units->list.len; i++) {
        if (own[i] >= known) {
            add_said(&row, arena, names, units, i);
            continue;
        }
        row.owners[row.len] = i;
        row.names[row.len++] = own[i];
    }
    return row;
}

static bool
is_edge(const struct row *row, size_t at)
{
    return at == 0 || at == row->len || row->owners[at] != row->owners[at - 1];
}

struct cuts {
    struct slots slots;
    const struct row *row[2];
    size_t at[2]; /* of the last cut */
};

/* Ends a group, if both sides have whole units there. */
static void
cut(struct cuts *cuts, const size_t at[2])
{
    if (!is_edge(cuts->row[0], at[0]) || !is_edge(cuts->row[1], at[1]))
        return;
    for (int d = 0; d < 2; d++) {
        size_t *bound = &cuts->slots.bounds[d][cuts->slots.len];
        bool any = at[d] > cuts->at[d];

        bound[1] = any ? cuts->row[d]->owners[cuts->at[d]] : bound[0];
        bound[2] = any ? cuts->row[d]->owners[at[d] - 1] + 1 : bound[1];
        cuts->at[d] = at[d];
    }
    cuts->slots.len += 2;
}

struct slots
align_units(struct arena *arena, struct units *units[2])
{
    struct arena *scratch = arena_new();
    struct diff_names *names = diff_names_new(scratch);
    struct row github = row_new(scratch, units[0]->said.len), notion;
    const size_t *twins;
    struct cuts cuts = {.row = {&github, &notion}};
    size_t at[2] = {0, 0};

    for (size_t i = 0; i < units[0]->list.len; i++)
        add_said(&github, scratch, names, units[0], i);
    notion = row_of_notion(scratch, names, units[1]);
    twins = diff_match(scratch, github.names, github.len, notion.names, notion.len);
    for (int d = 0; d < 2; d++)
        cuts.slots.bounds[d] =
            arena_array(arena, 2 * (github.len + notion.len) + 2, sizeof(size_t));
    while (at[0] < github.len || at[1] < notion.len) {
        size_t next = at[0], end;

        while (next < github.len && twins[next] == DIFF_NONE)
            next++;
        end = next < github.len ? twins[next] : notion.len;
        /* If equally many differ on both sides, they correspond. */
        while (at[0] < next && next - at[0] == end - at[1]) {
            at[0]++;
            at[1]++;
            cut(&cuts, at);
        }
        if (at[0] < next || at[1] < end) {
            at[0] = next;
            at[1] = end;
        } else if (at[0] < github.len) {
            at[0]++;
            at[1]++;
        } else {
            break;
        }
        cut(&cuts, at);
    }
    cuts.slots.len++;
    for (int d = 0; d < 2; d++)
        cuts.slots.bounds[d][cuts.slots.len] = units[d]->list.len;
    arena_free(scratch);
    return cuts.slots;
}

/* How many pairs of changed units are compared. */
#define MAX_PAIRS 4096

struct words {
    uint32_t *names; /* sorted */
    size_t len;
    bool code; /* of a block of it */
};

static int
compare_names(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

static struct words *
words_of(struct arena *arena, struct diff_names *names, const struct unit *units, size_t len)
{
    struct words *list = arena_array(arena, len, sizeof(*list));

    for (size_t i = 0; i < len; i++) {
        const char *at = units[i].key;
        struct words *words = &list[i];

        work_add(strlen(at));
        words->code = strncmp(at, "```", 3) == 0 || strncmp(at, "~~~", 3) == 0;
        words->names = arena_array(arena, strlen(at) / 2 + 1, sizeof(*words->names));
        for (size_t length; *at != '\0'; at += length > 0 ? length : 1) {
            length = diff_word(at);
            if (length > 0)
                words->names[words->len++] = diff_name(names, at, length);
        }
        qsort(words->names, words->len, sizeof(*words->names), compare_names);
    }
    return list;
}

static size_t
count_shared(const struct words *a, const struct words *b)
{
    size_t count = 0;

    work_add(a->len + b->len);
    for (size_t i = 0, j = 0; a->code == b->code && i < a->len && j < b->len;) {
        if (a->names[i] == b->names[j]) {
            count++;
            i++;
            j++;
        } else if (a->names[i] < b->names[j]) {
            i++;
        } else {
            j++;
        }
    }
    return 2 * count < (a->len < b->len ? a->len : b->len) ? 0 : count;
}

size_t *
align_pairs(struct arena *arena, const struct unit *a, size_t a_len, const struct unit *b,
            size_t b_len)
{
    size_t *pairs = arena_array(arena, a_len, sizeof(*pairs)), width = b_len + 1;
    struct arena *scratch;
    struct diff_names *names;
    const struct words *a_words, *b_words;
    size_t *shared, *best; /* best: the total from a place on */

    for (size_t i = 0; i < a_len; i++)
        pairs[i] = DIFF_NONE;
    if (a_len == 0 || b_len == 0 || a_len > MAX_PAIRS / b_len || work_is_spent())
        return pairs;
    scratch = arena_new();
    names = diff_names_new(scratch);
    a_words = words_of(scratch, names, a, a_len);
    b_words = words_of(scratch, names, b, b_len);
    shared = arena_array(scratch, a_len * b_len, sizeof(*shared));
    best = arena_array(scratch, (a_len + 1) * width, sizeof(*best));
    for (size_t i = a_len; i-- > 0;)
        for (size_t j = b_len; j-- > 0;) {
            size_t count = work_is_spent() ? 0 : count_shared(&a_words[i], &b_words[j]);
            size_t both = count + best[(i + 1) * width + j + 1];
            size_t skip = best[(i + 1) * width + j], other = best[i * width + j + 1];

            shared[i * b_len + j] = count;
            skip = skip > other ? skip : other;
            best[i * width + j] = both > skip ? both : skip;
        }
    for (size_t i = 0, j = 0; i < a_len && j < b_len;) {
        size_t count = shared[i * b_len + j], here = best[i * width + j];

        if (count > 0 && here == count + best[(i + 1) * width + j + 1])
            pairs[i++] = j++;
        else if (here == best[(i + 1) * width + j])
            i++;
        else
            j++;
    }
    arena_free(scratch);
    return pairs;
}

/* Changed units, up to the next pair, correspond in order: they share only their place. */
static void
follow_place(const struct diff_hunk *at, size_t *before, size_t *behind)
{
    for (size_t i = at->base; i <= at->base_end; i++) {
        size_t place = at->ours + i - at->base;

        if (i > at->base)
            before[i] = place;
        behind[i] = place;
        if (i == at->base_end || place > at->ours_end)
            before[i] = behind[i] = at->ours_end;
    }
    before[at->base] = at->ours;
}

/* Where each place between two units of the base is in the later text: before the units that were
 * added there, and after them. Changed units that share words correspond. */
static void
follow(const size_t *twins, const struct units *base, const struct units *now, size_t *before,
       size_t *behind)
{
    struct diff_hunk at = {0};

    for (;;) {
        size_t same =
            diff_next_hunk(twins, twins, base->list.len, now->list.len, now->list.len, &at);
        struct arena *scratch;
        struct diff_hunk run = at;
        const size_t *pairs;

        for (size_t i = 1; i <= same; i++)
            before[at.base - same + i] = behind[at.base - same + i] = at.ours - same + i;
        if (at.base == at.base_end && at.ours == at.ours_end)
            return;
        scratch = arena_new();
        pairs = align_pairs(scratch, base->list.items + at.base, at.base_end - at.base,
                            now->list.items + at.ours, at.ours_end - at.ours);
        for (size_t i = at.base; i < at.base_end; i++) {
            if (pairs[i - at.base] == DIFF_NONE)
                continue;
            run.base_end = i;
            run.ours_end = at.ours + pairs[i - at.base];
            follow_place(&run, before, behind);
            run.base = i + 1;
            run.ours = run.ours_end + 1;
        }
        run.base_end = at.base_end;
        run.ours_end = at.ours_end;
        follow_place(&run, before, behind);
        arena_free(scratch);
        at = (struct diff_hunk){at.base_end, 0, at.ours_end, 0, at.theirs_end, 0};
    }
}

size_t *
align_later(struct arena *arena, const struct units *base, const struct units *now,
            const size_t *bounds, size_t slots)
{
    size_t *later = arena_array(arena, slots + 1, sizeof(*later));
    struct arena *scratch;
    struct diff_names *names;
    size_t *before, *behind;

    memcpy(later, bounds, (slots + 1) * sizeof(*later));
    if (base == now)
        return later;
    scratch = arena_new();
    names = diff_names_new(scratch);
    before = arena_array(scratch, base->list.len + 1, sizeof(*before));
    behind = arena_array(scratch, base->list.len + 1, sizeof(*behind));
    follow(diff_match(scratch, units_names(scratch, names, base), base->list.len,
                      units_names(scratch, names, now), now->list.len),
           base, now, before, behind);
    for (size_t k = 1; k < slots; k++) {
        later[k] = k % 2 == 0 ? before[bounds[k]] : behind[bounds[k]];
        /* What is added beside a group that only the other side has comes before it. */
        later[k] = later[k] < later[k - 1] ? later[k - 1] : later[k];
    }
    later[slots] = now->list.len;
    arena_free(scratch);
    return later;
}

static size_t
said_in(const struct units *units, const size_t *bounds, size_t *from)
{
    if (bounds[0] == bounds[1])
        return 0;
    *from = units->list.items[bounds[0]].said;
    return units->list.items[bounds[1] - 1].said_end - *from;
}

size_t
align_count(const struct units *units, const size_t *bounds)
{
    size_t from;

    return said_in(units, bounds, &from);
}

bool
align_same(const struct units *a, const size_t *a_bounds, const struct units *b,
           const size_t *b_bounds)
{
    size_t from = 0, start = 0, count = said_in(a, a_bounds, &from);

    if (said_in(b, b_bounds, &start) != count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!says(a->said.items[from + i], b->said.items[start + i]))
            return false;
    return true;
}

bool
align_equal(const struct units *a, const size_t *a_bounds, const struct units *b,
            const size_t *b_bounds)
{
    if (a_bounds[1] - a_bounds[0] != b_bounds[1] - b_bounds[0])
        return false;
    for (size_t i = a_bounds[0], j = b_bounds[0]; i < a_bounds[1]; i++, j++)
        if (strcmp(a->list.items[i].key, b->list.items[j].key) != 0)
            return false;
    return true;
}

bool
align_has(const struct units *units, const char *key)
{
    work_add(units->list.len);
    for (size_t i = 0; i < units->list.len; i++)
        if (strcmp(units->list.items[i].key, key) == 0)
            return true;
    return false;
}

bool
align_agree(const struct units *github, const size_t *bounds, struct units *notion,
            const size_t *notion_bounds, const struct units *old)
{
    size_t at = 0, last = said_in(github, bounds, &at) + at;

    for (size_t i = notion_bounds[0]; i < notion_bounds[1]; i++) {
        const struct unit *unit = &notion->list.items[i];

        if (at < last && says(github->said.items[at], unit->key)) {
            at++;
            continue;
        }
        if (units_other(notion, i)[0] == '\0')
            continue;
        if (old != NULL && unit->losses[0] == '\0' && !align_has(old, unit->key))
            return false;
        units_said(notion);
        for (size_t k = unit->said; k < unit->said_end; k++, at++)
            if (at >= last || !says(github->said.items[at], notion->said.items[k]))
                return false;
    }
    return at == last;
}
