#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "apply/result.h"
#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "config/config.h"
#include "http/http.h"
#include "model/sayings.h"

/*
 * The reports of a pass: the log at its end, the step's outputs, the job summary and the JSON
 * report (docs/report.md). Text from issues and pages is hostile: it is shown, never obeyed.
 */

/* Appends Markdown to the job summary. If that fails, logs it. */
void report_add_summary(const char *path, const char *text);

/* Everything that is reported about a pass. Strings are lent; they must live as long as a call. */
struct pass_report {
    const struct config *config;
    const char *repository; /* nameWithOwner, or as configured; NULL: not known */
    const char *database_title, *database_url; /* NULL if not read */
    bool hides;           /* anybody may read this, so it must not name anything of Notion's */
    const char *held;     /* texts kept from a public repository, how to allow them; or NULL */
    bool full;            /* everything was compared */
    const char *why_full; /* "first pass", "the configuration changed", …; NULL */
    bool quiet;           /* nothing was touched since the cursor */
    struct sayings warnings, news; /* about the database as a whole */
    struct sayings problems;       /* inputs that are not valid; then nothing else was read */
    const char *notice;            /* e.g. another pass is at work; NULL */
    bool waits; /* it ended because a service asks to wait; notice says until when */
    struct result_list results;
    size_t in_step;          /* links that were compared and needed nothing */
    size_t comments_waiting; /* link comments left for later passes */
    struct err err;          /* the failure that ended the pass; kind ERR_NONE if none did */
    int exit_status;
    struct http_stats github_rest, github_graphql, notion;
    int64_t started, ended; /* server time, ms since the epoch; 0 unknown */
};

/*
 * Numbers of the outputs. In a dry run they count what would be done. An issue or pull request that
 * is closed, reopened or merged counts there, and in issues_updated as well if its title or labels
 * were written too; one that was created counts only as created, and so does a page.
 */
struct report_counts {
    size_t issues_created, issues_updated, issues_closed, issues_reopened, pull_requests_merged;
    size_t pages_created, pages_updated, pages_trashed, comments_created;
    size_t conflicts; /* fields, not issues */
    size_t failures;  /* failed items, plus one for an error that ended the pass (not a stop in
                         order) */
    size_t remaining; /* at least 1 if the pass waits: it may not have come to look */
    size_t planned;   /* items of a dry run that need a write */
    size_t comments_waiting, in_step; /* of the pass */
    bool changed; /* an issue, pull request, page or comment was changed; never in a dry run */
};

struct report_counts report_count(const struct pass_report *report);

/* Exit statuses (README.md): 0; some records failed, the others are done; bad input, no access, or
 * refused by a guard. */
enum { EXIT_DONE = 0, EXIT_SOME_FAILED = 1, EXIT_NOTHING_DONE = 2 };

/* The exit status for the results and the error that ended the pass. */
int report_exit_status(const struct pass_report *report);

/* Whether the error that ended the pass is reported with a record that failed because of it. */
bool report_is_told(const struct pass_report *report);

/*
 * The summary in GitHub's Markdown, in the arena: at most 1 MiB (1,048,576 bytes), however much the
 * pass did. Entries that do not fit are counted. Source of the limit: docs.github.com, "Workflow
 * commands", job summaries.
 */
char *report_summary(struct arena *arena, const struct pass_report *report);

/* For a preview: the pass in one sentence without period; and what a result did or would do, in
 * own words only. The latter returns false if that is nothing. */
void report_sentence(struct buf *out, const struct pass_report *report);
MUST_USE bool report_line(struct buf *out, const struct result *result);

/* The JSON report, in the arena. */
char *report_json(struct arena *arena, const struct pass_report *report);

/* Lines "name=value" for GITHUB_OUTPUT, in the arena. report_path is the value of the output
 * `report`; it stays empty for NULL (the file could not be written) and for a path with control
 * characters. */
char *
report_outputs(struct arena *arena, const struct pass_report *report, const char *report_path);

/*
 * Writes all documents to where the runner wants them and logs the end of the pass: a line for each
 * of the first failures and notes, and one of counts. config->output_file and summary_file are
 * appended to; notion-sync-report.json is made in config->temp_folder by renaming a whole file.
 * Without a summary file, prints the essentials on standard output. If a document cannot be
 * written, warns and still writes the others.
 */
void report_write(const struct pass_report *report);

#endif
