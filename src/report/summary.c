#include "report/report_p.h"

#include "model/notion_id.h"

#include "reconcile/rules.h"
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

/*
 * Fills the parts of the summary in the order of importance, each up to its share. The table of
 * what was done gets the remaining room. A piece is added whole or counted as hidden.
 */

/* The runner drops a summary of more than 1 MiB. The difference leaves room for what its masking
 * of secrets may add. */
#define SUMMARY_SIZE ((size_t)1000 * 1000)

/* Characters of a conflict's value if the whole value does not fit. */
#define CONFLICT_CUT ((size_t)1000)

/* Bytes for the headings and for the lines that say how many pieces are hidden. */
#define ROOM_FOR_FRAMES ((size_t)4000)

/* Size of one piece, no matter which texts it has. */
#define PIECE_SIZE ((size_t)4 * 1024 * 1024)

/* Rows of the table of what was done that are shown unfolded. */
#define ROWS_OPEN ((size_t)20)

struct section {
    struct buf text;
    size_t hidden;
};

struct summary {
    const struct pass_report *report;
    struct buf piece;    /* scratch */
    struct arena *arena; /* of the URLs */
    struct section failures, conflicts, notes, remaining, texts, done, more;
    size_t rows; /* of the table of what was done */
};

static bool
section_fits(const struct section *section, const struct buf *piece)
{
    return !piece->full && piece->len <= section->text.max - section->text.len;
}

static void
section_add(struct section *section, const struct buf *piece)
{
    if (section_fits(section, piece))
        buf_add(&section->text, piece->data, piece->len);
    else
        section->hidden++;
}

/* Once a piece is hidden, all later ones are hidden too, so that there are no gaps. */
static bool
section_skips(struct section *section)
{
    section->hidden += section->hidden > 0;
    return section->hidden > 0;
}

static struct buf *
piece_start(struct summary *summary)
{
    buf_clear(&summary->piece);
    return &summary->piece;
}

static void
add_line(struct summary *summary, struct section *section, const struct result *result,
         const char *text, const struct cause *cause)
{
    struct arena *arena = summary->arena;
    const char *url = report_page_url(result, arena);
    struct buf *line = piece_start(summary);

    if (section_skips(section))
        return;
    buf_str(line, "- ");
    report_subject(line, result, QUOTE_SPAN);
    if (report_url_usable(url)) {
        buf_str(line, " (");
        report_link(line, "page", url);
        buf_char(line, ')');
    }
    if (text != NULL) {
        buf_str(line, ": ");
        report_quote(line, text, 0, QUOTE_SPAN);
    }
    if (cause != NULL)
        report_put_others(line, cause, QUOTE_SPAN);
    buf_char(line, '\n');
    section_add(section, line);
}

static void
put_side(struct buf *out, const struct result *result, enum field field, enum side side, size_t max)
{
    const struct field_plan *plan = &result->item->fields[field];
    bool lost = plan->lost != NULL && side != plan->winner;
    struct value before = lost ? value_text(plan->lost) : report_before(result, side, field);
    const char *fate = side == plan->winner || plan->stays || plan->waits ? "kept"
                       : result->done == DONE_PLANNED                     ? "would be replaced"
                       : result->done == DONE_FAILED || field_set_has(result->missed[side], field)
                           ? "was to be replaced"
                           : "replaced";

    buf_printf(out, "%s (%s):\n", side_name(side), fate);
    report_put_fence(out, result, side, field, &before, max);
}

static void
put_conflict(struct buf *out, const struct result *result, enum field field, size_t max)
{
    const struct field_plan *plan = &result->item->fields[field];
    size_t sentence;

    buf_clear(out);
    buf_str(out, "#### ");
    report_subject(out, result, QUOTE_SPAN);
    buf_str(out, "\n\n");
    sentence = out->len;
    report_conflict(out, result, field);
    if (!out->full)
        out->data[sentence] = (char)toupper((unsigned char)out->data[sentence]);
    buf_str(out, ".\n\n");
    put_side(out, result, field, plan->winner, max);
    put_side(out, result, field, side_other(plan->winner), max);
    buf_str(out, plan->stays || plan->waits
                     ? "To bring both sides together, edit one of them by hand.\n\n"
                     : "To use the other value, enter it again on either side.\n\n");
}

static void
add_conflicts(struct summary *summary, const struct result *result)
{
    for (enum field field = 0; field < result->item->rules->fields->n; field++) {
        if (!report_in_conflict(result, field) || section_skips(&summary->conflicts))
            continue;
        put_conflict(&summary->piece, result, field, 0);
        if (!section_fits(&summary->conflicts, &summary->piece))
            put_conflict(&summary->piece, result, field, CONFLICT_CUT);
        section_add(&summary->conflicts, &summary->piece);
    }
}

