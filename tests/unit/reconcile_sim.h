#ifndef TESTS_RECONCILE_SIM_H
#define TESTS_RECONCILE_SIM_H

#include "reconcile_test.h"

#include "fields_test.h"
#include "reconcile/translate.h"

/* Both services and the state as plain structs, and a pass over them: read, ask, plan, perform,
 * settle. */

#define SIM_MAX      24
#define SIM_COMMENTS 64
#define SIM_LONG     "a label that is far longer than the fifty characters which GitHub takes"

struct sim_issue {
    struct issue now;
    bool gone;
    struct own_comment comments[SIM_COMMENTS];
    size_t n_comments;
};

struct sim_page {
    struct page now;
    bool gone;
};

struct sim {
    struct arena *arena;
    struct rules rules;
    struct sim_issue issues[SIM_MAX]; /* number i + 1 */
    struct sim_page pages[SIM_MAX];
    size_t n_issues, n_pages;
    const struct record *records[SIM_MAX];
    int64_t time;
    uint64_t random;
    int actions_left; /* the pass dies before the action after these */
    bool dead;
};

static inline int64_t
sim_tick(struct sim *sim)
{
    return sim->time += 60000;
}

/* xorshift64 (Marsaglia, 2003): the same numbers everywhere. */
static inline size_t
sim_roll(struct sim *sim, size_t n)
{
    sim->random ^= sim->random << 13;
    sim->random ^= sim->random >> 7;
    sim->random ^= sim->random << 17;
    return (size_t)(sim->random >> 11) % n;
}

static inline struct issue *
sim_add_issue(struct sim *sim, const char *title, const char *status, const char *labels)
{
    struct sim_issue *issue = &sim->issues[sim->n_issues++];

    issue->now = *test_issue(sim->arena, (int64_t)sim->n_issues, title, status, labels);
    return &issue->now;
}

static inline struct page *
sim_add_page(struct sim *sim, const char *title, const char *status, const char *labels)
{
    struct sim_page *page = &sim->pages[sim->n_pages++];
    const char *id =
        arena_printf(sim->arena, "%08d-0000-4000-8000-000000000000", (int)sim->n_pages);

    page->now = *test_page(sim->arena, id, 0, title, status, labels);
    return &page->now;
}

static inline struct sim_page *
sim_page_of(struct sim *sim, const char *id)
{
    for (size_t i = 0; i < sim->n_pages; i++)
        if (strcmp(sim->pages[i].now.id, id) == 0)
            return &sim->pages[i];
    return NULL;
}

/* --- reading -------------------------------------------------------------------------------- */

static inline void
sim_see_page(struct sim *sim, struct world *world, const struct sim_page *page, bool direct)
{
    struct page *seen = arena_memdup(sim->arena, &page->now, sizeof(*seen));

    seen->direct = direct;
    seen->gone = page->gone;
    world_see_page(world, seen);
}

static inline void
sim_read(struct sim *sim, struct world *world)
{
    for (size_t i = 0; i < sim->n_issues; i++) {
        struct issue *seen = arena_memdup(sim->arena, &sim->issues[i].now, sizeof(*seen));
        struct issue_entry *entry = world_issue(world, seen->number);

        seen->comments = (int)sim->issues[i].n_comments;
        test_issue_shows(sim->arena, seen);
        world_see_record(world, seen->number, sim->records[i]);
        entry->sight = SIGHT_MISSING;
        if (!sim->issues[i].gone)
            world_see_issue(world, seen);
        entry->focus = true;
    }
    for (size_t i = 0; i < sim->n_pages; i++) {
        if (sim->pages[i].gone)
            continue;
        sim_see_page(sim, world, &sim->pages[i], false);
        world_page(world, sim->pages[i].now.id)->focus = true;
    }
}

