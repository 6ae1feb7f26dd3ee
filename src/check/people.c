#include <string.h>

#include "base/nearest.h"
#include "base/utf8.h"
#include "check/check_p.h"

/* Shows who is who: people_map, people_database row by row, and people without a partner. */

static bool
is_address(const struct person *person)
{
    return strchr(person->user, '@') != NULL;
}

static bool
find_members(struct doc *doc, struct gather *gather, struct notion_person *found)
{
    const struct config *config = gather->config;
    size_t n = 0;
    struct err err;

    for (size_t i = 0; i < config->n_people; i++)
        if (is_address(&config->people[i]))
            found[n++] = (struct notion_person){.email = config->people[i].user};
    if (n == 0 || notion_find_people(gather->notion, found, n, doc->arena, &err))
        return true;
    doc_problem(doc, "%s", err.text);
    return false;
}

/* What Notion knows about a person, in words; *known is false if the map leads nowhere. */
static const char *
in_notion(struct doc *doc, struct gather *gather, const struct person *person,
          const struct notion_person **next, bool *known)
{
    *known = true;
    if (!is_address(person))
        return notion_user_name(gather->notion, person->user, doc->arena) != NULL
                   ? "known in Notion"
                   : "an id whose name Notion does not show";
    *known = (*next)++->id != NULL;
    if (*known)
        return "known in Notion";
    doc_problem(doc,
                "people_map: no member of the Notion workspace has the e-mail "
                "address given for %s: correct it, or give the user id (guests "
                "are not listed)",
                person->login);
    return "nobody in Notion";
}

/* Whether a login of an input can be assigned, in words. If not, adds a problem and sets *known
 * to false. */
static const char *
check_on_github(struct doc *doc, struct gather *gather, const char *input, const char *login,
                bool *known)
{
    bool may;

    if (!github_may_assign(gather->github, login, doc->arena, &may, NULL))
        return "GitHub does not say";
    if (may)
        return "can be assigned";
    *known = false;
    doc_problem(doc,
                "%s: GitHub does not let %s be assigned: correct the login, "
                "or give access to the repository under Settings, Collaborators "
                "and teams",
                input, login);
    return "cannot be assigned";
}

void
check_people(struct doc *doc, struct gather *gather)
{
    const struct config *config = gather->config;
    struct notion_person *found = arena_array(doc->arena, config->n_people, sizeof(*found));
    const struct notion_person *next = found;

    if (config->n_people == 0)
        return;
    doc_section(doc, "People", "login", "in Notion", NULL);
    if (!find_members(doc, gather, found))
        return;
    for (size_t i = 0; i < config->n_people; i++) {
        const struct person *person = &config->people[i];
        bool known;
        /* E-mail addresses stay out of logs that anybody may read. */
        const char *notion = in_notion(doc, gather, person, &next, &known);
        const char *github = check_on_github(doc, gather, "people_map", person->login, &known);

        doc_row(doc, known ? MARK_YES : MARK_NO, FOREIGN(person->login),
                OWN(is_address(person) ? "by e-mail" : "by id"),
                OWN(arena_printf(doc->arena, "%s; %s", notion, github)));
    }
}

/* Each person costs a request on both sides, and nobody reads more lines than this. */
#define LINES_MAX ((size_t)50)

static bool
hides(const struct gather *gather)
{
    return gather_held_back(gather, NULL) != NULL;
}

/* Who a Notion user is, in words for people. Names stay out of logs that anybody may read. */
static const char *
person_name(struct doc *doc, struct gather *gather, const char *user)
{
    const char *name = hides(gather) ? NULL : notion_user_name(gather->notion, user, doc->arena);

    return name != NULL ? name : user;
}

static void
lonely_login(struct doc *doc, const char *login, const char *remark)
{
    doc_row(doc, MARK_UNKNOWN, FOREIGN(login), OWN("nobody"), OWN(remark));
}

static void
lonely_person(struct doc *doc, struct gather *gather, const char *user, const char *remark)
{
    doc_row(doc, MARK_UNKNOWN, OWN("nobody"), FOREIGN(person_name(doc, gather, user)), OWN(remark));
}

/* A summary of the rows of a kind, for a log that anybody may read: no logins and no names. */
static void
count_rows(struct doc *doc, const struct directory_entry *entries, size_t n)
{
    static const struct {
        enum directory_says says;
        enum mark mark;
        const char *remark;
    } kinds[] = {
        {DIRECTORY_PERSON, MARK_YES, "with a login and a person"},
        {DIRECTORY_NO_LOGIN, MARK_UNKNOWN, "without a login"},
        {DIRECTORY_NO_PERSON, MARK_UNKNOWN, "without a person"},
        {DIRECTORY_BAD_LOGIN, MARK_UNKNOWN, "with a text that is no login: left out"},
        {DIRECTORY_SEVERAL, MARK_UNKNOWN, "with several people: left out"},
        {DIRECTORY_AGAIN, MARK_UNKNOWN, "with a pair that another page contradicts: left out"},
    };

    for (size_t k = 0; k < sizeof(kinds) / sizeof(*kinds); k++) {
        size_t count = 0;

        for (size_t i = 0; i < n; i++)
            count += entries[i].says == kinds[k].says;
        if (count > 0)
            doc_line(doc, kinds[k].mark,
                     arena_printf(doc->arena, "%zu page%s", count, count == 1 ? "" : "s"), NULL,
                     kinds[k].remark);
    }
}

