#include <string.h>

#include "base/json.h"
#include "github/github_p.h"

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
