#include <string.h>

#include "check/check_p.h"

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

/* What Notion knows of a person, in words; *known is false if the map leads nowhere. */
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

const char *
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
        /* Addresses stay out of logs that anybody may read. */
        const char *notion = in_notion(doc, gather, person, &next, &known);
        const char *github = check_on_github(doc, gather, "people_map", person->login, &known);

        doc_row(doc, known ? MARK_YES : MARK_NO, FOREIGN(person->login),
                OWN(is_address(person) ? "by e-mail" : "by id"),
                OWN(arena_printf(doc->arena, "%s; %s", notion, github)));
    }
}