static void
add_result(struct summary *summary, const struct result *result)
{
    const struct sayings notes = sayings_join(summary->arena, result->item->notes, result->notes);

    if (result->done == DONE_REMAINING)
        add_line(summary, &summary->remaining, result, NULL, NULL);
    if (report_is_fresh(result))
        add_line(summary, &summary->remaining, result,
                 "the page was edited a moment ago: a later run creates its issue", NULL);
    for (size_t i = 0; i < notes.n; i++)
        add_line(summary, &summary->notes, result, notes.items[i], NULL);
    if (result->refused != NULL)
        add_line(summary, &summary->notes, result,
                 arena_printf(summary->arena, "not merged: %s", result->refused), NULL);
    add_conflicts(summary, result);
}

/* How texts changed; each change can be unfolded. */
static void
add_texts(struct summary *summary, const struct result *result)
{
    for (enum side side = 0; side < SIDE_COUNT; side++) {
        const char *before, *after;
        struct buf *piece;

        if (!report_text_changed(result, side, &before, &after) || section_skips(&summary->texts))
            continue;
        piece = piece_start(summary);
        buf_printf(piece, "<details><summary>#%" PRId64 ": %s</summary>\n",
                   result->number > 0 ? result->number : result->item->number,
                   side == SIDE_GITHUB ? "description on GitHub" : "page content in Notion");
        if (!report_text_diff(piece, before, after))
            buf_str(piece, "\nToo long to be shown here.\n\n");
        buf_str(piece, "</details>\n\n");
        section_add(&summary->texts, piece);
    }
}

static void
add_row(struct summary *summary, const struct result *result)
{
    struct effects effects = report_effects(result);
    const char *url = report_page_url(result, summary->arena);
    struct buf *row = piece_start(summary);
    struct section *section = summary->rows < ROWS_OPEN ? &summary->done : &summary->more;

    if (!report_effects_any(&effects) || section_skips(section))
        return;
    summary->rows++;
    buf_str(row, "| ");
    report_subject(row, result, QUOTE_CELL);
    buf_str(row, " | ");
    if (url != NULL)
        report_link(row, "page", url);
    buf_str(row, " | ");
    report_describe(row, result, QUOTE_CELL);
    buf_str(row, " |\n");
    section_add(section, row);
}

/* " of `octo/plans` and [`Plans`](…)", as far as the run found out their names. */
static void
put_ends(struct buf *out, const struct pass_report *report, struct arena *arena)
{
    struct buf title;

    if (report->repository != NULL) {
        buf_str(out, " of ");
        report_quote(out, report->repository, REPORT_SHORT, QUOTE_SPAN);
    }
    if (report->database_title == NULL)
        return;
    buf_init(&title, PIECE_SIZE);
    if (report->hides)
        buf_str(&title, "a database");
    else
        report_quote(&title, report->database_title, REPORT_SHORT, QUOTE_SPAN);
    buf_str(out, report->repository != NULL ? " and " : " of ");
    report_link(out, buf_text(&title),
                report->hides ? notion_bare_url(arena, report->database_url)
                              : report->database_url);
    buf_release(&title);
}

static void
put_scope(struct buf *out, const struct pass_report *report, struct arena *arena)
{
    if (report->problems.n > 0)
        return;
    if (report->config->dry_run)
        buf_str(out, "> [!NOTE]\n> **Dry run: nothing was written.** "
                     "This is what a run would do now.\n\n");
    buf_str(out, report->full ? "Full run" : "Run");
    put_ends(out, report, arena);
    if (report->err.kind == ERR_NONE)
        buf_str(out, report->full ? ": it compared everything"
                                  : ": it compared what changed since the last run");
    if (report->full && report->why_full != NULL) {
        buf_str(out, " (");
        report_words(out, report->why_full, QUOTE_SPAN);
        buf_char(out, ')');
    }
    buf_str(out, ".\n\n");
}

static void
put_counts(struct buf *out, const struct pass_report *report)
{
    struct report_counts counts = report_count(report);
    bool any = false;

    for (size_t i = 0; i < n_count_kinds; i++) {
        size_t count = count_of(&counts, &count_kinds[i]);

        if (count == 0 || count_kinds[i].title == NULL)
            continue;
        buf_printf(out, "%s| %s | %zu |\n", any ? "" : "| | |\n|-|-:|\n", count_kinds[i].title,
                   count);
        any = true;
    }
    buf_str(out, any ? "\n" : "");
}

static void
put_error(struct buf *out, const struct pass_report *report)
{
    const char *what = "The run failed before it changed any issue or page.";

    if (report->err.kind == ERR_NONE)
        return;
    if (report_stopped(report))
        what = "The run stopped early; the next run continues.";
    else if (report->results.len > 0)
        what = "The run ended with an error. What is listed below was done before.";
    buf_printf(out, "> [!%s]\n> **%s**\n>\n> ", report_stopped(report) ? "WARNING" : "CAUTION",
               what);
    report_quote(out, report->err.text, 0, QUOTE_SPAN);
    buf_str(out, "\n\n");
}

