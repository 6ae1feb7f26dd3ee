#include <string.h>

#include "base/log.h"
#include "gather/gather_p.h"
#include "model/people.h"

static bool
is_known(const struct person *people, size_t n, const char *user)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(people[i].user, user) == 0)
            return true;
    return false;
}

/* The person behind a line of people_map. NULL: nobody has this address. */
static const char *
user_of(const struct person *person, const struct notion_person *found, size_t n)
{
    if (strchr(person->user, '@') == NULL)
        return person->user;
    for (size_t i = 0; i < n; i++)
        if (strcmp(found[i].email, person->user) == 0)
            return found[i].id;
    return NULL;
}

static bool
find_addresses(struct gather *gather, struct notion_person *found, size_t *n, struct err *err)
{
    const struct config *config = gather->config;

    *n = 0;
    for (size_t i = 0; i < config->n_people; i++)
        if (strchr(config->people[i].user, '@') != NULL)
            found[(*n)++] = (struct notion_person){.email = config->people[i].user};
    return *n == 0 || notion_find_people(gather->notion, found, *n, gather->arena, err);
}

bool
gather_people(struct gather *gather, struct err *err)
{
    const struct config *config = gather->config;
    struct notion_person *found = arena_array(gather->arena, config->n_people, sizeof(*found));
    struct person *people = arena_array(gather->arena, config->n_people, sizeof(*people));
    struct rules *rules = &gather->rules;
    size_t n_found, n = 0;

    if (rules->people != NULL)
        return true;
    if (!find_addresses(gather, found, &n_found, err))
        return false;
    for (size_t i = 0; i < config->n_people; i++) {
        const struct person *person = &config->people[i];
        const char *user = user_of(person, found, n_found);

        if (user == NULL)
            log_warning(
                "people_map: no member of the Notion workspace has the e-mail address given for %s "
                "(guests are not listed: give the user id)",
                person->login);
        else if (is_known(people, n, user))
            log_warning(
                "people_map: %s is another login of a person who is named before, and is left out",
                person->login);
        else
            people[n++] = (struct person){person->login, user};
    }
    gather->n_mapped = n;
    if (config->people_database != NULL && !gather_directory(gather, &people, &n, err))
        return false;
    rules->people = people_of(people, n, gather->arena);
    return true;
}
