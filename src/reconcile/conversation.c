#include "reconcile/conversation.h"

#include <stdlib.h>
#include <string.h>

#include "reconcile/marked.h"

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)

/* The plan while it is being made. */
struct planning {
    const struct talk *talk;
    struct arena *arena;
    VEC_TYPE(carried_list, struct carried) carried;
    VEC_TYPE(say_list, struct say) says;
    bool wants[SIDE_COUNT];
};

static bool
is_copy(const struct carried *carried, enum side side, const char *id)
{
    if (carried->from == side)
        return false;
    for (size_t i = 0; i < carried->n_copies; i++)
        if (strcmp(carried->copies[i], id) == 0)
            return true;
    return false;
}

/* A copy is recognized by its marker, or by the record if somebody removed the marker. */
static bool
is_original(const struct planning *planning, enum side side, const struct remark *remark)
{
    if (remark->apart || remark->copy_of != NULL)
        return false;
    for (size_t i = 0; i < planning->carried.len; i++)
        if (is_copy(&planning->carried.items[i], side, remark->id))
            return false;
    return true;
}

static struct carried *
find_carried(const struct planning *planning, enum side from, const char *id)
{
    for (size_t i = 0; i < planning->carried.len; i++)
        if (planning->carried.items[i].from == from &&
            strcmp(planning->carried.items[i].id, id) == 0)
            return &planning->carried.items[i];
    return NULL;
}

const struct remark *
conversation_copy(const struct talk *talk, enum side side, const char *id, int part)
{
    for (size_t i = 0; i < talk->n_remarks[side]; i++) {
        const struct remark *remark = &talk->remarks[side][i];

        if (remark->copy_of != NULL && remark->part == part && strcmp(remark->copy_of, id) == 0)
            return remark;
    }
    return NULL;
}

/* Adds the copies of a pass that died before it could record them. */
static void
adopt_copies(const struct planning *planning, struct carried *carried)
{
    const struct talk *talk = planning->talk;
    enum side to = side_other(carried->from);
    const char **copies =
        arena_array(planning->arena, carried->n_copies + talk->n_remarks[to], sizeof(*copies));
    const struct remark *copy;

    for (size_t i = 0; i < carried->n_copies; i++)
        copies[i] = carried->copies[i];
    while ((copy = conversation_copy(talk, to, carried->id, (int)carried->n_copies + 1)) != NULL)
        copies[carried->n_copies++] = copy->id;
    carried->copies = copies;
}

static bool
has_marker(const struct talk *talk)
{
    return talk->marker != NULL && *talk->marker != '\0';
}

static void
plan_say(struct planning *planning, const struct remark *remark, const struct carried *carried)
{
    struct runs rest;

    if (carried->from == SIDE_NOTION && has_marker(planning->talk) &&
        marked_read(&remark->text, planning->talk->marker, planning->arena, &rest)) {
        struct remark *bare = arena_memdup(planning->arena, remark, sizeof(*remark));

        bare->text = rest;
        remark = bare;
    }
    vec_push(&planning->says, (struct say){side_other(carried->from), remark,
                                           (size_t)(carried - planning->carried.items)});
}

/* Whether a comment of the page carried its discussion to GitHub: it is a copy of a GitHub comment,
 * or it was carried over and its record is not marked `alone`. */
static bool
is_on_both(const struct planning *planning, const struct remark *remark)
{
    if (remark->copy_of != NULL)
        return true;
    for (size_t i = 0; i < planning->carried.len; i++) {
        const struct carried *carried = &planning->carried.items[i];

        if (is_copy(carried, SIDE_NOTION, remark->id) ||
            (carried->from == SIDE_NOTION && strcmp(carried->id, remark->id) == 0))
            return carried->n_copies > 0 && !carried->alone;
    }
    return false;
}

/* The comment of the page that began the discussion. */
static const struct remark *
first_of(const struct talk *talk, const struct remark *remark)
{
    const struct remark *first = remark;

    for (size_t i = 0; remark->thread != NULL && i < talk->n_remarks[SIDE_NOTION]; i++) {
        const struct remark *other = &talk->remarks[SIDE_NOTION][i];

        if (other->thread != NULL && strcmp(other->thread, remark->thread) == 0 &&
            (other->created_at < first->created_at ||
             (other->created_at == first->created_at && other < first)))
            first = other;
    }
    return first;
}

/* Whether a comment is in a discussion that was or will be carried over. The discussion's first
 * comment decides. */
static bool
is_in_carried(const struct planning *planning, const struct remark *first)
{
    const struct carried *known = find_carried(planning, SIDE_NOTION, first->id);
    struct runs rest;

    if (is_on_both(planning, first))
        return true;
    /* Somebody deleted its copies, or its record is marked `alone`. */
    if (first->apart || (known != NULL && (known->n_copies > 0 || known->digest != NULL)))
        return false;
    return marked_read(&first->text, planning->talk->marker, planning->arena, &rest);
}