static void
put_row(struct doc *doc, struct gather *gather, const struct directory_row *row,
        const struct directory_entry *entry)
{
    const struct person *person = &entry->person;
    const char *github;
    bool known = true;

    switch (entry->says) {
    case DIRECTORY_PERSON:
        github = check_on_github(doc, gather, "people_database", person->login, &known);
        doc_row(doc, known ? MARK_YES : MARK_NO, FOREIGN(person->login),
                FOREIGN(person_name(doc, gather, person->user)), OWN(github));
        break;
    case DIRECTORY_NO_LOGIN:
        lonely_person(doc, gather, row->people[0], "no login");
        break;
    case DIRECTORY_NO_PERSON:
        lonely_login(doc, person->login, "no person");
        break;
    case DIRECTORY_BAD_LOGIN:
        lonely_login(doc, row->login, "no login: left out");
        break;
    case DIRECTORY_SEVERAL:
        lonely_login(doc, person->login, "several people: left out");
        break;
    default:
        lonely_login(doc, person->login,
                     "another page pairs the login or the person otherwise: left out");
        break;
    }
}

/* Logins or people that are assigned on one side and unknown to the other. */
struct lonely {
    VEC(const char *) names;
    size_t more;
};

void
check_directory(struct doc *doc, struct gather *gather)
{
    const struct config *config = gather->config;
    const struct directory_entry *entries;
    size_t lines = 0;
    struct directory directory;
    struct err err;

    if (config->people_database == NULL)
        return;
    doc_section(doc, "People of people_database", "login", "in Notion", NULL);
    if (!notion_read_directory(gather->notion, config->people_database, false, doc->arena,
                               &directory, &err)) {
        (void)doc_failed(doc, "people_database", &err);
        return;
    }
    entries = gather_directory_entries(&directory, gather->rules.people->items, gather->n_mapped,
                                       doc->arena);
    if (hides(gather)) {
        count_rows(doc, entries, directory.n);
        return;
    }
    for (size_t i = 0; i < directory.n; i++) {
        if (entries[i].says == DIRECTORY_MAPPED || entries[i].says == DIRECTORY_NOTHING ||
            lines++ >= LINES_MAX)
            continue;
        put_row(doc, gather, &directory.rows[i], &entries[i]);
    }
    if (lines > LINES_MAX)
        doc_line(doc, MARK_NONE, arena_printf(doc->arena, "%zu pages more", lines - LINES_MAX),
                 NULL, NULL);
    if (lines == 0)
        doc_line(doc, MARK_UNKNOWN, "no page with a login or a person", NULL, NULL);
}

static void
collect(const struct gather *gather, enum side side, const struct value *assignees,
        struct lonely *lonely)
{
    const struct rules *rules = &gather->rules;

    for (size_t i = 0; assignees->kind == VALUE_SET && i < assignees->len; i++) {
        const char *name = assignees->items[i];
        bool known = (side == SIDE_GITHUB ? people_by_login(rules->people, name)
                                          : people_by_user(rules->people, name)) != NULL;

        for (size_t k = 0; !known && k < lonely->names.len; k++)
            known = utf8_casecmp(lonely->names.items[k], name) == 0;
        if (!known && lonely->names.len < LINES_MAX)
            vec_push(&lonely->names, name);
        else if (!known)
            lonely->more++;
    }
}

/* The row for an assigned login without a partner: people_map may have it misspelled. */
static const char *
remark_on(const char *login, const struct config *config, struct arena *arena)
{
    struct nearest nearest = nearest_to(login);

    for (size_t i = 0; i < config->n_people; i++)
        nearest_offer(&nearest, config->people[i].login);
    return nearest.name == NULL
               ? "assigned on GitHub"
               : arena_printf(arena, "assigned on GitHub; did you mean it by %s in people_map?",
                              nearest.name);
}

/* Everything has been read before. */
void
check_partners(struct doc *doc, struct gather *gather)
{
    struct lonely lonely[SIDE_COUNT] = {0};
    struct issue_entry *const *numbers;
    struct page_entry *const *pages;
    size_t n;

    if (!gather->rules.on[FIELD_ASSIGNEES])
        return;
    numbers = world_issues(gather->world, &n);
    for (size_t i = 0; i < n; i++)
        if (numbers[i]->sight == SIGHT_SEEN)
            collect(gather, SIDE_GITHUB, value_of(&numbers[i]->issue->values, FIELD_ASSIGNEES),
                    &lonely[SIDE_GITHUB]);
    pages = world_pages(gather->world, &n);
    for (size_t i = 0; i < n; i++)
        if (pages[i]->sight == SIGHT_SEEN)
            collect(gather, SIDE_NOTION, value_of(&pages[i]->page->values, FIELD_ASSIGNEES),
                    &lonely[SIDE_NOTION]);
    if (lonely[SIDE_GITHUB].names.len + lonely[SIDE_NOTION].names.len > 0)
        doc_section(doc, "Assignees without a partner, who stay on their side", "login",
                    "in Notion", NULL);
    for (size_t i = 0; i < lonely[SIDE_GITHUB].names.len; i++)
        lonely_login(doc, lonely[SIDE_GITHUB].names.items[i],
                     remark_on(lonely[SIDE_GITHUB].names.items[i], gather->config, doc->arena));
    for (size_t i = 0; i < lonely[SIDE_NOTION].names.len; i++)
        lonely_person(doc, gather, lonely[SIDE_NOTION].names.items[i], "assigned in Notion");
    for (enum side s = 0; s < SIDE_COUNT; s++) {
        if (lonely[s].more > 0)
            doc_line(doc, MARK_NONE, "and more", NULL, NULL);
        vec_free(&lonely[s].names);
    }
}
