#ifndef RECONCILE_OWN_H
#define RECONCILE_OWN_H

#include "reconcile/item.h"
#include "reconcile/translate.h"

/* Fields that the configuration adds. Private to the room. */

/* Translates texts, numbers and days (RELATION_VALUE) for the other side. Returns false if the
 * other side cannot express them. current: what the column holds, or NULL. The last day of a range
 * stays there, unless it would come before the first. */
bool own_to_notion(const struct terms *terms, enum field field, const struct value *github,
                   const struct value *current, struct value *notion);
bool own_to_github(const struct terms *terms, enum field field, const struct value *notion,
                   struct value *github);
bool own_same(const struct terms *terms, enum field field, const struct value *github,
              const struct value *notion);
/* Of a range of days, only the first counts. */
struct value own_counted(const struct terms *terms, enum field field, const struct value *notion);
/* The same for an element of a set. NULL: the other side cannot have it. */
const char *
own_element(const struct terms *terms, enum field field, enum side to, const char *text);
/* Whether the column holds numbers but GitHub's value is not a number. */
bool own_is_no_number(const struct field_info *info, const struct value *github);
/* Why a value cannot go to the other side, for people. NULL: nobody needs to know. */
const char *own_problem(const struct terms *terms, enum field field, const struct value *notion);

/* Adds notes, element by element, about column values that do not fit on the other side. */
void own_notes(struct item *item, struct arena *arena);

/* Group labels that are typed into Labels count as edits of their column: item->page becomes the
 * page as the person meant it. own_retype then plans the corrections to the page. */
struct field_set own_typed(struct item *item, struct arena *arena);
void own_retype(struct item *item, struct field_set typed);

/* lane.c: decides the label of the status (HOME_LANE). Runs after the status was decided. */
void lane_decide(struct item *item, struct arena *arena);
void lane_for_page(struct item *item, struct arena *arena);
void lane_for_issue(struct item *item);
/* The status does not go to GitHub after all, so the issue keeps its label. */
void lane_leave(struct item *item);
/* Whether somebody moved the issue to another lane since both sides last agreed. */
bool lane_was_moved(const struct item *item);
/* Something other than a person's edit gives the page an option. Its label goes with it. */
void lane_follow(struct item *item, const char *option);

#endif
