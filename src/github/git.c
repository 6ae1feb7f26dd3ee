#include <string.h>

#include "base/json.h"
#include "github/github_p.h"

/* GitHub states no limit for the request; these stay far below what was seen to work. */
#define SLICE_CHANGES 200
#define SLICE_BYTES   ((size_t)2 << 20)

size_t
tree_slice(const struct tree_change *changes, size_t n)
{
    size_t bytes = 0;
    size_t i = 0;

    for (; i < n && i < SLICE_CHANGES; i++) {
        bytes += strlen(changes[i].path) + (changes[i].text != NULL ? strlen(changes[i].text) : 0);
        if (i > 0 && bytes > SLICE_BYTES)
            break;
    }
    return i;
}

struct json_object *
tree_body(const char *base_tree, const struct tree_change *changes, size_t n)
{
    struct json_object *body = json_new_object();
    struct json_object *entries = json_new_array();

    for (size_t i = 0; i < n; i++) {
        struct json_object *entry = json_new_object();

        json_add_string(entry, "path", changes[i].path);
        json_add_string(entry, "mode", "100644");
        json_add_string(entry, "type", "blob");
        json_add_string(entry, changes[i].text != NULL ? "content" : "sha", changes[i].text);
        json_push(entries, entry);
    }
    if (base_tree != NULL)
        json_add_string(body, "base_tree", base_tree);
    return json_add(body, "tree", entries);
}

/* Makes an object. Its id is made of its contents, so that making it twice does no harm. */
static bool
make_object(struct github *github, const char *kind, struct json_object *body, const char *what,
            struct arena *arena, const char **sha, struct err *err)
{
    struct rest_request request = {
        .method = HTTP_POST,
        .path = rest_path(github, arena, "/git/%s", kind),
        .body = body,
        .what = what,
        .safety = RETRY_SAFE,
        .makes = HTTP_MAKES_CONTENT,
    };
    struct json_object *tree;

    if (!rest_json(github, &request, &tree, err))
        return false;
    *sha = arena_strdup(arena, json_string(tree, "sha"));
    json_object_put(tree);
    return *sha != NULL || err_set(err, ERR_DATA, "%s: an answer without a sha", what);
}

bool
github_write_tree(struct github *github, const char *base_tree, const struct tree_change *changes,
                  size_t n, struct arena *arena, const char **tree, struct err *err)
{
    *tree = base_tree;
    while (n > 0) {
        size_t slice = tree_slice(changes, n);

        if (!make_object(github, "trees", tree_body(*tree, changes, slice),
                         "writing the files of the state", arena, tree, err))
            return false;
        changes += slice;
        n -= slice;
    }
    return *tree != NULL || err_set(err, ERR_STATE, "a state without files cannot be written");
}

bool
github_write_commit(struct github *github, const char *tree, const char *parent,
                    const char *message, struct arena *arena, const char **commit, struct err *err)
{
    struct json_object *body = json_new_object();
    struct json_object *parents = json_new_array();

    if (parent != NULL)
        json_push(parents, json_new_text(parent));
    json_add_string(body, "message", message);
    json_add_string(body, "tree", tree);
    json_add(body, "parents", parents);
    return make_object(github, "commits", body, "writing the commit of the state", arena, commit,
                       err);
}
