#ifndef RECONCILE_FIELDS_H
#define RECONCILE_FIELDS_H

#include "base/arena.h"
#include "reconcile/plan.h"
#include "reconcile/rules.h"

/* The field rows (F1 to F8) of docs/decision-table.md. */

/* Decides every field of an item whose both sides are known (E2, E4, linked). Adds notes about what cannot be expressed. */
void fields_decide(struct item *item, const struct rules *rules, struct arena *arena);

/* What a new page is made with from the issue (E3), and a new issue from the page (E1). */
void fields_for_page(struct item *item, const struct rules *rules, struct arena *arena);
void fields_for_issue(struct item *item, const struct rules *rules, struct arena *arena);

/* A value in the other side's terms. Returns false where it cannot be expressed there. before: the option that the page had before it was
 * closed, or NULL. current: the value now on the side that is asked for (an option of the same meaning is kept), or NULL. */
bool fields_to_notion(enum field field, const struct value *github, const struct value *current,
                      const char *before, const struct rules *rules, struct value *notion);
bool fields_to_github(enum field field, const struct value *notion, struct arena *arena,
                      const struct rules *rules, struct value *github);

/* Whether both sides' values say the same (the sign "≈" of the table). */
bool fields_same(enum field field, const struct value *github, const struct value *notion,
                 struct arena *arena, const struct rules *rules);

/* Whether a title in Notion has nothing that GitHub could show: it needs one. */
bool fields_title_is_blank(const struct value *notion);

/* Whether the item's plan writes any field to the side; of Notion's the properties alone. */
bool fields_write(const struct item *item, enum side side);

/* Whose value on_conflict lets win. */
enum side fields_winner(const struct item *item, const struct rules *rules);

/* Adds a line that a person should read; more than ITEM_NOTES are dropped. */
void item_note(struct item *item, const char *note);

#endif