/* What the user should do now, in own words; NULL: nothing. */
static const char *
next_step(const struct pass_report *report)
{
    struct report_counts counts = report_count(report);

    if (report->problems.n > 0)
        return "correct the inputs in the workflow, as each message says.";
    if (report->err.kind != ERR_NONE && !report_stopped(report))
        return "do what the message says, and start the run again.";
    if (counts.failures > 0)
        return "correct what is listed under *Failures*; the next run tries again.";
    if (counts.conflicts > 0)
        return "look at the conflicts below.";
    if (report->config->dry_run && counts.planned > 0)
        return "if this is what you want, start the run without `dry_run`.";
    return report->held;
}

static void
put_head(struct buf *out, const struct pass_report *report, struct arena *arena)
{
    const char *next = next_step(report);

    buf_str(out, "## Notion sync: ");
    report_verdict(out, report);
    buf_str(out, "\n\n");
    if (next != NULL)
        buf_printf(out, "**Next step:** %s\n\n", next);
    if (report->problems.n > 0)
        report_sayings(out, "CAUTION", report->problems);
    else
        put_error(out, report);
    if (report->notice != NULL) {
        buf_str(out, "> [!IMPORTANT]\n> ");
        report_words(out, report->notice, QUOTE_SPAN);
        buf_str(out, "\n\n");
    }
    report_sayings(out, "WARNING", report->warnings);
    report_sayings(out, "NOTE", report->news);
    if (report->held != NULL && report->held != next)
        buf_printf(out, "> [!NOTE]\n> %s\n\n", report->held);
    put_scope(out, report, arena);
    report_flow(out, report);
    if (report->err.kind == ERR_NONE || report->results.len > 0)
        put_counts(out, report);
}

static void
put_section(struct buf *out, const char *title, const char *table, struct section *section)
{
    if (section->text.len > 0 || section->hidden > 0)
        buf_printf(out, "### %s\n\n%s%s\n", title, table, buf_text(&section->text));
    if (section->hidden > 0)
        buf_printf(out, "… and %zu more, all in the JSON report.\n\n", section->hidden);
    buf_release(&section->text);
}

static void
summary_fill(struct summary *summary, size_t used)
{
    const struct result_list *results = &summary->report->results;
    struct cause *causes;
    size_t n;

    n = report_causes(summary->report, summary->arena, &causes);
    for (size_t i = 0; i < n; i++)
        add_line(summary, &summary->failures, causes[i].first, causes[i].first->err.text,
                 &causes[i]);
    for (size_t i = 0; i < results->len; i++)
        add_result(summary, results->items[i]);
    for (size_t i = 0; i < results->len; i++)
        add_texts(summary, results->items[i]);
    used += ROOM_FOR_FRAMES + summary->failures.text.len + summary->conflicts.text.len +
            summary->notes.text.len + summary->remaining.text.len + summary->texts.text.len;
    buf_init(&summary->done.text, (SUMMARY_SIZE - used) / 2);
    buf_init(&summary->more.text, (SUMMARY_SIZE - used) / 2);
    for (size_t i = 0; i < results->len; i++)
        add_row(summary, results->items[i]);
}

/* The first rows are shown; the others are folded. */
static void
put_done(struct buf *out, struct summary *summary)
{
    static const char heads[] = "| Issue | Page | What |\n|-|-|-|\n";
    struct section *more = &summary->more;

    put_section(out, summary->report->config->dry_run ? "What would be done" : "What was done",
                heads, &summary->done);
    if (more->text.len > 0)
        buf_printf(out, "<details><summary>%zu more</summary>\n\n%s%s\n</details>\n\n",
                   summary->rows - ROWS_OPEN + more->hidden, heads, buf_text(&more->text));
    if (more->hidden > 0)
        buf_printf(out, "… and %zu more, all in the JSON report.\n\n", more->hidden);
    buf_release(&more->text);
}

char *
report_summary(struct arena *arena, const struct pass_report *report)
{
    struct summary summary = {.report = report, .arena = arena};
    struct buf out;
    char *text;

    buf_init(&out, SUMMARY_SIZE);
    buf_init(&summary.piece, PIECE_SIZE);
    buf_init(&summary.failures.text, SUMMARY_SIZE / 5);
    buf_init(&summary.conflicts.text, SUMMARY_SIZE * 2 / 5);
    buf_init(&summary.notes.text, SUMMARY_SIZE / 10);
    buf_init(&summary.remaining.text, SUMMARY_SIZE / 20);
    buf_init(&summary.texts.text, SUMMARY_SIZE / 10);
    put_head(&out, report, arena);
    summary_fill(&summary, out.len);
    put_done(&out, &summary);
    put_section(&out, "Texts", "", &summary.texts);
    put_section(&out, "Conflicts", "", &summary.conflicts);
    put_section(&out, "Failures", "", &summary.failures);
    put_section(&out, "To look at", "", &summary.notes);
    put_section(&out, "Left for the next run", "", &summary.remaining);
    if (report->problems.n == 0) {
        buf_str(&out, "<sub>");
        report_requests(&out, report);
        buf_str(&out, ".</sub>\n");
    }
    text = arena_strndup(arena, buf_text(&out), out.len);
    buf_release(&summary.piece);
    buf_release(&out);
    return text;
}
