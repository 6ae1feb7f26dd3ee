#include <string.h>

#include "markdown/diff.h"
#include "markdown/units.h"
#include "markdown/work.h"

/* Notion takes this many in one request. */
#define MAX_EDITS 100

/* A part of the page's text and its replacement. */
struct change {
    size_t start, end;
    const char *text;
};
VEC_TYPE(changes, struct change);

struct edit_plan {
    struct arena *arena;
    const char *now;
    struct units from, to;
    size_t *starts; /* of the lines of `now` */
    struct changes changes;
};

static const char *
gap(const struct unit *before, const struct unit *after)
{
    return before->item && after->item ? "\n" : "\n\n";
}

/* Whether the old and the new blocks hold the same content that Markdown cannot carry. */
static bool
keeps_all(struct edit_plan *plan, const struct diff_hunk *at)
{
    struct buf gone, come;
    bool same;

    buf_init(&gone, SIZE_MAX / 4);
    buf_init(&come, SIZE_MAX / 4);
    for (size_t i = at->base; i < at->base_end; i++)
        buf_str(&gone, plan->from.list.items[i].losses);
    for (size_t i = at->ours; i < at->ours_end; i++)
        buf_str(&come, plan->to.list.items[i].losses);
    same = strcmp(buf_text(&gone), buf_text(&come)) == 0;
    buf_release(&gone);
    buf_release(&come);
    return same;
}

/* Adds a change up to the start of the block after, from the end of the block before; or from the
 * start of the first block, if another change ends there. */
static void
add_change(struct edit_plan *plan, const struct diff_hunk *at, bool joins)
{
    const struct unit *from = plan->from.list.items, *to = plan->to.list.items;
    bool before = at->base > 0, after = at->base_end < plan->from.list.len;
    const char *head = "", *tail = "", *text = "";
    struct change change = {.start = 0, .end = strlen(plan->now)};

    if (joins)
        change.start = plan->starts[from[at->base].line - 1];
    else if (before)
        change.start = plan->starts[from[at->base - 1].end_line - 1] +
                       plan->from.lines.items[from[at->base - 1].end_line - 1].length;
    if (after)
        change.end = plan->starts[from[at->base_end].line - 1];
    if (at->ours < at->ours_end) {
        text =
            units_lines(plan->arena, &plan->to, to[at->ours].line, to[at->ours_end - 1].end_line);
        head = before && !joins ? gap(&to[at->ours - 1], &to[at->ours]) : "";
        tail = after ? gap(&to[at->ours_end - 1], &to[at->ours_end]) : "";
    } else if (before && after) {
        head = gap(&to[at->ours - 1], &to[at->ours]);
    }
    change.text = arena_printf(plan->arena, "%s%s%s", head, text, tail);
    vec_push(&plan->changes, change);
}

/* Drops the whole lines that a change leaves as they are. */
static void
narrow(const struct edit_plan *plan, struct change *change)
{
    size_t length = strlen(change->text), same = 0, line = 0;
    size_t old = change->end - change->start;
    const char *now = plan->now + change->start;

    while (same < old && same < length && now[same] == change->text[same]) {
        same++;
        if (now[same - 1] == '\n')
            line = same;
    }
    if (same == old && same == length)
        line = same;
    change->start += line;
    change->text += line;
    now += line;
    old -= line;
    length -= line;
    same = line = 0;
    while (same < old && same < length && now[old - same - 1] == change->text[length - same - 1]) {
        same++;
        if (now[old - same] == '\n')
            line = same;
    }
    change->end -= line;
    change->text = arena_strndup(plan->arena, change->text, length - line);
}

static bool
is_unique(const struct edit_plan *plan, size_t start, size_t end)
{
    char *old = arena_strndup(plan->arena, plan->now + start, end - start);
    const char *first = strstr(plan->now, old);

    work_add(strlen(plan->now));
    return end > start && first != NULL && strstr(first + 1, old) == NULL &&
           strspn(old, "\n") != end - start;
}

/* Includes lines around the change until the text that it replaces occurs only once. */
static void
widen(const struct edit_plan *plan, struct change *change)
{
    size_t start = change->start, end = change->end, length = strlen(plan->now), step = 1;

    while (!work_is_spent() && !is_unique(plan, start, end) && (start > 0 || end < length)) {
        for (size_t i = 0; i < step && start > 0; i++)
            do
                start--;
            while (start > 0 && plan->now[start - 1] != '\n');
        for (size_t i = 0; i < step && end < length; i++) {
            end += plan->now[end] == '\n';
            end += strcspn(plan->now + end, "\n");
        }
        step *= 2;
    }
    change->text =
        arena_printf(plan->arena, "%.*s%s%.*s", (int)(change->start - start), plan->now + start,
                     change->text, (int)(end - change->end), plan->now + change->end);
    change->start = start;
    change->end = end;
}

static void
join_changes(struct edit_plan *plan, struct change *first, const struct change *second)
{
    size_t gap_length = second->start - first->end;

    work_add(first->end - first->start + strlen(first->text));
    first->text = arena_printf(plan->arena, "%s%.*s%s", first->text, (int)gap_length,
                               plan->now + first->end, second->text);
    first->end = second->end;
}

/* Merges adjacent changes until there are few enough. */
static void
limit_changes(struct edit_plan *plan)
{
    size_t group = (plan->changes.len + MAX_EDITS - 1) / MAX_EDITS, to = 0;

    for (size_t i = 0; i < plan->changes.len; i++) {
        if (i % group == 0)
            plan->changes.items[to++] = plan->changes.items[i];
        else
            join_changes(plan, &plan->changes.items[to - 1], &plan->changes.items[i]);
    }
    plan->changes.len = to;
}

