#include "markdown/diff.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/hash.h"
#include "markdown/work.h"

/* Its square limits the memory of a comparison, in words. */
#define MAX_DIFFERENCES 1500

struct names_entry {
    const char *text;
    size_t length;
    uint64_t hash;
    uint32_t number;
};

struct diff_names {
    struct arena *arena;
    struct names_entry *table;
    size_t room, used; /* room is a power of two */
};

struct diff_names *
diff_names_new(struct arena *arena)
{
    struct diff_names *names = arena_alloc(arena, sizeof(*names));

    names->arena = arena;
    names->room = 256;
    names->table = arena_array(arena, names->room, sizeof(*names->table));
    return names;
}

static struct names_entry *
find_entry(struct names_entry *table, size_t room, uint64_t hash, const char *text, size_t length)
{
    size_t at = (size_t)hash & (room - 1);

    while (table[at].text != NULL && (table[at].hash != hash || table[at].length != length ||
                                      memcmp(table[at].text, text, length) != 0))
        at = (at + 1) & (room - 1);
    return &table[at];
}

static void
grow_table(struct diff_names *names)
{
    size_t room = names->room * 2;
    struct names_entry *table = arena_array(names->arena, room, sizeof(*table));

    for (size_t i = 0; i < names->room; i++) {
        const struct names_entry *old = &names->table[i];

        if (old->text != NULL)
            *find_entry(table, room, old->hash, old->text, old->length) = *old;
    }
    names->table = table;
    names->room = room;
}

uint32_t
diff_name(struct diff_names *names, const char *text, size_t length)
{
    uint64_t hash = hash_bytes(HASH_START, text, length);
    struct names_entry *entry;

    hash ^= hash >> 32;
    if (names->used * 2 >= names->room)
        grow_table(names);
    entry = find_entry(names->table, names->room, hash, text, length);
    if (entry->text == NULL) {
        names->used++;
        *entry = (struct names_entry){text, length, hash, (uint32_t)names->used};
    }
    return entry->number;
}

size_t
diff_word(const char *text)
{
    size_t length = 0;

    while (isalnum((unsigned char)text[length]) || (unsigned char)text[length] >= 0x80)
        length++;
    return length;
}

struct search {
    const uint32_t *a, *b;
    ptrdiff_t a_len, b_len;
    int32_t **reached; /* by the number of differences: the furthest x on each diagonal */
};

/* The furthest point on diagonal k with d differences, before its run of twins. */
static ptrdiff_t
step_start(int32_t *const *reached, ptrdiff_t d, ptrdiff_t k)
{
    const int32_t *last = reached[d - 1] + d - 1;

    if (k == -d || (k != d && last[k - 1] < last[k + 1]))
        return last[k + 1];
    return last[k - 1] + 1;
}

/* The number of differences, or -1 if there are too many. */
static ptrdiff_t
find_path(struct arena *arena, struct search *search)
{
    ptrdiff_t goal = search->a_len - search->b_len;

    search->reached = arena_array(arena, MAX_DIFFERENCES + 1, sizeof(*search->reached));
    for (ptrdiff_t d = 0; d <= MAX_DIFFERENCES; d++) {
        int32_t *row = arena_array(arena, (size_t)(2 * d + 1), sizeof(*row));

        if (work_is_spent())
            return -1;
        search->reached[d] = row;
        for (ptrdiff_t k = -d; k <= d; k += 2) {
            ptrdiff_t start = d == 0 ? 0 : step_start(search->reached, d, k), x = start;

            while (x < search->a_len && x - k < search->b_len && search->a[x] == search->b[x - k])
                x++;
            work_add((size_t)(x - start) + 1);
            row[k + d] = (int32_t)x;
            if (k == goal && x == search->a_len)
                return d;
        }
    }
    return -1;
}

static void
mark_twins(const struct search *search, ptrdiff_t d, size_t offset, size_t *match)
{
    ptrdiff_t k = search->a_len - search->b_len;
    ptrdiff_t x = search->a_len;

    for (; d >= 0; d--) {
        ptrdiff_t start = d == 0 ? 0 : step_start(search->reached, d, k);

        while (x > start) {
            x--;
            match[offset + (size_t)x] = offset + (size_t)(x - k);
        }
        if (d == 0)
            break;
        if (k == -d || (k != d && search->reached[d - 1][k - 1 + d - 1] <
                                      search->reached[d - 1][k + 1 + d - 1])) {
            k++;
        } else {
            k--;
            x--;
        }
    }
}

size_t *
diff_match(struct arena *arena, const uint32_t *a, size_t a_len, const uint32_t *b, size_t b_len)
{
    size_t *match = arena_array(arena, a_len, sizeof(*match));
    struct arena *scratch = arena_new();
    size_t start = 0, end = 0;
    struct search search;
    ptrdiff_t differences;

    for (size_t i = 0; i < a_len; i++)
        match[i] = DIFF_NONE;
    while (start < a_len && start < b_len && a[start] == b[start]) {
        match[start] = start;
        start++;
    }
    while (end < a_len - start && end < b_len - start && a[a_len - end - 1] == b[b_len - end - 1]) {
        end++;
        match[a_len - end] = b_len - end;
    }
    search = (struct search){.a = a + start,
                             .b = b + start,
                             .a_len = (ptrdiff_t)(a_len - start - end),
                             .b_len = (ptrdiff_t)(b_len - start - end)};
    differences = search.a_len > 0 && search.b_len > 0 ? find_path(scratch, &search) : -1;
    if (differences >= 0)
        mark_twins(&search, differences, start, match);
    arena_free(scratch);
    return match;
}

size_t
diff_next_hunk(const size_t *to_ours, const size_t *to_theirs, size_t base_len, size_t ours_len,
               size_t theirs_len, struct diff_hunk *hunk)
{
    size_t same = 0, next;

    while (hunk->base + same < base_len && to_ours[hunk->base + same] == hunk->ours + same &&
           to_theirs[hunk->base + same] == hunk->theirs + same)
        same++;
    hunk->base += same;
    hunk->ours += same;
    hunk->theirs += same;
    for (next = hunk->base; next < base_len; next++)
        if (to_ours[next] != DIFF_NONE && to_theirs[next] != DIFF_NONE)
            break;
    hunk->base_end = next;
    hunk->ours_end = next < base_len ? to_ours[next] : ours_len;
    hunk->theirs_end = next < base_len ? to_theirs[next] : theirs_len;
    return same;
}
