#include "reconcile/sets.h"

struct value
sets_apply(struct arena *arena, const struct value *set, const struct value *base,
           const struct value *now)
{
    const char **items = arena_array(arena, set->len + now->len, sizeof(*items));
    size_t len = 0;

    for (size_t i = 0; i < set->len; i++) {
        const char *item = set->items[i];

        if (!value_has(base, item) || value_has(now, item))
            items[len++] = item;
    }
    for (size_t i = 0; i < now->len; i++) {
        const struct value so_far = value_set(items, len);

        if (!value_has(base, now->items[i]) && !value_has(&so_far, now->items[i]))
            items[len++] = now->items[i];
    }
    return value_set(items, len);
}
