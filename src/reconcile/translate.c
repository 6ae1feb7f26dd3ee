#include "reconcile/translate.h"

#include <string.h>

#include "base/utf8.h"
#include "reconcile/item.h"
#include "reconcile/own.h"
#include "reconcile/reconcile.h"

/* docs.github.com: titles of up to 256 characters are always accepted. */
#define GITHUB_TITLE_MAX 256

bool
translate_title_is_blank(const struct value *notion)
{
    if (notion->kind != VALUE_TEXT)
        return true;
    for (const char *c = notion->text; *c != '\0'; c++)
        if ((unsigned char)*c > 0x20 && *c != 0x7f)
            return false;
    return true;
}

/* Whether an option shows GitHub's state as well as the map allows. */
static bool
status_shows(const struct rules *rules, const char *github, const char *option)
{
    const char *best = status_option_for(&rules->status, github, NULL);

    if (best == NULL || value_is_empty(&(struct value){.kind = VALUE_TEXT, .text = option}))
        return false;
    return status_meaning(&rules->status, best) == status_meaning(&rules->status, option);
}

static bool
status_to_notion(const struct terms *terms, const struct value *github, const struct value *current,
                 const char *before, struct value *notion)
{
    const struct rules *rules = terms->rules;
    const char *option;

    if (current != NULL && status_shows(rules, github->text, current->text)) {
        *notion = *current;
        return true;
    }
    option = status_option_for(&rules->status, github->text, before);
    if (option != NULL)
        *notion = value_text(option);
    return option != NULL;
}

/* Options are unique regardless of case, and hold only the beginning of a long name. */
static bool
option_is(const char *option, const char *name)
{
    size_t length = strlen(option);

    return utf8_casecmp(option, name) == 0 ||
           (utf8_length16(option) >= NOTION_OPTION_MAX - 1 && strncmp(option, name, length) == 0);
}

/* GitHub's name that an option matches. NULL if there is none, or none is known yet. */
static const char *
choice_of(const struct terms *terms, enum relation relation, const char *option)
{
    const struct choices *choices = terms->rules->choices;
    bool milestones = relation == RELATION_MILESTONE;

    if (choices == NULL) {
        if (item_missing(terms->item) != NULL)
            item_missing(terms->item)->choices = true;
        return NULL;
    }
    for (size_t i = 0; i < (milestones ? choices->n_milestones : choices->n_types); i++) {
        const char *name = milestones ? choices->milestones[i].title : choices->types[i];

        if (option_is(option, name))
            return name;
    }
    return NULL;
}

static bool
found(const char *name, struct value *github)
{
    if (name != NULL)
        *github = value_text(name);
    return name != NULL;
}

static bool
title_to_github(const struct terms *terms, const struct value *notion, struct value *github)
{
    char *line = translate_line(terms->arena, notion->text);
    size_t points = utf8_length(line);

    /* GitHub does not document its unit of length. Of the usual units, this one gives the shortest
     * title. */
    points = points < GITHUB_TITLE_MAX ? points : GITHUB_TITLE_MAX;
    line[utf8_offset(line, points)] = '\0';
    while (utf8_length16(line) > GITHUB_TITLE_MAX)
        line[utf8_offset(line, --points)] = '\0';
    *github = value_text(translate_line(terms->arena, line));
    return !value_is_empty(github);
}

static bool
status_to_github(const struct terms *terms, const struct value *notion, struct value *github)
{
    return found(status_for_option(&terms->rules->status, notion->text), github);
}

static bool
milestone_to_github(const struct terms *terms, const struct value *notion, struct value *github)
{
    const struct rules *rules = terms->rules;
    const char *name = notion->text;

    if (*name != '\0')
        name = choice_of(terms, RELATION_MILESTONE, name);
    if (name == NULL && rules->choices != NULL && rules->makes_milestones && !rules->held_back) {
        name = translate_line(terms->arena, notion->text);
        name = *name != '\0' ? name : NULL;
    }
    return found(name, github);
}

