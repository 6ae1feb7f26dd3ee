#include "apply/page.h"

#include <string.h>

#include "apply/look.h"
#include "apply/parts.h"
#include "base/clock.h"
#include "base/log.h"
#include "model/body.h"
#include "reconcile/newborn.h"
#include "reconcile/translate.h"

/* A new page may be missing from Notion's queries for up to a minute (observed: 10 to 60 s). */
#define PAGE_LOOK_AFTER ((int64_t)20 * 1000)
#define PAGE_LOOKS      3

/* Reads the issue again if this job's own writes changed what the page's columns show. */
static bool
shown_refresh(struct job *job, struct err *err)
{
    struct issue *read;
    struct issue *now;
    bool wanted = false;

    FIELD_EACH(f, job->stale)
    wanted = wanted || job->gather->rules.on[f];
    if (!wanted)
        return true;
    if (!github_read_issue(job->gather->github, job->outcome.issue->number, job->arena, &read, err))
        return false;
    job->stale = (struct field_set){{0}};
    if (read == NULL)
        return true;
    now = arena_memdup(job->arena, job->outcome.issue, sizeof(*now));
    values_take(&now->values, &read->values, job->gather->rules.fields->shown, job->arena);
    job->outcome.issue = now;
    return true;
}

/* The columns that only show GitHub's side follow GitHub's latest answers. */
static void
add_shown(const struct job *job, struct values *values)
{
    const struct rules *rules = &job->gather->rules;
    const struct terms terms = {rules, job->arena, NULL, job->item};
    const struct values *read = &job->outcome.issue->values;

    FIELD_EACH(f, field_set_and(rules->fields->shown, read->has))
    {
        const struct value *current = value_of(&job->outcome.page->values, f);
        struct value shown = translate_shown(&terms, f, value_of(read, f), current);

        if (rules->on[f] && !value_equal(&shown, current))
            values_put(values, f, shown, job->arena);
    }
}

/* A page that waited long for its turn must not have changed since the decision. */
static bool
page_is_still(struct job *job, const struct page_change *change, bool *still, struct err *err)
{
    const struct page *before = job->outcome.page;
    struct page *now;

    *still = true;
    if (clock_now() - job->page_read <= FRESH_FOR)
        return true;
    if (!notion_get_page(job->gather->notion, before->id, job->arena, &now, err))
        return false;
    job->page_read = clock_now();
    *still = !now->gone && !now->archived && !now->foreign && now->number == before->number;
    FIELD_EACH(f, change->values.has)
    if (!value_equal(value_of(&now->values, f), value_of(&before->values, f)))
        *still = false;
    return true;
}

static void
page_was_written(struct job *job, struct page *page)
{
    const struct page *before = job->outcome.page;

    /* An answer about properties proves nothing about the content. */
    page->content = before->content;
    values_take(&page->values, &before->values, field_set_of(FIELD_BODY), job->arena);
    job->outcome.page = page;
    job->page_read = clock_now();
    job->wrote_page = true;
    job->result->updated_page = true;
}

static bool
write_properties(struct parts *parts, const struct values *values, struct err *err)
{
    struct job *job = parts->job;
    const struct page_change change = {
        .values = *values,
        .sets_number = parts->number,
        .number = job->outcome.issue != NULL ? job->outcome.issue->number : job->item->number,
    };
    struct page *page;

    if (!notion_update_page(job->gather->notion, job->outcome.page->id, &change, job->arena, &page,
                            err))
        return false;
    parts->number = false;
    page_was_written(job, page);
    return true;
}

bool
write_page(struct job *job, struct err *err)
{
    const struct fields *fields = job->gather->rules.fields;
    struct page_change change = {.number = job->outcome.issue->number};
    struct parts parts = {.side = SIDE_NOTION, .job = job, .write = write_properties};
    bool still;

    if (job->item->row == ROW_E1_NEW_ISSUE)
        job->item = newborn_take(job->item, job->outcome.issue, job->arena);
    change.values = job_values(job, SIDE_NOTION, field_set_and(fields->based, fields->properties));
    if (!shown_refresh(job, err))
        return false;
    add_shown(job, &change.values);
    change.sets_number = job->outcome.page->number != change.number;
    if (field_set_is_empty(change.values.has) && !change.sets_number)
        return true;
    if (!page_is_still(job, &change, &still, err))
        return false;
    if (!still) {
        job_postpone(job);
        return true;
    }
    parts.wanted = change.values;
    parts.number = change.sets_number;
    return parts_write(&parts, err);
}

