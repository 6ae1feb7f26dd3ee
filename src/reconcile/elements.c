#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "model/glob.h"
#include "model/lens.h"
#include "model/people.h"
#include "reconcile/item.h"
#include "reconcile/links.h"
#include "reconcile/own.h"
#include "reconcile/reconcile.h"
#include "reconcile/translate.h"

/* The elements of sets: labels, people, issues and pages. */

char *
translate_line(struct arena *arena, const char *text)
{
    char *line = arena_strdup(arena, text);
    size_t length;

    for (char *c = line; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = ' ';
    while (*line == ' ')
        line++;
    length = strlen(line);
    while (length > 0 && line[length - 1] == ' ')
        line[--length] = '\0';
    return line;
}

const char *
translate_login(const struct rules *rules, const char *user)
{
    const struct person *person = people_by_user(rules->people, user);

    return person != NULL ? person->login : NULL;
}

bool
translate_is_held_back(const struct terms *terms, const char *text)
{
    const struct choices *choices = terms->rules->choices;
    const struct item *of = terms->of;
    struct missing *missing = item_missing(terms->item);

    if (!terms->rules->held_back)
        return false;
    if (of != NULL && of->issue != NULL && value_has(lens_labels(&of->issue->values), text))
        return false;
    if (of != NULL && of->known != NULL &&
        value_has(value_of(&of->known->base[SIDE_GITHUB], FIELD_LABELS), text))
        return false;
    if (choices == NULL && missing != NULL)
        missing->choices = true;
    for (size_t i = 0; choices != NULL && i < choices->n_labels; i++)
        if (utf8_casecmp(choices->labels[i], text) == 0)
            return false;
    return true;
}

bool
translate_is_ignored(const struct rules *rules, enum field field, const char *text)
{
    for (size_t i = 0; field == FIELD_LABELS && i < rules->n_ignored_labels; i++)
        if (glob_matches(rules->ignored_labels[i], text))
            return true;
    if (field == FIELD_LABELS)
        FIELD_EACH(f, rules->claims)
    if (lens_shows(&rules->fields->items[f], text))
        return true;
    return false;
}

const char *
element_person(const struct terms *terms, enum field field, enum side to, const char *text)
{
    const struct person *person = people_by_login(terms->rules->people, text);

    (void)field;
    if (to == SIDE_GITHUB)
        return translate_login(terms->rules, text);
    return person != NULL ? person->user : NULL;
}

const char *
element_reviewer(const struct terms *terms, enum field field, enum side to, const char *text)
{
    return terms->rules->reviewers_as_people ? element_person(terms, field, to, text) : text;
}

/* The page of an issue, or the number of a page's issue. A text of links contains addresses and no
 * pages. */
const char *
element_link(const struct terms *terms, enum field field, enum side to, const char *text)
{
    const struct rules *rules = terms->rules;
    struct missing *missing = item_missing(terms->item);
    int64_t number = to == SIDE_NOTION ? strtoll(text, NULL, 10) : 0;
    int64_t unread = number;
    const char *page = text;
    enum linked linked;

    (void)field;
    if (strstr(text, "://") != NULL)
        return text;
    if (rules->world == NULL || (to == SIDE_NOTION && number <= 0))
        return NULL;
    linked = to == SIDE_NOTION ? links_page(rules, terms->of, number, &page)
                               : links_number(rules, terms->of, page, &number, &unread);
    if (linked == LINK_KNOWN)
        return to == SIDE_NOTION ? page : arena_printf(terms->arena, "%lld", (long long)number);
    if (linked == LINK_SOON && terms->item != NULL)
        terms->item->waits = true;
    if (linked == LINK_UNREAD && missing != NULL && unread != 0)
        vec_push(&missing->details, unread);
    else if (linked == LINK_UNREAD && missing != NULL)
        vec_push(&missing->indexes, page);
    return NULL;
}

const char *
element_label(const struct terms *terms, enum field field, enum side to, const char *text)
{
    const struct rules *rules = terms->rules;
    const char *label =
        field == FIELD_LABELS ? text : lens_label(&rules->fields->items[field], text, terms->arena);

    if (translate_is_ignored(rules, field, text) ||
        (to == SIDE_GITHUB &&
         (utf8_length(label) > GITHUB_LABEL_MAX || translate_is_held_back(terms, label))))
        return NULL;
    return text;
}