/* Whether a comment of the page may go to GitHub for the first time. A comment that begins with the
 * marker was always meant for GitHub. Any other must be younger than the rule that allows it. */
static bool
is_let_go(const struct planning *planning, const struct remark *remark)
{
    const struct talk *talk = planning->talk;
    const struct remark *first = first_of(talk, remark);
    struct runs rest;

    if (!has_marker(talk))
        return remark->created_at >= talk->open_since;
    return marked_read(&remark->text, talk->marker, planning->arena, &rest) ||
           (remark->created_at >= talk->open_since && first != remark &&
            is_in_carried(planning, first));
}

/* Whether the comment has readable text. An HTML comment, an attachment or the marker alone is not
 * readable text. */
static bool
says_nothing(const struct planning *planning, enum side from, const struct remark *remark)
{
    struct runs text = remark->text;

    if (from == SIDE_NOTION && has_marker(planning->talk))
        (void)marked_read(&remark->text, planning->talk->marker, planning->arena, &text);
    for (size_t i = 0; i < text.len; i++)
        if (text.items[i].text[strspn(text.items[i].text, " \t\r\n")] != '\0')
            return false;
    return true;
}

/* A comment that is not remembered yet. */
static void
plan_unknown(struct planning *planning, enum side from, const struct remark *remark)
{
    /* GitHub floors times to the second, Notion to the minute. */
    int64_t unit = from == SIDE_GITHUB ? SECOND : MINUTE;
    int64_t since = planning->talk->since;
    bool late = remark->created_at >= since - since % unit &&
                (from == SIDE_GITHUB || is_let_go(planning, remark));
    struct carried carried = {.from = from, .id = remark->id};

    if ((!late && !remark->edited) || says_nothing(planning, from, remark))
        return;
    if (!planning->talk->read[side_other(from)]) {
        planning->wants[side_other(from)] = true;
        return;
    }
    adopt_copies(planning, &carried);
    if (from == SIDE_NOTION && has_marker(planning->talk)) {
        const struct remark *first = first_of(planning->talk, remark);

        carried.alone = first != remark && !is_in_carried(planning, first);
    }
    if (!late && carried.n_copies == 0)
        return;
    vec_push(&planning->carried, carried);
    plan_say(planning, remark, &planning->carried.items[planning->carried.len - 1]);
}

static void
plan_remark(struct planning *planning, enum side from, const struct remark *remark)
{
    struct carried *carried = find_carried(planning, from, remark->id);

    if (carried == NULL) {
        plan_unknown(planning, from, remark);
        return;
    }
    /* Without copies: somebody deleted them, so they stay deleted. */
    if (carried->digest != NULL &&
        (carried->n_copies == 0 || strcmp(carried->digest, remark->digest) == 0))
        return;
    if (!planning->talk->read[side_other(from)]) {
        planning->wants[side_other(from)] = true;
        return;
    }
    adopt_copies(planning, carried);
    plan_say(planning, remark, carried);
}

static int
in_order(const void *a, const void *b)
{
    const struct say *x = a;
    const struct say *y = b;

    if (x->remark->created_at != y->remark->created_at)
        return x->remark->created_at < y->remark->created_at ? -1 : 1;
    return (x->entry > y->entry) - (x->entry < y->entry);
}

struct talk_plan
conversation_plan(const struct talk *talk, struct arena *arena)
{
    struct planning planning = {.talk = talk, .arena = arena};
    struct talk_plan plan = {0};

    for (size_t i = 0; i < talk->n_carried; i++)
        vec_push(&planning.carried, talk->carried[i]);
    for (enum side from = 0; from < SIDE_COUNT; from++)
        for (size_t i = 0; i < talk->n_remarks[from]; i++)
            if ((from == SIDE_GITHUB || talk->to_github) &&
                is_original(&planning, from, &talk->remarks[from][i]))
                plan_remark(&planning, from, &talk->remarks[from][i]);
    if (planning.says.len > 0)
        qsort(planning.says.items, planning.says.len, sizeof(struct say), in_order);
    vec_take(&planning.carried, arena, plan.carried, plan.n_carried);
    vec_take(&planning.says, arena, plan.says, plan.n_says);
    memcpy(plan.wants, planning.wants, sizeof(plan.wants));
    return plan;
}

static size_t
count_says(const struct talk_plan *plan, enum side to, bool posts)
{
    size_t n = 0;

    for (size_t i = 0; i < plan->n_says; i++)
        n += plan->says[i].to == to && (plan->carried[plan->says[i].entry].n_copies == 0) == posts;
    return n;
}

size_t
talk_plan_posts(const struct talk_plan *plan, enum side to)
{
    return count_says(plan, to, true);
}

size_t
talk_plan_edits(const struct talk_plan *plan, enum side to)
{
    return count_says(plan, to, false);
}
