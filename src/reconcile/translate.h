#ifndef RECONCILE_TRANSLATE_H
#define RECONCILE_TRANSLATE_H

#include "base/arena.h"
#include "reconcile/plan.h"
#include "reconcile/rules.h"

/* Translates values for the other side. Private to the room. */

/* docs.github.com: label names of up to 50 characters are always accepted. */
#define GITHUB_LABEL_MAX 50
/* developers.notion.com/reference/request-limits: names of options, in UTF-16 units. */
#define NOTION_OPTION_MAX 100

struct terms {
    const struct rules *rules;
    struct arena *arena;
    struct item *item; /* the item that notes what must be read first (item_missing) or what this
                          pass makes known (item->waits); may be NULL */
    const struct item *of; /* the item that has the values, if it matters: GitHub has the labels of
                              its issue, and its plan links others; may be NULL */
};

/* Whether label_ignore covers an element, or another field shows the label. */
bool translate_is_ignored(const struct rules *rules, enum field field, const char *text);

/* Whether a label may not go to GitHub: the repository is public, nothing from Notion is published
 * there, and GitHub is not known to have the label. GitHub has it if it is on the issue
 * (terms->of), if it was there when both sides agreed, or if it is in the list of labels, which is
 * read if needed (terms->item). */
bool translate_is_held_back(const struct terms *terms, const char *label);

/* Translates one element of a set for the named side. NULL: the side has no counterpart.
 * translate.c's table has the other relations. */
const char *
translate_element(const struct terms *terms, enum field field, enum side to, const char *text);
const char *
element_person(const struct terms *terms, enum field field, enum side to, const char *text);
const char *
element_reviewer(const struct terms *terms, enum field field, enum side to, const char *text);
const char *
element_link(const struct terms *terms, enum field field, enum side to, const char *text);
const char *
element_label(const struct terms *terms, enum field field, enum side to, const char *text);

/* The elements of a set that have a counterpart on the other side: people of people_map, linked
 * issues and pages, all labels that are not ignored. The others take no part and are left alone. A
 * value that is not such a set comes back unchanged. */
struct value translate_counted(const struct terms *terms, enum field field, enum side side,
                               const struct value *value);

/* Translates a set for the named side. Leaves out elements that have no counterpart there. */
struct value
translate_set(const struct terms *terms, enum field field, enum side to, const struct value *set);

/* The login of a person in people_map, by the id of Notion's user with or without dashes. NULL:
 * none. */
const char *translate_login(const struct rules *rules, const char *user);

/* Translates a value for the other side. Returns false if it cannot be expressed there. before: the
 * page's option before it was closed, or NULL. current: that side's value now (an option of the
 * same meaning is kept), or NULL. */
bool translate_to_notion(const struct terms *terms, enum field field, const struct value *github,
                         const struct value *current, const char *before, struct value *notion);
bool translate_to_github(const struct terms *terms, enum field field, const struct value *notion,
                         struct value *github);

/* The value of a column that only shows GitHub's side. The column stays as it is (current) while a
 * part of the value is unknown. */
struct value translate_shown(const struct terms *terms, enum field field,
                             const struct value *github, const struct value *current);

/* Whether both sides' values say the same (the sign "≈" of the table). */
bool translate_same(const struct terms *terms, enum field field, const struct value *github,
                    const struct value *notion);

/* Why a Notion value cannot be written to GitHub, or a GitHub value to Notion, for people. NULL if
 * nobody needs to know. */
const char *
translate_problem(const struct terms *terms, enum field field, const struct value *notion);

/* Whether a value is empty in effect, so that it does not conflict with a filled one. */
bool translate_is_empty(const struct terms *terms, enum field field, const struct value *value);

/* A text as one line without control characters, trimmed, in the arena. */
char *translate_line(struct arena *arena, const char *text);

/* Whether a title in Notion has nothing that GitHub could show. An issue needs a title. */
bool translate_title_is_blank(const struct value *notion);

#endif
