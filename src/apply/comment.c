#include "apply/comment.h"

#include <string.h>

#include "apply/comment_text.h"
#include "base/log.h"
#include "reconcile/comment.h"

/* Whether Notion does not accept or show comments on this page. */
static bool
is_refusal(const struct err *err)
{
    return err->kind == ERR_REFUSED || err->kind == ERR_ACCESS || err->kind == ERR_NOT_FOUND;
}

/* The id of the comment with that marker, 0: there is none. */
static int64_t
find_posted(const struct own_comment *comments, size_t n, const char *marker)
{
    for (size_t i = n; i > 0; i--)
        if (comments[i - 1].counts && strcmp(comments[i - 1].marker, marker) == 0)
            return comments[i - 1].id;
    return 0;
}

/* Posts a comment. After a lost answer, looks for it among the comments that the item did not know
 * yet. */
static bool
post(struct job *job, const char *text, const char *marker, int64_t *id, struct err *err)
{
    struct github *github = job->gather->github;
    const int64_t number = job->outcome.issue->number;
    const size_t known = job->item->n_comments;

    *id = 0;
    for (int try = 1; *id == 0; try++) {
        struct own_comments there = {0};

        if (github_comment(github, number, text, marker, id, err))
            break;
        if (!pause_to_look(try, err) ||
            !github_read_own_comments(github, &number, 1, job->arena, &there, err))
            return false;
        if (there.len > known)
            *id = find_posted(there.items + known, there.len - known, marker);
    }
    job->result->comments++;
    job->stale = field_set_or(job->stale, job->item->rules->fields->after_comment);
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

/* Without permission to read comments, we cannot know whether a pass that died posted one. Two
 * comments are better than none. */
static bool
read_kept(const struct job *job, const struct remark **remarks, size_t *n, struct err *err)
{
    *n = 0;
    if (notion_read_comments(job->gather->notion, job->item->page_id, job->arena, remarks, n, err))
        return true;
    if (!is_refusal(err))
        return false;
    err_clear(err);
    return true;
}

static bool
keep_all(struct job *job, struct field_set fields, struct err *err)
{
    const struct remark *remarks = NULL;
    size_t n_remarks, n;
    const struct runs *comments = comment_text_quote(job->arena, job->item, fields, &n);

    if (!read_kept(job, &remarks, &n_remarks, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        const char *id, *thread;

        for (int try = 1; !is_kept(remarks, n_remarks, comments[i].items[0].text) &&
                          !notion_post_comment(job->gather->notion, job->item->page_id, NULL,
                                               &comments[i], job->arena, &id, &thread, err);
             try++)
            if (!pause_to_look(try, err) || !read_kept(job, &remarks, &n_remarks, err))
                return false;
    }
    job->result->comments += (int)n;
    return true;
}

/* Writes neither side of these fields. The next pass tries again. */
static void
leave_fields(struct job *job, struct field_set fields, const char *why)
{
    struct field_set held = {{0}};

    FIELD_EACH(f, fields)
    {
        if (job->item->fields[f].stays)
            continue;
        field_set_add(&held, f);
        job_note(job,
                 "%s: both sides were changed, and the run overwrites nothing, because no comment "
                 "could keep the replaced value: give the connection (integration) the capability "
                 "\"Insert comments\" (notion.so/developers, Configuration), or unlock the "
                 "conversation on GitHub (%s)",
                 job->item->rules->fields->items[f].name, why);
    }
    job->item = item_hold(job->item, held, job->arena);
    job->again = true;
}

/* Keeps the losing values of these fields on the page. The fields wait if it accepts no comment. */
static bool
quote_on_page(struct job *job, struct field_set fields, struct err *err)
{
    if (keep_all(job, fields, err))
        return true;
    if (!is_refusal(err))
        return false;
    leave_fields(job, fields, err->text);
    err_clear(err);
    return true;
}

bool
comment_quote(struct job *job, struct err *err)
{
    return quote_on_page(job, item_quotes(job->item, SIDE_NOTION), err);
}

/* Posts the conflict comment on GitHub. False if the pass must stop or the answer was lost. */
static bool
quote_on_github(struct job *job, struct err *err)
{
    const char *marker =
        comment_marker(job->item, job->item->page_id, COMMENT_CONFLICT, job->arena);
    struct field_set fields = item_quotes(job->item, SIDE_GITHUB);
    int64_t id;
    size_t n;
    const char **texts = comment_text_conflict(job->arena, job->item, &n);

    /* The last comment has the marker that says that the quote is complete. */
    for (size_t i = 0; i < n; i++) {
        const char *mark =
            i + 1 < n ? arena_printf(job->arena, "%s part=%zu", marker, i + 1) : marker;

        if (find_posted(job->item->comments, job->item->n_comments, mark) != 0 ||
            post(job, texts[i], mark, &id, err))
            continue;
        /* The conversation is locked, full, or closed to us. A missing permission is a failure
         * instead. */
        if (err->kind != ERR_REFUSED)
            return false;
        log_warning("#%lld: %s", (long long)job->item->number, err->text);
        err_clear(err);
        return quote_on_page(job, fields, err);
    }
    return true;
}

/* The name of a person in Notion, if GitHub may show it. NULL: it may not, or the name is unknown.
 */
static const char *
name_for_github(const struct job *job, const char *user)
{
    return job->gather->rules.held_back || *user == '\0'
               ? NULL
               : notion_user_name(job->gather->notion, user, job->arena);
}

/* The author of the row that the issue was made for. */
static const char *
row_author(const struct job *job)
{
    const struct item *item = job->item;
    const struct page *page = job->outcome.page != NULL ? job->outcome.page : item->page;
    bool made =
        item->row == ROW_E1_NEW_ISSUE || (item->issue != NULL && item->issue->marker != NULL &&
                                          strcmp(item->issue->marker, job->result->page_id) == 0);

    return made && page != NULL ? name_for_github(job, page->created_by) : NULL;
}

static const char *
text_of(const struct job *job, enum comment_kind kind)
{
    const struct item *item = job->item;
    const struct page *page = job->outcome.page;
    struct comment_change change;
    const char *title;

    switch (kind) {
    case COMMENT_STATUS:
    case COMMENT_MERGED:
        change = (struct comment_change){name_for_github(job, item->page->edited_by),
                                         item->page->edited_at};
        return item->closer != NULL
                   ? comment_text_closer(job->arena, item->closer)
                   : comment_text_status(job->arena, item, &change, kind == COMMENT_MERGED);
    case COMMENT_REFUSED:
        return comment_text_refused(job->arena, item, job->result->refused);
    case COMMENT_ENDED:
        return comment_text_ended(job->arena, item);
    case COMMENT_VOID:
        return comment_text_void(job->arena, item);
    case COMMENT_ASKED:
        return comment_text_asked(job->arena, item);
    default:
        title = page != NULL ? value_text_of(&page->values, FIELD_TITLE) : NULL;
        return comment_text_link(
            job->arena, job->outcome.issue->is_pull, title != NULL ? title : item->title,
            page != NULL ? page->url : NULL, row_author(job), &job->gather->rules);
    }
}

bool
comment_post(struct job *job, enum comment_kind kind, struct err *err)
{
    const struct item *item = job->item;
    int64_t id;

    if (kind == COMMENT_CONFLICT)
        return quote_on_github(job, err);
    if ((kind == COMMENT_STATUS || kind == COMMENT_MERGED) && item->fields[FIELD_STATUS].waits)
        return true;
    if (kind == COMMENT_MERGED && !job->result->merged &&
        !issue_pull(item->issue)->merged_by_viewer)
        return true;
    if (post(job, text_of(job, kind), comment_marker(item, job->result->page_id, kind, job->arena),
             &id, err)) {
        if (kind == COMMENT_LINK)
            job->outcome.link_comment = id;
        return true;
    }
    /* A conversation that is locked, full or closed to us accepts no comments. */
    if (err->kind != ERR_REFUSED)
        return false;
    log_warning("#%lld: %s", (long long)item->number, err->text);
    job_note(job,
             "GitHub did not accept a comment: is the conversation locked or full, or the token's "
             "owner blocked?");
    return true;
}
