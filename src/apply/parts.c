#include "apply/parts.h"

#include <string.h>

#include "reconcile/translate.h"

bool
parts_may_help(enum side side, const struct err *err)
{
    /* Notion gives the same answer if a person or page in a value is missing as if the page itself
     * is missing. */
    return err->kind == ERR_REFUSED || (side == SIDE_NOTION && err->kind == ERR_NOT_FOUND);
}

static const struct value *
value_now(const struct parts *parts, enum field field)
{
    const struct outcome *outcome = &parts->job->outcome;

    return parts->side == SIDE_GITHUB ? value_of(&outcome->issue->values, field)
                                      : value_of(&outcome->page->values, field);
}

static void
part_refused(struct parts *parts, enum field field, const char *element, const struct err *why)
{
    const struct rules *rules = &parts->job->gather->rules;
    const char *name = rules->fields->items[field].name;
    const char *login = NULL;

    field_set_add(&parts->job->outcome.refused[parts->side], field);
    if (element == NULL) {
        job_note(parts->job, "%s did not accept the %s: %s", side_name(parts->side), name,
                 why->text);
        return;
    }
    if (parts->side == SIDE_NOTION && rules->is_public && rules->secret[field])
        element = "…";
    else if (parts->side == SIDE_NOTION && rules->fields->items[field].relation == RELATION_PEOPLE)
        login = translate_login(rules, element);
    job_note(parts->job, "%s did not accept \"%s\" (%s): %s", side_name(parts->side),
             login != NULL ? login : element, name, why->text);
}

static bool
try_values(struct parts *parts, const struct values *values, struct err *err)
{
    if (!parts->write(parts, values, err))
        return false;
    parts->taken = true;
    return true;
}

/* A set that grows by each element that the service accepts. */
struct growing {
    struct parts *parts;
    enum field field;
    const char **items; /* accepted so far; room for all */
    size_t len;
    const char **out; /* refused */
    size_t n_out;
    bool sure; /* existing elements are written too, to test whether the service accepts them */
    struct err why;
};

static bool
try_items(struct growing *grow, const char *const *more, size_t n, struct err *err)
{
    const struct value set = value_set(grow->items, grow->len + n);
    const struct value *const cell = &set;
    const struct values one = {field_set_of(grow->field), &cell};

    memcpy(grow->items + grow->len, more, n * sizeof(*more));
    if (grow->sure || !value_equal(&set, value_now(grow->parts, grow->field)))
        if (!try_values(grow->parts, &one, err))
            return false;
    grow->len += n;
    return true;
}

/* False on any failure other than a refusal. */
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

/* Adds new elements to the existing ones. If the service accepts none of them, an existing element
 * may be the reason, so this tries all of them. */
static bool
write_set(struct parts *parts, enum field field, struct err *err)
{
    const struct value *wanted = value_of(&parts->wanted, field);
    const struct value now = *value_now(parts, field);
    struct growing grow = {.parts = parts, .field = field};
    const char **kept = arena_array(parts->job->arena, wanted->len, sizeof(*kept));
    const char **more = arena_array(parts->job->arena, wanted->len, sizeof(*more));
    size_t n_kept = 0;
    size_t n_more = 0;

    grow.items = arena_array(parts->job->arena, wanted->len, sizeof(*grow.items));
    grow.out = arena_array(parts->job->arena, wanted->len, sizeof(*grow.out));
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
    /* No existing element should stay, and no new one was accepted. */
    if (n_kept == 0 && grow.len == 0 && now.kind == VALUE_SET && now.len > 0 &&
        !try_items(&grow, more, 0, err))
        return false;
    for (size_t i = 0; i < grow.n_out; i++)
        part_refused(parts, field, grow.out[i], &grow.why);
    return true;
}

/* For fields that were refused together: tries the smaller half first, then the others. */
static bool
split(struct parts *parts, struct field_set fields, struct err *err)
{
    struct field_set halves[] = {{{0}}, fields};
    size_t n = field_set_len(fields) / 2;

    if (n == 0) {
        FIELD_EACH(f, fields)
        {
            if (value_of(&parts->wanted, f)->kind == VALUE_SET &&
                value_of(&parts->wanted, f)->len > 0)
                return write_set(parts, f, err);
            part_refused(parts, f, NULL, err);
        }
        return true;
    }
    FIELD_EACH(f, fields)
    if (n > 0) {
        field_set_add(&halves[0], f);
        field_set_remove(&halves[1], f);
        n--;
    }
    for (int i = 0; i < 2; i++) {
        const struct values half = values_only(&parts->wanted, halves[i], parts->job->arena);

        if (!try_values(parts, &half, err) &&
            (!parts_may_help(parts->side, err) || !split(parts, halves[i], err)))
            return false;
    }
    return true;
}

bool
parts_split(struct parts *parts, struct err *err)
{
    const struct values nothing = {.cells = NULL};
    const struct err first = *err;
    const struct sayings notes = parts->job->result->notes;
    bool all_lost;

    if (!split(parts, parts->wanted.has, err) ||
        (parts->number && !try_values(parts, &nothing, err)))
        return false;
    /* Reports what is left, which blocks nothing else. A set with nothing else to write counts as
     * accepted. */
    all_lost = !parts->taken;
    FIELD_EACH(f, field_set_and(parts->job->outcome.refused[parts->side], parts->wanted.has))
    if (value_of(&parts->wanted, f)->kind == VALUE_SET)
        all_lost = false;
    if (all_lost) { /* the failure already says that */
        parts->job->result->notes = notes;
        *err = first;
        return false;
    }
    err_clear(err);
    return true;
}

bool
parts_write(struct parts *parts, struct err *err)
{
    return try_values(parts, &parts->wanted, err) ||
           (parts_may_help(parts->side, err) && parts_split(parts, err));
}
