#include "apply/content.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/parallel.h"

/* A copy of the page with its content as it is now. */
static bool
read_content(struct gather *gather, const struct page *page, struct arena *arena,
             struct page **read, struct err *err)
{
    struct value text = {0};

    *read = arena_memdup(arena, page, sizeof(*page));
    if (!notion_read_content(gather->notion, page->id, arena, &text, &(*read)->content, err))
        return false;
    values_put(&(*read)->values, FIELD_BODY, text, arena);
    return true;
}

const struct rules *
content_rules(const struct gather *gather, struct arena *arena)
{
    struct rules *rules;

    if (!notion_lacks_dialect(gather->notion))
        return &gather->rules;
    rules = arena_memdup(arena, &gather->rules, sizeof(*rules));
    rules->on[FIELD_BODY] = false;
    return rules;
}

bool
look_at_content(struct apply *apply, struct job *job, struct arena *arena, struct err *err)
{
    struct page *page;

    if (!notion_lacks_dialect(apply->gather->notion) &&
        read_content(apply->gather, job->item->page, arena, &page, err)) {
        job_decide(apply, job, job->item->issue, page, arena);
        return true;
    }
    if (notion_lacks_dialect(apply->gather->notion)) {
        job_decide(apply, job, job->item->issue, job->item->page, arena);
        return true;
    }
    if (err->kind != ERR_NOT_FOUND)
        return false;
    job_postpone(job);
    return true;
}

bool
look_at_issues(struct gather *gather, struct item *const *items, size_t n, struct arena *arena,
               struct issue **issues, struct err *err)
{
    int64_t *numbers = arena_array(arena, n, sizeof(*numbers));
    struct issue **read = arena_array(arena, n, sizeof(struct issue *));
    struct github_batch batch = {.numbers = numbers, .issues = read};
    size_t taken = 0;

    for (size_t i = 0; i < n; i++) {
        issues[i] = NULL;
        if (items[i]->body.looks_issue)
            numbers[batch.n_numbers++] = items[i]->number;
    }
    if (batch.n_numbers > 0 && !github_read_batch(gather->github, &batch, arena, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (items[i]->body.looks_issue)
            issues[i] = read[taken++];
    return true;
}

bool
look_ahead(struct gather *gather, const struct item *item, const struct issue *issue,
           struct arena *arena, const struct item **decided, struct err *err)
{
    const struct page *page = item->page;
    struct page *read;

    if (item->body.looks_page && !notion_lacks_dialect(gather->notion)) {
        if (read_content(gather, page, arena, &read, err))
            page = read;
        else if (!notion_lacks_dialect(gather->notion))
            return false;
    }
    *decided = reconcile_again(item, issue != NULL ? issue : item->issue, page,
                               content_rules(gather, arena), arena);
    return true;
}

static bool
is_stale(const struct content *content)
{
    return content->hash != NULL && clock_now() - content->seen_at > FRESH_FOR;
}

bool
refresh_content(struct apply *apply, struct arena *arena, const struct page **page, struct err *err)
{
    struct page *now;

    if (*page == NULL || !is_stale(&(*page)->content))
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
    struct value text;
    bool still, done;

    if (!content_is_still(apply, &page, arena, &still, err))
        return false;
    if (!still) {
        job_postpone(job);
        return true;
    }
    text = *value_of(&page->values, FIELD_BODY);
    done = notion_write_content(apply->gather->notion, page->id, wanted, arena, &text,
                                &page->content, err);
    job->wrote_content = done || !err->undone;
    if (!done) {
        if (err->kind != ERR_CONFLICT)
            return false;
        job_postpone(job);
        return true;
    }
    values_put(&page->values, FIELD_BODY, text, arena);
    /* As long as the page names the same last editor, nobody came after this write. */
    page->content.by = job->wrote_page ? page->edited_by : NULL;
    job->outcome.page = page;
    job->result->updated_page = true;
    return true;
}

/* Contents that are read before the lock is taken, several at a time. */
struct looking {
    struct gather *gather;
    struct item **items;
    struct page **pages; /* NULL if it need not be read */
    bool *read;
    int64_t until;
};

static void
look_early(void *context, size_t index, size_t worker)
{
    struct looking *looking = context;
    const struct item *item = looking->items[index];
    struct err err;

    looking->pages[index] = NULL;
    looking->read[index] = clock_now() < looking->until;
    if (looking->read[index] && item->body.looks_page &&
        !read_content(looking->gather, item->page, looking->gather->lanes[worker],
                      &looking->pages[index], &err)) {
        log_debug("#%lld: %s: its text is read later", (long long)item->number, err.text);
        looking->read[index] = false;
    }
}

void
look_before(struct gather *gather, struct plan *plan, int64_t most)
{
    struct item *items[LOOK_BEFORE_MAX];
    struct issue *issues[LOOK_BEFORE_MAX];
    struct page *pages[LOOK_BEFORE_MAX];
    size_t places[LOOK_BEFORE_MAX];
    bool read[LOOK_BEFORE_MAX];
    int64_t start = clock_now();
    struct looking looking = {gather, items, pages, read, start + most / 2};
    struct err err;
    size_t n = 0;

    for (size_t i = 0; i < plan->items.len && n < LOOK_BEFORE_MAX; i++)
        if (plan->items.items[i]->body.looks_page || plan->items.items[i]->body.looks_issue) {
            places[n] = i;
            items[n++] = plan->items.items[i];
        }
    if (n == 0 || !look_at_issues(gather, items, n, gather->arena, issues, &err))
        return;
    parallel_for(n, GATHER_LANES, look_early, &looking);
    for (size_t i = 0; i < n; i++) {
        struct item *again;

        if (!read[i] || clock_now() >= start + most ||
            (issues[i] == NULL && items[i]->body.looks_issue))
            continue;
        again = reconcile_again(items[i], issues[i] != NULL ? issues[i] : items[i]->issue,
                                pages[i] != NULL ? pages[i] : items[i]->page, &gather->rules,
                                gather->arena);
        if (!again->body.lacks_base)
            plan->items.items[places[i]] = again;
    }
}
