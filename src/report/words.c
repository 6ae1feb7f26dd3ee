#include "report/report_p.h"

#include <inttypes.h>
#include <string.h>

#include "reconcile/rules.h"
#include "reconcile/shown.h"

const char *
report_row_name(enum row row)
{
    static const char *const names[ROW_COUNT] = {
        [ROW_NONE] = "none",        [ROW_E1_NEW_ISSUE] = "E1",    [ROW_E2_RECOVER] = "E2",
        [ROW_E3_NEW_PAGE] = "E3",   [ROW_E4_ADOPT] = "E4",        [ROW_E5_NO_ISSUE] = "E5",
        [ROW_E6_DUPLICATE] = "E6",  [ROW_E7_MARKER_TAKEN] = "E7", [ROW_E8_PAGE_GONE] = "E8",
        [ROW_E9_ISSUE_GONE] = "E9", [ROW_E10_UNLINK] = "E10",     [ROW_E11_HIDDEN] = "E11",
        [ROW_E12_RESUME] = "E12",   [ROW_E13_WAS_LINKED] = "E13", [ROW_E14_TASK] = "E14",
        [ROW_LINKED] = "linked",
    };

    return names[row];
}

const char *
report_field_row_name(enum field_row row)
{
    static const char *const names[FIELD_ROW_COUNT] = {
        [FIELD_ROW_NONE] = "none", [ROW_F1_SAME] = "F1",     [ROW_F2_TO_NOTION] = "F2",
        [ROW_F3_TO_GITHUB] = "F3", [ROW_F4_AGREE] = "F4",    [ROW_F5_BOTH] = "F5",
        [ROW_F6_MERGE] = "F6",     [ROW_F7_CONFLICT] = "F7", [ROW_F8_NO_BASE] = "F8",
        [ROW_F9_ONE_WAY] = "F9",
    };

    return names[row];
}

const char *
report_done_name(enum done done)
{
    static const char *const names[] = {
        [DONE_PLANNED] = "planned",
        [DONE_OK] = "done",
        [DONE_FAILED] = "failed",
        [DONE_REMAINING] = "remaining",
    };

    return names[done];
}

const char *
report_action_name(enum action_kind kind)
{
    static const char *const names[ACTION_KINDS] = {
        [ACTION_LOOK] = "read_content",
        [ACTION_WRITE_CONTENT] = "write_content",
        [ACTION_CREATE_ISSUE] = "create_issue",
        [ACTION_CREATE_PAGE] = "create_page",
        [ACTION_COMMENT] = "comment",
        [ACTION_WRITE_ISSUE] = "write_issue",
        [ACTION_MERGE_PULL] = "merge_pull",
        [ACTION_WRITE_PAGE] = "write_page",
        [ACTION_CLEAR_NUMBER] = "clear_number",
        [ACTION_TRASH_PAGE] = "trash_page",
        [ACTION_SHOW_PAGE] = "show_page",
        [ACTION_DISARM_PULL] = "disarm_pull",
        [ACTION_QUOTE] = "quote",
        [ACTION_RENEW_MARKER] = "renew_marker",
    };

    return names[kind];
}

const char *
report_error_name(enum err_kind kind)
{
    static const char *const names[] = {
        [ERR_NONE] = "none",       [ERR_NOT_FOUND] = "not_found", [ERR_GONE] = "gone",
        [ERR_REFUSED] = "refused", [ERR_CONFLICT] = "conflict",   [ERR_DATA] = "data",
        [ERR_NETWORK] = "network", [ERR_SERVER] = "server",       [ERR_AMBIGUOUS] = "ambiguous",
        [ERR_WAIT] = "wait",       [ERR_STOPPED] = "stopped",     [ERR_STATE] = "state",
        [ERR_ACCESS] = "access",   [ERR_INPUT] = "input",
    };

    return names[kind];
}

static void
put_part(struct buf *out, size_t start, const char *separator, const char *part)
{
    if (out->len > start)
        buf_str(out, separator);
    buf_str(out, part);
}

static void
put_comments(struct buf *out, size_t n)
{
    buf_printf(out, "%zu comment%s", n, n == 1 ? "" : "s");
}

/* "2 comments copied to Notion", "1 comment on GitHub updated". */
static void
describe_conversation(struct buf *out, size_t start, const struct effects *effects, bool planned,
                      const char *separator)
{
    for (enum side to = 0; to < SIDE_COUNT; to++) {
        size_t said = effects->said[to];
        size_t resaid = effects->resaid[to];

        if (said > 0) {
            put_part(out, start, separator, planned ? "copy " : "");
            put_comments(out, said);
            buf_printf(out, "%s to %s", planned ? "" : " copied", side_name(to));
        }
        if (resaid > 0) {
            put_part(out, start, separator, planned ? "update " : "");
            put_comments(out, resaid);
            buf_printf(out, " %s %s%s", to == SIDE_GITHUB ? "on" : "in", side_name(to),
                       planned ? "" : " updated");
        }
    }
}

