#include <string.h>

#include "report/report.h"

static bool
wrote(const struct result *result)
{
    return result->done == DONE_OK || result->created_issue || result->created_page ||
           result->updated_issue || result->updated_page || result->closed || result->reopened ||
           result->merged || result->trashed || result->comments > 0 ||
           result->said[SIDE_GITHUB] + result->said[SIDE_NOTION] > 0;
}

int
report_exit_status(const struct pass_report *report)
{
    bool failed = false;
    bool done = false;
    bool denied = true; /* whatever failed did so for want of access */

    for (size_t i = 0; i < report->results.len; i++) {
        const struct result *result = report->results.items[i];

        failed = failed || result->done == DONE_FAILED;
        denied = denied && (result->done != DONE_FAILED || result->err.kind == ERR_ACCESS);
        done = done || wrote(result);
    }
    if (report->err.kind != ERR_NONE && report->err.kind != ERR_WAIT &&
        (report->err.kind != ERR_STOPPED || report->results.len == 0))
        return done ? EXIT_SOME_FAILED : EXIT_NOTHING_DONE;
    if (!failed)
        return EXIT_DONE;
    return denied && !done ? EXIT_NOTHING_DONE : EXIT_SOME_FAILED;
}

/* The error that stopped the run says more in front. */
static bool
ends_with(const char *text, const char *end)
{
    size_t length = strlen(text);
    size_t tail = strlen(end);

    return tail <= length && strcmp(text + length - tail, end) == 0;
}

bool
report_is_told(const struct pass_report *report)
{
    for (size_t i = 0; i < report->results.len; i++) {
        const struct result *result = report->results.items[i];

        if (result->done == DONE_FAILED && ends_with(report->err.text, result->err.text))
            return true;
    }
    return false;
}
