#include <string.h>

#include "base/log.h"
#include "base/utf8.h"
#include "gather/gather_p.h"
#include "model/login.h"
#include "model/people.h"

/* Adds the people of people_database to those of people_map. */

static bool
same_login(const struct person *a, const struct person *b)
{
    return utf8_casecmp(a->login, b->login) == 0;
}

static bool
same_user(const struct person *a, const struct person *b)
{
    return strcmp(a->user, b->user) == 0;
}

static struct directory_entry
entry_of(const struct directory_row *row, const struct person *map, size_t n, struct arena *arena)
{
    bool blank = row->login[strspn(row->login, " \t\r\n")] == '\0';
    struct directory_entry entry = {
        .person = {login_read(arena, row->login), row->n_people > 0 ? row->people[0] : NULL}};

    if (blank)
        entry.says = row->n_people == 0 ? DIRECTORY_NOTHING : DIRECTORY_NO_LOGIN;
    else if (entry.person.login == NULL)
        entry.says = DIRECTORY_BAD_LOGIN;
    else if (row->n_people != 1)
        entry.says = row->n_people == 0 ? DIRECTORY_NO_PERSON : DIRECTORY_SEVERAL;
    for (size_t i = 0; entry.says == DIRECTORY_PERSON && i < n; i++)
        if (same_login(&map[i], &entry.person) || same_user(&map[i], &entry.person))
            entry.says = DIRECTORY_MAPPED;
    return entry;
}

/* If pages pair one login with several people, or one person with several logins, none of these
 * pages counts. Notion chooses the order of rows, and it may differ in the next run. */
static void
mark_again(struct directory_entry *entries, size_t n, struct arena *arena)
{
    struct person *items = arena_array(arena, n, sizeof(*items));
    bool *unsure = arena_array(arena, n, 2 * sizeof(*unsure)); /* for a login, for a user */
    size_t len = 0;
    struct people *people;

    for (size_t i = 0; i < n; i++)
        if (entries[i].says == DIRECTORY_PERSON)
            items[len++] = entries[i].person;
    people = people_of(items, len, arena);
    for (int round = 0; round < 2; round++)
        for (size_t i = 0, k = 0; i < n; i++) {
            const struct person *login, *user;
            bool *unsure_login, *unsure_user;

            if (entries[i].says != DIRECTORY_PERSON)
                continue;
            login = people_by_login(people, items[k].login);
            user = people_by_user(people, items[k].user);
            unsure_login = &unsure[2 * (login - items)];
            unsure_user = &unsure[2 * (user - items) + 1];
            *unsure_login = *unsure_login || !same_user(login, &items[k]);
            *unsure_user = *unsure_user || !same_login(user, &items[k]);
            if (round == 1 && (*unsure_login || *unsure_user))
                entries[i].says = DIRECTORY_AGAIN;
            k++;
        }
}

struct directory_entry *
gather_directory_entries(const struct directory *directory, const struct person *map, size_t n,
                         struct arena *arena)
{
    struct directory_entry *entries = arena_array(arena, directory->n, sizeof(*entries));

    for (size_t i = 0; i < directory->n; i++)
        entries[i] = entry_of(&directory->rows[i], map, n, arena);
    mark_again(entries, directory->n, arena);
    return entries;
}

bool
gather_directory(struct gather *gather, struct person **people, size_t *n, struct err *err)
{
    struct directory directory;
    const struct directory_entry *entries;
    struct person *all;
    size_t odd = 0;

    if (!notion_read_directory(gather->notion, gather->config->people_database, true, gather->arena,
                               &directory, err))
        return false;
    entries = gather_directory_entries(&directory, *people, *n, gather->arena);
    all = arena_array(gather->arena, *n + directory.n, sizeof(*all));
    if (*n > 0)
        memcpy(all, *people, *n * sizeof(*all));
    for (size_t i = 0; i < directory.n; i++) {
        enum directory_says says = entries[i].says;

        if (says == DIRECTORY_PERSON)
            all[(*n)++] = entries[i].person;
        odd += says == DIRECTORY_BAD_LOGIN || says == DIRECTORY_SEVERAL || says == DIRECTORY_AGAIN;
    }
    *people = all;
    if (odd > 0)
        log_warning("people_database: %zu page%s left out: several people, no login, or a login or "
                    "person that another page pairs otherwise (`check` lists them)",
                    odd, odd == 1 ? " is" : "s are");
    if (directory.cut)
        log_warning("people_database: only its first %zu pages with a login and a person are read",
                    directory.n);
    return true;
}
