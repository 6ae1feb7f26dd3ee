#include "model/value.h"

#include <string.h>

#include "base/hash.h"
#include "base/utf8.h"

struct value
value_text(const char *text)
{
    return (struct value){.kind = VALUE_TEXT, .text = text};
}

struct value
value_maybe(const char *text)
{
    return text != NULL ? value_text(text) : (struct value){0};
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

struct value
value_minus(const struct value *set, const struct value *other, struct arena *arena)
{
    size_t most = set->kind == VALUE_SET ? set->len : 0;
    const char **items = arena_array(arena, most, sizeof(*items));
    size_t n = 0;

    for (size_t i = 0; i < most; i++)
        if (other->kind != VALUE_SET || !value_has(other, set->items[i]))
            items[n++] = set->items[i];
    return value_set(items, n);
}

char *
value_display(struct arena *arena, const struct value *value)
{
    return value->kind == VALUE_TEXT
               ? arena_strdup(arena, value->text)
               : arena_list(arena, value->items, sizeof(*value->items), value->len);
}

static const struct value absent;

const struct value *
value_of(const struct values *values, enum field field)
{
    return field_set_has(values->has, field) ? values->cells[field_set_rank(values->has, field)]
                                             : &absent;
}

const char *
value_text_of(const struct values *values, enum field field)
{
    const struct value *value = value_of(values, field);

    return value->kind == VALUE_TEXT ? value->text : NULL;
}

struct values
values_pack(const struct value *all, size_t n, struct arena *arena)
{
    struct values values = {0};
    const struct value **cells;
    struct value *own;

    for (size_t f = 0; f < n; f++)
        if (all[f].kind != VALUE_ABSENT)
            field_set_add(&values.has, (enum field)f);
    cells = arena_array(arena, field_set_len(values.has), sizeof(*cells));
    own = arena_array(arena, field_set_len(values.has), sizeof(*own));
    values.cells = cells;
    FIELD_EACH(f, values.has)
    {
        *own = all[f];
        *cells++ = own++;
    }
    return values;
}

/* Merges the cells: each field's cell comes from the first of both that has it. */
static struct values
values_join(const struct values *first, const struct values *second, struct field_set fields,
            struct arena *arena)
{
    struct values joined = {field_set_and(field_set_or(first->has, second->has), fields), NULL};
    const struct value **cells = arena_array(arena, field_set_len(joined.has), sizeof(*cells));

    joined.cells = cells;
    FIELD_EACH(f, joined.has)
    *cells++ = value_of(field_set_has(first->has, f) ? first : second, f);
    return joined;
}

bool
values_equal(const struct values *a, const struct values *b)
{
    bool equal = field_set_equal(a->has, b->has);

    FIELD_EACH(f, a->has)
    equal = equal && value_equal(value_of(a, f), value_of(b, f));
    return equal;
}

void
values_put(struct values *values, enum field field, struct value value, struct arena *arena)
{
    const struct value *own = arena_memdup(arena, &value, sizeof(value));
    const struct values one = {field_set_of(field), &own};

    *values = value.kind != VALUE_ABSENT
                  ? values_join(&one, values, FIELDS_ALL, arena)
                  : values_only(values, field_set_minus(FIELDS_ALL, one.has), arena);
}

void
values_take(struct values *values, const struct values *from, struct field_set fields,
            struct arena *arena)
{
    const struct values taken = values_only(from, fields, arena);

    *values = values_join(&taken, values, FIELDS_ALL, arena);
}

struct values
values_only(const struct values *values, struct field_set fields, struct arena *arena)
{
    return values_join(values, values, fields, arena);
}

/* Longer texts are unlikely to occur again. */
#define SHARED_MAX 256

static uint64_t
value_hash(const void *entry)
{
    const struct value *value = entry;
    uint64_t hash = HASH_START + value->len;

    if (value->kind == VALUE_TEXT)
        return hash_text(HASH_START, value->text);
    for (size_t i = 0; i < value->len; i++)
        hash = hash_item(hash, value->items[i]);
    return hash;
}

static bool
value_is_same(const void *a, const void *b)
{
    const struct value *x = a;
    const struct value *y = b;

    if (x->kind != y->kind || x->len != y->len)
        return false;
    if (x->kind == VALUE_TEXT)
        return strcmp(x->text, y->text) == 0;
    for (size_t i = 0; i < x->len; i++)
        if (strcmp(x->items[i], y->items[i]) != 0)
            return false;
    return true;
}

const struct value *
value_intern(const struct value *value, struct arena *arena)
{
    static const struct table_kind kind = {value_hash, value_is_same};
    bool shared = value->kind != VALUE_TEXT || strlen(value->text) <= SHARED_MAX;
    struct value *own = shared ? table_find(arena_table(arena), &kind, value) : NULL;

    if (own != NULL)
        return own;
    own = arena_array(arena, 1, sizeof(*own));
    *own = *value;
    if (value->kind == VALUE_TEXT) {
        own->text = arena_strdup(arena, value->text);
    } else {
        const char **items = arena_array(arena, value->len, sizeof(*items));

        for (size_t i = 0; i < value->len; i++)
            items[i] = text_intern(value->items[i], arena);
        own->items = items;
    }
    if (shared)
        table_add(arena_table(arena), &kind, own);
    return own;
}

const char *
text_intern(const char *text, struct arena *arena)
{
    const struct value value = value_text(text);

    return text != NULL ? value_intern(&value, arena)->text : NULL;
}

struct values
values_intern(const struct values *values, struct arena *arena)
{
    size_t n = field_set_len(values->has);
    const struct value **cells = arena_array(arena, n, sizeof(*cells));

    for (size_t i = 0; i < n; i++)
        cells[i] = value_intern(values->cells[i], arena);
    return (struct values){values->has, cells};
}
