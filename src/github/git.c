#include <assert.h>
#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "github/github_p.h"

/* GitHub states no limit for the request; these stay far below what was seen to work. */
#define SLICE_CHANGES 200
#define SLICE_BYTES   ((size_t)2 << 20)

size_t
tree_slice(const struct store_file *changes, size_t n)
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
tree_body(const char *base_tree, const struct store_file *changes, size_t n)
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
github_write_tree(struct github *github, const char *base_tree, const struct store_file *changes,
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

#define REFS  "refs/"
#define HEADS "refs/heads/"

/* "notion-sync/…", as it is written in addresses. */
static const char *
ref_path(const struct github *github, struct arena *arena)
{
    const char *name = github->state_ref;

    if (strncmp(name, REFS, strlen(REFS)) == 0)
        name += strlen(REFS);
    return url_encode(arena, name, "/");
}

/* Whether the ref points at the commit. */
static bool
ref_is_at(struct github *github, const char *commit, struct arena *arena)
{
    const char *path = rest_path(github, arena, "/git/ref/%s", ref_path(github, arena));
    struct json_object *tree;
    const char *sha;
    bool same;

    if (!rest_get(github, path, "looking where the state is", &tree, NULL))
        return false;
    sha = json_string(json_get(tree, "object"), "sha");
    same = sha != NULL && strcmp(sha, commit) == 0;
    json_object_put(tree);
    return same;
}

/* How a ref is moved. */
enum move { MOVE_FORWARD, MOVE_CREATE, MOVE_FORCE };

static bool
ref_refused(const struct github *github, const struct http_answer *answer, const char *what,
            struct err *err)
{
    char reason[REASON_SIZE];
    bool refused = answer->status == 422 || answer->status == 409;

    rest_reason(answer, reason);
    if (rest_finds_secret(answer))
        return rest_refused(github, answer, what, err);
    if (refused && (reason_says(reason, "already exists") || reason_says(reason, "fast forward") ||
                    reason_says(reason, "fast-forward") || reason_says(reason, "does not exist")))
        return err_set(err, ERR_CONFLICT, "%s: somebody else moved %s meanwhile (%s)", what,
                       github->state_ref, reason);
    if ((answer->status != 422 && answer->status != 403) ||
        strncmp(github->state_ref, HEADS, strlen(HEADS)) == 0)
        return rest_refused(github, answer, what, err);
    rest_refused(github, answer, what, err);
    if (github->state_refs[1] != NULL)
        err_context(err, "GitHub refuses the ref %s", github->state_ref);
    else
        err_context(err,
                    "GitHub refuses the ref %s; if the token may write contents, set "
                    "`state_ref: refs/heads/notion-sync-state`",
                    github->state_ref);
    if (err != NULL)
        err->kind = answer->status == 403 ? ERR_ACCESS : ERR_INPUT;
    return false;
}

/* *refused: GitHub does not allow the ref to be created, so another ref may take its place. */
static bool
ref_move(struct github *github, const char *commit, enum move move, struct arena *arena,
         bool *refused, struct err *err)
{
    bool create = move == MOVE_CREATE;
    const char *what = create ? "creating the ref of the state" : "moving the ref of the state";
    struct rest_request request = {
        .method = create ? HTTP_POST : HTTP_PATCH,
        .path = create ? rest_path(github, arena, "/git/refs")
                       : rest_path(github, arena, "/git/refs/%s", ref_path(github, arena)),
        .what = what,
        /* Trying again is harmless: if the first try was done, the ref is found at our commit. */
        .safety = RETRY_SAFE,
    };
    struct http_answer answer;
    struct err local = {.kind = ERR_NONE};
    bool ok;

    request.body = json_new_object();
    if (create)
        json_add_string(request.body, "ref", github->state_ref);
    json_add_string(request.body, "sha", commit);
    if (!create)
        json_add_bool(request.body, "force", move == MOVE_FORCE);
    if (!rest_call(github, &request, &answer, &local))
        return (local.kind != ERR_STOPPED && ref_is_at(github, commit, arena)) ||
               err_set(err, local.kind, "%s", local.text);
    ok = (answer.status >= 200 && answer.status < 300) ||
         ((answer.status == 409 || answer.status == 422) && ref_is_at(github, commit, arena)) ||
         ref_refused(github, &answer, what, &local);
    *refused = create && !rest_finds_secret(&answer) &&
               (answer.status == 403 || answer.status == 422) && local.kind != ERR_NONE &&
               local.kind != ERR_CONFLICT;
    http_answer_release(&answer);
    return ok || err_set(err, local.kind, "%s", local.text);
}

bool
github_move_ref(struct github *github, const char *commit, bool create, struct err *err)
{
    struct arena *arena = arena_new();
    struct err ignored;
    enum move move = create ? MOVE_CREATE : MOVE_FORWARD;
    bool refused = false;
    bool ok;

    assert(github->state_ref != NULL);
    if (err == NULL)
        err = &ignored;
    ok = ref_move(github, commit, move, arena, &refused, err);
    if (refused && github->state_refs[1] != NULL && github->state_ref == github->state_refs[0]) {
        log_notice("%.*s; the state is kept in %s instead", err_reason_length(err), err->text,
                   github->state_refs[1]);
        github->state_ref = github->state_refs[1];
        ok = ref_move(github, commit, move, arena, &refused, err);
    }
    arena_free(arena);
    return ok;
}

static bool
ref_must_be_at(struct github *github, const char *commit, struct arena *arena, struct err *err)
{
    return ref_is_at(github, commit, arena) ||
           err_set(err, ERR_CONFLICT, "somebody else moved %s meanwhile", github->state_ref);
}

bool
github_replace_ref(struct github *github, const char *from, const char *to, struct err *err)
{
    struct arena *arena = arena_new();
    struct err local = {.kind = ERR_NONE};
    bool refused;
    bool ok = ref_must_be_at(github, from, arena, &local) &&
              ref_move(github, to, MOVE_FORCE, arena, &refused, &local) &&
              ref_must_be_at(github, to, arena, &local);

    if (!ok && (local.kind == ERR_REFUSED || local.kind == ERR_ACCESS || local.kind == ERR_INPUT))
        (void)err_set(err, ERR_INPUT,
                      "%.*s; the history of %s holds text from Notion that must not be public: let "
                      "this action force-push to that ref, or delete the ref (git push origin "
                      ":%s): links are found again then",
                      err_reason_length(&local), local.text, github->state_ref, github->state_ref);
    else if (!ok)
        (void)err_set(err, local.kind, "%s", local.text);
    arena_free(arena);
    return ok;
}

/* GraphQL cuts long texts; the blob itself has them whole. The type's name lacks "json", so the
 * text may be anything. */
static bool
blob_read(struct github *github, const char *oid, const char *path, struct arena *arena,
          const char **text, struct err *err)
{
    struct rest_request request = {
        .method = HTTP_GET,
        .path = rest_path(github, arena, "/git/blobs/%s", url_encode(arena, oid, "")),
        .what = arena_printf(arena, "reading %s of the state", path),
        .accept = "application/vnd.github.raw",
    };
    struct http_answer answer;
    bool ok;

    if (!rest_call(github, &request, &answer, err))
        return false;
    ok = answer.status == 200;
    if (ok)
        *text = arena_strndup(arena, answer.body.data, answer.body.len);
    else
        rest_refused(github, &answer, request.what, err);
    http_answer_release(&answer);
    return ok;
}

bool
state_file_text(struct github *github, struct json_object *blob, const char *path,
                struct arena *arena, const char **text, struct err *err)
{
    const char *oid = json_string(blob, "oid");
    const char *value = json_string(blob, "text");

    *text = NULL;
    if (blob == NULL)
        return true;
    if (oid != NULL && json_flag(blob, "isTruncated", false))
        return blob_read(github, oid, path, arena, text, err);
    if (value == NULL)
        return err_set(err, ERR_STATE, "%s of the state in %s is no text file", path,
                       github->state_ref != NULL ? github->state_ref : github->repository);
    *text = arena_strdup(arena, value);
    return true;
}

bool
state_folder_files(struct github *github, struct json_object *tree, struct arena *arena,
                   struct state_folder *folder, struct err *err)
{
    struct json_object *entries = json_array(tree, "entries");

    folder->files = arena_array(arena, json_len(entries), sizeof(*folder->files));
    folder->n_files = 0;
    if (tree != NULL && entries == NULL)
        return err_set(err, ERR_STATE, "%s of the state is no folder", folder->path);
    for (size_t i = 0; i < json_len(entries); i++) {
        struct json_object *entry = json_at(entries, i);
        const char *name = json_string(entry, "name");
        const char *type = json_string(entry, "type");
        struct store_file *file = &folder->files[folder->n_files];

        if (name == NULL || type == NULL)
            return err_set(err, ERR_DATA, "an answer with a nameless file in %s", folder->path);
        if (strcmp(type, "blob") != 0)
            continue;
        file->path = arena_printf(arena, "%s/%s", folder->path, name);
        if (!state_file_text(github, json_get(entry, "object"), file->path, arena, &file->text,
                             err))
            return false;
        if (file->text == NULL)
            return err_set(err, ERR_SERVER, "GitHub left out %s and did not say why", file->path);
        folder->n_files++;
    }
    return true;
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
