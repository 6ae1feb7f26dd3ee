#ifndef REPORT_REPORT_P_H
#define REPORT_REPORT_P_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/buf.h"
#include "report/markdown.h"
#include "report/report.h"

/* Shared by the files of this room. */

/* Whether somebody may still be typing the page, so that a later pass makes its issue. */
bool report_is_fresh(const struct result *result);

/* What a result did, or would do in a dry run. */
struct effects {
    bool created_issue, created_page, closed, reopened, merged, trashed;
    bool merge_closed;  /* closed, because a pull request of its task was merged */
    bool updated_issue; /* written to in other ways than those above */
    bool updated_page;
    bool linked, unlinked;
    size_t comments, conflicts;
    /* Comments carried over to a side, and copies there that were rewritten. */
    size_t said[SIDE_COUNT], resaid[SIDE_COUNT];
};
struct effects report_effects(const struct result *result);

/* A number in struct report_counts, and its names in the documents. */
struct count_kind {
    size_t offset;
    const char *name;  /* in the JSON report, and as an output of the step */
    bool is_output;    /* … if it is one */
    const char *title; /* in the summary's table; NULL: not there */
    /* In a sentence: "2 issues would be created"; noun NULL: not there, verb NULL: none. */
    const char *noun, *verb;
};
extern const struct count_kind count_kinds[];
extern const size_t n_count_kinds;
size_t count_of(const struct report_counts *counts, const struct count_kind *kind);

/* Whether there is anything to show as done. */
bool report_effects_any(const struct effects *effects);

/* Whether the result's issue is a pull request, as far as is known. */
bool report_is_pull(const struct result *result);

/* Links of the two ends; NULL if not known. */
const char *report_issue_url(const struct result *result);
/* The page's URL; without its title if the page is not to be named, then in the arena. */
const char *report_page_url(const struct result *result, struct arena *arena);

/* Whether the page's value of the field must not be shown to everybody. */
bool report_hides(const struct result *result, enum field field);

/* The value that a side had before the pass, VALUE_ABSENT if it had no such end. */
struct value report_before(const struct result *result, enum side side, enum field field);

/* The value that the side has after the pass, or would have, for a field that the pass writes. */
struct value report_after(const struct result *result, enum side side, enum field field);

/* Whether the pass wrote the field there, or would. A refused write does not count. */
bool report_writes(const struct result *result, enum side side, enum field field);

/* Appends a side's value in the words that people use, in the way of report_quote_value or
 * report_fence. */
void report_put_value(struct buf *out, const struct result *result, enum side side,
                      enum field field, const struct value *value, size_t max, enum quoting how);
void report_put_fence(struct buf *out, const struct result *result, enum side side,
                      enum field field, const struct value *value, size_t max);

/* Whether this result settled (or would settle) the field's conflict. */
bool report_in_conflict(const struct result *result, enum field field);

/* The pass stopped in order before it was finished. That is not a failure: the next one
 * continues. */
bool report_stopped(const struct pass_report *report);

/* Names as in docs/decision-table.md and docs/report.md. */
const char *report_row_name(enum row row);
const char *report_field_row_name(enum field_row row);
const char *report_done_name(enum done done);
const char *report_action_name(enum action_kind kind);
const char *report_error_name(enum err_kind kind);

/* Appends how a long text changed, in a block of its own: removed and added lines, with two
 * lines around them. Returns false if the text is too long for that. */
MUST_USE bool report_text_diff(struct buf *out, const char *before, const char *after);

/* Whether a side's long text was (or would be) written and both versions are available. */
bool report_text_changed(const struct result *result, enum side side, const char **before,
                         const char **after);

/* Appends text as it is if it is plain letters, otherwise quoted. */
void report_words(struct buf *out, const char *text, enum quoting how);

/* Appends the outcome in a few words: "done, 1 conflict". */
void report_verdict(struct buf *out, const struct pass_report *report);

/* Appends what was done, e.g. "issue closed; title in Notion: “a” → “b”". */
void report_describe(struct buf *out, const struct result *result, enum quoting how);

/* Appends what a conflict was about and how it ended, in one sentence without period. */
void report_conflict(struct buf *out, const struct result *result, enum field field);

/* The same in own words only: "issue closed; title in Notion". */
void report_acts(struct buf *out, const struct result *result);

/* Failures with the same message, apart from ids and numbers. */
struct cause {
    const struct result *first;
    const struct result **others; /* the first of them */
    size_t n_others;
    uint64_t hash;
};

/* Groups the failures by message, in the order of the first of each. Returns how many groups
 * there are. */
size_t report_causes(const struct pass_report *report, struct arena *arena, struct cause **causes);

/* Appends " (and 2 more for the same reason: #4 …, #5 …)", or nothing. */
void report_put_others(struct buf *out, const struct cause *cause, enum quoting how);

/* Appends "#12", linked in Markdown, and the title, which say what a line is about. */
void report_subject(struct buf *out, const struct result *result, enum quoting how);

/* Appends the pass in one sentence without period. */
void report_headline(struct buf *out, const struct pass_report *report);

/* Appends a Mermaid picture of what went from one side to the other, with counts by kind.
 * Appends nothing if nothing did. */
void report_flow(struct buf *out, const struct pass_report *report);

/* Appends requests and remaining rate limits, in one line. */
void report_requests(struct buf *out, const struct pass_report *report);

/* Prints the JSON report with one result in memory at a time. Check ferror(out) for failures. */
void report_json_print(FILE *out, const struct pass_report *report);

/* Appends the essentials of the summary as plain text. */
void report_plain(struct buf *out, const struct pass_report *report, bool colour);

/* Logs the end of the pass. */
void report_log(const struct pass_report *report);

#endif