static bool
type_to_github(const struct terms *terms, const struct value *notion, struct value *github)
{
    return found(*notion->text != '\0' ? choice_of(terms, RELATION_TYPE, notion->text) : "",
                 github);
}

/* Two ways of being closed do not conflict. */
static bool
status_same(const struct terms *terms, const struct value *github, const struct value *notion)
{
    return status_is_closed(github->text) ==
           (status_meaning(&terms->rules->status, notion->text) != MEANING_OPEN);
}

static bool
choice_same(const struct terms *terms, const struct value *github, const struct value *notion)
{
    (void)terms;
    return value_is_empty(github) == value_is_empty(notion) &&
           option_is(notion->text, github->text);
}

static const char *
title_problem(const struct terms *terms, const struct value *notion)
{
    (void)terms, (void)notion;
    return "the title is empty: GitHub needs one";
}

static const char *
status_problem(const struct terms *terms, const struct value *notion)
{
    (void)terms, (void)notion;
    return "the status has no option for the issue's state: name one in `status_map`";
}

static const char *
milestone_problem(const struct terms *terms, const struct value *notion)
{
    if (terms->rules->choices == NULL)
        return NULL;
    if (terms->rules->held_back)
        return "GitHub has no milestone of the name that stands on the page, so the issue keeps "
               "the one that it has";
    return arena_printf(terms->arena,
                        "GitHub has no milestone \"%s\", so the issue keeps the one that it has: "
                        "make it there, or choose another",
                        notion->text);
}

static const char *
type_problem(const struct terms *terms, const struct value *notion)
{
    if (terms->rules->choices == NULL)
        return NULL;
    if (terms->rules->held_back)
        return "GitHub has no issue type of the name that stands on the page, so the issue keeps "
               "the one that it has";
    if (terms->rules->choices->n_types == 0)
        return "the owner of the repository has no issue types: they belong to organizations";
    return arena_printf(terms->arena,
                        "GitHub has no issue type \"%s\", so the issue keeps the one that it has: "
                        "make it in the organization's settings, or choose another",
                        notion->text);
}

/* The functions of each relation. NULL: the values are the same, and there is no problem. */
static const struct {
    bool (*to_notion)(const struct terms *terms, const struct value *github,
                      const struct value *current, const char *before, struct value *notion);
    bool (*to_github)(const struct terms *terms, const struct value *notion, struct value *github);
    bool (*same)(const struct terms *terms, const struct value *github, const struct value *notion);
    const char *(*problem)(const struct terms *terms, const struct value *notion);
    const char *(*element)(const struct terms *terms, enum field field, enum side to,
                           const char *text);
} relations[RELATION_COUNT] = {
    [RELATION_VALUE] = {.element = own_element},
    [RELATION_TITLE] = {.to_github = title_to_github, .problem = title_problem},
    [RELATION_STATUS] = {status_to_notion, status_to_github, status_same, status_problem, NULL},
    [RELATION_LABELS] = {.element = element_label},
    [RELATION_PEOPLE] = {.element = element_person},
    [RELATION_REVIEWERS] = {.element = element_reviewer},
    [RELATION_LINKS] = {.element = element_link},
    [RELATION_MILESTONE] = {.to_github = milestone_to_github,
                            .same = choice_same,
                            .problem = milestone_problem},
    [RELATION_TYPE] = {.to_github = type_to_github, .same = choice_same, .problem = type_problem},
};

/* A single value of a column that the user defines. */
static bool
is_own(const struct terms *terms, enum field field, const struct value *value)
{
    return terms->rules->fields->items[field].relation == RELATION_VALUE &&
           value->kind == VALUE_TEXT;
}

static enum relation
relation_of(const struct terms *terms, enum field field)
{
    return terms->rules->fields->items[field].relation;
}

const char *
translate_element(const struct terms *terms, enum field field, enum side to, const char *text)
{
    enum relation relation = relation_of(terms, field);

    return relations[relation].element != NULL ? relations[relation].element(terms, field, to, text)
                                               : text;
}

