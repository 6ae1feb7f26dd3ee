#include "reconcile/shown.h"

#include <string.h>

#include "model/lens.h"
#include "reconcile/links.h"
#include "reconcile/translate.h"

static const char *
issue_shown(const struct rules *rules, enum side side, const char *text, struct arena *arena)
{
    int64_t number;

    if (side == SIDE_GITHUB)
        return *text != '\0' && strspn(text, "0123456789") == strlen(text)
                   ? arena_printf(arena, "#%s", text)
                   : text;
    number = rules->world != NULL ? links_any(rules->world, text) : 0;
    return number > 0 ? arena_printf(arena, "#%lld", (long long)number) : text;
}

struct value
shown_labels(const struct item *item, enum field field, enum side side, const struct value *value,
             struct arena *arena)
{
    const struct rules *rules = item->rules;
    const char **items;
    size_t len = 0;

    if (side == SIDE_GITHUB && field_set_has(rules->fields->lenses, field) &&
        lens_is_several(value))
        return value_text(lens_several_text(value, arena));
    if (field != FIELD_LABELS || value->kind != VALUE_SET || rules->n_ignored_labels == 0)
        return *value;
    items = arena_array(arena, value->len, sizeof(*items));
    for (size_t i = 0; i < value->len; i++)
        if (!translate_is_ignored(rules, FIELD_LABELS, value->items[i]))
            items[len++] = value->items[i];
    return value_set(items, len);
}

struct value
shown_value(const struct item *item, enum field field, enum side side, const struct value *value,
            struct arena *arena)
{
    enum relation relation = item->rules->fields->items[field].relation;
    bool people = relation == RELATION_PEOPLE || relation == RELATION_REVIEWERS;
    const char **items;

    if (value->kind != VALUE_SET || !(people || relation == RELATION_LINKS))
        return shown_labels(item, field, side, value, arena);
    items = arena_array(arena, value->len, sizeof(*items));
    for (size_t i = 0; i < value->len; i++) {
        const char *login =
            people && side == SIDE_NOTION ? translate_login(item->rules, value->items[i]) : NULL;

        items[i] = !people         ? issue_shown(item->rules, side, value->items[i], arena)
                   : login != NULL ? login
                                   : value->items[i];
    }
    return value_set(items, value->len);
}
