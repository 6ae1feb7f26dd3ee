#include "report/report_p.h"

#include <string.h>

/* A line break in a value would add a line of its own, and a line without "=" fails the step. */
static bool
value_usable(const char *value)
{
    for (; *value != '\0'; value++)
        if ((unsigned char)*value < 0x20 || *value == 0x7f)
            return false;
    return true;
}

char *
report_outputs(struct arena *arena, const struct pass_report *report, const char *report_path)
{
    struct report_counts counts = report_count(report);
    const struct {
        const char *name;
        size_t count;
    } outputs[] = {
        {"issues_created", counts.issues_created},
        {"issues_updated", counts.issues_updated},
        {"issues_closed", counts.issues_closed},
        {"issues_reopened", counts.issues_reopened},
        {"pull_requests_merged", counts.pull_requests_merged},
        {"pages_created", counts.pages_created},
        {"pages_updated", counts.pages_updated},
        {"comments_created", counts.comments_created},
        {"conflicts", counts.conflicts},
        {"failures", counts.failures},
        {"remaining", counts.remaining},
    };
    struct buf out;
    char *text;

    buf_init(&out, (size_t)64 * 1024);
    for (size_t i = 0; i < sizeof(outputs) / sizeof(*outputs); i++)
        buf_printf(&out, "%s=%zu\n", outputs[i].name, outputs[i].count);
    buf_printf(&out, "changed=%s\n", counts.changed ? "true" : "false");
    buf_printf(&out, "report=%s\n",
               report_path != NULL && value_usable(report_path) ? report_path : "");
    text = arena_strdup(arena, buf_text(&out));
    buf_release(&out);
    return text;
}
