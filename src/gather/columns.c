#include <string.h>

#include "base/buf.h"
#include "gather/gather_p.h"
#include "model/sealed.h"

/*
 * Finds the column that carries a field. A property keeps its id when it is renamed, so the id in
 * the state counts first, and a name counts only if no id is known. But if property_map names
 * another column, that is the user's choice.
 */

static bool
type_fits(const char *types, const char *type)
{
    size_t length = strlen(type);

    for (const char *at = types; (at = strstr(at, type)) != NULL; at += length)
        if ((at == types || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

/* Whether a property of this type can carry the field. */
static bool
carries(const struct gather *gather, enum field field, const struct property *property)
{
    return type_fits(gather->fields.items[field].types, property->type);
}

static enum fit
fit_of(const struct gather *gather, enum field field, const struct property *property)
{
    const struct property_choice *choice = &gather->config->properties[field];
    bool named = choice->off || choice->property == NULL
                     ? strcmp(property->type, "title") == 0
                     : strcmp(choice->property, property->name) == 0;

    /* A new issue or page needs a title, even if titles are not synced. A new database often has
     * properties that Notion fills in itself, so a default name does not stand for one of those. */
    if (!named || (choice->off && field != FIELD_TITLE) ||
        (!choice->given && notion_is_computed(property->type)))
        return FIT_OTHER;
    return carries(gather, field, property) ? FIT_CARRIES : FIT_WRONG_TYPE;
}

static const struct property *
by_id(const struct schema *schema, const char *id)
{
    for (size_t i = 0; id != NULL && i < schema->n_properties; i++)
        if (strcmp(schema->properties[i].id, id) == 0)
            return &schema->properties[i];
    return NULL;
}

/* Whether a field's entry in property_map names a column that exists. */
static bool
is_given(const struct gather *gather, const struct schema *schema, enum field field)
{
    const struct property_choice *choice = &gather->config->properties[field];

    return choice->given && schema_find(schema, choice->property) != NULL;
}

/* Whether another field, or GitHub ID, owns the column by its id. */
static bool
is_anothers(const struct gather *gather, const struct schema *schema, enum field field,
            const struct property *property)
{
    const struct columns *known = &gather->known;

    if (known->number.id != NULL && strcmp(known->number.id, property->id) == 0)
        return true;
    for (enum field f = 0; f < gather->config->fields.n; f++)
        if (f != field && !gather->config->properties[f].off && known->fields[f].id != NULL &&
            strcmp(known->fields[f].id, property->id) == 0 && !is_given(gather, schema, f))
            return true;
    return false;
}

/* Whether property_map names the column for another field. */
static bool
is_given_away(const struct gather *gather, enum field field, const struct property *property)
{
    for (enum field f = 0; f < gather->config->fields.n; f++)
        if (f != field && gather->config->properties[f].given &&
            strcmp(gather->config->properties[f].property, property->name) == 0)
            return true;
    return false;
}

static const struct property *
by_name(const struct gather *gather, const struct schema *schema, enum field field, enum fit *fit)
{
    bool given = gather->config->properties[field].given;

    for (size_t i = 0; i < schema->n_properties; i++) {
        *fit = fit_of(gather, field, &schema->properties[i]);
        if (*fit != FIT_OTHER &&
            (given || !is_anothers(gather, schema, field, &schema->properties[i])))
            return &schema->properties[i];
    }
    return NULL;
}

const struct property *
gather_column(const struct gather *gather, const struct schema *schema, enum field field,
              enum fit *fit)
{
    const struct property *kept = by_id(schema, gather->known.fields[field].id);

    if (kept == NULL || gather->config->properties[field].off || is_given(gather, schema, field) ||
        is_given_away(gather, field, kept))
        return by_name(gather, schema, field, fit);
    *fit = carries(gather, field, kept) ? FIT_CARRIES : FIT_WRONG_TYPE;
    return kept;
}

const struct property *
gather_number_column(const struct gather *gather, const struct schema *schema)
{
    const struct property *kept = by_id(schema, gather->known.number.id);

    return kept != NULL ? kept : schema_find(schema, GATHER_GITHUB_ID);
}

/* Whether a remembered name (or its digest) matches this name. A lost digest matches nothing. */
static bool
is_called(const struct gather *gather, const char *known, const char *name)
{
    if (!sealed_is(known))
        return strcmp(known, name) == 0;
    return sealed_digits(known) == NULL ||
           strcmp(known, column_digest(&gather->sealing, name, gather->arena)) == 0;
}

static void
tell_rename(struct gather *gather, const char *what, const struct column *known,
            const struct property *now)
{
    if (!is_called(gather, known->name, now->name))
        gather_tell(gather, "the column %s is now called %s: it continues to carry %s",
                    gather_column_name(gather, known->name, what),
                    gather_column_name(gather, now->name, "another name"), what);
}

/* The column is still the same. A name may mean another column, or none. */
static void
note_followed(struct gather *gather, const struct schema *schema, enum field field,
              const struct property *now)
{
    const struct property_choice *choice = &gather->config->properties[field];
    const char *what = gather->config->fields.items[field].name;
    const char *called = gather_column_name(gather, now->name, "another name");
    bool hides = gather_hides_name(gather, now->name);
    const char *asked;

    tell_rename(gather, what, &gather->known.fields[field], now);
    if (choice->property == NULL || strcmp(choice->property, now->name) == 0)
        return;
    asked = gather_column_name(gather, choice->property,
                               choice->given ? "a name" : "of the default name");
    if (field >= FIELD_BUILTINS)
        gather_warn(gather,
                    "%s names %s, and the database has no such column any "
                    "more: it is now called %s and still used; write %s there",
                    gather_named_in(gather, field), asked, called, hides ? "that name" : called);
    else if (choice->given)
        gather_warn(gather,
                    "property_map names %s for %s, and the database has no such "
                    "column any more: it is now called %s and still used; write "
                    "\"%s = %s\"",
                    asked, what, called, what, hides ? "NAME" : now->name);
    else if (schema_find(schema, choice->property) != NULL)
        gather_warn(gather,
                    "%s stays in the column %s, which carried it before, and the "
                    "column %s is not used: write \"%s = %s\" in property_map "
                    "to use that one",
                    what, called, asked, what, choice->property);
}

static char *
lost_text(const struct gather *gather, enum field field, const struct column *column)
{
    const char *what = gather->config->fields.items[field].name;

    if (field >= FIELD_BUILTINS)
        return arena_printf(gather->arena,
                            "the column %s is gone from the database: bring it back in Notion, "
                            "change or remove its line in `fields`, or turn it off (\"%s =\" in "
                            "property_map)",
                            gather_column_name(gather, column->name, what),
                            gather_hides_name(gather, what) ? "NAME" : what);
    return arena_printf(gather->arena,
                        "the column %s is gone from the database, and with it the field %s: "
                        "bring it back in Notion, name another column in property_map "
                        "(\"%s = NAME\"), or turn the field off (\"%s =\")",
                        gather_column_name(gather, column->name, what), what, what, what);
}

void
gather_note_column(struct gather *gather, const struct schema *schema, enum field field,
                   const struct property *now, bool added)
{
    const struct property_choice *choice = &gather->config->properties[field];
    const struct column *known = &gather->known.fields[field];
    struct column *column = &gather->columns.fields[field];
    const struct property *kept = by_id(schema, known->id);
    const char *what = gather->config->fields.items[field].name;

    if (choice->off)
        *column = (struct column){0};
    else if (now != NULL)
        *column = (struct column){
            .id = now->id, .name = now->name, .asked = choice->given ? choice->property : NULL};
    else {
        column->asked = choice->given ? choice->property : NULL;
        column->gone = true;
    }
    if (choice->off || known->id == NULL)
        return;
    if (now != NULL && now == kept) {
        note_followed(gather, schema, field, now);
        return;
    }
    gather->columns.compare = gather->columns.compare || now != NULL;
    if (now == NULL && added)
        gather_warn(gather,
                    "the column %s is gone from the database: it is added "
                    "again, because `setup` is all",
                    gather_column_name(gather, known->name, what));
    else if (now == NULL)
        gather_warn(gather, "%s", lost_text(gather, field, known));
    else if (kept == NULL)
        gather_tell(gather,
                    "the column %s is gone from the database: %s now "
                    "carries %s, and is compared as a new one",
                    gather_column_name(gather, known->name, what),
                    gather_column_name(gather, now->name, "another one"), what);
}

bool
gather_repository_is_lost(const struct gather *gather, const struct schema *schema,
                          const struct property *now)
{
    const struct property_choice *choice = &gather->config->properties[FIELD_REPOSITORY];
    const struct column *known = &gather->known.fields[FIELD_REPOSITORY];

    if (choice->off || known->id == NULL || by_id(schema, known->id) != NULL)
        return false;
    return now == NULL || !choice->given ||
           (known->asked != NULL && is_called(gather, known->asked, choice->property));
}

void
gather_note_number(struct gather *gather, const struct schema *schema, const struct property *now)
{
    const struct column *known = &gather->known.number;
    bool links = known->id != NULL || gather->links_without_columns;
    bool again = links && (now == NULL || (known->id != NULL && strcmp(known->id, now->id) != 0));

    if (now == NULL)
        gather->number_is_new = true;
    if (again) {
        gather->columns.replaced = gather->columns.compare = true;
        gather_warn(gather,
                    "the column \"" GATHER_GITHUB_ID
                    "\" that carried the numbers is gone from the database: links stay, and the "
                    "new one is filled in from the state");
    } else if (now != NULL && known->id != NULL) {
        tell_rename(gather, "the numbers", known, now);
        if (strcmp(now->name, GATHER_GITHUB_ID) != 0 &&
            schema_find(schema, GATHER_GITHUB_ID) != NULL)
            gather_warn(gather,
                        "the numbers stay in the column %s, which carried them "
                        "before, and the column \"" GATHER_GITHUB_ID
                        "\" is not used: delete or rename it",
                        gather_column_name(gather, now->name, "another name"));
    }
    if (now != NULL)
        gather->columns.number = (struct column){.id = now->id, .name = now->name};
}

bool
gather_columns_are_asked(const struct gather *gather)
{
    for (enum field f = 0; f < gather->config->fields.n; f++) {
        const struct property_choice *choice = &gather->config->properties[f];
        const struct column *column = &gather->columns.fields[f];

        if (column->id != NULL &&
            (choice->given != (column->asked != NULL) ||
             (choice->given && !is_called(gather, column->asked, choice->property))))
            return false;
    }
    return true;
}

void
gather_remember_lost(struct gather *gather)
{
    gather_tell_mistakes(gather);
    for (enum field f = 0; !gather->bound && f < gather->config->fields.n; f++)
        if (gather->known.fields[f].gone && !gather->config->properties[f].off)
            gather_warn(gather, "%s", lost_text(gather, f, &gather->known.fields[f]));
}

const char *
gather_columns_text(struct gather *gather, bool compared)
{
    const char *text;

    if (!gather->bound)
        return NULL;
    if (compared)
        gather->columns.compare = false;
    text = columns_write(gather->arena, &gather->columns, &gather->sealing);
    if (gather->columns_text != NULL && strcmp(text, gather->columns_text) == 0)
        return NULL;
    gather->columns_text = text;
    return text;
}
