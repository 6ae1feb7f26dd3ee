#include "reconcile/reconcile.h"

#include <stdlib.h>
#include <string.h>

#include "reconcile/decide.h"
#include "reconcile/links.h"
#include "reconcile/missing.h"
#include "reconcile/progress.h"

/* The walk over everything in focus. */
struct plan_walk {
    const struct world *world;
    const struct rules *rules;
    struct arena *arena;
    struct plan *plan;
    VEC(struct pair) pairs; /* decided; without those that need nothing */
    VEC(struct item *) items;
};

static void
plan_add(struct plan_walk *walk, struct item *item)
{
    walk->plan->in_step +=
        (item->row == ROW_LINKED || item->row == ROW_E4_ADOPT) && item->n_actions == 0;
    if (item_is_idle(item))
        return;
    item->place = walk->items.len;
    vec_push(&walk->items, item);
}

/* Rows whose number belongs to another row, or to nothing. */
static void
plan_other_rows(struct plan_walk *walk, const struct pair *pair)
{
    const struct issue_entry *number = pair->number;

    for (size_t i = 0; i < number->pages.len; i++) {
        const struct page_entry *entry = number->pages.items[i];
        struct pair extra = {.row = ROW_E6_DUPLICATE, .number = pair->number, .entry = entry};

        if (entry == pair->entry || (number->pages.len == 1 && pair->entry == NULL))
            continue;
        if (pair->row == ROW_E5_NO_ISSUE) {
            extra.row = ROW_E5_NO_ISSUE;
            extra.note = pair->note;
        } else if (number->sight != SIGHT_SEEN) {
            continue;
        } else {
            extra.note =
                pair->entry != NULL
                    ? "another page is linked to this issue: clear GitHub ID here, or delete this "
                      "page"
                    : "several pages carry this GitHub ID and none is known to be the first: "
                      "clear it on all but one";
        }
        plan_add(walk, item_new(&extra, walk->rules, walk->plan, walk->arena));
    }
}

/* Most pairs need nothing and leave nothing in the plan's arena. */
static void
plan_pair(struct plan_walk *walk, const struct pair *pair)
{
    struct arena_mark mark = arena_mark(walk->arena);
    struct item *item = item_decide(pair, walk->rules, walk->plan, walk->arena);

    if (item_is_idle(item) || is_missing(walk->plan->missing)) {
        walk->plan->in_step += item->row == ROW_LINKED;
        arena_rewind(walk->arena, mark);
        return;
    }
    item->turn = pair->number != NULL  ? pair->number->turn
                 : pair->entry != NULL ? pair->entry->turn
                                       : 0;
    plan_add(walk, item);
}

/* 0 stands for none and comes last. */
static int
compare_numbers(int64_t a, int64_t b)
{
    if (a == 0 || b == 0)
        return (a == 0) - (b == 0);
    return (a > b) - (a < b);
}

/* Issues that do not exist yet are the newest of all. */
static int
newest_first(const void *a, const void *b)
{
    const struct item *x = *(const struct item *const *)a;
    const struct item *y = *(const struct item *const *)b;

    return compare_numbers(y->number, x->number);
}

/* Items that earlier passes did not get to come first, then items that failed in them. So the pass
 * after an interrupted one continues where that one stopped. */
static int
perform_order(const void *a, const void *b)
{
    const struct item *x = *(const struct item *const *)a;
    const struct item *y = *(const struct item *const *)b;

    if (x->turn != y->turn)
        return compare_numbers(x->turn, y->turn);
    if (x->number != y->number)
        return compare_numbers(x->number, y->number);
    if (x->page != NULL && y->page != NULL && x->page->created_at != y->page->created_at)
        return x->page->created_at < y->page->created_at ? -1 : 1;
    /* New rows of one minute come as Notion lists them. */
    if (x->row == ROW_E1_NEW_ISSUE && y->row == ROW_E1_NEW_ISSUE)
        return (x->place > y->place) - (x->place < y->place);
    return strcmp(x->page_id != NULL ? x->page_id : "", y->page_id != NULL ? y->page_id : "");
}

/* Leaves the link comments beyond the limit for later passes. The items come newest first. */
static void
plan_limit_comments(struct plan_walk *walk)
{
    size_t comments = 0;

    for (size_t i = 0; i < walk->items.len; i++) {
        struct item *item = walk->items.items[i];

        if (item_ends_with_link_comment(item) && ++comments > PLAN_LINK_COMMENTS)
            item_leave_link_comment(item);
    }
}

static void
walk_add(struct plan_walk *walk, const struct pair *pair)
{
    walk->plan->held_back += pair->held_back;
    if (pair->row != ROW_NONE || pair->note != NULL)
        vec_push(&walk->pairs, *pair);
}

/* Decides what belongs together, as far as we know. */
static void
walk_pairs(struct plan_walk *walk)
{
    size_t n_issues, n_pages;
    struct issue_entry *const *issues = world_issues(walk->world, &n_issues);
    struct page_entry *const *pages = world_pages(walk->world, &n_pages);
    struct pair pair;

    walk->pairs.len = walk->plan->held_back = 0;
    for (size_t i = 0; i < n_issues; i++)
        if (issues[i]->focus &&
            pair_number(walk->world, walk->rules, issues[i], walk->plan->missing, &pair))
            walk_add(walk, &pair);
    for (size_t i = 0; i < n_pages; i++)
        if (pages[i]->focus &&
            pair_page(walk->world, walk->rules, pages[i], walk->plan->missing, &pair))
            walk_add(walk, &pair);
}

