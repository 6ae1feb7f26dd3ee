#include "notion/notion.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "notion/notion_p.h"

/* The existing option's name: one that is exactly the same, else one that differs in case. */
static void
name_known(const struct binding *binding, struct json_object *option)
{
    const char *name = json_string(option, "name");
    const char *known = NULL;

    for (size_t i = 0; name != NULL && i < binding->n_options; i++) {
        const char *other = binding->options[i].name;

        if (strcmp(other, name) == 0)
            return;
        if (known == NULL && utf8_casecmp(other, name) == 0)
            known = other;
    }
    if (known != NULL)
        json_add_string(option, "name", known);
}

static void
encode_field(struct json_object *properties, const struct binding *binding,
             const struct value *value, struct arena *arena)
{
    const struct property_type *type = binding_type(binding);
    struct json_object *encoded;

    if (type->encode == NULL || type->kind != value->kind)
        return;
    encoded = type->encode(value, arena);
    name_known(binding, encoded);
    for (size_t k = 0; k < json_len(encoded); k++)
        name_known(binding, json_at(encoded, k));
    json_add(properties, binding->id, json_add(json_new_object(), binding->type, encoded));
}

struct json_object *
notion_encode(const struct bound *bound, const struct page_change *change, struct arena *arena)
{
    struct json_object *properties = json_new_object();

    FIELD_EACH(field, change->values.has)
    if (bound->fields[field].id != NULL)
        encode_field(properties, &bound->fields[field], value_of(&change->values, field), arena);
    if (change->sets_number && bound->github_id.id != NULL) {
        struct json_object *number = json_new_object();

        if (change->number > 0)
            json_add_int(number, "number", change->number);
        else
            json_add(number, "number", NULL);
        json_add(properties, bound->github_id.id, number);
    }
    return properties;
}
