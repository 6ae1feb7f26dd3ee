#include "apply/create.h"

#include <string.h>

#include "apply/issue.h"
#include "apply/page.h"
#include "apply/parts.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"
#include "model/body.h"

/* A page just made may be missing from Notion's queries for up to a minute (observed: 10 to 60
 * s). */
#define PAGE_LOOK_AFTER ((int64_t)20 * 1000)
#define PAGE_LOOKS      3

/* What a page or an issue is made with if the service refuses everything else. */
#define FIELDS_MAKING FIELD_SET(FIELD_BIT(FIELD_TITLE) | FIELD_BIT(FIELD_BODY))

bool
pause_for(int64_t milliseconds, struct err *err)
{
    if (clock_sleep_until(clock_now() + milliseconds))
        return true;
    return err_set(err, ERR_STOPPED, "interrupted while waiting");
}

struct values
planned_values(const struct item *item, enum side side, struct field_set wanted,
               struct arena *arena)
{
    struct value all[FIELD_ROOM] = {{.kind = VALUE_ABSENT}};

    for (enum field f = 0; f < item->rules->fields->n; f++)
        if (field_set_has(wanted, f) && item->fields[f].write[side])
            all[f] = item->fields[f].value[side];
    return values_pack(all, FIELD_ROOM, arena);
}

bool
change_milestone(struct apply *apply, struct issue_change *change, struct err *err)
{
    const struct choices *choices = apply->gather->rules.choices;
    const char *title = value_text_of(&change->values, FIELD_MILESTONE);

    if (title == NULL || *title == '\0')
        return true;
    for (size_t i = 0; choices != NULL && i < choices->n_milestones; i++)
        if (strcmp(choices->milestones[i].title, title) == 0) {
            change->milestone = choices->milestones[i].number;
            return true;
        }
    for (int try = 1;; try++) {
        if (github_make_milestone(apply->gather->github, title, &change->milestone, err))
            return true;
        if (err->kind != ERR_AMBIGUOUS || try == CREATE_TRIES || !pause_for(LOOK_AFTER, err))
            return false;
    }
}

static void
tell_assignees(struct item *item, const struct value *wanted, const struct value *taken,
               struct arena *arena)
{
    for (size_t i = 0; taken->kind == VALUE_SET && i < wanted->len; i++)
        if (!value_has(taken, wanted->items[i]))
            item_note(item,
                      arena_printf(arena,
                                   "GitHub did not take %s as an assignee: an issue has ten at "
                                   "most, and only people with access to the repository can "
                                   "be assigned",
                                   wanted->items[i]),
                      arena);
}

void
tell_not_taken(struct item *item, const struct issue_change *change, const struct issue *answer,
               struct arena *arena)
{
    FIELD_EACH(f, change->values.has)
    {
        const struct value *wanted = value_of(&change->values, f);
        const struct value *taken = value_of(&answer->values, f);

        if (taken->kind == VALUE_ABSENT || value_equal(wanted, taken))
            continue;
        if (f == FIELD_ASSIGNEES)
            tell_assignees(item, wanted, taken, arena);
        else if (f == FIELD_MILESTONE)
            item_note(item,
                      "GitHub did not take the milestone: the token needs push access to set it",
                      arena);
        else if (f == FIELD_ISSUE_TYPE && utf8_casecmp(wanted->text, taken->text) != 0)
            item_note(item,
                      arena_printf(arena,
                                   "GitHub did not take the issue type \"%s\": it must be one of "
                                   "the organization's, and the token needs push access to set it",
                                   wanted->text),
                      arena);
        else if (f == FIELD_LABELS && item->row == ROW_E1_NEW_ISSUE)
            item_note(item,
                      "GitHub did not take all labels: the token needs push access to set them",
                      arena);
    }
}

static bool
find_or_wait(struct apply *apply, const struct job *job, int64_t since, struct arena *arena,
             struct issue **issue, struct err *err)
{
    for (int look = 0; look < 2; look++)
        if (!pause_for(LOOK_AFTER, err) ||
            !github_find_created(apply->gather->github, job->item->page_id, since, arena, issue,
                                 err))
            return false;
        else if (*issue != NULL)
            return true;
    return true;
}

