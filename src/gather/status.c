#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "gather/gather_p.h"

/* The meanings of the status property's options. */

/* The options of a status property as Notion makes it;
 * developers.notion.com/reference/property-object, status. */
static const struct option new_status[] = {
    {.name = "Not started", .group = GROUP_TODO},
    {.name = "In progress", .group = GROUP_IN_PROGRESS},
    {.name = "Done", .group = GROUP_COMPLETE},
};
#define NEW_STATUS (sizeof(new_status) / sizeof(new_status[0]))

/* `setup` will add an option to the status property. False if it adds none. */
static bool
lack_option(struct gather *gather, const char *option, bool closed)
{
    if (gather->config->setup != SETUP_ALL)
        return false;
    for (size_t i = 0; i < gather->lacks_options.len; i++)
        if (strcmp(gather->lacks_options.items[i].name, option) == 0)
            return true;
    small_push(&gather->lacks_options, gather->arena,
               (struct option){.name = option, .group = closed ? GROUP_COMPLETE : GROUP_TODO});
    return true;
}

/* Names of a select's options that mean that the work is done. */
static bool
is_done_name(const char *name)
{
    static const char *const names[] = {"done", "closed", "complete", "completed"};

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (strcasecmp(name, names[i]) == 0)
            return true;
    return false;
}

/* Names of options in the Complete group that mean that the work will not be done. */
static bool
is_not_planned_name(const char *name)
{
    static const char *const parts[] = {"cancel",      "won't",     "wont",     "won’t",
                                        "not planned", "duplicate", "rejected", "declined",
                                        "abandoned",   "dropped"};

    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
        if (strcasestr(name, parts[i]) != NULL)
            return true;
    return false;
}

static enum meaning
default_meaning(const struct option *option)
{
    /* If Notion does not report the group of a status, its name decides, as with a select. */
    if (option->group == GROUP_NONE)
        return is_done_name(option->name) ? MEANING_CLOSED : MEANING_OPEN;
    if (option->group != GROUP_COMPLETE)
        return MEANING_OPEN;
    return is_not_planned_name(option->name) ? MEANING_NOT_PLANNED : MEANING_CLOSED;
}

static enum meaning
chosen_meaning(const struct status_choice *choice)
{
    return strcmp(choice->state, STATUS_OPEN) == 0          ? MEANING_OPEN
           : strcmp(choice->state, STATUS_NOT_PLANNED) == 0 ? MEANING_NOT_PLANNED
                                                            : MEANING_CLOSED;
}

static const char *
near_option(const struct gather *gather, const struct property *property, const char *option)
{
    struct nearest nearest = nearest_to(option);

    for (size_t i = 0; i < property->n_options; i++)
        nearest_offer(&nearest, property->options[i].name);
    return gather_did_you_mean(gather, &nearest);
}

static const struct status_choice *
find_choice(const struct config *config, const char *option)
{
    for (size_t i = 0; i < config->n_statuses; i++)
        if (strcmp(config->statuses[i].option, option) == 0)
            return &config->statuses[i];
    return NULL;
}

/* Options that status_map closes come first, in its order. GitHub's changes choose the first that
 * fits. */
static void
build_status_map(struct gather *gather, const struct property *property, struct buf *problems)
{
    const struct config *config = gather->config;
    struct status_option *options =
        arena_array(gather->arena, config->n_statuses + property->n_options, sizeof(*options));
    size_t len = 0;

    for (size_t i = 0; i < config->n_statuses; i++) {
        const struct status_choice *choice = &config->statuses[i];

        if (property_option(property, choice->option) == NULL &&
            !notion_makes_options(property->type) &&
            !lack_option(gather, choice->option, chosen_meaning(choice) != MEANING_OPEN))
            gather_problem(problems, "status_map names %s, but the column %s has %s%s%s",
                           gather_column_name(gather, choice->option, "an option"),
                           gather_column_name(gather, property->name, "status"),
                           gather->sealing.words ? "no such option" : "the options ",
                           gather->sealing.words
                               ? ""
                               : ARENA_NAMES(gather->arena, property->options, property->n_options),
                           near_option(gather, property, choice->option));
        if (chosen_meaning(choice) != MEANING_OPEN ||
            property_option(property, choice->option) == NULL)
            options[len++] =
                (struct status_option){choice->option, chosen_meaning(choice), choice->label};
    }
    for (size_t i = 0; i < property->n_options; i++) {
        const struct option *option = &property->options[i];
        const struct status_choice *choice = find_choice(config, option->name);

        if (choice == NULL)
            options[len++] = (struct status_option){option->name, default_meaning(option), NULL};
        else if (chosen_meaning(choice) == MEANING_OPEN)
            options[len++] = (struct status_option){option->name, MEANING_OPEN, choice->label};
    }
    gather->rules.status = (struct status_map){options, len};
}

void
gather_bind_status(struct gather *gather, const struct schema *schema,
                   const struct binding *binding, struct buf *problems)
{
    static const struct status_option boxes[] = {{STATUS_UNCHECKED, MEANING_OPEN, NULL},
                                                 {STATUS_CHECKED, MEANING_CLOSED, NULL}};
    const struct property added = {
        .name = binding->name, .type = "status", .options = new_status, .n_options = NEW_STATUS};
    const struct property *property;

    gather->rules.status = (struct status_map){0};
    if (binding->type == NULL) {
        /* A missing column only stops the field, with a warning. */
        if (gather->config->n_statuses > 0 && !gather->config->properties[FIELD_STATUS].off &&
            gather->known.fields[FIELD_STATUS].id == NULL)
            gather_problem(problems,
                           "status_map is given, but the database has no column for status");
        return;
    }
    property = binding->id == NULL ? &added : schema_find(schema, binding->name);
    if (strcmp(property->type, "checkbox") == 0)
        gather->rules.status = (struct status_map){boxes, 2};
    else
        build_status_map(gather, property, problems);
}

const char *
gather_status_option(struct gather *gather, const struct binding *binding, const char *option,
                     bool closed)
{
    const struct status_map *map = &gather->rules.status;
    struct status_option *options;

    for (size_t i = 0; i < map->len; i++)
        if (strcmp(map->options[i].name, option) == 0)
            return map->options[i].name;
    for (size_t i = 0; i < map->len; i++)
        if (utf8_casecmp(map->options[i].name, option) == 0)
            return map->options[i].name;
    if (notion_makes_options(binding->type))
        closed = is_done_name(option);
    else if (!lack_option(gather, option, closed))
        return NULL;
    options = arena_array(gather->arena, map->len + 1, sizeof(*options));
    for (size_t i = 0; i < map->len; i++)
        options[i] = map->options[i];
    options[map->len] =
        (struct status_option){.name = option, .meaning = closed ? MEANING_CLOSED : MEANING_OPEN};
    gather->rules.status = (struct status_map){options, map->len + 1};
    return option;
}

/* If Notion cannot add a status property, a select takes its place. The names of its options show
 * their meanings. */
bool
gather_status_as_select(struct gather *gather)
{
    size_t n = NEW_STATUS + gather->lacks_options.len;
    const char **names = arena_array(gather->arena, n, sizeof(*names));

    for (size_t i = 0; i < n; i++)
        names[i] =
            i < NEW_STATUS ? new_status[i].name : gather->lacks_options.items[i - NEW_STATUS].name;
    for (size_t i = 0; i < gather->n_lacks; i++) {
        struct new_property *property = &gather->lacks[i];

        if (strcmp(property->type, "status") != 0)
            continue;
        property->type = "select";
        property->options = names;
        property->n_options = n;
        gather->lacks_options.len = 0;
        return true;
    }
    return false;
}
