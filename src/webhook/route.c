#include "webhook/route.h"

#include <string.h>
#include <strings.h>

size_t
route_repository(struct routes *routes, const char *repository)
{
    for (size_t i = 0; i < routes->n_repositories; i++)
        if (strcasecmp(routes->repositories[i], repository) == 0)
            return i;
    routes->repositories[routes->n_repositories] = repository;
    return routes->n_repositories++;
}

static size_t
add_target(size_t *targets, size_t n, size_t target)
{
    for (size_t i = 0; i < n; i++)
        if (targets[i] == target)
            return n;
    targets[n] = target;
    return n + 1;
}

size_t
route_event(const struct routes *routes, const struct event *event, size_t *targets)
{
    size_t n = 0;

    for (size_t i = 0; i < routes->n_items; i++)
        for (size_t k = 0; k < event->n_sources; k++)
            if (strcmp(event->sources[k], routes->items[i].source) == 0)
                n = add_target(targets, n, routes->items[i].target);
    if (n > 0)
        return n;
    if (event->n_sources == 0 && event->n_pages > 0 && event->from_comment &&
        routes->n_repositories <= ROUTE_EVERYWHERE_MAX)
        for (size_t i = 0; i < routes->n_repositories; i++)
            n = add_target(targets, n, i);
    if (n == 0 && routes->has_rest)
        targets[n++] = routes->rest;
    return n;
}
