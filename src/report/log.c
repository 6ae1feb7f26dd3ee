#include "report/report_p.h"

#include <string.h>

#include "base/log.h"
#include "reconcile/rules.h"

/* Log this many lines of a kind; the report has all. */
#define LOG_LINES ((size_t)500)
#define LOG_SIZE  ((size_t)16 * 1024)

typedef void log_say(const char *format, ...) PRINTF_LIKE(1, 2);

struct log_lines {
    log_say *say;
    const char *kind;
    size_t said, hidden;
};

static void
say_of(struct log_lines *lines, const struct result *result, const char *text)
{
    struct buf line;

    if (lines->said == LOG_LINES) {
        lines->hidden++;
        return;
    }
    buf_init(&line, LOG_SIZE);
    report_subject(&line, result, QUOTE_PLAIN);
    buf_str(&line, ": ");
    report_visible(&line, text, 0, false);
    lines->say("%s", buf_text(&line));
    buf_release(&line);
    lines->said++;
}

static void
lines_end(const struct log_lines *lines)
{
    if (lines->hidden > 0)
        lines->say("… and %zu more %s, all in the report", lines->hidden, lines->kind);
}

static void
say_conflicts(struct log_lines *lines, const struct result *result)
{
    for (enum field field = 0; field < result->item->rules->fields->n; field++) {
        struct buf text;

        if (!report_in_conflict(result, field))
            continue;
        buf_init(&text, LOG_SIZE);
        report_conflict(&text, result, field);
        buf_str(&text, "; both values are in the report");
        say_of(lines, result, buf_text(&text));
        buf_release(&text);
    }
}

/* Repeated failures become one line. */
static void
log_failures(const struct pass_report *report)
{
    struct log_lines failures = {.say = log_error, .kind = "failures"};
    struct arena *arena = arena_new();
    struct cause *causes;
    size_t n = report_causes(report, arena, &causes);

    for (size_t i = 0; i < n; i++) {
        struct buf text;

        buf_init(&text, LOG_SIZE);
        buf_str(&text, causes[i].first->err.text);
        report_put_others(&text, &causes[i], QUOTE_PLAIN);
        say_of(&failures, causes[i].first, buf_text(&text));
        buf_release(&text);
    }
    lines_end(&failures);
    arena_free(arena);
}

static void
log_results(const struct result_list *results)
{
    struct log_lines warnings = {.say = log_warning, .kind = "warnings"};
    struct log_lines notices = {.say = log_notice, .kind = "notices"};
    struct arena *scratch = arena_new();

    for (size_t i = 0; i < results->len; i++) {
        const struct result *result = results->items[i];
        const struct sayings notes = sayings_join(scratch, result->item->notes, result->notes);

        say_conflicts(&warnings, result);
        for (size_t n = 0; n < notes.n; n++)
            say_of(result->item->row == ROW_E11_HIDDEN ? &notices : &warnings, result,
                   notes.items[n]);
        if (result->refused != NULL)
            say_of(&warnings, result, arena_printf(scratch, "not merged: %s", result->refused));
    }
    lines_end(&warnings);
    lines_end(&notices);
    arena_free(scratch);
}

static void
say_text(log_say *say, const char *text)
{
    struct buf line;

    buf_init(&line, LOG_SIZE);
    report_visible(&line, text, 0, false);
    say("%s", buf_text(&line));
    buf_release(&line);
}

void
report_log(const struct pass_report *report)
{
    struct buf line;

    log_failures(report);
    log_results(&report->results);
    for (size_t i = 0; i < report->problems.n; i++)
        say_text(log_error, report->problems.items[i]);
    if (report->err.kind != ERR_NONE && report->problems.n == 0)
        say_text(report_stopped(report) ? log_warning : log_error, report->err.text);
    for (size_t i = 0; i < report->warnings.n; i++)
        say_text(log_warning, report->warnings.items[i]);
    for (size_t i = 0; i < report->news.n; i++)
        say_text(log_notice, report->news.items[i]);
    if (report->held != NULL)
        say_text(log_notice, report->held);
    if (report->notice != NULL)
        say_text(log_notice, report->notice);
    if (report->problems.n > 0)
        return;
    buf_init(&line, LOG_SIZE);
    buf_str(&line, report->config->dry_run ? "dry run, nothing was written: " : "");
    report_headline(&line, report);
    if (report->in_step > 0)
        buf_printf(&line, " (%zu compared and in sync)", report->in_step);
    log_info("%s", buf_text(&line));
    buf_release(&line);
}
