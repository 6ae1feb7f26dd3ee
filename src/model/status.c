#include "model/status.h"

#include <string.h>

static const struct status_option *
status_find(const struct status_map *map, const char *option)
{
    for (size_t i = 0; i < map->len; i++)
        if (strcmp(map->options[i].name, option) == 0)
            return &map->options[i];
    return NULL;
}

static const char *
status_first(const struct status_map *map, enum meaning meaning)
{
    for (size_t i = 0; i < map->len; i++)
        if (map->options[i].meaning == meaning)
            return map->options[i].name;
    return NULL;
}

enum meaning
status_meaning(const struct status_map *map, const char *option)
{
    const struct status_option *found = status_find(map, option);

    return found != NULL ? found->meaning : MEANING_OPEN;
}

bool
status_is_closed(const char *github)
{
    return strcmp(github, STATUS_OPEN) != 0;
}

const char *
status_option_for(const struct status_map *map, const char *github, const char *before)
{
    const char *option = NULL;

    if (!status_is_closed(github)) {
        const struct status_option *known = before != NULL ? status_find(map, before) : NULL;

        return known != NULL && known->meaning == MEANING_OPEN ? known->name
                                                               : status_first(map, MEANING_OPEN);
    }
    if (strcmp(github, STATUS_NOT_PLANNED) == 0 || strcmp(github, STATUS_DUPLICATE) == 0)
        option = status_first(map, MEANING_NOT_PLANNED);
    if (option == NULL)
        option = status_first(map, MEANING_CLOSED);
    return option != NULL ? option : status_first(map, MEANING_NOT_PLANNED);
}

const char *
status_for_option(const struct status_map *map, const char *option)
{
    switch (status_meaning(map, option)) {
    case MEANING_CLOSED:
        return STATUS_CLOSED;
    case MEANING_NOT_PLANNED:
        return STATUS_NOT_PLANNED;
    case MEANING_OPEN:
        break;
    }
    return STATUS_OPEN;
}

const char *
status_lane(const struct status_map *map, const char *option)
{
    const struct status_option *found = status_find(map, option);

    return found != NULL && found->lane != NULL ? found->lane : "";
}

/* Whether an option shows the state as well as the map allows, and has the lane. */
static bool
is_in_lane(const struct status_map *map, const char *github, const char *lane, const char *option)
{
    const char *best = status_option_for(map, github, NULL);

    return option != NULL && best != NULL && status_find(map, option) != NULL &&
           status_meaning(map, option) == status_meaning(map, best) &&
           strcmp(status_lane(map, option), lane) == 0;
}

const char *
status_option_in_lane(const struct status_map *map, const char *github, const char *lane,
                      const char *current, const char *before)
{
    /* Two ways of being closed count as the same. An option that nobody mapped means open. */
    if (status_is_closed(github) == (status_meaning(map, current) != MEANING_OPEN) &&
        strcmp(status_lane(map, current), lane) == 0)
        return current;
    if (is_in_lane(map, github, lane, before))
        return before;
    for (size_t i = 0; i < map->len; i++)
        if (is_in_lane(map, github, lane, map->options[i].name))
            return map->options[i].name;
    return NULL;
}