static inline void
sim_answer(struct sim *sim, struct world *world, const struct missing *missing)
{
    for (size_t i = 0; i < missing->details.len; i++) {
        struct issue_entry *entry = world_issue(world, missing->details.items[i]);

        entry->sight = SIGHT_MISSING;
        world_see_record(world, missing->details.items[i], NULL);
    }
    for (size_t i = 0; i < missing->lookups.len; i++)
        world_issue(world, missing->lookups.items[i])->looked_up = true;
    for (size_t i = 0; i < missing->probes.len; i++)
        world_issue(world, missing->probes.items[i])->sight = SIGHT_GONE;
    for (size_t i = 0; i < missing->comments.len; i++) {
        const struct sim_issue *issue = &sim->issues[missing->comments.items[i] - 1];

        world_see_comments(world, missing->comments.items[i],
                           arena_memdup(sim->arena, issue->comments, sizeof(issue->comments)),
                           issue->n_comments);
    }
    for (size_t i = 0; i < missing->pages.len; i++) {
        const struct sim_page *page = sim_page_of(sim, missing->pages.items[i]);

        if (page != NULL)
            sim_see_page(sim, world, page, true);
        else
            world_miss_page(world, missing->pages.items[i]);
    }
    world_hide_changes(world, &missing->changes);
    for (size_t i = 0; i < missing->indexes.len; i++)
        world_page(world, missing->indexes.items[i])->index_read = true;
}

/* --- performing ----------------------------------------------------------------------------- */

struct sim_job {
    struct item *item;
    struct outcome outcome;
};

static inline void
sim_post(struct sim *sim, struct sim_job *job, enum comment_kind kind)
{
    struct sim_issue *issue = &sim->issues[job->outcome.issue->number - 1];

    assert_true(issue->n_comments < SIM_COMMENTS);
    issue->comments[issue->n_comments++] = (struct own_comment){
        .id = sim_tick(sim),
        .marker = comment_marker(job->item, job->item->page_id, kind, sim->arena),
        .created_at = sim->time,
        .counts = true,
    };
    issue->now.updated_at = sim->time;
    if (kind == COMMENT_LINK)
        job->outcome.link_comment = sim->time;
}

static inline void
sim_set_status(struct sim *sim, struct issue *issue, const char *status, bool by_viewer)
{
    if (status_is_closed(status) != test_issue_is_closed(issue)) {
        issue->state_changed_at = sim_tick(sim);
        issue->state_by_viewer = by_viewer;
    }
    put_value(&issue->values, FIELD_STATUS, value_text(status));
    if (issue->is_pull) {
        struct pull pull = *issue_pull(issue);

        pull.merged = strcmp(status, STATUS_MERGED) == 0;
        put_pull(issue, pull);
    }
    test_issue_shows(sim->arena, issue);
}

static inline void
sim_write_issue(struct sim *sim, struct sim_job *job, bool merges)
{
    struct issue *issue = &sim->issues[job->outcome.issue->number - 1].now;

    for (enum field f = 0; f < FIELD_BUILTINS; f++) {
        const struct field_plan *plan = &job->item->fields[f];

        if (!plan->write[SIDE_GITHUB] || (merges && f == FIELD_STATUS))
            continue;
        if (f == FIELD_STATUS)
            sim_set_status(sim, issue, plan->value[SIDE_GITHUB].text, true);
        else
            put_value(&issue->values, f, value_copy(sim->arena, &plan->value[SIDE_GITHUB]));
    }
    issue->updated_at = sim_tick(sim);
    job->outcome.issue = arena_memdup(sim->arena, issue, sizeof(*issue));
}

static inline void
sim_create_issue(struct sim *sim, struct sim_job *job)
{
    struct issue *issue;

    assert_true(job->item->fields[FIELD_TITLE].write[SIDE_GITHUB]);
    issue =
        sim_add_issue(sim, job->item->fields[FIELD_TITLE].value[SIDE_GITHUB].text, STATUS_OPEN, "");
    put_value(&issue->values, FIELD_LABELS,
              value_copy(sim->arena, &job->item->fields[FIELD_LABELS].value[SIDE_GITHUB]));
    issue->own = true;
    issue->marker = job->item->page_id;
    issue->created_at = issue->updated_at = sim_tick(sim);
    job->outcome.issue = arena_memdup(sim->arena, issue, sizeof(*issue));
}

