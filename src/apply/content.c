#include "apply/content.h"

#include <string.h>

#include "base/clock.h"

/* A copy of the page with its content as it is now. */
static bool
read_content(struct gather *gather, const struct page *page, struct arena *arena,
             struct page **read, struct err *err)
{
    *read = arena_memdup(arena, page, sizeof(*page));
    return notion_read_content(gather->notion, page->id, arena, &(*read)->values[FIELD_BODY],
                               &(*read)->content, err);
}

bool
look_at_content(struct apply *apply, struct job *job, struct arena *arena, struct err *err)
{
    struct page *page;

    if (read_content(apply->gather, job->item->page, arena, &page, err)) {
        job_decide(apply, job, job->item->issue, page, arena);
        return true;
    }
    if (err->kind != ERR_NOT_FOUND)
        return false;
    job_postpone(job);
    return true;
}

bool
look_ahead(struct gather *gather, const struct item *item, struct arena *arena,
           struct item **decided, struct err *err)
{
    const struct issue *issue = item->issue;
    const struct page *page = item->page;
    struct issue *read_issue = NULL;
    struct page *read_page;
    struct github_batch batch = {.numbers = &item->number, .n_numbers = 1, .issues = &read_issue};

    if (item->body.looks_issue) {
        if (!github_read_batch(gather->github, &batch, arena, err))
            return false;
        issue = read_issue != NULL ? read_issue : issue;
    }
    if (item->body.looks_page) {
        if (!read_content(gather, page, arena, &read_page, err))
            return false;
        page = read_page;
    }
    *decided = reconcile_again(item, issue, page, &gather->rules, arena);
    return true;
}

static bool
is_stale(const struct content *content)
{
    return content->hash != NULL && clock_now() - content->seen_at > FRESH_FOR;
}

bool
refresh_content(struct apply *apply, const struct item *item, struct arena *arena,
                const struct page **page, struct err *err)
{
    struct page *now;

    if (item->page == NULL || !is_stale(&item->page->content))
        return true;
    if (!read_content(apply->gather, *page, arena, &now, err))
        return false;
    *page = now;
    return true;
}

/* Content that waited long for its turn must still be what was decided on. */
static bool
content_is_still(struct apply *apply, struct page **page, struct arena *arena, bool *still,
                 struct err *err)
{
    const char *before = (*page)->content.hash;

    *still = true;
    if (!is_stale(&(*page)->content))
        return true;
    if (!read_content(apply->gather, *page, arena, page, err))
        return false;
    *still = strcmp(before, (*page)->content.hash) == 0;
    return true;
}

bool
write_content(struct apply *apply, struct job *job, struct arena *arena, struct err *err)
{
    struct page *page = arena_memdup(arena, job->outcome.page, sizeof(*page));
    const char *wanted = job->item->fields[FIELD_BODY].value[SIDE_NOTION].text;
    bool still;

    if (!content_is_still(apply, &page, arena, &still, err))
        return false;
    if (!still) {
        job_postpone(job);
        return true;
    }
    if (!notion_write_content(apply->gather->notion, page->id, wanted, arena,
                              &page->values[FIELD_BODY], &page->content, err)) {
        if (err->kind != ERR_CONFLICT)
            return false;
        job_postpone(job);
        return true;
    }
    /* As long as the page names the same last editor, nobody came after this write. */
    page->content.by = job->wrote_page ? page->edited_by : NULL;
    job->outcome.page = page;
    job->result->updated_page = true;
    return true;
}
