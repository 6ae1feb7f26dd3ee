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

    for (size_t i = 0; i < report->results.len; i++) {
        failed = failed || report->results.items[i]->done == DONE_FAILED;
        done = done || wrote(report->results.items[i]);
    }
    if (report->err.kind == ERR_NONE ||
        (report->err.kind == ERR_STOPPED && report->results.len > 0))
        return failed ? EXIT_SOME_FAILED : EXIT_DONE;
    return done ? EXIT_SOME_FAILED : EXIT_NOTHING_DONE;
}

bool
report_is_told(const struct pass_report *report)
{
    for (size_t i = 0; i < report->results.len; i++) {
        const struct result *result = report->results.items[i];

        if (result->done == DONE_FAILED && strcmp(result->err.text, report->err.text) == 0)
            return true;
    }
    return false;
}