static inline void
sim_write_page(struct sim *sim, struct sim_job *job)
{
    struct page *page = &sim_page_of(sim, job->item->page_id)->now;

    for (enum field f = 0; f < FIELD_BUILTINS; f++)
        if (all_fields()->items[f].direction == TO_NOTION)
            put_value(&page->values, f, *value_of(&job->outcome.issue->values, f));
        else if (job->item->fields[f].write[SIDE_NOTION])
            put_value(&page->values, f,
                      value_copy(sim->arena, &job->item->fields[f].value[SIDE_NOTION]));
    page->number = job->outcome.issue->number;
    page->edited_at = sim_tick(sim);
    job->outcome.page = arena_memdup(sim->arena, page, sizeof(*page));
}

static inline void
sim_create_page(struct sim *sim, struct sim_job *job)
{
    struct page *page = sim_add_page(sim, "", "", "");

    page->created_at = sim_tick(sim);
    job->item->page_id = page->id;
    sim_write_page(sim, job);
}

static inline void
sim_merge(struct sim *sim, struct sim_job *job)
{
    struct issue *issue = &sim->issues[job->outcome.issue->number - 1].now;
    struct pull pull = *issue_pull(issue);

    if (strcmp(pull.merge_state, "CLEAN") != 0) {
        job->outcome.tried_head = pull.head_sha;
        job->outcome.tried_state = pull.merge_state;
        if (comment_find(job->item, COMMENT_REFUSED, sim->arena) == NULL)
            sim_post(sim, job, COMMENT_REFUSED);
        return;
    }
    sim_set_status(sim, issue, STATUS_MERGED, true);
    pull = *issue_pull(issue);
    pull.merged_by_viewer = true;
    put_pull(issue, pull);
    job->outcome.issue = arena_memdup(sim->arena, issue, sizeof(*issue));
}

static inline bool
sim_item_merges(const struct item *item)
{
    for (size_t i = 0; i < item->n_actions; i++)
        if (item->actions[i].kind == ACTION_MERGE_PULL)
            return true;
    return false;
}

static inline void
sim_perform(struct sim *sim, struct sim_job *job, const struct action *action)
{
    switch (action->kind) {
    case ACTION_CREATE_ISSUE:
        sim_create_issue(sim, job);
        break;
    case ACTION_CREATE_PAGE:
        sim_create_page(sim, job);
        break;
    case ACTION_COMMENT:
        if (action->comment != COMMENT_MERGED || job->outcome.tried_head == NULL)
            sim_post(sim, job, action->comment);
        break;
    case ACTION_WRITE_ISSUE:
        sim_write_issue(sim, job, sim_item_merges(job->item));
        break;
    case ACTION_MERGE_PULL:
        sim_merge(sim, job);
        break;
    case ACTION_WRITE_PAGE:
        sim_write_page(sim, job);
        break;
    case ACTION_SHOW_PAGE:
    case ACTION_DISARM_PULL:
    case ACTION_RENEW_MARKER:
    case ACTION_QUOTE:
        break;
    case ACTION_CLEAR_NUMBER:
        sim_page_of(sim, job->item->page_id)->now.number = 0;
        break;
    case ACTION_TRASH_PAGE:
        sim_page_of(sim, job->item->page_id)->gone = true;
        break;
    case ACTION_LOOK:
    case ACTION_WRITE_CONTENT:
    case ACTION_KINDS:
        break;
    }
}

