#include "reconcile/progress.h"

#include <stdlib.h>
#include <string.h>

#include "reconcile/missing.h"

/* --- what to read --- */

/* Asks for its facts without bringing it into focus. */
static void
want_pull(const struct world *world, const struct rules *rules, int64_t number,
          struct missing *missing)
{
    const struct issue_entry *entry = world_find_issue(world, number);

    if (entry == NULL || !entry->progress_read)
        vec_push(&missing->progress, number);
    else if (entry->seen->pull != NULL && rules->on[FIELD_CHECKS] && !entry->seen->checks_read &&
             !(rules->pulls_listed && stage_is_over(entry->seen->pull->stage)))
        vec_push(&missing->checks, number);
}

/* The page of a task comes into focus once it is known. */
static const struct page_entry *
walk_task(const struct world *world, const struct rules *rules, int64_t number,
          struct missing *missing)
{
    const struct task *task = world_find_task(world, number);
    const struct page_entry *entry = task != NULL ? task->entry : NULL;

    if (entry != NULL && !entry->focus)
        vec_push(&missing->pages_in_focus, entry->id);
    if (entry == NULL && !(task != NULL && task->asked) && !rules->pages_complete)
        vec_push(&missing->tasks, number);
    return entry;
}

static void
walk_tasks(const struct world *world, const struct rules *rules, const struct pull_facts *pull,
           const char *text, struct missing *missing)
{
    int64_t number;

    while ((number = task_next(&text, rules->task_prefix)) != 0) {
        const struct page_entry *entry = walk_task(world, rules, number, missing);

        if (entry != NULL)
            vec_push(&missing->named, ((struct naming){entry->id, pull}));
    }
}

/* What it was linked to before may have lost it since. */
static void
walk_before(const struct world *world, const struct rules *rules, int64_t pull,
            struct missing *missing)
{
    for (size_t i = 0; !rules->pulls_listed && i < rules->n_links; i++) {
        const struct pull_link *link = &rules->links[i];

        if (link->pull != pull)
            continue;
        if (link->other > 0)
            lead_to_issue(world, link->other, missing);
        if (link->other < 0 && rules->task_prefix != NULL)
            (void)walk_task(world, rules, -link->other, missing);
    }
}

static void
walk_pull(const struct world *world, const struct rules *rules, const struct pull_facts *pull,
          struct missing *missing)
{
    walk_before(world, rules, pull->number, missing);
    for (size_t i = 0; i < pull->n_closes; i++)
        lead_to_issue(world, pull->closes[i], missing);
    if (rules->task_prefix == NULL)
        return;
    walk_tasks(world, rules, pull, pull->title, missing);
    walk_tasks(world, rules, pull, pull->head, missing);
}

/* Whether an issue has more linked pull requests than their listing says. The listing lacks those
 * of other repositories, and not all issues of a pull request that closes many are in it. */
static bool
lacks_links(const struct rules *rules, const struct issue_entry *number)
{
    return rules->pulls_listed && number->sight == SIGHT_SEEN && !number->issue->is_pull &&
           !number->progress_read && number->issue->linked_pulls > number->seen->pulls.len;
}

/* Pull requests that belonged to the page by its unique_id at the last look. */
static void
walk_remembered(const struct world *world, const struct rules *rules, const struct record *record,
                struct missing *missing)
{
    if (rules->task_prefix == NULL)
        return;
    for (size_t i = 0; i < record_pulls(record)->n_numbers; i++)
        want_pull(world, rules, record_pulls(record)->numbers[i], missing);
}

void
progress_walk(const struct world *world, const struct rules *rules, struct missing *missing)
{
    struct issue_entry *const *numbers;
    struct page_entry *const *pages;
    size_t n;

    if (!rules->follows_pulls)
        return;
    numbers = world_issues(world, &n);
    for (size_t i = 0; i < n; i++) {
        const struct issue_entry *number = numbers[i];

        if (!number->focus && !number->touched &&
            !(rules->pulls_listed && number->seen->pull != NULL))
            continue;
        if (!rules->pulls_listed || number->seen->pull != NULL || lacks_links(rules, number))
            want_pull(world, rules, number->number, missing);
        if (number->seen->pull != NULL)
            walk_pull(world, rules, number->seen->pull, missing);
        for (size_t k = 0; k < number->seen->pulls.len; k++)
            if (number->seen->pulls.items[k]->repository == NULL)
                want_pull(world, rules, number->seen->pulls.items[k]->number, missing);
        walk_remembered(world, rules, number->record, missing);
    }
    pages = world_pages(world, &n);
    for (size_t i = 0; i < n; i++) {
        if (!pages[i]->focus)
            continue;
        for (size_t k = 0; k < pages[i]->seen->pulls.len; k++)
            want_pull(world, rules, pages[i]->seen->pulls.items[k]->number, missing);
        walk_remembered(world, rules, pages[i]->seen->task, missing);
    }
}