/* The one place where a plan in the making changes the world: what the walk led to comes into
 * focus, and pages learn which pull requests name them. False: nothing is new. */
static bool
walk_further(struct world *world, struct missing *missing)
{
    struct number_list *issues = &missing->issues_in_focus;
    struct id_list *pages = &missing->pages_in_focus;
    bool more = false;

    for (size_t i = 0; i < issues->len; i++) {
        struct issue_entry *entry = world_issue(world, issues->items[i]);

        more = more || !entry->focus;
        entry->focus = true;
    }
    for (size_t i = 0; i < pages->len; i++) {
        struct page_entry *entry = world_page(world, pages->items[i]);

        more = more || !entry->focus;
        entry->focus = true;
    }
    for (size_t i = 0; i < missing->named.len; i++)
        more |=
            world_name_task(world, missing->named.items[i].page_id, missing->named.items[i].pull);
    issues->len = pages->len = missing->named.len = 0;
    return more;
}

struct plan *
reconcile_plan(struct world *world, const struct rules *rules, struct missing *missing,
               struct arena *arena)
{
    struct plan *plan = arena_alloc(arena, sizeof(*plan));
    struct plan_walk walk = {world, rules, arena, .plan = plan};
    struct arena_mark mark;

    *missing = (struct missing){0};
    plan->missing = missing;
    do {
        do
            progress_walk(world, rules, missing);
        while (walk_further(world, missing));
        walk_pairs(&walk);
    } while (walk_further(world, missing));
    mark = arena_mark(arena);
    /* Any decision may name what this pass links. */
    links_begin(plan, walk.pairs.items, walk.pairs.len, arena);
    for (size_t i = 0; i < walk.pairs.len; i++) {
        const struct pair *pair = &walk.pairs.items[i];

        if (pair->number != NULL)
            plan_other_rows(&walk, pair);
        if (pair->number == NULL || pair->row != ROW_E6_DUPLICATE)
            plan_pair(&walk, pair);
    }
    vec_free(&walk.pairs);
    plan->missing = NULL;
    if (is_missing(missing)) {
        missing_tidy(missing);
        vec_free(&walk.items);
        arena_rewind(arena, mark);
        return NULL;
    }
    if (walk.items.len > 0) {
        qsort(walk.items.items, walk.items.len, sizeof(struct item *), newest_first);
        plan_limit_comments(&walk);
        qsort(walk.items.items, walk.items.len, sizeof(struct item *), perform_order);
    }
    vec_take(&walk.items, arena, plan->items.items, plan->items.len);
    plan->items.cap = plan->items.len;
    return plan;
}

bool
plan_writes(const struct plan *plan)
{
    for (size_t i = 0; i < plan->items.len; i++)
        if (plan->items.items[i]->n_actions > 0 || plan->items.items[i]->saves ||
            plan->items.items[i]->talk != NULL)
            return true;
    return false;
}

/* The most items that the message about an exceeded limit names. */
#define LIMIT_NAMES 10

static size_t
item_unlinks(const struct item *item)
{
    return item->unlinks;
}

/* "#1, #2 and 14 more" */
static const char *
limit_names(const struct plan *plan, size_t (*counts)(const struct item *), struct arena *arena)
{
    const char *names = "";
    size_t n = 0;

    for (size_t i = 0; i < plan->items.len; i++) {
        const struct item *item = plan->items.items[i];

        if (counts(item) > 0 && ++n <= LIMIT_NAMES)
            names =
                arena_printf(arena, "%s%s#%lld", names, n > 1 ? ", " : "", (long long)item->number);
    }
    return n > LIMIT_NAMES ? arena_printf(arena, "%s and %zu more", names, n - LIMIT_NAMES) : names;
}

static bool
plan_check(const struct plan *plan, size_t (*counts)(const struct item *), int64_t max,
           const char *one, const char *many, const char *input, struct err *err)
{
    struct arena *scratch;
    size_t n = 0;

    for (size_t i = 0; i < plan->items.len; i++)
        n += counts(plan->items.items[i]);
    if ((int64_t)n <= max)
        return true;
    scratch = arena_new();
    (void)err_set(err, ERR_INPUT,
                  "%zu %s, which is more than `%s` (%lld): nothing is written. It is about %s. If "
                  "this is right, raise `%s` for one run",
                  n, n == 1 ? one : many, input, (long long)max, limit_names(plan, counts, scratch),
                  input);
    arena_free(scratch);
    return false;
}

bool
plan_check_limits(const struct plan *plan, int64_t max_deletions, int64_t max_changes,
                  struct err *err)
{
    return plan_check(plan, item_unlinks, max_deletions,
                      "link between a page and an issue would end",
                      "links between pages and issues would end", "max_deletions", err) &&
           (max_changes == 0 ||
            plan_check(plan, item_changes, max_changes,
                       /* One item does not exceed a limit of 1. */
                       NULL,
                       "issues or pull requests would be closed, reopened or merged, or pages "
                       "get another status",
                       "max_changes", err));
}
