#include <string.h>

#include "base/log.h"
#include "gather/gather_p.h"
#include "github/git_store.h"
#include "state/record.h"

static bool
open_store(struct gather *gather, const char **cursor, const char **lock, struct err *err)
{
    struct store_file files[] = {{STATE_CURSOR, NULL}, {STATE_LOCK, NULL}};

    gather->in_git = gather->config->state_folder == NULL;
    if (gather->in_git) {
        gather->store = git_store_open(gather->github, &gather->overview, gather->arena);
        *cursor = gather->overview.cursor;
        *lock = gather->overview.lock;
        return true;
    }
    if (!store_open_folder(gather->config->state_folder, gather->arena, &gather->store, err) ||
        !store_load(gather->store, files, 2, gather->arena, err))
        return false;
    *cursor = files[0].text;
    *lock = files[1].text;
    return true;
}

static bool
read_cursor(struct gather *gather, const char *text, struct err *err)
{
    struct err damage;

    gather->has_cursor = false;
    if (text == NULL)
        return true;
    if (cursor_read(gather->arena, text, &gather->cursor, &damage)) {
        gather->has_cursor = true;
        return true;
    }
    if (damage.kind != ERR_DATA)
        return err_set(err, damage.kind, "%s", damage.text);
    log_warning("%s: everything is compared anew", damage.text);
    return true;
}

bool
gather_open(struct gather *gather, const char **lock, struct err *err)
{
    const char *cursor;

    vec_free(&gather->overview.touched);
    if (!github_read_overview(gather->github, gather->arena, &gather->overview, err))
        return false;
    gather->github_time = gather->overview.server_time;
    if (gather->overview.empty && gather->config->state_folder == NULL)
        return err_set(
            err, ERR_INPUT,
            "%s/%s has no commit yet, and an empty repository cannot hold the state: push a "
            "first commit",
            gather->config->owner, gather->config->repository);
    /* Without the feature no issue is to be seen, which must not look as if all were deleted. */
    if (!gather->overview.has_issues && gather->config->pull_requests != PULLS_ALL)
        return err_set(
            err, ERR_INPUT,
            "issues are turned off in %s/%s: turn them on under Settings, General, Features",
            gather->config->owner, gather->config->repository);
    if (!open_store(gather, &cursor, lock, err))
        return false;
    gather->begun = cursor == NULL && (gather->overview.state_commit != NULL || *lock != NULL);
    return read_cursor(gather, cursor, err);
}

bool
gather_resolve(struct gather *gather, struct err *err)
{
    if (gather->has_cursor && strcmp(gather->cursor.database, gather->config->database) == 0) {
        memcpy(gather->data_source, gather->cursor.data_source, sizeof(gather->data_source));
    } else {
        if (!notion_resolve(gather->notion, gather->config->database, gather->data_source, err))
            return false;
        if (gather->has_cursor && strcmp(gather->cursor.data_source, gather->data_source) != 0)
            return err_set(
                err, ERR_INPUT,
                "the state in %s belongs to another Notion database: give this one a `state_ref` "
                "of its own",
                gather->config->state_ref);
    }
    if (!gather->bound) {
        static const struct binding nothing[FIELD_COUNT];

        notion_bind(gather->notion, gather->data_source, nothing, NULL);
    }
    return true;
}