static void
describe_acts(struct buf *out, size_t start, const struct result *result,
              const struct effects *effects, const char *separator)
{
    bool planned = result->done == DONE_PLANNED;
    bool pull = report_is_pull(result);
    const struct {
        bool on;
        const char *done, *planned;
    } acts[] = {
        {effects->created_issue, "issue created",
         result->item->fresh ? "create the issue once nobody edits the page" : "create the issue"},
        {effects->created_page, "page created", "create the page"},
        {effects->linked, "linked", "link"},
        {effects->merged, "pull request merged", "merge the pull request"},
        {effects->closed && !pull, "issue closed", "close the issue"},
        {effects->closed && pull, "pull request closed", "close the pull request"},
        {effects->reopened && !pull, "issue reopened", "reopen the issue"},
        {effects->reopened && pull, "pull request reopened", "reopen the pull request"},
        {effects->trashed, "page moved to the trash", "move the page to the trash"},
        {effects->unlinked, "link ended", "end the link"},
    };
    const char *because = result->item->because;

    for (size_t i = 0; i < sizeof(acts) / sizeof(*acts); i++)
        if (acts[i].on)
            put_part(out, start, separator, planned ? acts[i].planned : acts[i].done);
    if (effects->unlinked && because != NULL)
        buf_printf(out, " (%s)", because);
    if (effects->comments > 0) {
        put_part(out, start, separator, planned ? "post " : "");
        buf_printf(out, "%zu comment%s", effects->comments, effects->comments == 1 ? "" : "s");
    }
    describe_conversation(out, start, effects, planned, separator);
}

void
report_put_value(struct buf *out, const struct result *result, enum side side, enum field field,
                 const struct value *value, size_t max, enum quoting how)
{
    struct arena *arena = arena_new();
    struct value shown = shown_value(result->item, field, side, value, arena);

    if (side == SIDE_NOTION && report_hides(result, field))
        buf_str(out, how == QUOTE_PLAIN ? "(not shown here)" : "*(not shown here)*");
    else
        report_quote_value(out, &shown, max, how);
    arena_free(arena);
}

void
report_put_fence(struct buf *out, const struct result *result, enum side side, enum field field,
                 const struct value *value, size_t max)
{
    struct arena *arena = arena_new();
    struct value shown = shown_value(result->item, field, side, value, arena);

    if (side == SIDE_NOTION && report_hides(result, field))
        buf_str(out, "\n*(not shown here: this repository is public)*\n\n");
    else
        report_fence(out, &shown, max);
    arena_free(arena);
}

