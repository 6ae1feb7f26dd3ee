#include "apply/apply.h"

#include "apply/conversation.h"
#include "apply/look.h"
#include "apply/queues.h"
#include "base/log.h"

static struct result *
result_new(const struct item *item, struct arena *arena)
{
    struct result *result = arena_alloc(arena, sizeof(*result));

    result->item = item;
    result->number = item->number;
    result->page_id = item->page_id;
    if (item->issue != NULL)
        result->issue_url = item->issue->url;
    if (item->page != NULL)
        result->page_url = item->page->url;
    result->refused = item->refused;
    return result;
}

void
apply_plan(struct gather *gather, struct session *session, const struct plan *plan,
           const struct announced *announced, struct result_list *results, struct err *stopped)
{
    struct job *jobs = mem_alloc(plan->items.len * sizeof(*jobs));

    for (size_t i = 0; i < plan->items.len; i++) {
        const struct item *item = plan->items.items[i];

        vec_push(results, result_new(item, gather->arena));
        jobs[i] = (struct job){
            .gather = gather,
            .session = session,
            .arena = gather->arena,
            .item = item,
            .result = results->items[i],
            .outcome = {.intended = i < announced->n ? announced->intents[i] : NULL,
                        .issue = item->issue,
                        .page = item->page},
            .merge_facts = item->merge_facts,
            .issue_read = item->issue != NULL ? item->issue->read_at : 0,
            .page_read = item->page != NULL ? item->page->read_at : 0,
        };
    }
    *stopped = queues_run(gather, session, jobs, plan->items.len);
    conversations_run(jobs, plan->items.len, stopped);
    for (size_t i = 0; i < plan->items.len; i++) {
        if (results->items[i]->done == DONE_PLANNED)
            job_postpone(&jobs[i]);
        results->items[i]->item = jobs[i].item;
        results->items[i]->again = jobs[i].again;
    }
    mem_free(jobs);
}

/* Items whose issues one request reads. */
#define PRETEND_MAX 50

/* Decides a part of the plan completely. An item that cannot be read now keeps its current plan.
 * False if nothing more can be read. */
static bool
decide_ahead(struct gather *gather, const struct item **items, const struct item *const *planned,
             size_t n)
{
    struct issue *issues[PRETEND_MAX];
    struct err err;

    if (!look_at_issues(gather, planned, n, gather->arena, issues, &err)) {
        log_warning("what becomes of texts is not shown: %s", err.text);
        return false;
    }
    for (size_t i = 0; i < n; i++)
        if ((planned[i]->body.looks_page || planned[i]->body.looks_issue) &&
            !look_ahead(gather, planned[i], issues[i], gather->arena, &items[i], &err)) {
            log_warning("#%lld: %s", (long long)planned[i]->number, err.text);
            if (job_stops_pass(&err))
                return false;
        }
    return true;
}

void
apply_pretend(struct gather *gather, const struct plan *plan, struct result_list *results)
{
    bool reads = true;

    for (size_t at = 0; at < plan->items.len; at += PRETEND_MAX) {
        const struct item *const *planned = plan->items.items + at;
        size_t n = plan->items.len - at < PRETEND_MAX ? plan->items.len - at : PRETEND_MAX;
        const struct item *items[PRETEND_MAX];

        for (size_t i = 0; i < n; i++)
            items[i] = planned[i];
        reads = reads && decide_ahead(gather, items, planned, n);
        /* If a look finds both sides in sync, there is nothing to show. */
        for (size_t i = 0; i < n; i++)
            if (items[i] == planned[i] || items[i]->n_actions > 0 || items[i]->notes.n > 0 ||
                items[i]->again != AGAIN_NO) {
                vec_push(results, result_new(items[i], gather->arena));
                results->items[results->len - 1]->conflicts = item_conflicts(items[i]);
            }
    }
}

bool
apply_must_wait(struct gather *gather, const struct plan *plan, struct result_list *results)
{
    if (github_full_until(gather->github) == 0)
        return false;
    for (size_t i = 0; i < plan->items.len; i++)
        if ((plan->items.items[i]->n_actions > 0 || plan->items.items[i]->saves) &&
            !job_posts(plan->items.items[i]))
            return false;
    for (size_t i = 0; i < plan->items.len; i++) {
        vec_push(results, result_new(plan->items.items[i], gather->arena));
        results->items[i]->done = DONE_REMAINING;
    }
    return true;
}

void
apply_nothing(struct gather *gather, const struct plan *plan, struct result_list *results)
{
    apply_pretend(gather, plan, results);
    for (size_t i = 0; i < results->len; i++)
        results->items[i]->done = DONE_OK;
}