/* Sends the create, and after a lost answer looks for what it made before sending it again. */
static bool
create_issue_once(struct apply *apply, struct job *job, struct issue_change *change,
                  struct arena *arena, struct issue **issue, struct err *err)
{
    int64_t since = http_server_time(github_graphql_service(apply->gather->github)) - FRESH_FOR;

    if (!change_milestone(apply, change, err))
        return false;
    for (int try = 1;; try++) {
        *issue = NULL;
        if (github_create_issue(apply->gather->github, job->item->page_id, change, arena, issue,
                                err))
            return true;
        if (err->kind != ERR_AMBIGUOUS || try == CREATE_TRIES)
            return false;
        log_info("looking whether the issue was created although the answer was lost");
        if (!find_or_wait(apply, job, since, arena, issue, err))
            return false;
        if (*issue != NULL)
            return true;
    }
}

bool
create_issue(struct apply *apply, struct job *job, struct arena *arena, struct err *err)
{
    const struct field_set later =
        field_set_or(field_set_of(FIELD_STATUS), apply->gather->rules.fields->after_creating);
    const struct values values =
        planned_values(job->item, SIDE_GITHUB, field_set_minus(FIELDS_ALL, later), arena);
    struct issue_change change = {.values = values};
    struct issue *issue;
    struct err why;
    struct values rest = {.cells = NULL};

    if (!create_issue_once(apply, job, &change, arena, &issue, err)) {
        rest = values_only(&values, field_set_minus(FIELDS_ALL, FIELDS_MAKING), arena);
        if (field_set_is_empty(rest.has) || !parts_may_help(SIDE_GITHUB, err))
            return false;
        /* A refused value does not keep the issue from being made. */
        why = *err;
        change.values = values_only(&values, FIELDS_MAKING, arena);
        if (!create_issue_once(apply, job, &change, arena, &issue, err))
            return false;
    }
    job->outcome.issue = issue;
    job->result->number = issue->number;
    job->result->issue_url = issue->url;
    job->result->created_issue = true;
    tell_not_taken(job->item, &change, issue, arena);
    if (field_set_is_empty(rest.has))
        return true;
    *err = why;
    return issue_in_parts(apply, job, &rest, true, arena, err);
}

static bool
look_for_page(struct apply *apply, int64_t number, struct arena *arena, struct page **page,
              struct err *err)
{
    const struct page_query query = {.numbers = &number, .n_numbers = 1};
    struct page_list pages = {0};
    bool complete;
    bool ok = notion_query(apply->gather->notion, &query, arena, &pages, &complete, err);

    *page = ok && pages.len > 0 ? arena_memdup(arena, pages.items[0], sizeof(**page)) : NULL;
    vec_free(&pages);
    return ok;
}

/* Keeps asking for as long as a page that was just made may not be visible yet. */
static bool
look_long_for_page(struct apply *apply, int64_t number, struct arena *arena, struct page **page,
                   struct err *err)
{
    for (int look = 0; look <= PAGE_LOOKS; look++)
        if ((look > 0 && !pause_for(PAGE_LOOK_AFTER, err)) ||
            !look_for_page(apply, number, arena, page, err))
            return false;
        else if (*page != NULL)
            return true;
    return true;
}

/* After a pass that died: it may have made this page a moment ago. */
static bool
look_after_crash(struct apply *apply, int64_t number, struct arena *arena, struct page **page,
                 struct err *err)
{
    int64_t until = apply->gather->look_until;
    int64_t now = http_server_time(notion_service(apply->gather->notion));

    *page = NULL;
    if (until == 0)
        return true;
    if (now < until && !pause_for(until - now, err))
        return false;
    return look_for_page(apply, number, arena, page, err);
}

static bool
look_after_lost_answer(struct apply *apply, struct job *job, struct arena *arena,
                       struct page **page, struct err *err)
{
    log_info("looking whether the page of #%lld was created although the answer was lost",
             (long long)job->item->number);
    if (!look_long_for_page(apply, job->item->number, arena, page, err))
        return false;
    job->result->created_page = *page != NULL;
    return true;
}

