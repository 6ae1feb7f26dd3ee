#include "model/people.h"

#include <stdlib.h>

#include "base/utf8.h"

static int
compare_logins(const struct person *a, const struct person *b)
{
    return utf8_casecmp(a->login, b->login);
}

/* Ids of the rules have dashes. Notion does not document whether its Markdown has them. */
static int
compare_users(const struct person *a, const struct person *b)
{
    const char *x = a->user, *y = b->user;

    for (;; x++, y++) {
        x += *x == '-';
        y += *y == '-';
        if (*x != *y || *x == '\0')
            return (unsigned char)*x - (unsigned char)*y;
    }
}

/* Of equal ones the first comes first. */
static int
in_order(const struct person *a, const struct person *b, int order)
{
    return order != 0 ? order : (a > b) - (a < b);
}

static int
sort_logins(const void *a, const void *b)
{
    const struct person *x = *(const struct person *const *)a;
    const struct person *y = *(const struct person *const *)b;

    return in_order(x, y, compare_logins(x, y));
}

static int
sort_users(const void *a, const void *b)
{
    const struct person *x = *(const struct person *const *)a;
    const struct person *y = *(const struct person *const *)b;

    return in_order(x, y, compare_users(x, y));
}

struct people *
people_of(const struct person *items, size_t n, struct arena *arena)
{
    struct people *people = arena_alloc(arena, sizeof(*people));

    *people = (struct people){items, n, arena_array(arena, n, sizeof(*people->by_login)),
                              arena_array(arena, n, sizeof(*people->by_user))};
    for (size_t i = 0; i < n; i++)
        people->by_login[i] = people->by_user[i] = &items[i];
    if (n > 0) {
        qsort(people->by_login, n, sizeof(*people->by_login), sort_logins);
        qsort(people->by_user, n, sizeof(*people->by_user), sort_users);
    }
    return people;
}

/* The first one that is equal. */
static const struct person *
find(const struct person *const *sorted, size_t n, const struct person *key,
     int (*compare)(const struct person *a, const struct person *b))
{
    size_t from = 0;

    for (size_t to = n; from < to;) {
        size_t middle = from + (to - from) / 2;

        if (compare(sorted[middle], key) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from < n && compare(sorted[from], key) == 0 ? sorted[from] : NULL;
}

const struct person *
people_by_login(const struct people *people, const char *login)
{
    const struct person key = {.login = login};

    return people != NULL ? find(people->by_login, people->n, &key, compare_logins) : NULL;
}

const struct person *
people_by_user(const struct people *people, const char *user)
{
    const struct person key = {.user = user};

    return people != NULL ? find(people->by_user, people->n, &key, compare_users) : NULL;
}
