#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "github/github_p.h"

/* What the action made in a repository, and how to remove it. */

/* What take_marked fills. */
struct marking {
    const struct github *github;
    const char *viewer;
    struct arena *arena, *scratch;
    struct marked_list *list;
    size_t *strange;
};

static bool
take_marked(void *context, struct json_object *list, struct err *err)
{
    struct marking *marking = context;

    if (!json_object_is_type(list, json_type_array))
        return err_set(err, ERR_DATA, "an answer that is no list of comments");
    for (size_t i = 0; i < json_len(list); i++) {
        struct json_object *comment = json_at(list, i);
        struct marked_comment marked = {.number = comment_number(comment)};
        const char *login = json_string(json_get(comment, "user"), "login");
        int64_t id = json_int(comment, "id", 0);
        const char *marker, *text;

        if (id <= 0 || login == NULL || strcmp(login, marking->viewer) != 0)
            continue;
        marker = github_find_marker(marking->scratch, json_string(comment, "body"));
        if (marker == NULL)
            continue;
        if (!marker_read(&marking->github->key, marked.number, marker, marking->scratch, &text)) {
            ++*marking->strange;
            continue;
        }
        marked.id = arena_printf(marking->arena, "%lld", (long long)id);
        vec_push(marking->list, marked);
    }
    return true;
}

bool
github_list_marked(struct github *github, const char *viewer, struct arena *arena,
                   struct marked_list *list, size_t *strange, struct err *err)
{
    struct marking marking = {github, viewer, arena, arena_new(), list, strange};
    bool ok;

    *strange = 0;
    ok = rest_list(github, rest_path(github, arena, "/issues/comments?per_page=100"),
                   "listing the comments of the repository", take_marked, &marking, err);
    arena_free(marking.scratch);
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
