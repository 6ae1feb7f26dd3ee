#include "reconcile/stage.h"

enum stage
stage_join(enum stage stage, enum stage other)
{
    return stage == STAGE_UNKNOWN || other == STAGE_UNKNOWN ? STAGE_UNKNOWN
           : stage > other                                  ? stage
                                                            : other;
}

enum stage_row
stage_decide(const struct stage_look *look)
{
    enum stage before = look->fresh && look->before == STAGE_UNKNOWN ? STAGE_NONE : look->before;

    if (look->now == STAGE_UNKNOWN || look->now == before)
        return ROW_P1_UNCHANGED;
    if (before == STAGE_UNKNOWN)
        return ROW_P2_FIRST;
    if (!look->mapped)
        return ROW_P3_UNMAPPED;
    /* Even if the issue is closed: whoever reopens it by moving the card chose the card's place. */
    if (look->moved)
        return ROW_P4_PERSON;
    if (look->has_issue && look->is_closed && !look->done)
        return ROW_P5_WAIT;
    if (!look->done || look->is_closed || (!look->has_issue && look->vouched))
        return ROW_P7_SET;
    if (look->has_issue && look->now != STAGE_MERGED)
        return ROW_P6_STILL_OPEN;
    if (look->has_issue && look->fresh)
        return ROW_P2_FIRST;
    return !look->vouched    ? ROW_P10_UNVOUCHED
           : look->may_close ? ROW_P8_SET_AND_CLOSE
                             : ROW_P9_REOPENED;
}

bool
stage_is_noted(enum stage_row row)
{
    return row != ROW_P1_UNCHANGED && row != ROW_P5_WAIT;
}
