#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "github/github_p.h"

static struct json_object *
touched_variables(bool pulls, int64_t since, const char *after)
{
    struct json_object *variables = json_new_object();
    char text[CLOCK_TEXT_SIZE];

    json_add_string(variables, "after", after);
    if (pulls)
        return variables;
    clock_format(since, text);
    memcpy(text + strcspn(text, "."), "Z", 2);
    return json_add_string(variables, "since", text);
}

static void
drop_older(struct touched_list *list, size_t from, int64_t since)
{
    size_t kept = from;

    for (size_t i = from; i < list->len; i++)
        if (list->items[i].updated_at >= since)
            list->items[kept++] = list->items[i];
    list->len = kept;
}

bool
github_list_touched(struct github *github, bool pulls, int64_t since, struct touched_list *list,
                    struct err *err)
{
    const char *what =
        pulls ? "listing the pull requests that changed" : "listing the issues that changed";
    struct arena *arena = arena_new();
    const char *after = NULL;
    bool ok = true;

    /* GitHub's times are whole seconds, rounded down. */
    since -= since % 1000;
    do {
        struct query_answer answer;
        struct json_object *connection;
        size_t from = list->len;
        int64_t oldest = since;

        if (!query_run(github, what, touched_query(pulls), touched_variables(pulls, since, after),
                       &answer, err)) {
            ok = false;
            break;
        }
        connection = json_get(answer.repository, "list");
        ok = (decode_touched(connection, pulls, list, &oldest, err) &&
              query_next(connection, arena, &after, err)) ||
             err_context(err, "%s", what);
        query_release(&answer);
        drop_older(list, from, since);
        if (oldest < since && pulls)
            break;
    } while (ok && after != NULL);
    arena_free(arena);
    return ok;
}
