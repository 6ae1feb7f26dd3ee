#include <string.h>

#include "base/json.h"
#include "github/github_p.h"
#include "model/lens.h"

void
labels_take(const struct github *github, struct value labels, struct issue *issue,
            struct arena *arena)
{
    lens_split(github->known, github->selected.claims, labels, &issue->values, arena);
}

/* Appends the labels of one answer and sets where the next request continues. */
static bool
read_page(struct github *github, const char *path, const char *what, struct arena *arena,
          struct value *labels, char **next, struct err *err)
{
    struct rest_request request = {.method = HTTP_GET, .path = path, .what = what};
    struct http_answer answer;
    struct json_object *tree = NULL;
    struct value page = {0};
    const char **items;
    bool ok;

    if (!rest_call(github, &request, &answer, err))
        return false;
    ok = answer.status == 200 ? json_read(answer.body.data, answer.body.len, &tree, err) &&
                                    decode_labels(tree, arena, &page, err)
                              : rest_refused(github, &answer, what, err);
    if (ok) {
        items = arena_array(arena, labels->len + page.len, sizeof(*items));
        for (size_t i = 0; i < labels->len + page.len; i++)
            items[i] = i < labels->len ? labels->items[i] : page.items[i - labels->len];
        *labels = value_set(items, labels->len + page.len);
        *next = arena_strdup(arena, answer.link_next);
    }
    json_object_put(tree);
    http_answer_release(&answer);
    return ok;
}

bool
labels_read(struct github *github, int64_t number, struct arena *arena, struct value *labels,
            struct err *err)
{
    const char *what = arena_printf(arena, "reading the labels of #%lld", (long long)number);
    const char *path =
        rest_path(github, arena, "/issues/%lld/labels?per_page=100", (long long)number);

    *labels = value_set(NULL, 0);
    while (path != NULL) {
        char *next = NULL;

        if (!read_page(github, path, what, arena, labels, &next, err))
            return false;
        path = next;
    }
    return true;
}

/* The items of a that b lacks. */
static const char **
difference(struct arena *arena, const struct value *a, const struct value *b, size_t *n)
{
    const char **items = arena_array(arena, a->len, sizeof(*items));

    *n = 0;
    for (size_t i = 0; i < a->len; i++)
        if (!value_has(b, a->items[i]))
            items[(*n)++] = a->items[i];
    return items;
}

/* These two cannot be a name in a path, however they are encoded (RFC 3986, 5.2.4 and 6.2.2.3):
 * "…/labels/." becomes "…/labels/", which removes all labels. */
static bool
fits_path(const char *name)
{
    return strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

struct label_plan
labels_plan(struct arena *arena, const struct value *wanted, const struct value *read)
{
    struct label_plan plan = {.way = LABELS_REPLACE};
    const char **removed;
    size_t n_removed;

    if (read == NULL || read->kind != VALUE_SET)
        return plan;
    plan.added = difference(arena, wanted, read, &plan.n_added);
    removed = difference(arena, read, wanted, &n_removed);
    if (plan.n_added > 0 && n_removed == 0)
        plan.way = LABELS_ADD;
    if (plan.n_added == 0 && n_removed == 1 && fits_path(removed[0])) {
        plan.way = LABELS_REMOVE;
        plan.removed = removed[0];
    }
    return plan;
}

static struct json_object *
add_body(const struct label_plan *plan)
{
    struct json_object *list = json_new_array();

    for (size_t i = 0; i < plan->n_added; i++)
        json_push(list, json_new_text(plan->added[i]));
    return json_add(json_new_object(), "labels", list);
}

/* Both answers list the current labels. */
static bool
take_labels(struct github *github, int64_t number, const struct http_answer *answer,
            const char *what, struct arena *arena, struct value *labels, struct err *err)
{
    struct json_object *tree;
    bool ok;

    if (answer->link_next != NULL)
        return labels_read(github, number, arena, labels, err);
    if (!json_read(answer->body.data, answer->body.len, &tree, err))
        return err_context(err, "%s", what);
    ok = decode_labels(tree, arena, labels, err) || err_context(err, "%s", what);
    json_object_put(tree);
    return ok;
}

bool
labels_write(struct github *github, int64_t number, const struct label_plan *plan,
             struct arena *arena, struct value *labels, struct err *err)
{
    bool add = plan->way == LABELS_ADD;
    const char *name = add ? "" : url_encode(arena, plan->removed, "");
    struct rest_request request = {
        .method = add ? HTTP_POST : HTTP_DELETE,
        .path = rest_path(github, arena, "/issues/%lld/labels%s%s", (long long)number,
                          add ? "" : "/", name),
        .body = add ? add_body(plan) : NULL,
        .what = arena_printf(arena, "writing the labels of #%lld", (long long)number),
        .safety = RETRY_SAFE,
    };
    struct http_answer answer;
    bool ok;

    if (!rest_call(github, &request, &answer, err))
        return false;
    if (answer.status >= 200 && answer.status < 300)
        ok = take_labels(github, number, &answer, request.what, arena, labels, err);
    else if (!add && answer.status == 404)
        /* Somebody else removed it, or the issue is gone, which this read reports. */
        ok = labels_read(github, number, arena, labels, err);
    else
        ok = rest_refused(github, &answer, request.what, err);
    http_answer_release(&answer);
    return ok;
}
