#include "report/report_p.h"

char *
report_outputs(struct arena *arena, const struct pass_report *report, const char *report_path)
{
    struct report_counts counts = report_count(report);
    struct buf out;

    buf_init(&out, (size_t)64 * 1024);
    for (size_t i = 0; i < n_count_kinds; i++)
        if (count_kinds[i].is_output)
            buf_printf(&out, "%s=%zu\n", count_kinds[i].name, count_of(&counts, &count_kinds[i]));
    buf_printf(&out, "changed=%s\n", counts.changed ? "true" : "false");
    /* A line break in a value would add a line of its own, and a line without "=" fails the step.
     */
    for (const char *c = report_path; report_path != NULL && *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            report_path = NULL;
    buf_printf(&out, "report=%s\n", report_path != NULL ? report_path : "");
    return buf_take(&out, arena);
}
