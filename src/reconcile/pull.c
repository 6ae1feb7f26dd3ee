#include "reconcile/pull.h"

#include <string.h>

/* A merge that GitHub refused is tried again when the head or its merge state is another. */
static bool
merge_was_tried(const struct item *item)
{
    const struct record *record = item->record;
    const struct pull *pull = &item->issue->pull;

    return record != NULL && record->tried_head != NULL && record->tried_state != NULL &&
           pull->head_sha != NULL && pull->merge_state != NULL &&
           strcmp(record->tried_head, pull->head_sha) == 0 &&
           strcmp(record->tried_state, pull->merge_state) == 0;
}

/* What is not written on GitHub overwrites nothing there. */
static void
pull_status_stays(struct item *item)
{
    struct field_plan *plan = &item->fields[FIELD_STATUS];

    plan->write[SIDE_GITHUB] = plan->conflict = false;
    plan->value[SIDE_GITHUB] = item->issue->values[FIELD_STATUS];
}

bool
pull_merges(const struct rules *rules)
{
    return rules->pull_request_done == PULL_DONE_MERGE ||
           rules->pull_request_done == PULL_DONE_AUTO_MERGE;
}

/* The page was opened again before GitHub could merge as we had asked it to. */
bool
pull_is_armed_in_vain(const struct item *item, const struct rules *rules)
{
    const struct value *option = &item->page->values[FIELD_STATUS];

    return item->issue->is_pull && rules->pull_request_done == PULL_DONE_AUTO_MERGE &&
           rules->on[FIELD_STATUS] &&
           direction_reaches(rules->direction[FIELD_STATUS], SIDE_GITHUB) &&
           item->issue->pull.armed_by_viewer && !item->issue->pull.merged &&
           option->kind == VALUE_TEXT &&
           status_meaning(&rules->status, option->text) == MEANING_OPEN;
}

/* Notion's wish for the status of a pull request, as far as GitHub and pull_request_done allow. */
void
pull_decide(struct item *item, const struct rules *rules, struct arena *arena)
{
    bool close = status_is_closed(item->fields[FIELD_STATUS].value[SIDE_GITHUB].text);

    if (item->issue->pull.merged) {
        pull_status_stays(item);
        item_note(item, "a merged pull request cannot be reopened", arena);
    } else if (close && rules->pull_request_done == PULL_DONE_NONE) {
        pull_status_stays(item);
    } else if (close && rules->pull_request_done == PULL_DONE_AUTO_MERGE &&
               item->issue->pull.armed) {
        pull_status_stays(item);
        item->fields[FIELD_STATUS].settles = false;
    } else if (close && pull_merges(rules) && merge_was_tried(item)) {
        pull_status_stays(item);
        item->fields[FIELD_STATUS].settles = false;
        item->again = AGAIN_MERGE;
        item_note(item, "GitHub refused to merge this pull request, and nothing has changed since",
                  arena);
    }
}
