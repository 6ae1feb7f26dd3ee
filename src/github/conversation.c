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
    const char *kind = json_string(author, "__typename");
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
        remark->copy_of == NULL && (marker != NULL || (kind != NULL && strcmp(kind, "Bot") == 0));
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

int64_t
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

/* What take_heard fills. */
struct hearing {
    const char *viewer;
    struct heard_list *list;
};

/* Bots, own copies and notices are ignored; if somebody edits one, the next pass that reads the
 * conversation finds that. */
static bool
is_heard(struct json_object *comment, const char *viewer)
{
    struct json_object *user = json_get(comment, "user");
    const char *type = json_string(user, "type");
    const char *login = json_string(user, "login");
    struct arena *scratch;
    bool own;

    if (type != NULL && strcmp(type, "Bot") == 0)
        return false;
    scratch = arena_new();
    own = login != NULL && strcmp(login, viewer) == 0 &&
          github_find_marker(scratch, json_string(comment, "body")) != NULL;
    arena_free(scratch);
    return !own;
}

static bool
take_heard(void *context, struct json_object *list, struct err *err)
{
    const struct hearing *hearing = context;

    if (!json_object_is_type(list, json_type_array))
        return err_set(err, ERR_DATA, "an answer that is no list of comments");
    for (size_t i = 0; i < json_len(list); i++) {
        int64_t number = comment_number(json_at(list, i));

        if (number <= 0)
            return err_set(err, ERR_DATA, "an answer with a comment on no issue");
        if (is_heard(json_at(list, i), hearing->viewer))
            vec_push(hearing->list, number);
    }
    return true;
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
