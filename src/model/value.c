#include "model/value.h"

#include <string.h>

#include "base/utf8.h"

struct value
value_text(const char *text)
{
    return (struct value){.kind = VALUE_TEXT, .text = text};
}

struct value
value_set(const char *const *items, size_t len)
{
    return (struct value){.kind = VALUE_SET, .items = items, .len = (unsigned)len};
}

struct value
value_copy(struct arena *arena, const struct value *value)
{
    const char **items;

    if (value->kind == VALUE_TEXT)
        return value_text(arena_strdup(arena, value->text));
    if (value->kind == VALUE_ABSENT)
        return (struct value){0};
    items = arena_array(arena, value->len, sizeof(*items));
    for (size_t i = 0; i < value->len; i++)
        items[i] = arena_strdup(arena, value->items[i]);
    return value_set(items, value->len);
}

bool
value_is_empty(const struct value *value)
{
    switch (value->kind) {
    case VALUE_TEXT:
        return value->text[0] == '\0';
    case VALUE_SET:
        return value->len == 0;
    case VALUE_ABSENT:
        break;
    }
    return true;
}

bool
value_has(const struct value *set, const char *item)
{
    for (size_t i = 0; i < set->len; i++)
        if (utf8_casecmp(set->items[i], item) == 0)
            return true;
    return false;
}

static bool
value_within(const struct value *inner, const struct value *outer)
{
    for (size_t i = 0; i < inner->len; i++)
        if (!value_has(outer, inner->items[i]))
            return false;
    return true;
}

bool
value_equal(const struct value *a, const struct value *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case VALUE_TEXT:
        return strcmp(a->text, b->text) == 0;
    case VALUE_SET:
        return value_within(a, b) && value_within(b, a);
    case VALUE_ABSENT:
        break;
    }
    return true;
}

char *
value_display(struct arena *arena, const struct value *value)
{
    char *text = arena_strdup(arena, "");

    if (value->kind == VALUE_TEXT)
        return arena_strdup(arena, value->text);
    for (size_t i = 0; i < value->len; i++)
        text = arena_printf(arena, "%s%s%s", text, i > 0 ? ", " : "", value->items[i]);
    return text;
}
