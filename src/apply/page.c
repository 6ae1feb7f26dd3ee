#include "apply/page.h"

#include "apply/create.h"
#include "apply/parts.h"
#include "base/clock.h"
#include "reconcile/newborn.h"
#include "reconcile/translate.h"

/* Reads the issue again if this job's own writes changed what the page's columns show. */
static bool
shown_refresh(struct apply *apply, struct job *job, struct arena *arena, struct err *err)
{
    int64_t number = job->outcome.issue->number;
    struct issue *read = NULL;
    struct github_batch batch = {.numbers = &number, .n_numbers = 1, .issues = &read};
    struct issue *now;
    bool wanted = false;

    FIELD_EACH(f, job->stale)
    wanted = wanted || apply->gather->rules.on[f];
    if (!wanted)
        return true;
    if (!github_read_batch(apply->gather->github, &batch, arena, err))
        return false;
    job->stale = (struct field_set){{0}};
    if (read == NULL)
        return true;
    now = arena_memdup(arena, job->outcome.issue, sizeof(*now));
    values_take(&now->values, &read->values, apply->gather->rules.fields->shown, arena);
    job->outcome.issue = now;
    return true;
}

/* The columns that only show GitHub's side follow what GitHub has answered by now. */
static void
add_shown(const struct apply *apply, const struct job *job, struct arena *arena,
          struct values *values)
{
    const struct rules *rules = &apply->gather->rules;
    const struct terms terms = {rules, arena, NULL};
    const struct values *read = &job->outcome.issue->values;

    FIELD_EACH(f, field_set_and(rules->fields->shown, read->has))
    {
        const struct value *current = value_of(&job->outcome.page->values, f);
        struct value shown = translate_shown(&terms, f, value_of(read, f), current);

        if (rules->on[f] && !value_equal(&shown, current))
            values_put(values, f, shown, arena);
    }
}

/* A page that waited long for its turn must still be as it was when it was decided on. */
static bool
page_is_still(struct apply *apply, struct job *job, const struct page_change *change,
              struct arena *arena, bool *still, struct err *err)
{
    const struct page *before = job->outcome.page;
    struct page *now;

    *still = true;
    if (clock_now() - job->page_read <= FRESH_FOR)
        return true;
    if (!notion_get_page(apply->gather->notion, before->id, arena, &now, err))
        return false;
    job->page_read = clock_now();
    *still = !now->gone && !now->archived && !now->foreign && now->number == before->number;
    FIELD_EACH(f, change->values.has)
    if (!value_equal(value_of(&now->values, f), value_of(&before->values, f)))
        *still = false;
    return true;
}

/* An answer about properties says nothing about the content. */
static void
page_keep_content(struct page *page, const struct page *before, struct arena *arena)
{
    page->content = before->content;
    values_take(&page->values, &before->values, field_set_of(FIELD_BODY), arena);
}

static void
page_was_written(struct job *job, struct page *page, struct arena *arena)
{
    page_keep_content(page, job->outcome.page, arena);
    job->outcome.page = page;
    job->page_read = clock_now();
    job->wrote_page = true;
    job->result->updated_page = true;
}

static bool
write_page_part(struct parts *parts, const struct values *values, struct err *err)
{
    const struct job *job = parts->job;
    const struct page_change change = {
        .values = *values,
        .sets_number = parts->number,
        .number = job->outcome.issue != NULL ? job->outcome.issue->number : job->item->number,
    };
    struct page *page;

    if (!notion_update_page(parts->apply->gather->notion, job->outcome.page->id, &change,
                            parts->arena, &page, err))
        return false;
    parts->number = false;
    page_was_written(parts->job, page, parts->arena);
    return true;
}

bool
page_in_parts(struct apply *apply, struct job *job, const struct values *values, bool number,
              bool made, struct arena *arena, struct err *err)
{
    struct parts parts = {.side = SIDE_NOTION,
                          .job = job,
                          .rules = &apply->gather->rules,
                          .arena = arena,
                          .wanted = *values,
                          .write = write_page_part,
                          .apply = apply,
                          .number = number,
                          .taken = made};

    return parts_write(&parts, err);
}

bool
write_page(struct apply *apply, struct job *job, struct arena *arena, struct err *err)
{
    const struct fields *fields = apply->gather->rules.fields;
    struct page_change change = {.number = job->outcome.issue->number};
    struct page *page;
    bool still;

    if (job->item->row == ROW_E1)
        newborn_take(job->item, job->outcome.issue, arena);
    change.values = planned_values(job->item, SIDE_NOTION,
                                   field_set_and(fields->based, fields->properties), arena);
    if (!shown_refresh(apply, job, arena, err))
        return false;
    add_shown(apply, job, arena, &change.values);
    change.sets_number = job->outcome.page->number != change.number;
    if (field_set_is_empty(change.values.has) && !change.sets_number)
        return true;
    if (!page_is_still(apply, job, &change, arena, &still, err))
        return false;
    if (!still) {
        job_postpone(job);
        return true;
    }
    if (notion_update_page(apply->gather->notion, job->item->page_id, &change, arena, &page, err)) {
        page_was_written(job, page, arena);
        return true;
    }
    return parts_may_help(SIDE_NOTION, err) &&
           page_in_parts(apply, job, &change.values, change.sets_number, false, arena, err);
}

/* After the last comment: if a person changed the columns in the meantime, the next pass handles
 * it. */
bool
show_page(struct apply *apply, struct job *job, struct arena *arena, struct err *err)
{
    struct page_change change = {.sets_number = false};
    struct page *page;
    bool still;

    if (job->outcome.page == NULL || job->outcome.issue == NULL)
        return true;
    if (!shown_refresh(apply, job, arena, err))
        return false;
    add_shown(apply, job, arena, &change.values);
    if (field_set_is_empty(change.values.has))
        return true;
    if (!page_is_still(apply, job, &change, arena, &still, err))
        return false;
    if (!still)
        return true;
    if (!notion_update_page(apply->gather->notion, job->outcome.page->id, &change, arena, &page,
                            err))
        return false;
    /* Whoever edited the content before is no longer the last editor. */
    page_keep_content(page, job->outcome.page, arena);
    page->content.by = NULL;
    job->outcome.page = page;
    job->page_read = clock_now();
    job->result->updated_page = true;
    return true;
}

bool
clear_number(struct apply *apply, struct job *job, struct arena *arena, struct err *err)
{
    const struct page_change change = {.sets_number = true};
    struct page *page;

    if (!notion_update_page(apply->gather->notion, job->item->page_id, &change, arena, &page, err))
        return false;
    job->result->updated_page = true;
    return true;
}

bool
trash_page(struct apply *apply, struct job *job, struct err *err)
{
    job->result->trashed = notion_trash_page(apply->gather->notion, job->item->page_id, err);
    return job->result->trashed;
}