struct value
translate_counted(const struct terms *terms, enum field field, enum side side,
                  const struct value *value)
{
    const char **items;
    size_t len = 0;

    if (value->kind == VALUE_TEXT && side == SIDE_NOTION)
        return own_counted(terms, field, value);
    if (value->kind != VALUE_SET)
        return *value;
    items = arena_array(terms->arena, value->len, sizeof(*items));
    for (size_t i = 0; i < value->len; i++) {
        const char *text = value->items[i];

        /* Labels that are too long for GitHub take part too, so they get reported. */
        if (field == FIELD_LABELS && !terms->rules->held_back
                ? !translate_is_ignored(terms->rules, field, text)
                : translate_element(terms, field, side_other(side), text) != NULL)
            items[len++] = text;
    }
    return value_set(items, len);
}

struct value
translate_set(const struct terms *terms, enum field field, enum side to, const struct value *set)
{
    const char **items = arena_array(terms->arena, set->len, sizeof(*items));
    size_t len = 0;

    for (size_t i = 0; i < set->len; i++) {
        const char *item = translate_element(terms, field, to, set->items[i]);

        if (item != NULL)
            items[len++] = item;
    }
    return value_set(items, len);
}

bool
translate_to_notion(const struct terms *terms, enum field field, const struct value *github,
                    const struct value *current, const char *before, struct value *notion)
{
    enum relation relation = relation_of(terms, field);

    *notion = *github;
    if (is_own(terms, field, github))
        return own_to_notion(terms, field, github, current, notion);
    if (github->kind == VALUE_SET)
        *notion = translate_set(terms, field, SIDE_NOTION, github);
    return relations[relation].to_notion == NULL ||
           relations[relation].to_notion(terms, github, current, before, notion);
}

bool
translate_to_github(const struct terms *terms, enum field field, const struct value *notion,
                    struct value *github)
{
    enum relation relation = relation_of(terms, field);

    *github = *notion;
    if (is_own(terms, field, notion))
        return own_to_github(terms, field, notion, github);
    if (notion->kind == VALUE_SET)
        *github = translate_set(terms, field, SIDE_GITHUB, notion);
    return relations[relation].to_github == NULL ||
           relations[relation].to_github(terms, notion, github);
}

bool
translate_same(const struct terms *terms, enum field field, const struct value *github,
               const struct value *notion)
{
    enum relation relation = relation_of(terms, field);
    struct value translated;

    if (github->kind != notion->kind || github->kind == VALUE_ABSENT)
        return github->kind == notion->kind;
    if (is_own(terms, field, github))
        return own_same(terms, field, github, notion);
    if (relations[relation].same != NULL)
        return relations[relation].same(terms, github, notion);
    return translate_to_github(terms, field, notion, &translated) &&
           value_equal(github, &translated);
}

const char *
translate_problem(const struct terms *terms, enum field field, const struct value *notion)
{
    enum relation relation = relation_of(terms, field);

    if (relation == RELATION_VALUE)
        return own_problem(terms, field, notion);
    return relations[relation].problem != NULL ? relations[relation].problem(terms, notion) : NULL;
}

bool
translate_is_empty(const struct terms *terms, enum field field, const struct value *value)
{
    return value_is_empty(value) || (relation_of(terms, field) == RELATION_FLAG &&
                                     strcmp(value->text, STATUS_UNCHECKED) == 0);
}

struct value
translate_shown(const struct terms *terms, enum field field, const struct value *github,
                const struct value *current)
{
    struct item probe = {.plan = terms->item != NULL ? terms->item->plan : NULL};
    const struct terms own = {terms->rules, terms->arena, &probe, terms->of};
    struct value shown;

    (void)translate_to_notion(&own, field, github, NULL, NULL, &shown);
    if (!probe.waits)
        return shown;
    if (terms->item != NULL)
        terms->item->waits = true;
    return *current;
}
