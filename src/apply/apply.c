#include "apply/apply.h"

#include "apply/content.h"
#include "apply/conversation.h"
#include "apply/lanes.h"
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
    return result;
}

static void
job_init(struct job *job, struct item *item, struct result *result)
{
    *job = (struct job){.item = item, .result = result};
    job->outcome.issue = item->issue;
    job->outcome.page = item->page;
    job->issue_read = item->issue != NULL ? item->issue->read_at : 0;
    job->page_read = item->page != NULL ? item->page->read_at : 0;
}

void
apply_plan(struct gather *gather, struct session *session, const struct plan *plan,
           struct result_list *results, struct err *stopped)
{
    struct apply apply = {.gather = gather, .session = session};
    struct job *jobs = mem_alloc(plan->items.len * sizeof(*jobs));

    for (size_t i = 0; i < plan->items.len; i++) {
        vec_push(results, result_new(plan->items.items[i], gather->arena));
        job_init(&jobs[i], plan->items.items[i], results->items[i]);
    }
    *stopped = lanes_run(&apply, jobs, plan->items.len);
    conversations_run(&apply, jobs, plan->items.len, stopped);
    for (size_t i = 0; i < plan->items.len; i++) {
        results->items[i]->again = jobs[i].again;
        if (results->items[i]->done == DONE_PLANNED)
            results->items[i]->done = DONE_REMAINING;
    }
    mem_free(jobs);
}

/* What would be done in the end, NULL: nothing. What cannot be read now is shown as far as it is
 * planned. */
static const struct item *
decided(struct gather *gather, const struct item *item)
{
    struct item *again;
    struct err err;

    if (!item->body.looks_page && !item->body.looks_issue)
        return item;
    if (!look_ahead(gather, item, gather->arena, &again, &err)) {
        log_warning("#%lld: %s", (long long)item->number, err.text);
        return item;
    }
    return again->n_actions > 0 || again->n_notes > 0 || again->again != AGAIN_NO ? again : NULL;
}

void
apply_pretend(struct gather *gather, const struct plan *plan, struct result_list *results)
{
    for (size_t i = 0; i < plan->items.len; i++) {
        const struct item *item = decided(gather, plan->items.items[i]);
        struct result *result;

        if (item == NULL)
            continue;
        result = result_new(item, gather->arena);
        for (size_t f = 0; f < FIELD_COUNT; f++)
            result->conflicts += item->fields[f].conflict;
        vec_push(results, result);
    }
}

void
apply_nothing(struct gather *gather, const struct plan *plan, struct result_list *results)
{
    apply_pretend(gather, plan, results);
    for (size_t i = 0; i < results->len; i++)
        results->items[i]->done = DONE_OK;
}
