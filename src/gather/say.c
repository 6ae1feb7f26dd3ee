#include <stdarg.h>
#include <string.h>

#include "gather/gather_p.h"
#include "model/sealed.h"

/* What the room says to people: warnings, news, problems, and the names of columns in them. */

void
gather_warn(struct gather *gather, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    sayings_add(&gather->warnings, arena_vprintf(gather->arena, format, args), gather->arena);
    va_end(args);
}

void
gather_tell(struct gather *gather, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    sayings_add(&gather->news, arena_vprintf(gather->arena, format, args), gather->arena);
    va_end(args);
}

void
gather_problem(struct buf *problems, const char *format, ...)
{
    va_list args;

    if (problems->len > 0)
        buf_str(problems, "; ");
    va_start(args, format);
    buf_vprintf(problems, format, args);
    va_end(args);
}

/* A name that every database has reveals nothing. */
static bool
is_default(const struct fields *fields, const char *name)
{
    for (enum field f = 0; f < fields->n; f++)
        if (fields->items[f].property != NULL && strcmp(fields->items[f].property, name) == 0)
            return true;
    return strcmp(name, GATHER_GITHUB_ID) == 0;
}

bool
gather_hides_name(const struct gather *gather, const char *name)
{
    return sealed_is(name) || (gather->sealing.words && !is_default(&gather->config->fields, name));
}

const char *
gather_column_name(const struct gather *gather, const char *name, const char *what)
{
    return gather_hides_name(gather, name) ? arena_printf(gather->arena, "(%s)", what)
                                           : arena_printf(gather->arena, "\"%s\"", name);
}

const char *
gather_named_in(const struct gather *gather, enum field field)
{
    const char *own = gather->config->fields.items[field].property;
    const char *chosen = gather->config->properties[field].property;

    return field >= FIELD_BUILTINS && strcmp(chosen, own) == 0 ? "`fields`" : "property_map";
}

const char *
gather_did_you_mean(const struct gather *gather, const struct nearest *nearest)
{
    if (nearest->name == NULL || gather->sealing.words)
        return "";
    return arena_printf(gather->arena, "; did you mean \"%s\"?", nearest->name);
}

const char *
gather_near_property(const struct gather *gather, const struct schema *schema, const char *name)
{
    struct nearest nearest = nearest_to(name);

    for (size_t i = 0; i < schema->n_properties; i++)
        nearest_offer(&nearest, schema->properties[i].name);
    return gather_did_you_mean(gather, &nearest);
}
