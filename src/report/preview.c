#include "report/report_p.h"

void
report_sentence(struct buf *out, const struct pass_report *report)
{
    report_headline(out, report);
}

bool
report_line(struct buf *out, const struct result *result)
{
    struct effects effects = report_effects(result);
    int64_t number = result->number > 0 ? result->number : result->item->number;

    if (!report_effects_any(&effects))
        return false;
    if (number > 0)
        buf_printf(out, "`#%lld` ", (long long)number);
    report_acts(out, result);
    return true;
}
