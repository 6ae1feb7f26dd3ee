#include "model/lens.h"

#include <string.h>

#include "base/utf8.h"
#include "model/status.h"

/* The part of a label that the field shows. NULL: the label is not the field's. */
static const char *
value_in(const struct field_info *info, const char *label, struct arena *scratch)
{
    switch (info->home) {
    case HOME_LABEL_GROUP:
        return label_group_value(scratch, &info->group, label);
    case HOME_LABEL:
        return label_same(info->parameter, label) ? label : NULL;
    case HOME_LANE:
        for (size_t i = 0; i < info->n_options; i++)
            if (label_same(info->options[i], label))
                return info->options[i];
        break;
    default:
        break;
    }
    return NULL;
}

bool
lens_shows(const struct field_info *info, const char *label)
{
    return info->home == HOME_LABEL_GROUP ? label_group_has(&info->group, label)
                                          : value_in(info, label, NULL) != NULL;
}

const char *
lens_label(const struct field_info *info, const char *value, struct arena *arena)
{
    return info->home == HOME_LABEL         ? info->parameter
           : info->home == HOME_LABEL_GROUP ? label_group_label(arena, &info->group, value)
                                            : value;
}

const struct value *
lens_labels(const struct values *issue)
{
    return value_of(issue,
                    field_set_has(issue->has, FIELD_ALL_LABELS) ? FIELD_ALL_LABELS : FIELD_LABELS);
}

bool
lens_is_several(const struct value *value)
{
    return value->kind == VALUE_TEXT && strstr(value->text, LENS_SEVERAL) != NULL;
}

const char *
lens_several_text(const struct value *value, struct arena *arena)
{
    const char *rest = value->text;
    const char *text = "";
    const char *next;

    while ((next = strstr(rest, LENS_SEVERAL)) != NULL) {
        text = arena_printf(arena, "%s%.*s, ", text, (int)(next - rest), rest);
        rest = next + strlen(LENS_SEVERAL);
    }
    return arena_printf(arena, "%s%s", text, rest);
}

/* The part of the labels that the field shows. */
static struct value
part_of(const struct field_info *info, const struct value *labels, struct arena *arena)
{
    const char **items = arena_array(arena, labels->len, sizeof(*items));
    const char *all = "";
    size_t len = 0;

    for (size_t i = 0; i < labels->len; i++)
        if (lens_shows(info, labels->items[i])) {
            items[len] = value_in(info, labels->items[i], arena);
            all = arena_printf(arena, "%s%s%s", all, len > 0 ? LENS_SEVERAL : "", items[len]);
            len++;
        }
    if (info->is_set)
        return value_set(items, len);
    if (info->home == HOME_LABEL)
        return value_text(len > 0 ? STATUS_CHECKED : STATUS_UNCHECKED);
    return value_text(all);
}

static bool
is_claimed(const struct fields *fields, struct field_set claims, const char *label)
{
    FIELD_EACH(f, claims)
    if (lens_shows(&fields->items[f], label))
        return true;
    return false;
}

void
lens_split(const struct fields *fields, struct field_set claims, struct value labels,
           struct values *issue, struct arena *arena)
{
    const char **items = arena_array(arena, labels.len, sizeof(*items));
    size_t len = 0;

    if (field_set_is_empty(claims)) {
        values_put(issue, FIELD_LABELS, labels, arena);
        return;
    }
    for (size_t i = 0; i < labels.len; i++)
        if (!is_claimed(fields, claims, labels.items[i]))
            items[len++] = labels.items[i];
    values_put(issue, FIELD_ALL_LABELS, labels, arena);
    values_put(issue, FIELD_LABELS, value_set(items, len), arena);
    FIELD_EACH(f, claims)
    values_put(issue, f, part_of(&fields->items[f], &labels, arena), arena);
}

static struct field_set
label_fields(const struct fields *fields)
{
    return field_set_or(fields->lenses, field_set_of(FIELD_LABELS));
}

bool
lens_is_all(const struct fields *fields, const struct values *change)
{
    return !field_set_is_empty(change->has) &&
           field_set_is_empty(field_set_minus(change->has, label_fields(fields)));
}

/* Adds a label, in the issue's spelling if the issue already has it. */
static void
add_label(const struct value *read, const char *label, const char **items, size_t *len)
{
    const struct value now = value_set(items, *len);

    for (size_t i = 0; i < read->len; i++)
        if (utf8_casecmp(read->items[i], label) == 0)
            label = read->items[i];
    if (!value_has(&now, label))
        items[(*len)++] = label;
}

/* Whether the issue already has a label that satisfies the field's wish. */
static bool
keeps(const struct field_info *info, const struct value *wanted, const char *label,
      struct arena *arena)
{
    const char *value;

    if (info->home == HOME_LABEL)
        return strcmp(wanted->text, STATUS_CHECKED) == 0;
    value = value_in(info, label, arena);
    return info->is_set ? value_has(wanted, value) : utf8_casecmp(value, wanted->text) == 0;
}

struct value
lens_join(const struct fields *fields, const struct values *issue, const struct values *change,
          struct arena *arena)
{
    const struct field_set named = field_set_and(change->has, label_fields(fields));
    const struct value *read = lens_labels(issue);
    const struct value *rest = value_of(issue, FIELD_LABELS);
    size_t room = read->len + value_of(change, FIELD_LABELS)->len;
    const char **items;
    size_t len = 0;

    if (field_set_is_empty(named))
        return (struct value){0};
    if (!field_set_has(issue->has, FIELD_ALL_LABELS) &&
        field_set_equal(named, field_set_of(FIELD_LABELS)))
        return *value_of(change, FIELD_LABELS);
    FIELD_EACH(f, named)
    room += value_of(change, f)->len + 1;
    items = arena_array(arena, room, sizeof(*items));
    for (size_t i = 0; i < read->len; i++) {
        bool kept = true;

        FIELD_EACH(f, named)
        if (f == FIELD_LABELS)
            kept = kept && !value_has(rest, read->items[i]);
        else if (lens_shows(&fields->items[f], read->items[i]))
            kept = kept && keeps(&fields->items[f], value_of(change, f), read->items[i], arena);
        if (kept)
            add_label(read, read->items[i], items, &len);
    }
    FIELD_EACH(f, named)
    {
        const struct field_info *info = &fields->items[f];
        const struct value *wanted = value_of(change, f);
        const struct value kept = value_set(items, len);
        const struct value there =
            f == FIELD_LABELS ? value_set(NULL, 0) : part_of(info, &kept, arena);

        for (size_t i = 0; wanted->kind == VALUE_SET && i < wanted->len; i++)
            if (!value_has(&there, wanted->items[i]))
                add_label(read, lens_label(info, wanted->items[i], arena), items, &len);
        if (wanted->kind == VALUE_TEXT && value_is_empty(&there) && !value_is_empty(wanted))
            add_label(read, lens_label(info, wanted->text, arena), items, &len);
        if (info->home == HOME_LABEL && strcmp(wanted->text, STATUS_CHECKED) == 0)
            add_label(read, info->parameter, items, &len);
    }
    return value_set(items, len);
}
