#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "gather/gather_p.h"

/* The options of a status property as Notion makes it;
 * developers.notion.com/reference/property-object, status. */
static const struct option new_status[] = {
    {"Not started", GROUP_TODO},
    {"In progress", GROUP_IN_PROGRESS},
    {"Done", GROUP_COMPLETE},
};
#define NEW_STATUS (sizeof(new_status) / sizeof(new_status[0]))

#define NAMES(...)                      \
    (const char *const[]){__VA_ARGS__}, \
        sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *)

/* Options that a column starts with; others are made as they are needed. */
static const struct names {
    const char *const *names;
    size_t n;
} first_options[FIELD_COUNT] = {
    [FIELD_TYPE] = {NAMES("Issue", "Pull request")},
    [FIELD_STATE] = {NAMES("Open", "Closed", "Draft", "Merged")},
    [FIELD_REVIEW] = {NAMES("Approved", "Changes requested", "Review required")},
};

void
gather_lack_nothing(struct gather *gather)
{
    gather->n_lacks = gather->n_lacks_options = 0;
}

void
gather_lack_github_id(struct gather *gather)
{
    gather->lacks[gather->n_lacks++] =
        (struct new_property){.name = GATHER_GITHUB_ID, .type = "number"};
}

/* The first of the types that can carry a field is the best. */
static const char *
best_type(struct arena *arena, enum field field)
{
    const char *types = field_table[field].types;

    return arena_strndup(arena, types, strcspn(types, " "));
}

struct binding
gather_lack_field(struct gather *gather, enum field field)
{
    struct new_property *property = &gather->lacks[gather->n_lacks++];
    struct names first = first_options[field];

    if (field == FIELD_REPOSITORY) {
        first.names = &gather->overview.repository;
        first.n = 1;
    }
    *property = (struct new_property){
        .name = gather->config->properties[field].property,
        .type = best_type(gather->arena, field),
        .options = first.names,
        .n_options = first.n,
    };
    return (struct binding){.name = property->name, .type = property->type};
}

bool
gather_lack_option(struct gather *gather, const char *option, bool closed)
{
    struct option *options;

    if (gather->config->setup != SETUP_ALL)
        return false;
    options = arena_array(gather->arena, gather->n_lacks_options + 1, sizeof(*options));
    for (size_t i = 0; i < gather->n_lacks_options; i++)
        options[i] = gather->lacks_options[i];
    options[gather->n_lacks_options++] =
        (struct option){option, closed ? GROUP_COMPLETE : GROUP_TODO};
    gather->lacks_options = options;
    return true;
}

const struct property *
gather_new_status(const char *name)
{
    static struct property property = {
        .type = "status", .options = new_status, .n_options = NEW_STATUS};

    property.name = name;
    return &property;
}

bool
gather_lacks(const struct gather *gather)
{
    return gather->n_lacks + gather->n_lacks_options > 0;
}

/* Where Notion makes no status property, a select does: its options tell what they mean by their
 * names. */
static bool
status_as_select(struct gather *gather)
{
    size_t n = NEW_STATUS + gather->n_lacks_options;
    const char **names = arena_array(gather->arena, n, sizeof(*names));

    for (size_t i = 0; i < n; i++)
        names[i] = i < NEW_STATUS ? new_status[i].name : gather->lacks_options[i - NEW_STATUS].name;
    for (size_t i = 0; i < gather->n_lacks; i++) {
        struct new_property *property = &gather->lacks[i];

        if (strcmp(property->type, "status") != 0)
            continue;
        property->type = "select";
        property->options = names;
        property->n_options = n;
        gather->n_lacks_options = 0;
        return true;
    }
    return false;
}

static bool
add_properties(struct gather *gather, struct err *err)
{
    struct schema schema;

    if (notion_add_properties(gather->notion, gather->data_source, gather->lacks, gather->n_lacks,
                              gather->arena, &schema, err))
        return true;
    return err->kind == ERR_REFUSED && status_as_select(gather) &&
           notion_add_properties(gather->notion, gather->data_source, gather->lacks,
                                 gather->n_lacks, gather->arena, &schema, err);
}

static bool
lacks_status(const struct gather *gather)
{
    const char *name = gather->config->properties[FIELD_STATUS].property;

    for (size_t i = 0; i < gather->n_lacks; i++)
        if (strcmp(gather->lacks[i].name, name) == 0)
            return true;
    return false;
}

static void
tell_added(struct gather *gather)
{
    const char *names = "";

    for (size_t i = 0; i < gather->n_lacks; i++)
        names = arena_printf(gather->arena, "%s%s%s (%s)", names, i > 0 ? ", " : "",
                             gather->lacks[i].name, gather->lacks[i].type);
    gather_tell(gather, arena_printf(gather->arena, "added to the database: %s", names));
}

bool
gather_setup(struct gather *gather, struct err *err)
{
    bool status_is_new;

    if (!gather_lacks(gather))
        return true;
    if (gather->n_lacks > 0) {
        if (!add_properties(gather, err))
            return err_context(err, "adding properties to the database");
        tell_added(gather);
    }
    if (gather->n_lacks_options > 0 &&
        !notion_add_status_options(gather->notion, gather->data_source, gather->status_column,
                                   gather->lacks_options, gather->n_lacks_options, err))
        return false;
    status_is_new = lacks_status(gather);
    gather->bound = false;
    if (!gather_bind(gather, err))
        return false;
    gather->rules.status_is_new = status_is_new;
    return true;
}
