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

/* The result of take_page. */
struct labels_page {
    struct arena *arena;
    struct value *labels;
};

static bool
take_page(void *context, struct json_object *list, struct err *err)
{
    struct labels_page *page = context;
    const struct value before = *page->labels;
    struct value more;
    const char **items;

    if (!decode_labels(list, page->arena, &more, err))
        return false;
    items = arena_array(page->arena, before.len + more.len, sizeof(*items));
    for (size_t i = 0; i < before.len + more.len; i++)
        items[i] = i < before.len ? before.items[i] : more.items[i - before.len];
    *page->labels = value_set(items, before.len + more.len);
    return true;
}

bool
labels_read(struct github *github, int64_t number, struct arena *arena, struct value *labels,
            struct err *err)
{
    struct labels_page page = {arena, labels};

    *labels = value_set(NULL, 0);
    return rest_list(
        github, rest_path(github, arena, "/issues/%lld/labels?per_page=100", (long long)number),
        arena_printf(arena, "reading the labels of #%lld", (long long)number), take_page, &page,
        err);
}

struct label_plan
labels_plan(struct arena *arena, const struct value *wanted, const struct value *read)
{
    struct label_plan plan = {.way = LABELS_REPLACE};
    struct value removed;

    if (read == NULL || read->kind != VALUE_SET)
        return plan;
    plan.added = value_minus(wanted, read, arena);
    removed = value_minus(read, wanted, arena);
    if (plan.added.len > 0 && removed.len == 0)
        plan.way = LABELS_ADD;
    /* These two cannot be a name in a path, however they are encoded (RFC 3986, 5.2.4 and 6.2.2.3):
     * "…/labels/." becomes "…/labels/", which removes all labels. */
    if (plan.added.len == 0 && removed.len == 1 && strcmp(removed.items[0], ".") != 0 &&
        strcmp(removed.items[0], "..") != 0) {
        plan.way = LABELS_REMOVE;
        plan.removed = removed.items[0];
    }
    return plan;
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
        .body = add ? json_add(json_new_object(), "labels",
                               json_new_texts(plan->added.items, plan->added.len))
                    : NULL,
        .what = arena_printf(arena, "writing the labels of #%lld", (long long)number),
        .safety = RETRY_SAFE,
    };
    struct json_object *tree = NULL;
    struct http_answer answer;
    bool good, ok;

    if (!rest_call(github, &request, &answer, err))
        return false;
    good = answer.status >= 200 && answer.status < 300;
    /* Somebody else removed it, or the issue is gone, which this read reports. */
    if ((good && answer.link_next != NULL) || (!add && answer.status == 404))
        ok = labels_read(github, number, arena, labels, err);
    else if (good) /* both answers list the current labels */
        ok = (json_read(answer.body.data, answer.body.len, &tree, err) &&
              decode_labels(tree, arena, labels, err)) ||
             err_context(err, "%s", request.what);
    else
        ok = rest_refused(github, &answer, request.what, err);
    json_object_put(tree);
    http_answer_release(&answer);
    return ok;
}
