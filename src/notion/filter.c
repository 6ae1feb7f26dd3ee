#include "notion/notion.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "notion/notion_p.h"

/*
 * Notion takes two levels of `and` and `or`. A query asks for pages that meet all plain conditions
 * and one condition of each group. There are up to two groups.
 */
struct conditions {
    struct json_object *all;    /* array of conditions */
    struct json_object *any[2]; /* arrays of conditions */
    size_t n_any;
};

static struct json_object *
time_filter(const char *timestamp, const char *condition, const char *time)
{
    struct json_object *filter = json_add_string(json_new_object(), "timestamp", timestamp);

    return json_add(filter, timestamp, json_add_string(json_new_object(), condition, time));
}

/* by_name: Notion did not find a property by its id. */
static struct json_object *
property_filter(const struct binding *binding, bool by_name, struct json_object *condition)
{
    struct json_object *filter =
        json_add_string(json_new_object(), "property", by_name ? binding->name : binding->id);

    return json_add(filter, binding->type, condition);
}

static struct json_object *
is_empty(void)
{
    return json_add_bool(json_new_object(), "is_empty", true);
}

/* Pages of the repository, and pages that have no repository yet. */
static void
ask_repository(struct conditions *ask, const struct bound *bound)
{
    const struct binding *binding = &bound->fields[FIELD_REPOSITORY];
    struct json_object *any;

    if (bound->repository == NULL || !bound->repository_queryable || binding->id == NULL)
        return;
    any = json_new_array();
    json_push(any,
              property_filter(binding, bound->by_name,
                              json_add_string(json_new_object(), "equals", bound->repository)));
    json_push(any, property_filter(binding, bound->by_name, is_empty()));
    ask->any[ask->n_any++] = any;
}

static void
push_shared(struct json_object *array, struct json_object *items)
{
    for (size_t i = 0; i < json_len(items); i++)
        json_push(array, json_object_get(json_at(items, i)));
}

/* One `and` of all plain conditions, one of each group, and more. */
static struct json_object *
case_of(const struct conditions *ask, struct json_object *choice, struct json_object *more)
{
    struct json_object *all = json_new_array();
    struct json_object *inner = json_array(more, "and");

    push_shared(all, ask->all);
    if (choice != NULL)
        json_push(all, json_object_get(choice));
    if (inner != NULL)
        push_shared(all, inner);
    else
        json_push(all, json_object_get(more));
    return json_add(json_new_object(), "and", all);
}

static void
add_cases(const struct conditions *ask, struct json_object *part, struct json_object *out)
{
    struct json_object *inner = json_array(part, "or");

    for (size_t i = 0; i < json_len(inner); i++)
        add_cases(ask, json_at(inner, i), out);
    if (inner != NULL)
        return;
    if (ask->n_any == 0)
        json_push(out, case_of(ask, NULL, part));
    for (size_t i = 0; ask->n_any > 0 && i < json_len(ask->any[0]); i++)
        json_push(out, case_of(ask, json_at(ask->any[0], i), part));
}

/* Joins everything; takes ownership of the conditions. */
static struct json_object *
join(struct conditions *ask, struct json_object *user)
{
    struct json_object *either = json_array(user, "or");
    struct json_object *joined = NULL;
    bool nested = false;

    for (size_t i = 0; i < json_len(either); i++)
        nested = nested || json_array(json_at(either, i), "and") != NULL ||
                 json_array(json_at(either, i), "or") != NULL;
    if (nested) {
        /* The user's alternatives need a level of their own, so each of them also includes our
         * conditions. */
        struct json_object *cases = json_new_array();

        add_cases(ask, user, cases);
        joined = json_add(json_new_object(), "or", cases);
    } else {
        if (json_array(user, "and") != NULL)
            push_shared(ask->all, json_array(user, "and"));
        else if (user != NULL)
            json_push(ask->all, json_object_get(user));
        for (size_t i = 0; i < ask->n_any; i++)
            json_push(ask->all, json_add(json_new_object(), "or", json_object_get(ask->any[i])));
        if (json_len(ask->all) > 1)
            joined = json_add(json_new_object(), "and", json_object_get(ask->all));
        else
            joined = json_object_get(json_at(ask->all, 0));
    }
    json_object_put(ask->all);
    for (size_t i = 0; i < ask->n_any; i++)
        json_object_put(ask->any[i]);
    return joined;
}

static struct json_object *
query_filter(const struct bound *bound, const struct query_part *part)
{
    struct conditions ask = {.all = json_new_array()};
    char since[CLOCK_TEXT_SIZE];

    if (part->edited_since != 0) {
        clock_format(part->edited_since, since);
        json_push(ask.all, time_filter("last_edited_time", "on_or_after", since));
    }
    if (part->created_since != NULL)
        json_push(ask.all,
                  time_filter("created_time", part->created_later ? "after" : "on_or_after",
                              part->created_since));
    if (part->unnumbered && bound->github_id.id != NULL)
        json_push(ask.all, property_filter(&bound->github_id, bound->by_name, is_empty()));
    if (part->n_numbers > 0)
        ask.any[ask.n_any++] = json_new_array();
    for (size_t i = 0; i < part->n_numbers; i++)
        json_push(ask.any[0],
                  property_filter(part->tasks ? &bound->task : &bound->github_id, bound->by_name,
                                  json_add_int(json_new_object(), "equals", part->numbers[i])));
    ask_repository(&ask, bound);
    return join(&ask, part->filter);
}

struct json_object *
notion_query_body(const struct bound *bound, const struct query_part *part)
{
    struct json_object *body = json_new_object();
    struct json_object *filter = query_filter(bound, part);
    struct json_object *sort = json_add_string(json_new_object(), "timestamp", "created_time");

    if (filter != NULL)
        json_add(body, "filter", filter);
    json_add_string(sort, "direction", "ascending");
    json_add(body, "sorts", json_push(json_new_array(), sort));
    if (part->archived)
        json_add_bool(body, "is_archived", true);
    if (part->cursor != NULL)
        json_add_string(body, "start_cursor", part->cursor);
    return json_add_int(body, "page_size", part->page_size);
}

/* The name is lent from the filter. */
static const char *
unknown_in(struct json_object *filter, const struct schema *schema)
{
    static const char *const joins[] = {"and", "or"};
    const char *name = json_string(filter, "property");
    /* The id may be written in another form. */
    bool known = name == NULL || strchr(name, '%') != NULL;

    for (size_t i = 0; i < schema->n_properties && !known; i++)
        known = strcmp(schema->properties[i].name, name) == 0 ||
                strcmp(schema->properties[i].id, name) == 0;
    if (!known)
        return name;
    for (size_t i = 0; i < 2; i++) {
        struct json_object *parts = json_array(filter, joins[i]);

        for (size_t k = 0; k < json_len(parts); k++) {
            name = unknown_in(json_at(parts, k), schema);
            if (name != NULL)
                return name;
        }
    }
    return NULL;
}

const char *
notion_filter_unknown(const char *filter, const struct schema *schema, struct arena *arena)
{
    struct json_object *json = NULL;
    const char *name;

    if (!json_read(filter, strlen(filter), &json, NULL))
        return NULL;
    name = arena_strdup(arena, unknown_in(json, schema));
    json_object_put(json);
    return name;
}