/* --- what we know --- */

/* While it is being put together. */
struct collection {
    const struct rules *rules;
    const struct pull_facts **pulls;
    int64_t *tasks;
    size_t n_pulls, n_tasks;
    bool unread;
};

static void
collect(struct collection *all, const struct pull_facts *pull)
{
    for (size_t i = 0; i < all->n_pulls; i++)
        if (all->pulls[i] == pull ||
            (all->pulls[i]->number == pull->number && all->pulls[i]->repository == NULL &&
             pull->repository == NULL))
            return;
    all->pulls[all->n_pulls++] = pull;
}

static void
collect_task(struct collection *all, const struct pull_facts *pull, int64_t task)
{
    if (pull == NULL || task <= 0 || !task_is_named(pull, all->rules->task_prefix, task))
        return;
    collect(all, pull);
    for (size_t i = 0; i < all->n_tasks; i++)
        if (all->tasks[i] == pull->number)
            return;
    all->tasks[all->n_tasks++] = pull->number;
}

/* What we know of the number's pull request. NULL if it is not a pull request, or nobody has read
 * it. */
static const struct pull_facts *
look_up(struct collection *all, int64_t number)
{
    const struct issue_entry *entry = world_find_issue(all->rules->world, number);

    all->unread = all->unread || entry == NULL || !entry->progress_read;
    return entry != NULL ? entry->seen->pull : NULL;
}

static void
collect_linked(struct collection *all, const struct issue_entry *number)
{
    all->unread = all->unread || number->seen->cut || lacks_links(all->rules, number) ||
                  !(number->progress_read || all->rules->pulls_listed);
    for (size_t i = 0; i < number->seen->pulls.len; i++) {
        const struct pull_facts *linked = number->seen->pulls.items[i];
        const struct pull_facts *pull =
            linked->repository != NULL ? linked : look_up(all, linked->number);

        if (pull != NULL)
            collect(all, pull);
    }
}

static int
by_number(const void *a, const void *b)
{
    const struct pull_facts *x = *(const struct pull_facts *const *)a;
    const struct pull_facts *y = *(const struct pull_facts *const *)b;

    return (x->number > y->number) - (x->number < y->number);
}

static int
by_task(const void *a, const void *b)
{
    const int64_t *x = a;
    const int64_t *y = b;

    return (*x > *y) - (*x < *y);
}

static const struct progress *
summed_up(struct collection *all, struct arena *arena)
{
    struct progress *progress = arena_alloc(arena, sizeof(*progress));

    *progress = (struct progress){.stage = all->unread ? STAGE_UNKNOWN : STAGE_NONE,
                                  .pulls = all->pulls,
                                  .n_pulls = all->n_pulls,
                                  .tasks = all->tasks,
                                  .n_tasks = all->n_tasks};
    if (all->n_tasks > 1)
        qsort(all->tasks, all->n_tasks, sizeof(*all->tasks), by_task);
    if (all->n_pulls > 1)
        qsort(all->pulls, all->n_pulls, sizeof(*all->pulls), by_number);
    for (size_t i = 0; i < all->n_pulls; i++) {
        const struct pull_facts *pull = all->pulls[i];

        progress->stage = stage_join(progress->stage, pull->stage);
        if (pull->merged_at != 0 &&
            (progress->merged == NULL || pull->merged_at >= progress->merged->merged_at))
            progress->merged = pull;
    }
    return progress;
}

