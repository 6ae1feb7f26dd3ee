#include "apply/parts.h"

#include <string.h>

#include "reconcile/translate.h"

bool
parts_may_help(enum side side, const struct err *err)
{
    /* Notion says of a person or page that a value names what it says of the page itself. */
    return err->kind == ERR_REFUSED || (side == SIDE_NOTION && err->kind == ERR_NOT_FOUND);
}

static const struct value *
value_now(const struct parts *parts, enum field field)
{
    const struct outcome *outcome = &parts->job->outcome;

    return parts->side == SIDE_GITHUB ? &outcome->issue->values[field]
                                      : &outcome->page->values[field];
}

static const char *
element_name(const struct parts *parts, enum field field, const char *element)
{
    const char *login = parts->side == SIDE_NOTION && field == FIELD_ASSIGNEES
                            ? translate_login(parts->rules, element)
                            : NULL;

    return login != NULL ? login : element;
}

static void
part_refused(struct parts *parts, enum field field, const char *element, const struct err *why)
{
    const char *side = parts->side == SIDE_GITHUB ? "GitHub" : "Notion";

    parts->job->outcome.refused[parts->side] |= 1U << field;
    if (element != NULL && parts->side == SIDE_NOTION && parts->rules->is_public &&
        parts->rules->secret[field])
        element = "…";
    if (element != NULL)
        item_note(parts->job->item,
                  arena_printf(parts->arena, "%s did not take \"%s\" (%s): %s", side,
                               element_name(parts, field, element), field_table[field].name,
                               why->text),
                  parts->arena);
    else
        item_note(parts->job->item,
                  arena_printf(parts->arena, "%s did not take the %s: %s", side,
                               field_table[field].name, why->text),
                  parts->arena);
}

static bool
try_fields(struct parts *parts, unsigned fields, const struct value *values, struct err *err)
{
    if (!parts->write(parts, fields, values, err))
        return false;
    parts->taken = true;
    return true;
}

/* A set that grows by what the service takes. */
struct growing {
    struct parts *parts;
    enum field field;
    const char **items; /* taken so far; room for all */
    size_t len;
    const char **out; /* refused */
    size_t n_out;
    bool sure; /* also what is there already is written, to see whether it is taken */
    struct err why;
};

static bool
try_items(struct growing *grow, const char *const *more, size_t n, struct err *err)
{
    struct value values[FIELD_COUNT];
    struct value set;

    memcpy(values, grow->parts->wanted, sizeof(values));
    memcpy(grow->items + grow->len, more, n * sizeof(*more));
    set = value_set(grow->items, grow->len + n);
    values[grow->field] = set;
    if (grow->sure || !value_equal(&set, value_now(grow->parts, grow->field)))
        if (!try_fields(grow->parts, 1U << grow->field, values, err))
            return false;
    grow->len += n;
    return true;
}

/* False where something else than a refusal went wrong. */
static bool
grow_by(struct growing *grow, const char *const *more, size_t n, struct err *err)
{
    if (n == 0 || try_items(grow, more, n, err))
        return true;
    if (!parts_may_help(grow->parts->side, err))
        return false;
    if (n == 1) {
        grow->out[grow->n_out++] = more[0];
        grow->why = *err;
        return true;
    }
    return grow_by(grow, more, n / 2, err) && grow_by(grow, more + n / 2, n - n / 2, err);
}

/* What is new is added to what is there. If none of it is taken, that may be for something that is
 * there: then all of it is tried. */
static bool
write_set(struct parts *parts, enum field field, struct err *err)
{
    const struct value *wanted = &parts->wanted[field];
    const struct value now = *value_now(parts, field);
    struct growing grow = {.parts = parts, .field = field};
    const char **kept = arena_array(parts->arena, wanted->len, sizeof(*kept));
    const char **more = arena_array(parts->arena, wanted->len, sizeof(*more));
    size_t n_kept = 0;
    size_t n_more = 0;

    grow.items = arena_array(parts->arena, wanted->len, sizeof(*grow.items));
    grow.out = arena_array(parts->arena, wanted->len, sizeof(*grow.out));
    for (size_t i = 0; i < wanted->len; i++)
        if (now.kind == VALUE_SET && value_has(&now, wanted->items[i]))
            kept[n_kept++] = wanted->items[i];
        else
            more[n_more++] = wanted->items[i];
    if (!grow_by(&grow, kept, n_kept, err) || !grow_by(&grow, more, n_more, err))
        return false;
    if (n_kept > 0 && grow.n_out == n_more) {
        grow.len = grow.n_out = 0;
        grow.sure = true;
        if (!grow_by(&grow, kept, n_kept, err) || !grow_by(&grow, more, n_more, err))
            return false;
    }
    for (size_t i = 0; i < grow.n_out; i++)
        part_refused(parts, field, grow.out[i], &grow.why);
    return true;
}

static bool
write_one(struct parts *parts, enum field field, struct err *err)
{
    if (parts->wanted[field].kind == VALUE_SET && parts->wanted[field].len > 0)
        return write_set(parts, field, err);
    part_refused(parts, field, NULL, err);
    return true;
}

/* Half of the fields; of an odd number the smaller one. */
static unsigned
half_of(unsigned fields)
{
    unsigned half = 0;
    int n = __builtin_popcount(fields) / 2;

    for (unsigned f = 0; f < FIELD_COUNT && n > 0; f++)
        if ((fields & 1U << f) != 0) {
            half |= 1U << f;
            n--;
        }
    return half;
}

/* Fields that were refused together. */
static bool
split(struct parts *parts, unsigned fields, struct err *err)
{
    unsigned halves[] = {half_of(fields), fields & ~half_of(fields)};

    if (halves[0] == 0) {
        for (unsigned f = 0; f < FIELD_COUNT; f++)
            if ((fields & 1U << f) != 0)
                return write_one(parts, f, err);
        return true;
    }
    for (int i = 0; i < 2; i++)
        if (!try_fields(parts, halves[i], parts->wanted, err) &&
            (!parts_may_help(parts->side, err) || !split(parts, halves[i], err)))
            return false;
    return true;
}

/* What is left is to be told, and keeps nothing from being done: a set of which there was nothing
 * else to be written counts as taken. */
static bool
is_all_lost(const struct parts *parts, unsigned fields)
{
    unsigned refused = parts->job->outcome.refused[parts->side] & fields;

    for (unsigned f = 0; f < FIELD_COUNT; f++)
        if ((refused & 1U << f) != 0 && parts->wanted[f].kind == VALUE_SET)
            return false;
    return !parts->taken;
}

bool
parts_write(struct parts *parts, unsigned fields, struct err *err)
{
    const struct err first = *err;

    if (!split(parts, fields, err) || (parts->number && !try_fields(parts, 0, parts->wanted, err)))
        return false;
    if (is_all_lost(parts, fields)) {
        *err = first;
        return false;
    }
    err_clear(err);
    return true;
}
