#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "github/github_p.h"
#include "model/lens.h"
#include "model/status.h"

static bool
changes(const struct issue_change *change, enum field field)
{
    return field_set_has(change->values.has, field);
}

bool
github_create_issue(struct github *github, const char *page_id, const struct issue_change *change,
                    struct arena *arena, struct issue **issue, struct err *err)
{
    struct json_object *tree = json_new_object();
    struct issue_change all = *change;
    const struct field_writing writing = {&github->key, &all, NULL, arena};
    struct rest_request request = {
        .method = HTTP_POST,
        .path = rest_path(github, arena, "/issues"),
        .body = tree,
        .what = arena_printf(arena, "creating the issue of page %s", page_id),
        .safety = RETRY_LOOK_FIRST,
        .makes = HTTP_MAKES_NEWS,
    };
    const struct values none = {.cells = NULL};
    struct value labels = lens_join(github->known, &none, &change->values, arena);
    int64_t now = clock_now();
    bool ok;

    if (!own_spell(github, NULL, &labels, arena, err)) {
        json_object_put(tree);
        return false;
    }
    all.page_id = page_id;
    values_put(&all.values, FIELD_LABELS, labels, arena);
    if (!changes(change, FIELD_BODY))
        values_put(&all.values, FIELD_BODY, value_text(""), arena);
    encode_fields(tree, &writing);
    if (!rest_json(github, &request, &tree, err))
        return false;
    ok = take_issue(github, tree, request.what, arena, issue, err);
    json_object_put(tree);
    if (!ok) {
        if (err != NULL)
            err->kind = ERR_AMBIGUOUS;
        return false;
    }
    (*issue)->own = true;
    (*issue)->marker = (*issue)->named = arena_strdup(arena, page_id);
    (*issue)->read_at = now;
    return true;
}

static bool
patch_issue(struct github *github, const struct issue *read, const struct issue_change *change,
            struct arena *arena, struct issue **issue, struct err *err)
{
    const struct field_writing writing = {&github->key, change, read, arena};
    struct json_object *tree = json_new_object();
    struct rest_request request = {
        .method = HTTP_PATCH,
        .path = rest_path(github, arena, "/issues/%lld", (long long)read->number),
        .body = tree,
        .what = arena_printf(arena, "updating #%lld", (long long)read->number),
        .safety = RETRY_SAFE,
    };
    bool ok;

    encode_fields(tree, &writing);
    if (!rest_json(github, &request, &tree, err))
        return false;
    ok = take_issue(github, tree, request.what, arena, issue, err);
    json_object_put(tree);
    return ok;
}

/* The values that are known without an answer. */
static struct issue *
bare_issue(const struct issue *read, struct arena *arena)
{
    struct issue *issue = arena_alloc(arena, sizeof(*issue));

    issue->number = read->number;
    issue->is_pull = read->is_pull;
    issue->url = arena_strdup(arena, read->url);
    issue->author = arena_strdup(arena, read->author);
    return issue;
}

/* The changes that one request writes. */
static bool
write_fields(struct github *github, const struct issue *read, const struct issue_change *change,
             struct arena *arena, struct issue **issue, struct err *err)
{
    struct label_plan plan = {.way = LABELS_REPLACE};
    struct value labels = lens_join(github->known, &read->values, &change->values, arena);

    if (!own_spell(github, change->labels_read, &labels, arena, err))
        return false;
    if (lens_is_all(github->known, &change->values))
        plan = labels_plan(arena, &labels, change->labels_read);
    if (plan.way == LABELS_REPLACE) {
        struct issue_change all = *change;

        values_put(&all.values, FIELD_LABELS, labels, arena);
        return patch_issue(github, read, &all, arena, issue, err);
    }
    *issue = bare_issue(read, arena);
    if (!labels_write(github, read->number, &plan, arena, &labels, err))
        return false;
    labels_take(github, labels, *issue, arena);
    return true;
}

