#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "github/github_p.h"

/* What the action made in a repository, and how to remove it. */

/* The number at the end of the address, 0 if there is none. */
static int64_t
number_of(struct json_object *comment)
{
    const char *url = json_string(comment, "issue_url");
    const char *slash = url != NULL ? strrchr(url, '/') : NULL;

    return slash != NULL ? strtoll(slash + 1, NULL, 10) : 0;
}

/* The marker of a comment that the token's identity wrote; NULL: it has none. */
static const char *
own_marker(struct json_object *comment, const char *viewer, struct arena *scratch)
{
    const char *login = json_string(json_get(comment, "user"), "login");

    return login != NULL && strcmp(login, viewer) == 0
               ? github_find_marker(scratch, json_string(comment, "body"))
               : NULL;
}

static bool
take_marked(const struct github *github, const struct http_answer *answer, const char *viewer,
            struct arena *arena, struct marked_list *list, size_t *strange, struct err *err)
{
    struct json_object *tree = NULL;
    struct arena *scratch = arena_new();
    bool ok = json_read(answer->body.data, answer->body.len, &tree, err) &&
              (json_object_is_type(tree, json_type_array) ||
               err_set(err, ERR_DATA, "an answer that is no list of comments"));

    for (size_t i = 0; ok && i < json_len(tree); i++) {
        struct json_object *comment = json_at(tree, i);
        struct marked_comment marked = {.number = number_of(comment)};
        int64_t id = json_int(comment, "id", 0);
        const char *marker = own_marker(comment, viewer, scratch);
        const char *text;

        if (id <= 0 || marker == NULL)
            continue;
        if (!marker_read(&github->key, marked.number, marker, scratch, &text)) {
            ++*strange;
            continue;
        }
        marked.id = arena_printf(arena, "%lld", (long long)id);
        vec_push(list, marked);
    }
    arena_free(scratch);
    json_object_put(tree);
    return ok;
}

bool
github_list_marked(struct github *github, const char *viewer, struct arena *arena,
                   struct marked_list *list, size_t *strange, struct err *err)
{
    const char *what = "listing the comments of the repository";
    const char *path = rest_path(github, arena, "/issues/comments?per_page=100");
    bool ok = true;

    *strange = 0;
    while (ok && path != NULL) {
        struct rest_request request = {.method = HTTP_GET, .path = path, .what = what};
        struct http_answer answer;

        if (!rest_call(github, &request, &answer, err))
            return false;
        ok = answer.status == 200
                 ? take_marked(github, &answer, viewer, arena, list, strange, err) ||
                       err_context(err, "%s", what)
                 : rest_refused(github, &answer, what, err);
        path = arena_strdup(arena, answer.link_next);
        http_answer_release(&answer);
    }
    return ok;
}

bool
github_delete_ref(struct github *github, const char *ref, struct err *err)
{
    struct arena *arena = arena_new();
    const char *what = arena_printf(arena, "deleting %s", ref);
    struct rest_request request = {
        .method = HTTP_DELETE,
        .path =
            rest_path(github, arena, "/git/refs/%s", url_encode(arena, ref + strlen("refs/"), "/")),
        .what = what,
        .safety = RETRY_SAFE,
    };
    struct http_answer answer;
    char reason[REASON_SIZE];
    bool ok = rest_call(github, &request, &answer, err);

    if (ok) {
        rest_reason(&answer, reason);
        ok = answer.status == 204 || answer.status == 404 ||
             (answer.status == 422 && reason_says(reason, "does not exist")) ||
             rest_refused(github, &answer, what, err);
        http_answer_release(&answer);
    }
    arena_free(arena);
    return ok;
}
