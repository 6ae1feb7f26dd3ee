#include "report/report_p.h"

/* What flowed from one side to the other. */
struct flow {
    size_t created, updated, closed, reopened, merged, trashed, comments;
};

static void
add_effects(struct flow flows[SIDE_COUNT], const struct effects *effects)
{
    struct flow *to_github = &flows[SIDE_GITHUB];
    struct flow *to_notion = &flows[SIDE_NOTION];

    to_github->created += effects->created_issue;
    to_github->updated += effects->updated_issue && !effects->created_issue;
    to_github->closed += effects->closed && !effects->merge_closed;
    to_github->reopened += effects->reopened;
    to_github->merged += effects->merged;
    to_notion->created += effects->created_page;
    to_notion->updated += effects->updated_page && !effects->created_page;
    to_notion->trashed += effects->trashed;
    for (enum side to = 0; to < SIDE_COUNT; to++)
        flows[to].comments += effects->said[to] + effects->resaid[to];
}

static void
put_kind(struct buf *label, size_t count, const char *noun, const char *verb)
{
    if (count > 0)
        buf_printf(label, "%s%zu %s%s %s", label->len > 0 ? "<br>" : "", count, noun,
                   count == 1 ? "" : "s", verb);
}

static void
put_flow(struct buf *out, const struct flow *flow, enum side to, bool dry_run)
{
    const char *thing = to == SIDE_GITHUB ? "issue" : "page";
    struct buf label;

    buf_init(&label, 1000);
    put_kind(&label, flow->created, thing, "created");
    put_kind(&label, flow->updated, thing, "updated");
    put_kind(&label, flow->closed, thing, "closed");
    put_kind(&label, flow->reopened, thing, "reopened");
    put_kind(&label, flow->merged, "pull request", "merged");
    put_kind(&label, flow->trashed, thing, "trashed");
    put_kind(&label, flow->comments, "comment", "copied");
    if (label.len > 0)
        buf_printf(out, "    %s %s|\"%s\"| %s\n", to == SIDE_GITHUB ? "N" : "G",
                   dry_run ? "-.->" : "-->", buf_text(&label), to == SIDE_GITHUB ? "G" : "N");
    buf_release(&label);
}

/* Only own words and numbers: nothing that a picture could be broken with. */
void
report_flow(struct buf *out, const struct pass_report *report)
{
    struct report_counts counts = report_count(report);
    struct flow flows[SIDE_COUNT] = {{0}};
    struct buf arrows;
    size_t merge_closed = 0;

    for (size_t i = 0; i < report->results.len; i++) {
        struct effects effects = report_effects(report->results.items[i]);

        add_effects(flows, &effects);
        merge_closed += effects.merge_closed;
    }
    buf_init(&arrows, 4000);
    put_flow(&arrows, &flows[SIDE_GITHUB], SIDE_GITHUB, report->config->dry_run);
    put_flow(&arrows, &flows[SIDE_NOTION], SIDE_NOTION, report->config->dry_run);
    if (merge_closed > 0)
        buf_printf(&arrows, "    G %s|\"%zu issue%s closed by a merge\"| G\n",
                   report->config->dry_run ? "-.->" : "-->", merge_closed,
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
