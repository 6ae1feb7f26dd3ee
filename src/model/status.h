#ifndef MODEL_STATUS_H
#define MODEL_STATUS_H

#include <stdbool.h>
#include <stddef.h>

#include "model/value.h"

/*
 * What the options of the Status property mean on GitHub. GitHub's side of the field is one of the
 * texts below. Notion's side is the name of an option ("" if none is chosen; a checkbox has the
 * options STATUS_UNCHECKED and STATUS_CHECKED).
 */
#define STATUS_OPEN        "open"
#define STATUS_CLOSED      "closed"
#define STATUS_NOT_PLANNED "closed:not_planned"
#define STATUS_DUPLICATE   "closed:duplicate"
#define STATUS_MERGED      "merged"
#define STATUS_CHECKED     "checked"
#define STATUS_UNCHECKED   "unchecked"

enum meaning { MEANING_OPEN, MEANING_CLOSED, MEANING_NOT_PLANNED };

struct status_option {
    const char *name;
    enum meaning meaning;
    const char *lane; /* the label of its issues; NULL: none */
};

/* Options in the order in which GitHub's changes choose among them. For "open", the first of the
 * To-do group comes first. */
struct status_map {
    const struct status_option *options;
    size_t len;
};

/* The meaning of an option's name. An empty or unknown name is MEANING_OPEN. */
enum meaning status_meaning(const struct status_map *map, const char *option);

/* Whether GitHub's text says closed (or merged). */
bool status_is_closed(const char *github);

/* The option that shows GitHub's state. A closed state uses the map. An open state uses `before`
 * (the page's option before it was closed, may be NULL) if that still means open, else the first
 * open option. NULL: the property has none. */
const char *status_option_for(const struct status_map *map, const char *github, const char *before);

/* The label for an option, "" if there is none. */
const char *status_lane(const struct status_map *map, const char *option);

/* An option that shows GitHub's state and has this lane ("": none): current if it fits, else
 * `before` (may be NULL), else the first. NULL: none fits. */
const char *status_option_in_lane(const struct status_map *map, const char *github,
                                  const char *lane, const char *current, const char *before);

/* GitHub's text for an option: STATUS_OPEN, STATUS_CLOSED or STATUS_NOT_PLANNED. */
const char *status_for_option(const struct status_map *map, const char *option);

#endif