/* Merges changes that overlap after they were widened. */
static void
widen_changes(struct edit_plan *plan)
{
    size_t to = 0;

    for (size_t i = 0; i < plan->changes.len; i++) {
        struct change plain = plan->changes.items[i], wide = plain;

        widen(plan, &wide);
        if (to > 0 && wide.start < plan->changes.items[to - 1].end) {
            wide = plan->changes.items[to - 1];
            if (plain.start < wide.end)
                plain.start = wide.end;
            join_changes(plan, &wide, &plain);
            widen(plan, &wide);
            to--;
        }
        plan->changes.items[to++] = wide;
    }
    plan->changes.len = to;
}

static struct markdown_edit *
make_edits(struct edit_plan *plan, struct arena *arena)
{
    struct markdown_edit *edits = arena_array(arena, plan->changes.len, sizeof(*edits));

    for (size_t i = 0; i < plan->changes.len; i++) {
        const struct change *change = &plan->changes.items[i];

        edits[i].old_text =
            arena_strndup(arena, plan->now + change->start, change->end - change->start);
        edits[i].new_text = arena_strdup(arena, change->text);
    }
    return edits;
}

/* Applied in order, each edit must still find its place. */
static bool
work_in_turn(const struct markdown_edit *edits, size_t n, const char *now)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < n && now != NULL; i++) {
        const char *old = edits[i].old_text, *at = strstr(now, old);

        work_add(strlen(now));
        now = work_is_spent() || at == NULL || strstr(at + 1, old) != NULL
                  ? NULL
                  : arena_printf(arena, "%.*s%s%s", (int)(at - now), now, edits[i].new_text,
                                 at + strlen(old));
    }
    arena_free(arena);
    return now != NULL;
}

/* Finds where the lines begin; false: the reader replaced bytes in lines, which therefore cannot be
 * found in the page's text. */
static bool
index_lines(struct edit_plan *plan)
{
    size_t offset = 0;

    plan->starts = arena_array(plan->arena, plan->from.lines.len, sizeof(*plan->starts));
    for (size_t i = 0; i < plan->from.lines.len; i++) {
        struct source_line line = plan->from.lines.items[i];

        plan->starts[i] = offset;
        if (strncmp(plan->now + offset, line.text, line.length) != 0)
            return false;
        offset += line.length;
        if (plan->now[offset] == '\n')
            offset++;
        else if (plan->now[offset] != '\0')
            return false;
    }
    return plan->now[offset] == '\0';
}

/* As many new blocks as old ones are changed one by one. */
static void
add_changes(struct edit_plan *plan, const struct diff_hunk *at)
{
    size_t count = at->base_end - at->base;
    bool apart = count > 1 && count == at->ours_end - at->ours;

    if (!apart)
        add_change(plan, at, false);
    for (size_t i = 0; apart && i < count; i++) {
        const struct diff_hunk pair = {.base = at->base + i,
                                       .base_end = at->base + i + 1,
                                       .ours = at->ours + i,
                                       .ours_end = at->ours + i + 1};

        add_change(plan, &pair, i > 0);
    }
    for (size_t i = apart ? count : 1; i > 0; i--)
        narrow(plan, &plan->changes.items[plan->changes.len - i]);
}

static bool
find_changes(struct edit_plan *plan)
{
    struct diff_names *names = diff_names_new(plan->arena);
    const uint32_t *from = units_names(plan->arena, names, &plan->from);
    const uint32_t *to = units_names(plan->arena, names, &plan->to);
    size_t from_len = plan->from.list.len, to_len = plan->to.list.len;
    const size_t *match = diff_match(plan->arena, from, from_len, to, to_len);
    struct diff_hunk at = {0};

    for (;;) {
        diff_next_hunk(match, match, from_len, to_len, to_len, &at);
        if (at.base == at.base_end && at.ours == at.ours_end)
            return true;
        if (!keeps_all(plan, &at))
            return false;
        add_changes(plan, &at);
        at = (struct diff_hunk){at.base_end, 0, at.ours_end, 0, at.theirs_end, 0};
    }
}

static const struct markdown_edit *
finish(struct edit_plan *plan, struct arena *arena)
{
    const struct markdown_edit *edits;

    if (plan->changes.len > MAX_EDITS)
        limit_changes(plan);
    widen_changes(plan);
    edits = make_edits(plan, arena);
    if (plan->changes.len > 1 && !work_in_turn(edits, plan->changes.len, plan->now)) {
        for (size_t i = 1; i < plan->changes.len; i++)
            join_changes(plan, &plan->changes.items[0], &plan->changes.items[i]);
        plan->changes.len = 1;
        widen(plan, &plan->changes.items[0]);
        edits = make_edits(plan, arena);
    }
    return edits;
}

bool
markdown_edits(struct arena *arena, const char *now, const char *wanted,
               const struct markdown_edit **edits, size_t *n)
{
    struct arena *scratch = arena_new();
    struct edit_plan plan = {.arena = scratch, .now = now};
    bool possible;

    plan.from = units_split(scratch, MARKDOWN_NOTION, NULL, now, false);
    plan.to = units_split(scratch, MARKDOWN_NOTION, NULL, wanted, false);
    if (index_lines(&plan)) {
        possible = find_changes(&plan);
    } else {
        possible =
            keeps_all(&plan, &(struct diff_hunk){0, plan.from.list.len, 0, plan.to.list.len, 0, 0});
        vec_push(&plan.changes, (struct change){0, strlen(now), wanted});
    }
    if (possible) {
        *edits = finish(&plan, arena);
        *n = plan.changes.len;
    }
    vec_free(&plan.changes);
    units_free(&plan.from);
    units_free(&plan.to);
    arena_free(scratch);
    return possible;
}
