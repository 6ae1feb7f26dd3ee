#include <string.h>

#include "base/log.h"
#include "gather/gather_p.h"

bool
gather_lacks(const struct gather *gather)
{
    return gather->n_lacks + gather->lacks_options.len > 0;
}

static bool
add_properties(struct gather *gather, struct err *err)
{
    struct schema schema;

    return notion_add_properties(gather->notion, gather->data_source, gather->lacks,
                                 gather->n_lacks, gather->arena, &schema, err) ||
           (err->kind == ERR_REFUSED && gather_status_as_select(gather) &&
            notion_add_properties(gather->notion, gather->data_source, gather->lacks,
                                  gather->n_lacks, gather->arena, &schema, err)) ||
           err_context(err, "adding columns to the database");
}

bool
gather_setup(struct gather *gather, struct err *err)
{
    const char *status = gather->config->properties[FIELD_STATUS].property;
    bool status_is_new = false;
    const char *names = "";

    if (!gather_lacks(gather))
        return true;
    if (gather->n_lacks > 0 && !add_properties(gather, err))
        return false;
    for (size_t i = 0; i < gather->n_lacks; i++) {
        const struct new_property *added = &gather->lacks[i];

        status_is_new = status_is_new || strcmp(added->name, status) == 0;
        names = arena_printf(gather->arena, "%s%s%s (%s)", names, i > 0 ? ", " : "",
                             gather_hides_name(gather, added->name) ? "a column" : added->name,
                             added->type);
    }
    if (gather->n_lacks > 0)
        gather_tell(gather, "added to the database: %s", names);
    if (gather->lacks_options.len > 0 &&
        !notion_add_status_options(gather->notion, gather->data_source, gather->status_column,
                                   gather->lacks_options.items, gather->lacks_options.len, err))
        return false;
    gather->bound = false;
    if (!gather_bind(gather, err))
        return false;
    gather->rules.status_is_new = status_is_new;
    return true;
}
