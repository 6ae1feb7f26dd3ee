#ifndef WEBHOOK_ROUTE_H
#define WEBHOOK_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"
#include "webhook/event.h"

/* Which repositories an event is for. */
struct route {
    char source[NOTION_ID_SIZE]; /* a data source, or a database with all of its data sources */
    size_t target;               /* index into repositories */
};

struct routes {
    const char **repositories; /* "owner/name", each once whatever its case */
    size_t n_repositories;
    struct route *items;
    size_t n_items;
    bool has_rest;
    size_t rest; /* the repository of what no route names */
};

/* Events that do not name their data source (comments) go to every repository, up to so many. */
#define ROUTE_EVERYWHERE_MAX 10

/* The index of a repository, which is added if it is not there yet. The array must
 * have room for it, and the text must live as long as the routes. */
size_t route_repository(struct routes *routes, const char *repository);

/* The repositories an event is for, as indices into repositories in targets (room for all of them);
 * returns how many. Pure. */
size_t route_event(const struct routes *routes, const struct event *event, size_t *targets);

#endif
