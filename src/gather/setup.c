#include <string.h>

#include "base/log.h"
#include "gather/gather_p.h"

bool
gather_lacks(const struct gather *gather)
{
    return gather->n_lacks + gather->n_lacks_options > 0;
}

static bool
add_properties(struct gather *gather, struct err *err)
{
    struct schema schema;

    if (notion_add_properties(gather->notion, gather->data_source, gather->lacks, gather->n_lacks,
                              gather->arena, &schema, err))
        return true;
    return err->kind == ERR_REFUSED && gather_status_as_select(gather) &&
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
        names = arena_printf(
            gather->arena, "%s%s%s (%s)", names, i > 0 ? ", " : "",
            gather_hides_name(gather, gather->lacks[i].name) ? "a column" : gather->lacks[i].name,
            gather->lacks[i].type);
    gather_tell(gather, "added to the database: %s", names);
}

bool
gather_setup(struct gather *gather, struct err *err)
{
    bool status_is_new;

    if (!gather_lacks(gather))
        return true;
    if (gather->n_lacks > 0) {
        if (!add_properties(gather, err))
            return err_context(err, "adding columns to the database");
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