bool
github_update_issue(struct github *github, const struct issue *read,
                    const struct issue_change *change, struct arena *arena, struct issue **issue,
                    struct err *err)
{
    const struct field_set apart = FIELD_SET(FIELD_BIT(FIELD_PARENT) | FIELD_BIT(FIELD_ASSIGNEES));
    struct issue_change patch = *change;
    struct issue *first = NULL;
    int64_t now = clock_now();

    patch.values = values_only(
        &change->values,
        field_set_minus(FIELDS_ALL, field_set_or(apart, fields_apart(github->known))), arena);
    if (!field_set_is_empty(patch.values.has) &&
        !write_fields(github, read, &patch, arena, &first, err))
        return false;
    *issue = first;
    if (changes(change, FIELD_ASSIGNEES) &&
        !assignees_write(github, read, value_of(&change->values, FIELD_ASSIGNEES), arena, issue,
                         err))
        return false;
    /* Written values are taken from the write's own answer: before the next answer, a person may
     * have changed them. */
    if (first != NULL && *issue != first) {
        values_take(&(*issue)->values, &first->values,
                    field_set_or(patch.values.has, field_set_of(FIELD_ALL_LABELS)), arena);
        (*issue)->body_hash = first->body_hash;
        (*issue)->trailer = first->trailer;
    }
    if (*issue == NULL)
        *issue = bare_issue(read, arena);
    if (changes(change, FIELD_PARENT)) {
        if (!parent_write(github, read, value_of(&change->values, FIELD_PARENT), err))
            return false;
        values_take(&(*issue)->values, &change->values, field_set_of(FIELD_PARENT), arena);
        (*issue)->updated_at = 0;
    }
    if (!own_write_apart(github, read, &change->values, arena, *issue, err))
        return false;
    (*issue)->read_at = now;
    return true;
}

bool
github_comment(struct github *github, int64_t number, const char *body, const char *marker,
               int64_t *id, struct err *err)
{
    struct arena *arena = arena_new();
    struct json_object *tree = json_new_object();
    struct rest_request request = {
        .method = HTTP_POST,
        .path = rest_path(github, arena, "/issues/%lld/comments", (long long)number),
        .body = tree,
        .what = arena_printf(arena, "commenting on #%lld", (long long)number),
        .safety = RETRY_LOOK_FIRST,
        .makes = HTTP_MAKES_NEWS,
    };
    bool ok;

    json_add_string(tree, "body",
                    marker_append(arena, body, marker_sign(&github->key, number, marker, arena)));
    ok = rest_json(github, &request, &tree, err);
    if (ok) {
        *id = json_int(tree, "id", 0);
        json_object_put(tree);
        ok = *id > 0 || err_set(err, ERR_AMBIGUOUS, "%s: an answer without its id", request.what);
    }
    arena_free(arena);
    return ok;
}

bool
github_renew_marker(struct github *github, int64_t number, int64_t comment, const char *marker,
                    struct err *err)
{
    struct arena *arena = arena_new();
    struct json_object *tree;
    struct rest_request request = {
        .method = HTTP_GET,
        .path = rest_path(github, arena, "/issues/comments/%lld", (long long)comment),
        .what =
            arena_printf(arena, "renewing the marker of the comment on #%lld", (long long)number),
        .safety = RETRY_SAFE,
    };
    const char *found, *text;
    char *body = NULL;
    bool ok = rest_json(github, &request, &tree, err);

    if (ok) {
        found = github_find_marker(arena, json_string(tree, "body"));
        if (found != NULL && !marker_read(&github->key, number, found, arena, &text) &&
            strcmp(text, marker) == 0)
            body = marker_append(arena, marker_strip(arena, json_string(tree, "body")),
                                 marker_sign(&github->key, number, marker, arena));
        json_object_put(tree);
    } else if (err->kind == ERR_NOT_FOUND || err->kind == ERR_GONE) {
        ok = true;
    }
    if (body != NULL) {
        request.method = HTTP_PATCH;
        request.body = json_add_string(json_new_object(), "body", body);
        ok = rest_json(github, &request, NULL, err);
    }
    arena_free(arena);
    return ok;
}