/* Runs after the last comment. If a person changed the columns in the meantime, the next pass
 * handles that. */
bool
show_page(struct job *job, struct err *err)
{
    struct page_change change = {.sets_number = false};
    struct page *page;
    bool still;

    if (job->outcome.page == NULL || job->outcome.issue == NULL)
        return true;
    if (!shown_refresh(job, err))
        return false;
    add_shown(job, &change.values);
    if (field_set_is_empty(change.values.has))
        return true;
    if (!page_is_still(job, &change, &still, err))
        return false;
    if (!still)
        return true;
    if (!notion_update_page(job->gather->notion, job->outcome.page->id, &change, job->arena, &page,
                            err))
        return false;
    page_was_written(job, page);
    /* The previous editor of the content is no longer the last one. */
    page->content.by = NULL;
    return true;
}

bool
clear_number(struct job *job, struct err *err)
{
    const struct page_change change = {.sets_number = true};
    struct page *page;

    if (!notion_update_page(job->gather->notion, job->item->page_id, &change, job->arena, &page,
                            err))
        return false;
    job->result->updated_page = true;
    return true;
}

bool
trash_page(struct job *job, struct err *err)
{
    job->result->trashed = notion_trash_page(job->gather->notion, job->item->page_id, err);
    return job->result->trashed;
}

bool
write_content(struct job *job, struct err *err)
{
    const char *wanted = job->item->fields[FIELD_BODY].value[SIDE_NOTION].text;
    const struct page *before = job->outcome.page;
    struct page *page = arena_memdup(job->arena, before, sizeof(*page));
    struct value text;
    bool done;

    if (job->item->fields[FIELD_BODY].waits)
        return true;
    /* Content that waited long for its turn must not have changed since the decision. */
    if (content_is_stale(&before->content)) {
        if (!read_content(job->gather, before, job->arena, &page, err))
            return false;
        if (strcmp(before->content.hash, page->content.hash) != 0) {
            job_postpone(job);
            return true;
        }
    }
    text = *value_of(&page->values, FIELD_BODY);
    done = notion_write_content(job->gather->notion, page->id, wanted, job->arena, &text,
                                &page->content, err);
    job->wrote_content = done || !err->undone;
    if (!done) {
        if (err->kind != ERR_CONFLICT)
            return false;
        job_postpone(job);
        return true;
    }
    values_put(&page->values, FIELD_BODY, text, job->arena);
    /* As long as the page names the same last editor, nobody edited it after this write. */
    page->content.by = job->wrote_page ? page->edited_by : NULL;
    job->outcome.page = page;
    job->result->updated_page = true;
    return true;
}

/* *page stays NULL if no page of the database has the number, archived or not. */
static bool
look_for_page(struct job *job, struct page **page, struct err *err)
{
    struct page_query query = {.numbers = &job->item->number, .n_numbers = 1};
    struct page_list pages = {0};
    bool complete;
    bool ok = notion_query(job->gather->notion, &query, job->arena, &pages, &complete, err);

    query.archived = true;
    if (ok && pages.len == 0)
        ok = notion_query(job->gather->notion, &query, job->arena, &pages, &complete, err);
    if (ok && pages.len > 0)
        *page = arena_memdup(job->arena, pages.items[0], sizeof(**page));
    vec_free(&pages);
    return ok;
}

/* Keeps asking for as long as a new page may not be visible yet. */
static bool
look_after_lost_answer(struct job *job, struct page **page, struct err *err)
{
    log_info("looking whether the page of #%lld was created although the answer was lost",
             (long long)job->item->number);
    for (int look = 0; look <= PAGE_LOOKS && *page == NULL; look++)
        if ((look > 0 && !pause_for(PAGE_LOOK_AFTER, err)) || !look_for_page(job, page, err))
            return false;
    job->result->created_page = *page != NULL;
    return true;
}

static bool
create_page_once(struct job *job, const struct page_change *change, struct page **page,
                 struct err *err)
{
    int64_t until = job->gather->look_until;
    int64_t now = http_server_time(notion_service(job->gather->notion));

