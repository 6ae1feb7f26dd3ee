#include "check/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apply/apply.h"
#include "base/log.h"
#include "base/progress.h"
#include "check/check_p.h"
#include "report/report.h"

/* How much a check may print: less than the runner accepts as a summary (1 MiB). */
#define TEXT_SIZE ((size_t)1000 * 1000)
/* How many lines to print about what the first pass would do. */
#define PREVIEW 10

static void
preview(struct doc *doc, struct gather *gather, const struct plan *plan)
{
    struct pass_report report = {.config = gather->config, .full = true, .in_step = plan->in_step};
    size_t shown = 0;
    struct buf text;

    apply_pretend(gather, plan, &report.results);
    buf_init(&text, 4000);
    report_sentence(&text, &report);
    doc->sections.items[doc->sections.len - 1].intro = arena_strdup(doc->arena, buf_text(&text));
    for (size_t i = 0; i < report.results.len; i++) {
        const char *does;

        buf_clear(&text);
        if (!report_line(&text, report.results.items[i]))
            continue;
        if (shown++ >= PREVIEW)
            continue;
        does = arena_strdup(doc->arena, buf_text(&text));
        doc_row(doc, MARK_NONE, FOREIGN(report.results.items[i]->item->title), OWN(does),
                OWN(NULL));
    }
    if (shown > PREVIEW)
        doc_line(doc, MARK_NONE, arena_printf(doc->arena, "… and %zu more", shown - PREVIEW), NULL,
                 NULL);
    buf_release(&text);
    vec_free(&report.results);
}

static void
check_first_pass(struct doc *doc, struct gather *gather)
{
    struct plan *plan;
    struct err err;

    doc_section(doc, "What a full run would do now", NULL, NULL, NULL);
    doc->sections.items[doc->sections.len - 1].open = true;
    if (!gather_all(gather, &err) || !gather_plan(gather, &plan, &err)) {
        (void)doc_failed(doc, "reading both sides", &err);
        return;
    }
    preview(doc, gather, plan);
    if (!plan_check_limits(plan, gather->config->max_deletions, gather->config->max_changes, &err))
        doc_problem(doc, "%s", err.text);
    check_partners(doc, gather);
}

static void
show(const struct doc *doc, const struct config *config)
{
    bool colour = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL;
    struct buf text;

    buf_init(&text, TEXT_SIZE);
    if (config->json)
        buf_printf(&text, "%s\n",
                   doc_json(doc, doc->problems.len > 0 ? EXIT_NOTHING_DONE : EXIT_DONE));
    else
        doc_plain(&text, doc, colour);
    fputs(buf_text(&text), stdout);
    fflush(stdout);
    buf_release(&text);
    if (config->summary_file != NULL) {
        buf_init(&text, TEXT_SIZE);
        doc_markdown(&text, doc);
        report_add_summary(config->summary_file, buf_text(&text));
        buf_release(&text);
    }
    for (size_t i = 0; i < doc->problems.len; i++)
        log_error("%s", doc->problems.items[i]);
    for (size_t i = 0; i < doc->warnings.n; i++)
        log_warning("%s", doc->warnings.items[i]);
    for (size_t i = 0; i < doc->notes.n; i++)
        log_notice("%s", doc->notes.items[i]);
    buf_init(&text, TEXT_SIZE);
    doc_verdict(&text, doc);
    log_info("%s; nothing was written", buf_text(&text));
    buf_release(&text);
}

bool
check_run(struct gather *gather)
{
    struct doc doc = {.arena = gather->arena};
    bool github = check_github(&doc, gather);
    bool notion = check_notion(&doc, gather);
    bool fits = notion && check_properties(&doc, gather);
    const char *held = github ? gather_held_back(gather, NULL) : NULL;
    bool good;

    if (github && notion)
        check_people(&doc, gather);
    if (github && notion)
        check_directory(&doc, gather);
    if (github && fits)
        check_newborn(&doc, gather);
    if (github && fits)
        check_first_pass(&doc, gather);
    progress_stop();
    doc.warnings = sayings_join(
        gather->arena, (struct sayings){gather->config->warnings, gather->config->n_warnings},
        gather->warnings);
    doc.notes = gather->news;
    if (held != NULL)
        doc.notes = sayings_join(gather->arena, (struct sayings){&held, 1}, doc.notes);
    doc.next = doc.problems.len > 0
                   ? "do what each problem says, and check again."
                   : "start a run with `dry_run: true` to see all of this in detail, "
                     "or start a run.";
    show(&doc, gather->config);
    good = doc.problems.len == 0;
    doc_free(&doc);
    return good;
}

void
check_refused(struct arena *arena, const struct config *config, struct sayings problems)
{
    struct doc doc = {.arena = arena,
                      .warnings = {config->warnings, config->n_warnings},
                      .next = "correct the inputs, as each message says, and check again."};

    for (size_t i = 0; i < problems.n; i++)
        doc_problem(&doc, "%s", problems.items[i]);
    show(&doc, config);
    doc_free(&doc);
}
