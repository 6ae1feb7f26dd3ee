#include "apply/quote.h"

#include <string.h>

#include "apply/comment_text.h"
#include "apply/create.h"
#include "base/log.h"
#include "reconcile/comment.h"

/* Whether Notion does not accept or show comments on this page. */
static bool
is_refusal(const struct err *err)
{
    return err->kind == ERR_REFUSED || err->kind == ERR_ACCESS || err->kind == ERR_NOT_FOUND;
}

static bool
is_posted(const struct own_comment *comments, size_t n, const char *marker)
{
    for (size_t i = 0; i < n; i++)
        if (comments[i].counts && strcmp(comments[i].marker, marker) == 0)
            return true;
    return false;
}

/* One comment, unless it is there; after a lost answer it is looked for first. */
static bool
post_once(struct apply *apply, struct job *job, const char *text, const char *marker,
          struct arena *arena, struct err *err)
{
    const int64_t number = job->outcome.issue->number;
    int64_t id;

    if (is_posted(job->item->comments, job->item->n_comments, marker))
        return true;
    for (int try = 1; !github_comment(apply->gather->github, number, text, marker, &id, err);
         try++) {
        struct own_comments there = {0};

        if (err->kind != ERR_AMBIGUOUS || try == CREATE_TRIES || !pause_for(LOOK_AFTER, err) ||
            !github_read_own_comments(apply->gather->github, &number, 1, arena, &there, err))
            return false;
        if (is_posted(there.items, there.len, marker))
            break;
    }
    job->result->comments++;
    job->stale = field_set_or(job->stale, job->item->rules->fields->after_comment);
    return true;
}

bool
quote_on_github(struct apply *apply, struct job *job, struct arena *arena, struct err *err)
{
    const char *marker = comment_marker(job->item, COMMENT_CONFLICT, arena);
    struct field_set fields = item_quotes(job->item, SIDE_GITHUB);
    size_t n;
    const char **texts = comment_text_conflict(arena, job->item, &n);

    /* The last one has the marker that says that all is there. */
    for (size_t i = 0; i < n; i++) {
        const char *mark = i + 1 < n ? arena_printf(arena, "%s part=%zu", marker, i + 1) : marker;

        if (post_once(apply, job, texts[i], mark, arena, err))
            continue;
        /* Locked, full, or closed to us; a permission that is missing is a failure. */
        if (err->kind != ERR_REFUSED)
            return false;
        log_warning("#%lld: %s", (long long)job->item->number, err->text);
        err_clear(err);
        return quote_on_page(apply, job, fields, arena, err);
    }
    return true;
}

/* The page's comments that keep this conflict, by part. */
static bool
is_kept(const struct remark *remarks, size_t n, const char *header)
{
    for (size_t i = 0; i < n; i++)
        if (remarks[i].own && remarks[i].text.len > 0 &&
            strcmp(remarks[i].text.items[0].text, header) == 0)
            return true;
    return false;
}

/* Without the permission to read comments, it is not known whether a pass that died made one: twice
 * is better than not at all. */
static bool
read_kept(struct apply *apply, const struct job *job, struct arena *arena,
          const struct remark **remarks, size_t *n, struct err *err)
{
    *n = 0;
    if (notion_read_comments(apply->gather->notion, job->item->page_id, arena, remarks, n, err))
        return true;
    if (!is_refusal(err))
        return false;
    err_clear(err);
    return true;
}

static bool
keep_all(struct apply *apply, struct job *job, struct field_set fields, struct arena *arena,
         struct err *err)
{
    const struct remark *remarks = NULL;
    size_t n_remarks, n;
    const struct runs *comments = comment_text_quote(arena, job->item, fields, &n);

    if (!read_kept(apply, job, arena, &remarks, &n_remarks, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        const char *id, *thread;

        for (int try = 1; !is_kept(remarks, n_remarks, comments[i].items[0].text) &&
                          !notion_post_comment(apply->gather->notion, job->item->page_id, NULL,
                                               &comments[i], arena, &id, &thread, err);
             try++)
            if (err->kind != ERR_AMBIGUOUS || try == CREATE_TRIES || !pause_for(LOOK_AFTER, err) ||
                !read_kept(apply, job, arena, &remarks, &n_remarks, err))
                return false;
    }
    job->result->comments += (int)n;
    return true;
}

/* Neither side of these fields is written, and the next pass tries again. */
static void
leave_fields(struct job *job, struct field_set fields, const char *why, struct arena *arena)
{
    struct item *item = job->item;

    FIELD_EACH(f, fields)
    {
        struct field_plan *plan = &item->fields[f];

        if (plan->stays)
            continue;
        plan->waits = true;
        plan->settles = plan->write[SIDE_GITHUB] = plan->write[SIDE_NOTION] = false;
        item_note(
            item,
            arena_printf(arena,
                         "%s: both sides were changed, and the run overwrites nothing, "
                         "because no comment could keep the replaced value: give the connection "
                         "(integration) the capability \"Insert comments\" (notion.so/developers, "
                         "Configuration), or unlock the conversation on GitHub (%s)",
                         job->item->rules->fields->items[f].name, why),
            arena);
    }
    if (item->fields[FIELD_STATUS].waits)
        item->fields[FIELD_STATE].write[SIDE_NOTION] = false;
    job->again = true;
}

bool
quote_on_page(struct apply *apply, struct job *job, struct field_set fields, struct arena *arena,
              struct err *err)
{
    if (keep_all(apply, job, fields, arena, err))
        return true;
    if (!is_refusal(err))
        return false;
    leave_fields(job, fields, err->text, arena);
    err_clear(err);
    return true;
}