static bool
create_page_once(struct apply *apply, struct job *job, const struct page_change *change,
                 struct arena *arena, struct page **page, struct err *err)
{
    if (!look_after_crash(apply, job->item->number, arena, page, err))
        return false;
    for (int try = 1; *page == NULL; try++) {
        if (notion_create_page(apply->gather->notion, change, arena, page, err)) {
            job->result->created_page = true;
            return true;
        }
        if (err->kind != ERR_AMBIGUOUS)
            return false;
        if (try == CREATE_TRIES || !look_after_lost_answer(apply, job, arena, page, err)) {
            session_doubt(apply->session);
            return false;
        }
    }
    return true;
}

/* A page was made with what Notion turned the text into: that result must be known before edits of
 * it can be recognized. If reading it fails, the next pass does it. */
static void
read_created(struct apply *apply, struct job *job, struct page *page,
             const struct page_change *change, struct arena *arena)
{
    struct value text = value_text("");
    struct err err;

    if (!apply->gather->rules.on[FIELD_BODY])
        return;
    if (notion_lacks_dialect(apply->gather->notion)) {
        /* The text is tried again. */
        job->again = job->again || change->markdown != NULL;
        return;
    }
    if (change->markdown == NULL && page->direct) {
        page->content = (struct content){
            .hash = body_hash(arena, ""), .read_at = page->edited_at, .seen_at = page->read_at};
    } else if (!notion_read_content(apply->gather->notion, page->id, arena, &text, &page->content,
                                    &err)) {
        log_warning("#%lld: %s", (long long)change->number, err.text);
        page->content = (struct content){0};
        return;
    }
    values_put(&page->values, FIELD_BODY, text, arena);
    page->content.by = page->direct ? page->edited_by : NULL;
}

/* If Notion refuses a page, its text may be the reason. The text must not keep the rest from being
 * written: the page is made without it, and later passes try the text again. */
static bool
create_page_bare(struct apply *apply, struct job *job, struct page_change *change,
                 struct arena *arena, struct page **page, struct err *err)
{
    struct err why;

    if (err->kind != ERR_REFUSED || change->markdown == NULL)
        return false;
    change->markdown = NULL;
    if (!create_page_once(apply, job, change, arena, page, &why)) {
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
    job->item->page_id = page->id;
    job->result->page_id = page->id;
    job->result->page_url = page->url;
}

/* With a title, its number and its text first, then with what else Notion accepts. */
static bool
create_page_in_parts(struct apply *apply, struct job *job, struct page_change *change,
                     struct arena *arena, struct err *err)
{
    const struct values rest =
        values_only(&change->values, field_set_minus(FIELDS_ALL, FIELDS_MAKING), arena);
    struct page *page;
    struct err why;

    change->values = values_only(&change->values, FIELDS_MAKING, arena);
    change->markdown = (job->item->fields[FIELD_BODY].write[SIDE_NOTION])
                           ? job->item->fields[FIELD_BODY].value[SIDE_NOTION].text
                           : NULL;
    if (!create_page_once(apply, job, change, arena, &page, &why)) {
        if (!parts_may_help(SIDE_NOTION, &why))
            *err = why;
        return false;
    }
    read_created(apply, job, page, change, arena);
    page_was_made(job, page);
    return field_set_is_empty(rest.has) ||
           page_in_parts(apply, job, &rest, false, true, arena, err);
}

bool
create_page(struct apply *apply, struct job *job, struct arena *arena, struct err *err)
{
    struct page_change change = {
        .values = planned_values(job->item, SIDE_NOTION, FIELDS_ALL, arena),
        .sets_number = true,
        .number = job->item->number,
    };
    struct page *page;

    change.markdown = value_text_of(&change.values, FIELD_BODY);
    if (create_page_once(apply, job, &change, arena, &page, err))
        read_created(apply, job, page, &change, arena);
    else if (!create_page_bare(apply, job, &change, arena, &page, err))
        return parts_may_help(SIDE_NOTION, err) &&
               create_page_in_parts(apply, job, &change, arena, err);
    page_was_made(job, page);
    return true;
}
