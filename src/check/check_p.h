#ifndef CHECK_CHECK_P_H
#define CHECK_CHECK_P_H

#include "check/doc.h"
#include "gather/gather.h"

/* Private to the room: the parts of the check, in order. Each returns whether the parts after it
 * can continue. */

bool check_github(struct doc *doc, struct gather *gather);
bool check_notion(struct doc *doc, struct gather *gather);
bool check_properties(struct doc *doc, struct gather *gather);
void check_people(struct doc *doc, struct gather *gather);
/* The rows of people_database. */
void check_directory(struct doc *doc, struct gather *gather);
/* Checks that GitHub has the labels and the type for issues that are made for pages:
 * new_issue_labels and new_issue_type. */
void check_newborn(struct doc *doc, struct gather *gather);
/* Shows who is assigned on one side and has no partner on the other. Call it after both sides
 * were read. */
void check_partners(struct doc *doc, struct gather *gather);

#endif