/* Row by row, value by value: nothing is overwritten but the base, or what a conflict quotes. */
static inline void
sim_check_overwrite(struct sim *sim, const struct sim_job *job, enum side side, enum field field)
{
    const struct item *item = job->item;
    const struct field_plan *plan = &item->fields[field];
    const struct value *old = side == SIDE_GITHUB ? value_of(&item->issue->values, field)
                                                  : value_of(&item->page->values, field);
    const struct value *base =
        item->record != NULL ? value_of(&item->record->base[side], field) : &(struct value){0};

    if (all_fields()->items[field].is_set) {
        for (size_t i = 0; i < old->len; i++)
            if (!value_has(&plan->value[side], old->items[i]) && !value_has(base, old->items[i]))
                fail_msg("%s of #%d: %s is lost", all_fields()->items[field].name,
                         (int)item->number, old->items[i]);
        return;
    }
    if (value_equal(old, base) || value_is_empty(old) || (plan->conflict && plan->winner != side))
        return;
    if (field == FIELD_TITLE && side == SIDE_NOTION && translate_title_is_blank(old))
        return;
    /* Two names of the same state. */
    if (field == FIELD_STATUS && side == SIDE_NOTION &&
        (item->row == ROW_E2_RECOVER ||
         status_meaning(&sim->rules.status, old->text) == MEANING_OPEN))
        return;
    /* A wish that is void is reported, and the page set back. */
    if (field == FIELD_STATUS && (item->row == ROW_E2_RECOVER || item->voided != NULL))
        return;
    fail_msg("%s of #%d on %s: \"%s\" is lost", all_fields()->items[field].name, (int)item->number,
             side_name(side), old->text);
}

static inline void
sim_check_item(struct sim *sim, const struct sim_job *job)
{
    const struct item *item = job->item;

    if (item->row != ROW_E2_RECOVER && item->row != ROW_E4_ADOPT && item->row != ROW_LINKED)
        return;
    for (enum field f = 0; f < FIELD_BUILTINS; f++)
        for (enum side s = 0; s < SIDE_COUNT; s++)
            if (all_fields()->items[f].direction == BOTH_WAYS && item->fields[f].write[s])
                sim_check_overwrite(sim, job, s, f);
}

static inline void
sim_settle(struct sim *sim, struct sim_job *job)
{
    const struct record *record;

    job->outcome.ended = job->item->ends_link;
    record = reconcile_settle(job->item, &job->outcome, sim->arena);
    if (record != NULL)
        sim->records[record->number - 1] = record;
}

static inline void
sim_do(struct sim *sim, const struct item *item)
{
    struct item own = *item;
    struct sim_job job = {.item = &own, .outcome = {.issue = item->issue, .page = item->page}};

    sim_check_item(sim, &job);
    for (size_t i = 0; i < item->n_actions && !sim->dead; i++) {
        sim->dead = sim->actions_left-- == 0;
        if (!sim->dead)
            sim_perform(sim, &job, &item->actions[i]);
    }
    if (!sim->dead && (item->saves || job.outcome.tried_head != NULL))
        sim_settle(sim, &job);
}

/* One pass that dies after that many actions; loses: it dies with what it had not saved yet.
 * Returns whether there was anything to write. */
static inline bool
sim_pass(struct sim *sim, int actions, bool loses, char **text)
{
    struct world *world = world_new(sim->arena);
    const struct record *before[SIM_MAX];
    struct plan *plan;
    struct missing missing;
    bool writes;
    int rounds = 0;

    sim->actions_left = actions;
    sim->dead = false;
    memcpy(before, sim->records, sizeof(before));
    sim_read(sim, world);
    while ((plan = reconcile_plan(world, &sim->rules, &missing, sim->arena)) == NULL) {
        sim_answer(sim, world, &missing);
        missing_free(&missing);
        if (++rounds > 8)
            fail_msg("asks for ever");
    }
    missing_free(&missing);
    writes = plan_writes(plan);
    if (text != NULL)
        *text = test_plan_text(sim->arena, plan);
    for (size_t i = 0; i < plan->items.len && !sim->dead; i++)
        sim_do(sim, plan->items.items[i]);
    if (sim->dead && loses)
        memcpy(sim->records, before, sizeof(before));
    world_free(world);
    return writes;
}

#endif
