#include "report/report_p.h"

#include "reconcile/rules.h"
#include <string.h>

#define PLAIN_LINES     ((size_t)200)
#define PLAIN_CONFLICTS ((size_t)20)
#define PLAIN_VALUE     ((size_t)2000)
#define BOLD            "\033[1m"
#define YELLOW          "\033[33m"
#define RESET           "\033[0m"

static void
put_done(struct buf *out, const struct pass_report *report)
{
    size_t shown = 0;
    size_t hidden = 0;

    for (size_t i = 0; i < report->results.len; i++) {
        const struct result *result = report->results.items[i];
        struct effects effects = report_effects(result);

        if (!report_effects_any(&effects))
            continue;
        if (shown == PLAIN_LINES) {
            hidden++;
            continue;
        }
        shown++;
        buf_str(out, "  ");
        report_subject(out, result, QUOTE_PLAIN);
        buf_str(out, ": ");
        report_describe(out, result, QUOTE_PLAIN);
        buf_char(out, '\n');
    }
    if (hidden > 0)
        buf_printf(out, "  … and %zu more\n", hidden);
}

static void
put_conflict(struct buf *out, const struct result *result, enum field field, bool colour)
{
    buf_printf(out, "%sConflict%s: ", colour ? YELLOW : "", colour ? RESET : "");
    report_subject(out, result, QUOTE_PLAIN);
    buf_str(out, ": ");
    report_conflict(out, result, field);
    buf_char(out, '\n');
    for (enum side side = 0; side < SIDE_COUNT; side++) {
        struct value before = report_before(result, side, field);

        buf_printf(out, "  %s: ", side_name(side));
        report_put_value(out, result, side, field, &before, PLAIN_VALUE, QUOTE_PLAIN);
        buf_char(out, '\n');
    }
}

static void
put_conflicts(struct buf *out, const struct pass_report *report, bool colour)
{
    size_t count = 0;

    for (size_t i = 0; i < report->results.len; i++) {
        const struct result *result = report->results.items[i];

        for (enum field field = 0; field < result->item->rules->fields->n; field++)
            if (report_in_conflict(result, field) && count++ < PLAIN_CONFLICTS)
                put_conflict(out, result, field, colour);
    }
    if (count > PLAIN_CONFLICTS)
        buf_printf(out, "… and %zu more conflicts, all in the JSON report\n",
                   count - PLAIN_CONFLICTS);
}

void
report_plain(struct buf *out, const struct pass_report *report, bool colour)
{
    buf_str(out, colour ? BOLD : "");
    buf_str(out, report->config->dry_run ? "Dry run, nothing was written: " : "");
    report_headline(out, report);
    buf_str(out, colour ? RESET "\n" : "\n");
    put_done(out, report);
    put_conflicts(out, report, colour);
    report_requests(out, report);
    buf_char(out, '\n');
}
