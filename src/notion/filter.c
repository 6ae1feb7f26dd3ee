#include "notion/notion.h"

#include "base/clock.h"
#include "notion/notion_p.h"

static struct json_object *
time_filter(const char *timestamp, const char *since)
{
    struct json_object *filter = json_add_string(json_new_object(), "timestamp", timestamp);

    return json_add(filter, timestamp, json_add_string(json_new_object(), "on_or_after", since));
}

static struct json_object *
numbers_filter(const struct bound *bound, const int64_t *numbers, size_t n)
{
    struct json_object *any = json_new_array();

    for (size_t i = 0; i < n; i++) {
        struct json_object *filter =
            json_add_string(json_new_object(), "property", bound->github_id.id);

        json_add(filter, "number", json_add_int(json_new_object(), "equals", numbers[i]));
        json_push(any, filter);
    }
    return json_add(json_new_object(), "or", any);
}

/* All conditions at once, in the two levels that Notion allows; NULL where there is none. */
static struct json_object *
query_filter(const struct bound *bound, const struct query_part *part)
{
    struct json_object *all = json_new_array();
    struct json_object *only;
    char since[CLOCK_TEXT_SIZE];

    if (part->edited_since != 0) {
        clock_format(part->edited_since, since);
        json_push(all, time_filter("last_edited_time", since));
    }
    if (part->created_since != NULL)
        json_push(all, time_filter("created_time", part->created_since));
    if (part->n_numbers > 0)
        json_push(all, numbers_filter(bound, part->numbers, part->n_numbers));
    if (json_len(all) > 1)
        return json_add(json_new_object(), "and", all);
    only = json_object_get(json_at(all, 0));
    json_object_put(all);
    return only;
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
    if (part->cursor != NULL)
        json_add_string(body, "start_cursor", part->cursor);
    return json_add_int(body, "page_size", part->page_size);
}
