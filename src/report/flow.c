#include "report/report_p.h"

/* The things of one kind that were carried to a side. */
struct flow {
    enum side to;
    const char *noun, *verb;
    size_t count;
};

/* One arrow to a side, with a line for each kind that went there. */
static void
put_arrow(struct buf *out, enum side to, const char *arrow, const struct flow *flows, size_t n)
{
    size_t start = out->len;

    for (size_t k = 0; k < n; k++) {
        if (flows[k].to != to || flows[k].count == 0)
            continue;
        if (out->len > start)
            buf_str(out, "<br>");
        else
            buf_printf(out, "    %s %s|\"", to == SIDE_GITHUB ? "N" : "G", arrow);
        buf_printf(out, "%zu %s%s %s", flows[k].count, flows[k].noun,
                   flows[k].count == 1 ? "" : "s", flows[k].verb);
    }
    if (out->len > start)
        buf_printf(out, "\"| %s\n", to == SIDE_GITHUB ? "G" : "N");
}

/* Only own words and numbers, because other text could break the picture. */
void
report_flow(struct buf *out, const struct pass_report *report)
{
    struct flow flows[] = {
        {SIDE_GITHUB, "issue", "created", 0},       {SIDE_GITHUB, "issue", "updated", 0},
        {SIDE_GITHUB, "issue", "closed", 0},        {SIDE_GITHUB, "issue", "reopened", 0},
        {SIDE_GITHUB, "pull request", "merged", 0}, {SIDE_GITHUB, "comment", "copied", 0},
        {SIDE_NOTION, "page", "created", 0},        {SIDE_NOTION, "page", "updated", 0},
        {SIDE_NOTION, "page", "trashed", 0},        {SIDE_NOTION, "comment", "copied", 0},
    };
    const size_t n = sizeof(flows) / sizeof(*flows);
    struct report_counts counts = report_count(report);
    const char *arrow = report->config->dry_run ? "-.->" : "-->";
    struct buf arrows;
    size_t merge_closed = 0;

    for (size_t i = 0; i < report->results.len; i++) {
        struct effects e = report_effects(report->results.items[i]);
        const size_t more[] = {
            e.created_issue,
            e.updated_issue && !e.created_issue,
            e.closed && !e.merge_closed,
            e.reopened,
            e.merged,
            e.said[SIDE_GITHUB] + e.resaid[SIDE_GITHUB],
            e.created_page,
            e.updated_page && !e.created_page,
            e.trashed,
            e.said[SIDE_NOTION] + e.resaid[SIDE_NOTION],
        };

        for (size_t k = 0; k < n; k++)
            flows[k].count += more[k];
        merge_closed += e.merge_closed;
    }
    buf_init(&arrows, 4000);
    for (enum side to = 0; to < SIDE_COUNT; to++)
        put_arrow(&arrows, to, arrow, flows, n);
    if (merge_closed > 0)
        buf_printf(&arrows, "    G %s|\"%zu issue%s closed by a merge\"| G\n", arrow, merge_closed,
                   merge_closed == 1 ? "" : "s");
    if (counts.conflicts > 0)
        buf_printf(&arrows, "    C{{\"%zu conflict%s\"}} -.- N & G\n", counts.conflicts,
                   counts.conflicts == 1 ? "" : "s");
    if (arrows.len > 0)
        buf_printf(out,
                   "```mermaid\nflowchart LR\n    N[(\"Notion\")]\n    G[(\"GitHub\")]\n%s```\n\n",
                   buf_text(&arrows));
    buf_release(&arrows);
}
