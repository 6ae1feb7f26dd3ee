#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "github/github_p.h"
#include "markdown/rich.h"

static bool
decode_remark(struct json_object *node, const struct identity *self, int64_t number,
              struct arena *arena, struct remark *remark, struct err *err)
{
    struct json_object *author = json_get(node, "author");
    const char *login = json_string(author, "login");
    const char *body = json_string(node, "body");
    const char *url = json_string(node, "url");
    const char *marker =
        json_flag(node, "viewerDidAuthor", false) ? github_find_marker(arena, body) : NULL;
    const char *text;

    *remark = (struct remark){.edited = json_string(node, "lastEditedAt") != NULL};
    if (decode_comment_id(url) <= 0)
        return err_set(err, ERR_DATA, "an answer with a comment without an id");
    if (!decode_time(node, "createdAt", &remark->created_at, err))
        return false;
    remark->id = arena_printf(arena, "%lld", (long long)decode_comment_id(url));
    remark->url = arena_strdup(arena, url);
    remark->author = arena_strdup(arena, login != NULL ? login : "");
    if (marker == NULL || !marker_read(self->key, number, marker, arena, &text) ||
        decode_edited(node, self->viewer) ||
        !copy_marker_read(arena, text, &remark->copy_of, &remark->part))
        remark->copy_of = NULL;
    remark->apart =
        remark->copy_of == NULL && (marker != NULL || json_is(author, "__typename", "Bot"));
    remark->digest = digest_text(arena, digest_add(0, body != NULL ? body : ""));
    if (remark->copy_of == NULL && !remark->apart)
        remark->text = rich_from_markdown(arena, body);
    return true;
}

bool
decode_remarks(struct json_object *connection, const struct identity *self, int64_t number,
               struct arena *arena, struct remark_list *list, struct err *err)
{
    struct json_object *nodes = json_array(connection, "nodes");

    if (nodes == NULL)
        return err_set(err, ERR_DATA, "an answer without a list of comments");
    for (size_t i = 0; i < json_len(nodes); i++) {
        struct remark remark;

        if (!json_object_is_type(json_at(nodes, i), json_type_object))
            return err_set(err, ERR_DATA, "an answer that lacks a comment");
        if (!decode_remark(json_at(nodes, i), self, number, arena, &remark, err))
            return false;
        vec_push(list, remark);
    }
    return true;
}

/* The number at the end of the address of a comment's issue, of a REST answer; 0: it has none. */
static int64_t
comment_number(struct json_object *comment)
{
    const char *url = json_string(comment, "issue_url");
    const char *slash = url != NULL ? strrchr(url, '/') : NULL;
    long long number;
    char *end;

    if (slash == NULL || slash[1] < '1' || slash[1] > '9')
        return 0;
    number = strtoll(slash + 1, &end, 10);
    return *end == '\0' ? number : 0;
}

/* The result of take_heard. */
struct hearing {
    const char *viewer;
    struct heard_list *list;
};

static bool
take_heard(void *context, struct json_object *list, struct err *err)
{
    const struct hearing *hearing = context;
    struct arena *scratch = arena_new();
    bool ok = json_object_is_type(list, json_type_array) ||
              err_set(err, ERR_DATA, "an answer that is no list of comments");

    for (size_t i = 0; ok && i < json_len(list); i++) {
        int64_t number = comment_number(json_at(list, i));
        struct json_object *user;

        ok = number > 0 || err_set(err, ERR_DATA, "an answer with a comment on no issue");
        if (!ok)
            break;
        /* Bots, own copies and notices are ignored; if somebody edits one, the next pass that reads
         * the conversation finds that. */
        user = json_get(json_at(list, i), "user");
        if (json_is(user, "type", "Bot") ||
            (json_is(user, "login", hearing->viewer) &&
             github_find_marker(scratch, json_string(json_at(list, i), "body")) != NULL))
            continue;
        vec_push(hearing->list, number);
    }
    arena_free(scratch);
    return ok;
}

bool
github_list_heard(struct github *github, const char *viewer, int64_t since, struct heard_list *list,
                  struct err *err)
{
    struct arena *arena = arena_new();
    struct hearing hearing = {viewer, list};
    char time[CLOCK_TEXT_SIZE];
    bool ok;

    /* GitHub's times are whole seconds, rounded down. */
    clock_format(since - since % 1000, time);
    ok = rest_list(
        github,
        rest_path(github, arena,
                  "/issues/comments?since=%.19sZ&sort=updated&direction=asc&per_page=100", time),
        "listing the comments that changed", take_heard, &hearing, err);
    arena_free(arena);
    return ok;
}

bool
github_post_copy(struct github *github, int64_t number, const struct runs *text, const char *marker,
                 int64_t *id, struct err *err)
{
    struct arena *arena = arena_new();
    bool ok = github_comment(github, number, rich_to_markdown(arena, text), marker, id, err);

    arena_free(arena);
    return ok;
}

bool
github_edit_copy(struct github *github, int64_t number, const char *id, const struct runs *text,
                 const char *marker, struct err *err)
{
    struct arena *arena = arena_new();
    struct json_object *tree = json_new_object();
    struct rest_request request = {
        .method = HTTP_PATCH,
        .path = rest_path(github, arena, "/issues/comments/%s", url_encode(arena, id, "")),
        .body = tree,
        .what = arena_printf(arena, "writing the comment %s", id),
        .safety = RETRY_SAFE,
    };
    bool ok;

    json_add_string(tree, "body",
                    marker_append(arena, rich_to_markdown(arena, text),
                                  marker_sign(&github->key, number, marker, arena)));
    ok = rest_json(github, &request, NULL, err);
    arena_free(arena);
    return ok;
}

bool
github_delete_copy(struct github *github, const char *id, struct err *err)
{
    struct arena *arena = arena_new();
    struct rest_request request = {
        .method = HTTP_DELETE,
        .path = rest_path(github, arena, "/issues/comments/%s", url_encode(arena, id, "")),
        .what = arena_printf(arena, "deleting the comment %s", id),
        .safety = RETRY_SAFE,
    };
    bool ok = rest_remove(github, &request, err);

    arena_free(arena);
    return ok;
}

/* The result of take_marked. */
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
        int64_t id = json_int(comment, "id", 0);
        const char *marker, *text;

        if (id <= 0 || !json_is(json_get(comment, "user"), "login", marking->viewer))
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
