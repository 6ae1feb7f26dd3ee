#include <string.h>
#include <strings.h>

#include "notion/notion_p.h"

/* people_database: a data source that lists which person has which GitHub login. */

/* Requests of 100 pages each. */
#define MAX_REQUESTS 100

/* The columns to read. */
struct people_columns {
    struct binding person, login;
};

static struct binding
binding_of(const struct property *property)
{
    return (struct binding){.id = property->id, .name = property->name, .type = property->type};
}

static bool
is_people(const struct property *property)
{
    return strcmp(property->type, "people") == 0;
}

static bool
is_rich_text(const struct property *property)
{
    return strcmp(property->type, "rich_text") == 0;
}

static bool
tells_logins(const struct property *property)
{
    return (is_rich_text(property) || strcmp(property->type, "title") == 0) &&
           (strcasestr(property->name, "github") != NULL ||
            strcasestr(property->name, "login") != NULL);
}

/* The only property of a kind; NULL if there are none or several. *n: how many. */
static const struct property *
only(const struct schema *schema, bool (*is)(const struct property *property), size_t *n)
{
    const struct property *found = NULL;

    *n = 0;
    for (size_t i = 0; i < schema->n_properties; i++)
        if (is(&schema->properties[i])) {
            found = &schema->properties[i];
            ++*n;
        }
    return *n == 1 ? found : NULL;
}

/* Does not report names: they come from Notion, and the log may be public. */
static bool
choose_columns(const struct schema *schema, struct people_columns *columns, struct err *err)
{
    size_t n_people, n_named, n_texts;
    const struct property *person = only(schema, is_people, &n_people);
    const struct property *login = only(schema, tells_logins, &n_named);

    if (person == NULL)
        return err_set(err, ERR_INPUT,
                       "the database has %zu columns of the type person, and needs one: that of "
                       "the people",
                       n_people);
    if (n_named == 0) {
        login = only(schema, is_rich_text, &n_texts);
        if (n_texts == 0)
            login = schema_find(schema, NULL);
    }
    if (login == NULL)
        return err_set(err, ERR_INPUT,
                       "the database has several text columns that may hold the logins: call one "
                       "of them \"GitHub login\", and no other text column something with GitHub "
                       "or login");
    columns->person = binding_of(person);
    columns->login = binding_of(login);
    return true;
}

VEC_TYPE(row_list, struct directory_row);

/* The result of take_rows. */
struct listing_of {
    struct people_columns columns;
    struct arena *arena;
    struct row_list rows;
};

static bool
take_rows(void *context, struct json_object *results)
{
    struct listing_of *list = context;
    const struct people_columns *columns = &list->columns;

    for (size_t i = 0; i < json_len(results); i++) {
        struct json_object *row = json_at(results, i);
        struct value people =
            notion_decode_value(&columns->person, notion_entry(row, &columns->person), list->arena);
        struct value login =
            notion_decode_value(&columns->login, notion_entry(row, &columns->login), list->arena);

        vec_push(&list->rows, (struct directory_row){
                                  .login = login.kind == VALUE_TEXT ? login.text : "",
                                  .people = people.kind == VALUE_SET ? people.items : NULL,
                                  .n_people = people.kind == VALUE_SET ? people.len : 0,
                              });
    }
    return true;
}

bool
notion_read_directory(struct notion *notion, const char *id, bool filled, struct arena *arena,
                      struct directory *directory, struct err *err)
{
    char data_source[NOTION_ID_SIZE];
    struct listing_of list = {.arena = arena};
    const struct people_columns *columns = &list.columns;
    struct ask ask = {.method = HTTP_POST, .what = "reading the people", .need = NEED_READ};
    struct schema schema;
    struct err first;
    bool done;

    *directory = (struct directory){0};
    /* The id is the data source's, or that of a database with only one. */
    memcpy(data_source, id, NOTION_ID_SIZE);
    done = notion_read_schema(notion, data_source, arena, &schema, &first);
    if (!done && (first.kind == ERR_NOT_FOUND || first.kind == ERR_REFUSED))
        done = notion_resolve(notion, id, "people_database", data_source, err) &&
               notion_read_schema(notion, data_source, arena, &schema, err);
    else if (!done)
        (void)err_set(err, first.kind, "%s", first.text);
    done = done && choose_columns(&schema, &list.columns, err);
    if (done) {
        const struct binding *both[] = {&columns->person, &columns->login};
        struct json_object *and = json_new_array();

        ask.path = arena_printf(
            arena, "/v1/data_sources/%s/query?filter_properties=%s&filter_properties=%s",
            data_source, url_encode(arena, columns->person.id, "%"),
            url_encode(arena, columns->login.id, "%"));
        ask.body = json_add_int(json_new_object(), "page_size", 100);
        for (size_t i = 0; filled && i < 2; i++)
            json_push(and, json_add(json_add_string(json_new_object(), "property", both[i]->name),
                                    both[i]->type,
                                    json_add_bool(json_new_object(), "is_not_empty", true)));
        if (filled)
            json_add(ask.body, "filter", json_add(json_new_object(), "and", json_object_get(and)));
        json_object_put(and);
        done = notion_list(notion, &ask, MAX_REQUESTS, take_rows, &list, &directory->cut, err);
    }
    vec_take(&list.rows, arena, directory->rows, directory->n);
    return done || err_context(err, "people_database");
}