void
report_words(struct buf *out, const char *text, enum quoting how)
{
    static const char words[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ,;:'";

    if (text[0] != '\0' && strspn(text, words) == strlen(text) && text[0] != ' ')
        buf_str(out, text);
    else
        report_quote(out, text, how == QUOTE_SPAN ? 0 : REPORT_SHORT, how);
}

/* The name that people use for the field on a side: in Notion, the name that they gave its
 * column. */
static void
put_name(struct buf *out, const struct result *result, enum field field, enum side side,
         enum quoting how)
{
    const char *column = result->item->rules->column[field];

    if (side == SIDE_NOTION && field == FIELD_BODY)
        buf_str(out, "page content");
    else if (side == SIDE_NOTION && field != FIELD_TITLE && column != NULL)
        report_words(out, column, how);
    else
        buf_str(out, fields_words(result->item->rules->fields, field));
}

/* A change of the status on GitHub is reported as "closed" and the like, or was refused. */
static bool
shows_change(const struct result *result, const struct effects *effects, enum side side,
             enum field field)
{
    if (!report_writes(result, side, field))
        return false;
    if (side == SIDE_NOTION)
        return effects->updated_page;
    return effects->updated_issue && field != FIELD_STATUS;
}

static bool
describe_changes(struct buf *out, size_t start, const struct result *result,
                 const struct effects *effects, enum side side, enum quoting how)
{
    const char *separator = how == QUOTE_CELL ? "<br>" : "; ";
    bool any = false;

    for (enum field field = 0; field < result->item->rules->fields->n; field++) {
        struct value before = report_before(result, side, field);
        struct value after = report_after(result, side, field);

        if (!shows_change(result, effects, side, field))
            continue;
        put_part(out, start, separator, "");
        put_name(out, result, field, side, how);
        any = true;
        if (report_text_changed(result, field == FIELD_BODY ? side : SIDE_COUNT, NULL, NULL)) {
            buf_str(out, side == SIDE_GITHUB ? " on GitHub changed" : " in Notion changed");
            continue;
        }
        buf_str(out, side == SIDE_GITHUB ? " on GitHub: " : " in Notion: ");
        report_put_value(out, result, side, field, &before, REPORT_SHORT, how);
        buf_str(out, " → ");
        report_put_value(out, result, side, field, &after, REPORT_SHORT, how);
    }
    return any;
}

bool
report_text_changed(const struct result *result, enum side side, const char **before,
                    const char **after)
{
    struct effects effects = report_effects(result);
    struct value was, is;

    if (side == SIDE_COUNT || !shows_change(result, &effects, side, FIELD_BODY) ||
        (side == SIDE_NOTION && report_hides(result, FIELD_BODY)))
        return false;
    was = report_before(result, side, FIELD_BODY);
    is = result->item->fields[FIELD_BODY].value[side];
    if (was.kind != VALUE_TEXT || is.kind != VALUE_TEXT)
        return false;
    if (before != NULL)
        *before = was.text;
    if (after != NULL)
        *after = is.text;
    return true;
}

void
report_describe(struct buf *out, const struct result *result, enum quoting how)
{
    const char *separator = how == QUOTE_CELL ? "<br>" : "; ";
    bool planned = result->done == DONE_PLANNED;
    struct effects effects = report_effects(result);
    size_t start = out->len;

    describe_acts(out, start, result, &effects, separator);
    if (!describe_changes(out, start, result, &effects, SIDE_GITHUB, how) && effects.updated_issue)
        put_part(out, start, separator, planned ? "update the issue" : "issue updated");
    if (!describe_changes(out, start, result, &effects, SIDE_NOTION, how) && effects.updated_page)
        put_part(out, start, separator, planned ? "update the page" : "page updated");
}

static void
name_changes(struct buf *out, size_t start, const struct result *result,
             const struct effects *effects, enum side side)
{
    const char *between = NULL;

    for (enum field field = 0; field < result->item->rules->fields->n; field++) {
        if (!shows_change(result, effects, side, field))
            continue;
        if (between == NULL)
            put_part(out, start, "; ", "");
        buf_str(out, between != NULL ? between : "");
        put_name(out, result, field, side, QUOTE_CELL);
        between = ", ";
    }
    if (between != NULL)
        buf_str(out, side == SIDE_GITHUB ? " to GitHub" : " to Notion");
}

void
report_acts(struct buf *out, const struct result *result)
{
    struct effects effects = report_effects(result);
    size_t start = out->len;

    describe_acts(out, start, result, &effects, "; ");
    for (enum side side = 0; side < SIDE_COUNT; side++)
        name_changes(out, start, result, &effects, side);
}

void
report_conflict(struct buf *out, const struct result *result, enum field field)
{
    const struct field_plan *plan = &result->item->fields[field];
    const char *name = fields_words(result->item->rules->fields, field);
    const char *how = result->item->record == NULL
                          ? "was different on both sides when they were linked"
                          : "was changed on both sides";

    if (plan->waits)
        buf_printf(out, "the %s %s; no comment could keep what would be replaced, so both stay",
                   name, how);
    else if (plan->stays)
        buf_printf(out,
                   "the %s was changed in a block that has on the page what Markdown cannot carry; "
                   "both stay as they are",
                   name);
    else if (plan->alone)
        buf_printf(out,
                   "a change of the %s could not be separated from the text around it; the text of "
                   "%s is kept",
                   name, side_name(plan->winner));
    else if (plan->lost != NULL)
        buf_printf(out,
                   "the %s was changed on both sides in the same places; there the text of %s is "
                   "kept",
                   name, side_name(plan->winner));
    else
        buf_printf(out, "the %s %s; the value of %s is kept", name, how, side_name(plan->winner));
}

/* A page that must not be named is shown only as its link. */
static void
report_hidden_page(struct buf *out, const struct result *result, enum quoting how)
{
    struct arena *arena = arena_new();
    const char *url = report_page_url(result, arena);

    if (url == NULL)
        buf_str(out, "a page");
    else if (how == QUOTE_PLAIN)
        buf_printf(out, "%s", url);
    else
        report_link(out, "a page", url);
    arena_free(arena);
}

void
report_subject(struct buf *out, const struct result *result, enum quoting how)
{
    int64_t number = result->number > 0 ? result->number : result->item->number;
    const char *url = report_issue_url(result);
    char label[32];

    if (number > 0 && how == QUOTE_PLAIN) {
        buf_printf(out, "#%" PRId64 " ", number);
    } else if (number > 0) {
        /* If we did not link "#12", GitHub would. */
        snprintf(label, sizeof(label), report_url_usable(url) ? "#%" PRId64 : "`#%" PRId64 "`",
                 number);
        report_link(out, label, url);
        buf_char(out, ' ');
    }
    if (!item_is_hidden(result->item) || result->item->title[0] != '\0')
        report_quote(out, result->item->title, REPORT_SHORT, how);
    else if (number == 0)
        report_hidden_page(out, result, how);
}

static void
headline_counts(struct buf *out, const struct report_counts *counts, bool dry_run)
{
    size_t start = out->len;

    for (size_t i = 0; i < n_count_kinds; i++) {
        const struct count_kind *kind = &count_kinds[i];
        size_t count = count_of(counts, kind);

        if (count == 0 || kind->noun == NULL)
            continue;
        put_part(out, start, ", ", "");
        buf_printf(out, "%zu %s%s", count, kind->noun, count == 1 ? "" : "s");
        if (kind->verb != NULL)
            buf_printf(out, "%s %s", dry_run ? " would be" : "", kind->verb);
    }
    if (counts->remaining > 0) {
        put_part(out, start, ", ", "");
        buf_printf(out, "%zu left for the next run", counts->remaining);
    }
}

void
report_headline(struct buf *out, const struct pass_report *report)
{
    struct report_counts counts = report_count(report);
    size_t start = out->len;

    if (report->problems.n > 0) {
        buf_printf(out, "%zu input%s not valid, nothing was done", report->problems.n,
                   report->problems.n == 1 ? " is" : "s are");
        return;
    }
    if (report->err.kind != ERR_NONE && report->results.len == 0) {
        buf_str(out, "The run failed");
        return;
    }
    headline_counts(out, &counts, report->config->dry_run);
    if (out->len > start)
        return;
    if (report->notice != NULL)
        buf_str(out, "Nothing was done");
    else
        buf_str(out,
                report->quiet ? "Nothing changed since the last run" : "Everything is in sync");
}

static void
put_count(struct buf *out, size_t count, const char *one, const char *many)
{
    if (count > 0)
        buf_printf(out, ", %zu %s", count, count == 1 ? one : many);
}

void
report_verdict(struct buf *out, const struct pass_report *report)
{
    struct report_counts counts = report_count(report);
    size_t planned = counts.planned;

    if (report->problems.n > 0 || (report->err.kind != ERR_NONE && report->results.len == 0)) {
        report_headline(out, report);
        return;
    }
    if (report->config->dry_run)
        buf_printf(out, "Dry run, %zu issue%s or page%s would change", planned,
                   planned == 1 ? "" : "s", planned == 1 ? "" : "s");
    else if (counts.changed)
        buf_str(out, "Done");
    else if (report->notice != NULL || counts.failures > 0 || counts.remaining > 0)
        buf_str(out, "Nothing was done");
    else
        buf_str(out,
                report->quiet ? "Nothing changed since the last run" : "Everything is in sync");
    put_count(out, counts.conflicts, "conflict", "conflicts");
    put_count(out, counts.failures, "failure", "failures");
    if (counts.remaining > 0)
        buf_printf(out, ", %zu left for the next run", counts.remaining);
}

static void
put_service(struct buf *out, const char *name, const struct http_stats *stats)
{
    buf_printf(out, "%s %d request%s", name, stats->requests, stats->requests == 1 ? "" : "s");
    if (stats->requests > 0 && stats->remaining >= 0 && stats->limit >= 0)
        buf_printf(out, ", %" PRId64 " of %" PRId64 " left", stats->remaining, stats->limit);
}

void
report_requests(struct buf *out, const struct pass_report *report)
{
    int64_t waited =
        report->github_rest.waited + report->github_graphql.waited + report->notion.waited;

    put_service(out, "GitHub REST", &report->github_rest);
    put_service(out, "; GitHub GraphQL", &report->github_graphql);
    put_service(out, "; Notion", &report->notion);
    if (waited > 0)
        buf_printf(out, "; waited %" PRId64 " s for rate limits", (waited + 999) / 1000);
    if (report->started > 0 && report->ended >= report->started)
        buf_printf(out, "; took %" PRId64 " s", (report->ended - report->started + 500) / 1000);
}

void
report_sentence(struct buf *out, const struct pass_report *report)
{
    report_headline(out, report);
}

bool
report_line(struct buf *out, const struct result *result)
{
    struct effects effects = report_effects(result);
    int64_t number = result->number > 0 ? result->number : result->item->number;

    if (!report_effects_any(&effects))
        return false;
    if (number > 0)
        buf_printf(out, "`#%lld` ", (long long)number);
    report_acts(out, result);
    return true;
}
