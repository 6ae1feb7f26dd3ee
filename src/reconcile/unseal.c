#include "reconcile/unseal.h"

#include <string.h>

#include "model/sealed.h"

/* The texts that a digest may stand for. */
struct unsealing {
    const struct rules *rules;
    const struct record *record;
    const struct issue *issue;
    const struct page *page;
    struct arena *arena;
};

static bool
is_of(const struct unsealing *see, enum field field, const char *sealed, const char *text)
{
    return text != NULL &&
           strcmp(sealed, see->rules->digest(see->rules->sealing, see->record->number, field, text,
                                             see->arena)) == 0;
}

static const char *
find_in(const struct unsealing *see, enum field field, const char *sealed,
        const struct value *value)
{
    if (value->kind == VALUE_TEXT)
        return is_of(see, field, sealed, value->text) ? value->text : NULL;
    for (size_t i = 0; value->kind == VALUE_SET && i < value->len; i++)
        if (is_of(see, field, sealed, value->items[i]))
            return value->items[i];
    return NULL;
}

static const char *
find_option(const struct unsealing *see, const char *sealed)
{
    const struct status_map *map = &see->rules->status;

    for (size_t i = 0; i < map->len; i++)
        if (is_of(see, FIELD_STATUS, sealed, map->options[i].name))
            return map->options[i].name;
    return is_of(see, FIELD_STATUS, sealed, "") ? "" : NULL;
}

/* The text, or the digest itself if it matches none of the texts. */
static const char *
unsealed(const struct unsealing *see, enum field field, const char *text)
{
    const char *found = NULL;

    if (!sealed_is(text) || sealed_digits(text) == NULL)
        return text;
    if (field == FIELD_BODY) {
        if (see->page != NULL && is_of(see, field, text, see->page->content.hash))
            found = see->page->content.hash;
    } else {
        if (see->page != NULL)
            found = find_in(see, field, text, value_of(&see->page->values, field));
        if (found == NULL && field == FIELD_STATUS)
            found = find_option(see, text);
        else if (found == NULL && see->issue != NULL)
            found = find_in(see, field, text, value_of(&see->issue->values, field));
    }
    return found != NULL ? found : text;
}

static void
unseal_values(const struct unsealing *see, struct values *values)
{
    FIELD_EACH(f, values->has)
    {
        struct value value = *value_of(values, f);

        if (value.kind == VALUE_TEXT) {
            value.text = unsealed(see, f, value.text);
        } else {
            const char **items = arena_array(see->arena, value.len, sizeof(*items));

            for (size_t i = 0; i < value.len; i++)
                items[i] = unsealed(see, f, value.items[i]);
            value.items = items;
        }
        values_put(values, f, value, see->arena);
    }
}

static bool
value_is_sealed(const struct value *value)
{
    if (value->kind == VALUE_TEXT)
        return sealed_is(value->text);
    for (size_t i = 0; value->kind == VALUE_SET && i < value->len; i++)
        if (sealed_is(value->items[i]))
            return true;
    return false;
}

static bool
values_are_sealed(const struct values *values)
{
    FIELD_EACH(f, values->has)
    if (value_is_sealed(value_of(values, f)))
        return true;
    return false;
}

static bool
record_is_sealed(const struct record *record)
{
    bool sealed = sealed_is(record->open_option) || sealed_is(record->body.left[SIDE_NOTION]);

    for (enum side s = 0; s < SIDE_COUNT; s++) {
        sealed = sealed || values_are_sealed(&record->base[s]);
        for (size_t i = 0; !sealed && i < record->n_intents; i++)
            sealed = values_are_sealed(&record->intents[i].holds[s]) ||
                     values_are_sealed(&record->intents[i].had[s]);
    }
    return sealed;
}

const struct record *
record_unseal(const struct record *record, const struct rules *rules, const struct issue *issue,
              const struct page *page, struct arena *arena)
{
    const struct unsealing see = {rules, record, issue, page, arena};
    struct record *own;
    struct intent *intents;

    if (record == NULL || rules->digest == NULL || !record_is_sealed(record))
        return record;
    own = arena_memdup(arena, record, sizeof(*own));
    intents = arena_array(arena, record->n_intents, sizeof(*intents));
    for (size_t i = 0; i < record->n_intents; i++)
        intents[i] = record->intents[i];
    for (enum side s = 0; s < SIDE_COUNT; s++) {
        unseal_values(&see, &own->base[s]);
        for (size_t i = 0; i < record->n_intents; i++) {
            unseal_values(&see, &intents[i].holds[s]);
            unseal_values(&see, &intents[i].had[s]);
        }
    }
    own->intents = intents;
    own->open_option = unsealed(&see, FIELD_STATUS, record->open_option);
    own->body.left[SIDE_NOTION] = unsealed(&see, FIELD_BODY, record->body.left[SIDE_NOTION]);
    return own;
}
