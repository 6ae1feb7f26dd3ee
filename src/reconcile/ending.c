#include "reconcile/decide.h"

#include <string.h>

#include "reconcile/comment.h"

/* The end of an item: the link comment, and the columns that show what was done after the page was
 * written. */

/* Whether the issue was created for the page, even if an earlier pass created it and left the
 * comment for later. */
static bool
names_page(const struct item *item, const char *marker)
{
    return marker != NULL && item->page_id != NULL && strcmp(marker, item->page_id) == 0;
}

/* Writes to an issue after its page change columns of that page. The next pass must not find these
 * columns wrong. */
static void
item_show(struct item *item)
{
    const struct rules *rules = item->rules;
    const struct action *last = item->n_actions > 0 ? &item->actions[item->n_actions - 1] : NULL;
    struct field_set fields = rules->fields->after_write;

    if (last == NULL || action_side(last->kind) == SIDE_NOTION)
        return;
    if (last->kind == ACTION_COMMENT &&
        (item->n_actions == 1 || action_side(last[-1].kind) == SIDE_NOTION))
        fields = rules->fields->after_comment;
    FIELD_EACH(f, fields)
    if (rules->on[f]) {
        item_act(item, ACTION_SHOW_PAGE, 0);
        return;
    }
}

void
item_end(struct item *item, struct arena *arena)
{
    enum link_comments asked = item->rules->link_comments;
    const struct own_comment *made =
        item->page_id != NULL ? comment_find(item, COMMENT_LINK, arena) : NULL;

    item->link_comment = made != NULL ? made->id : 0;
    item->link_tagged = made != NULL && made->tagged;
    if (made == NULL && item->record != NULL && !item->record->tombstone)
        item->link_comment = item->record->link_comment;
    if (item->link_comment == 0 && asked != LINK_COMMENTS_NONE &&
        (asked == LINK_COMMENTS_ALL || item->row == ROW_E1_NEW_ISSUE ||
         names_page(item, item->issue->marker) ||
         (item->record != NULL && names_page(item, item->issue->named)) ||
         item_acts(item, ACTION_WRITE_ISSUE) || item_acts(item, ACTION_MERGE_PULL)))
        item_act(item, ACTION_COMMENT, COMMENT_LINK);
    item_show(item);
}

/* Renewing the marker notifies nobody but costs requests, so it happens only if the issue is
 * written anyway. */
void
item_renew_marker(struct item *item)
{
    const struct record *record = item->record;

    if (record == NULL || record->link_comment == 0 || item->rules->key == NULL ||
        (record->key != NULL && strcmp(record->key, item->rules->key) == 0))
        return;
    for (size_t i = 0; i < item->n_actions; i++)
        if (action_side(item->actions[i].kind) == SIDE_GITHUB) {
            item_act(item, ACTION_RENEW_MARKER, 0);
            return;
        }
}

/* The actions before the link comment; all of them if there is none. */
static size_t
actions_before_link_comment(const struct item *item)
{
    size_t n = 0;

    while (n < item->n_actions &&
           (item->actions[n].kind != ACTION_COMMENT || item->actions[n].comment != COMMENT_LINK))
        n++;
    return n;
}

bool
item_ends_with_link_comment(const struct item *item)
{
    return actions_before_link_comment(item) < item->n_actions;
}

void
item_leave_link_comment(struct item *item)
{
    size_t before = actions_before_link_comment(item);
    bool shows = item_acts(item, ACTION_SHOW_PAGE);

    item->n_actions = before;
    if (shows && before > 0 && action_side(item->actions[before - 1].kind) == SIDE_GITHUB)
        item_act(item, ACTION_SHOW_PAGE, 0);
    if (item->again == AGAIN_NO)
        item->again = AGAIN_COMMENT;
}