const struct progress *
progress_of(const struct rules *rules, const struct issue_entry *number,
            const struct page_entry *entry, const struct record *record, struct arena *arena)
{
    bool by_task = rules->task_prefix != NULL && entry != NULL && entry->page != NULL;
    int64_t task = by_task ? entry->page->task : 0;
    size_t n_remembered = by_task ? record_pulls(record)->n_numbers : 0;
    size_t room = 1 + (number != NULL ? number->seen->pulls.len : 0) +
                  (entry != NULL ? entry->seen->pulls.len : 0) + n_remembered;
    struct collection all = {.rules = rules};

    if (!rules->follows_pulls)
        return NULL;
    all.pulls = arena_array(arena, room, sizeof(*all.pulls));
    all.tasks = arena_array(arena, room, sizeof(*all.tasks));
    if (number != NULL && number->sight == SIGHT_SEEN && number->issue->is_pull) {
        const struct pull_facts *own = look_up(&all, number->number);

        if (own != NULL)
            collect(&all, own);
        return summed_up(&all, arena);
    }
    if (number != NULL)
        collect_linked(&all, number);
    for (size_t i = 0; by_task && i < entry->seen->pulls.len; i++)
        collect_task(&all, entry->seen->pulls.items[i], task);
    for (size_t i = 0; i < n_remembered; i++)
        collect_task(&all, look_up(&all, record_pulls(record)->numbers[i]), task);
    return summed_up(&all, arena);
}

bool
progress_counts(const struct progress *progress, const struct pull_facts *pull)
{
    return stage_is_over(progress->stage) || !stage_is_over(pull->stage);
}

/* The worst comes first. */
const char *
progress_checks(const struct progress *progress, const struct rules *rules)
{
    static const char *const worst[] = {"Failing", "Pending", "Passing", ""};
    size_t found = 3;

    for (size_t i = 0; i < progress->n_pulls; i++) {
        const struct pull_facts *pull = progress->pulls[i];
        const struct issue_entry *entry =
            pull->repository == NULL ? world_find_issue(rules->world, pull->number) : NULL;

        if (!progress_counts(progress, pull))
            continue;
        if (entry == NULL || entry->seen->checks == NULL)
            return NULL;
        for (size_t k = 0; k < found; k++)
            if (strcmp(entry->seen->checks, worst[k]) == 0)
                found = k;
    }
    return worst[found];
}

/* --- what to remember --- */

/* Only full passes find more than this. */
#define LINKS_MAX ((size_t)5000)

VEC_TYPE(link_list, struct pull_link);

static void
add_links(struct link_list *links, const struct rules *rules, const struct pull_facts *pull)
{
    const char *const texts[] = {pull->title, pull->head};

    for (size_t i = 0; i < pull->n_closes; i++)
        vec_push(links, ((struct pull_link){pull->number, pull->closes[i]}));
    for (size_t i = 0; i < 2 && rules->task_prefix != NULL; i++) {
        const char *text = texts[i];
        int64_t task;

        while ((task = task_next(&text, rules->task_prefix)) != 0)
            vec_push(links, ((struct pull_link){pull->number, -task}));
    }
}

static int
by_link(const void *a, const void *b)
{
    const struct pull_link *x = a;
    const struct pull_link *y = b;

    return x->pull != y->pull ? (x->pull > y->pull) - (x->pull < y->pull)
                              : (x->other > y->other) - (x->other < y->other);
}

const struct pull_link *
reconcile_pull_links(const struct world *world, const struct rules *rules, struct arena *arena,
                     size_t *n)
{
    struct link_list all = {0};
    struct issue_entry *const *numbers;
    struct pull_link *links;
    size_t n_numbers;
    size_t skip;

    *n = 0;
    if (!rules->follows_pulls)
        return NULL;
    for (size_t i = 0; i < rules->n_links; i++) {
        const struct issue_entry *number = world_find_issue(world, rules->links[i].pull);

        if (number == NULL || number->seen->pull == NULL)
            vec_push(&all, rules->links[i]);
    }
    numbers = world_issues(world, &n_numbers);
    for (size_t i = 0; i < n_numbers; i++)
        if (numbers[i]->seen->pull != NULL && !stage_is_over(numbers[i]->seen->pull->stage))
            add_links(&all, rules, numbers[i]->seen->pull);
    if (all.len > 0)
        qsort(all.items, all.len, sizeof(*all.items), by_link);
    links = arena_array(arena, all.len, sizeof(*links));
    for (size_t i = 0; i < all.len; i++)
        if (i == 0 || by_link(&all.items[i], &all.items[i - 1]) != 0)
            links[(*n)++] = all.items[i];
    vec_free(&all);
    skip = *n > LINKS_MAX ? *n - LINKS_MAX : 0;
    *n -= skip;
    return links + skip;
}