    *page = NULL;
    /* A pass that died may have made this page a moment ago. */
    if (until != 0 &&
        ((now < until && !pause_for(until - now, err)) || !look_for_page(job, page, err)))
        return false;
    for (int try = 1; *page == NULL; try++) {
        if (notion_create_page(job->gather->notion, change, job->arena, page, err)) {
            job->result->created_page = true;
            return true;
        }
        if (err->kind != ERR_AMBIGUOUS)
            return false;
        if (try == CREATE_TRIES || !look_after_lost_answer(job, page, err)) {
            session_doubt(job->session);
            return false;
        }
    }
    return true;
}

/* A new page holds what Notion made of the text. We must read that before we can recognize edits of
 * it. If the read fails, the next pass does it. */
static void
read_created(struct job *job, struct page *page, const struct page_change *change)
{
    struct value text = value_text("");
    struct err err;

    if (!job->gather->rules.on[FIELD_BODY])
        return;
    if (notion_lacks_dialect(job->gather->notion)) {
        /* A later pass tries the text again. */
        job->again = job->again || change->markdown != NULL;
        return;
    }
    if (change->markdown == NULL && page->direct) {
        page->content = (struct content){.hash = body_hash(job->arena, ""),
                                         .read_at = page->edited_at,
                                         .seen_at = page->read_at};
    } else if (!notion_read_content(job->gather->notion, page->id, job->arena, &text,
                                    &page->content, &err)) {
        log_warning("#%lld: %s", (long long)change->number, err.text);
        page->content = (struct content){0};
        return;
    }
    values_put(&page->values, FIELD_BODY, text, job->arena);
    page->content.by = page->direct ? page->edited_by : NULL;
}

/* If Notion refuses a page, its text may be the reason. The text must not block the rest: the page
 * is made without it, and later passes try the text again. */
static bool
create_page_bare(struct job *job, struct page_change *change, struct page **page, struct err *err)
{
    struct err why;

    if (err->kind != ERR_REFUSED || change->markdown == NULL)
        return false;
    change->markdown = NULL;
    if (!create_page_once(job, change, page, &why)) {
        if (why.kind != ERR_REFUSED)
            (void)err_set(err, why.kind, "%s", why.text);
        return false;
    }
    (void)err_context(err, "the page was made without the issue's text");
    job_fail(job, err);
    return true;
}

static void
page_was_made(struct job *job, struct page *page)
{
    job->outcome.page = page;
    job->page_read = clock_now();
    job->result->page_id = page->id;
    job->result->page_url = page->url;
}

/* First with a title, its number and its text, then with whatever else Notion accepts. */
static bool
create_page_in_parts(struct job *job, struct page_change *change, struct err *err)
{
    struct parts rest = {
        .side = SIDE_NOTION,
        .job = job,
        .wanted =
            values_only(&change->values, field_set_minus(FIELDS_ALL, FIELDS_MAKING), job->arena),
        .write = write_properties,
        .taken = true};
    struct page *page;
    struct err why;

    change->values = values_only(&change->values, FIELDS_MAKING, job->arena);
    change->markdown = (job->item->fields[FIELD_BODY].write[SIDE_NOTION])
                           ? job->item->fields[FIELD_BODY].value[SIDE_NOTION].text
                           : NULL;
    if (!create_page_once(job, change, &page, &why)) {
        if (!parts_may_help(SIDE_NOTION, &why))
            *err = why;
        return false;
    }
    read_created(job, page, change);
    page_was_made(job, page);
    return field_set_is_empty(rest.wanted.has) || parts_split(&rest, err);
}

bool
create_page(struct job *job, struct err *err)
{
    struct page_change change = {
        .values = job_values(job, SIDE_NOTION, FIELDS_ALL),
        .sets_number = true,
        .number = job->item->number,
    };
    struct page *page;

    change.markdown = value_text_of(&change.values, FIELD_BODY);
    if (create_page_once(job, &change, &page, err))
        read_created(job, page, &change);
    else if (!create_page_bare(job, &change, &page, err))
        return parts_may_help(SIDE_NOTION, err) && create_page_in_parts(job, &change, err);
    page_was_made(job, page);
    return true;
}
