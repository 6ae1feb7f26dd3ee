#ifndef RECONCILE_TRANSLATE_H
#define RECONCILE_TRANSLATE_H

#include "base/arena.h"
#include "reconcile/plan.h"
#include "reconcile/rules.h"

/* Values in the other side's terms. Private to the room. */

/* docs.github.com: label names of up to 50 characters are always accepted. */
#define GITHUB_LABEL_MAX 50
/* developers.notion.com/reference/request-limits: names of options, in UTF-16 units. */
#define NOTION_OPTION_MAX 100

struct terms {
    const struct rules *rules;
    struct arena *arena;
    struct item *item;     /* the item that notes what must be read first (item->missing) or becomes
                              known     by this pass (item->waits); may be NULL */
    const struct item *of; /* whose values they are, if it matters: the labels of its issue are
                              labels that GitHub has; may be NULL */
};

/* Whether label_ignore covers an element, or another field shows the label. */
bool translate_is_ignored(const struct rules *rules, enum field field, const char *text);

/* Whether a label may not go to GitHub: the repository is public and gets nothing from Notion, and
 * the label is not known to exist there. It is if it is on the issue (terms->of), or was when both
 * sides agreed, or if the list of labels has it, which is read if need be (terms->item). */
bool translate_is_held_back(const struct terms *terms, const char *label);

/* One element of a set in the terms of the side that is named; NULL: it has none there. The others
 * are those of relations, by translate.c's table. */
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

/* The elements of a set that have terms on the other side: people of people_map, linked issues and
 * pages, all labels that are not ignored. The others take part in nothing and are left alone. A
 * value that is not such a set comes back as it is. */
struct value translate_counted(const struct terms *terms, enum field field, enum side side,
                               const struct value *value);

/* A set in the terms of the side that is named; elements that have none there are left out. */
struct value
translate_set(const struct terms *terms, enum field field, enum side to, const struct value *set);

/* The login of a person in people_map, by the id of Notion's user with or without dashes; NULL:
 * there is none. */
const char *translate_login(const struct rules *rules, const char *user);

/* A value in the other side's terms. Returns false if it cannot be expressed there. before: the
 * option that the page had before it was closed, or NULL. current: the value now on the side that
 * is asked for (an option of the same meaning is kept), or NULL. */
bool translate_to_notion(const struct terms *terms, enum field field, const struct value *github,
                         const struct value *current, const char *before, struct value *notion);
bool translate_to_github(const struct terms *terms, enum field field, const struct value *notion,
                         struct value *github);

/* What a column shows that only shows GitHub's side. It stays as it is (current) while something in
 * it is not known yet. */
struct value translate_shown(const struct terms *terms, enum field field,
                             const struct value *github, const struct value *current);

/* Whether both sides' values say the same (the sign "≈" of the table). */
bool translate_same(const struct terms *terms, enum field field, const struct value *github,
                    const struct value *notion);

/* Why a value of Notion cannot be written on GitHub, or of GitHub in Notion, for people; NULL if
 * nobody needs to know. */
const char *
translate_problem(const struct terms *terms, enum field field, const struct value *notion);

/* Whether a value says nothing, so that a value that does say something does not conflict with
 * it. */
bool translate_is_empty(const struct terms *terms, enum field field, const struct value *value);

/* A text as one line without control characters, trimmed, in the arena. */
char *translate_line(struct arena *arena, const char *text);

/* Whether a title in Notion has nothing that GitHub could show: it needs one. */
bool translate_title_is_blank(const struct value *notion);

#endif
