#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/json.h"
#include "github/github_p.h"
#include "markdown/markdown.h"
#include "model/body.h"
#include "model/status.h"

static bool
need_string(struct json_object *object, const char *key, struct arena *arena, const char **text,
            struct err *err)
{
    const char *value = json_string(object, key);

    if (value == NULL)
        return err_set(err, ERR_DATA, "an answer without a text in %s", key);
    *text = arena_strdup(arena, value);
    return true;
}

bool
decode_time(struct json_object *object, const char *key, int64_t *time, struct err *err)
{
    const char *value = json_string(object, key);

    return (value != NULL && clock_parse(value, time)) ||
           err_set(err, ERR_DATA, "an answer without a time in %s", key);
}

static bool
need_number(struct json_object *object, int64_t *number, struct err *err)
{
    *number = json_int(object, "number", 0);
    return *number > 0 || err_set(err, ERR_DATA, "an answer without the number of an issue");
}

bool
decode_labels(struct json_object *list, struct arena *arena, struct value *value, struct err *err)
{
    size_t n = json_len(list);
    const char **items = arena_array(arena, n, sizeof(*items));

    if (!json_object_is_type(list, json_type_array))
        return err_set(err, ERR_DATA, "an answer without a list of labels");
    for (size_t i = 0; i < n; i++) {
        struct json_object *label = json_at(list, i);

        if (json_object_is_type(label, json_type_string))
            items[i] = arena_strdup(arena, json_object_get_string(label));
        else if (!need_string(label, "name", arena, &items[i], err))
            return false;
    }
    *value = value_set(items, n);
    return true;
}

/* Status and state, which the two APIs name differently. */
static bool
decode_state(const struct issue *issue, const char *state, const char *reason, struct value *all,
             struct err *err)
{
    const char *status;
    const char *shown;

    if (issue_pull(issue)->merged) {
        status = STATUS_MERGED;
        shown = "Merged";
    } else if (state != NULL && strcasecmp(state, "closed") == 0) {
        status = reason == NULL                           ? STATUS_CLOSED
                 : strcasecmp(reason, "not_planned") == 0 ? STATUS_NOT_PLANNED
                 : strcasecmp(reason, "duplicate") == 0   ? STATUS_DUPLICATE
                                                          : STATUS_CLOSED;
        shown = "Closed";
    } else if (state != NULL && strcasecmp(state, "open") == 0) {
        status = STATUS_OPEN;
        shown = issue_pull(issue)->draft ? "Draft" : "Open";
    } else {
        return err_set(err, ERR_DATA, "an answer with an unknown state of issue #%lld",
                       (long long)issue->number);
    }
    all[FIELD_STATUS] = value_text(status);
    all[FIELD_STATE] = value_text(shown);
    return true;
}

/* viewer.login names an app "name[bot]", mergedBy.login just "name". */
static bool
is_viewer(struct json_object *actor, const char *viewer)
{
    const char *login = json_string(actor, "login");
    const char *suffix = strstr(viewer, "[bot]");
    bool bot = json_is(actor, "__typename", "Bot");
    size_t stem = suffix != NULL ? (size_t)(suffix - viewer) : strlen(viewer);

    if (login == NULL || stem == 0 || bot != (suffix != NULL))
        return false;
    return strcasecmp(login, viewer) == 0 ||
           (strlen(login) == stem && strncasecmp(login, viewer, stem) == 0);
}

static bool
decode_pull(struct json_object *node, const char *viewer, struct arena *arena, struct issue *issue,
            struct err *err)
{
    const char *mergeable = json_string(node, "mergeable");
    struct pull *pull = arena_alloc(arena, sizeof(*pull));

    issue->pull = pull;
    pull->draft = json_flag(node, "isDraft", false);
    pull->merged = json_flag(node, "merged", false);
    pull->merged_by_viewer = pull->merged && is_viewer(json_get(node, "mergedBy"), viewer);
    pull->armed = json_get(node, "autoMergeRequest") != NULL;
    pull->armed_by_viewer =
        is_viewer(json_path(node, "autoMergeRequest", "enabledBy", NULL), viewer);
    pull->node_id = arena_strdup(arena, json_string(node, "id"));
    pull->mergeable = mergeable == NULL                       ? MERGEABLE_UNKNOWN
                      : strcmp(mergeable, "MERGEABLE") == 0   ? MERGEABLE_YES
                      : strcmp(mergeable, "CONFLICTING") == 0 ? MERGEABLE_CONFLICTING
                                                              : MERGEABLE_UNKNOWN;
    pull->merge_state = arena_strdup(arena, json_string(node, "mergeStateStatus"));
    pull->base = arena_strdup(arena, json_string(node, "baseRefName"));
    return need_string(node, "headRefOid", arena, &pull->head_sha, err);
}

bool
decode_edited(struct json_object *node, const char *viewer)
{
    return json_string(node, "lastEditedAt") != NULL &&
           !is_viewer(json_get(node, "editor"), viewer);
}

void
decode_body(struct json_object *node, bool keep, struct arena *arena, struct issue *issue)
{
    struct arena *scratch;
    const char *body;
    const char *text;

    if (!json_has(node, "body"))
        return;
    scratch = arena_new();
    body = json_copy(scratch, node, "body");
    body = body != NULL ? body : "";
    text = marker_strip(scratch, body);
    issue->trailer = arena_strdup(arena, github_find_marker(scratch, body));
    issue->body_hash = body_hash(arena, markdown_normal_github(scratch, text));
    if (keep)
        values_put(&issue->values, FIELD_BODY, value_text(arena_strdup(arena, text)), arena);
    arena_free(scratch);
}

/* The members that issues and pull requests have in common. */
static bool
decode_common(struct json_object *node, const char *viewer, struct arena *arena,
              struct issue *issue, struct value *all, struct err *err)
{
    const char *author = json_string(json_get(node, "author"), "login");
    /* The last one that closed or reopened it. */
    struct json_object *last = json_at(json_array(json_get(node, "timelineItems"), "nodes"), 0);
    const char *title = NULL;

    if (!need_number(node, &issue->number, err) ||
        !need_string(node, "title", arena, &title, err) ||
        !need_string(node, "url", arena, &issue->url, err) ||
        !decode_time(node, "createdAt", &issue->created_at, err) ||
        !decode_time(node, "updatedAt", &issue->updated_at, err))
        return false;
    all[FIELD_TITLE] = value_text(title);
    issue->author = arena_strdup(arena, author != NULL ? author : "");
    issue->bot = json_is(json_get(node, "author"), "__typename", "Bot");
    issue->comments = (int)json_int(json_get(node, "comments"), "totalCount", 0);
    issue->own = json_flag(node, "viewerDidAuthor", false);
    if (last == NULL)
        return true;
    issue->state_by_viewer = is_viewer(json_get(last, "actor"), viewer);
    return decode_time(last, "createdAt", &issue->state_changed_at, err);
}

bool
decode_issue(struct json_object *node, const struct identity *self, struct arena *arena,
             struct issue **issue, bool *labels_cut, struct err *err)
{
    const char *viewer = self->viewer;
    const char *marker;
    const char *text = NULL;
    struct arena *scratch;
    bool right;
    struct issue *it = arena_alloc(arena, sizeof(*it));
    struct json_object *labels = json_array(json_get(node, "labels"), "nodes");
    struct value all[FIELD_BUILTINS] = {[FIELD_LABELS] = value_set(NULL, 0)};

    /* GitHub may cut a nested list without reporting it, so its length is compared. */
    *labels_cut = labels == NULL ||
                  json_int(json_get(node, "labels"), "totalCount", -1) != (int64_t)json_len(labels);
    it->is_pull = json_is(node, "__typename", "PullRequest");
    if (!it->is_pull && !json_is(node, "__typename", "Issue"))
        return err_set(err, ERR_DATA, "an answer that is neither issue nor pull request");
    if (!decode_common(node, viewer, arena, it, all, err) ||
        (it->is_pull && !decode_pull(node, viewer, arena, it, err)) ||
        !decode_state(it, json_string(node, it->is_pull ? "pullState" : "issueState"),
                      json_string(node, "stateReason"), all, err) ||
        (!*labels_cut && !decode_labels(labels, arena, &all[FIELD_LABELS], err)))
        return false;
    decode_fields(node, false, arena, it, all);
    if (json_string(node, "fullDatabaseId") != NULL)
        it->id = strtoll(json_string(node, "fullDatabaseId"), NULL, 10);
    it->linked_pulls =
        (uint16_t)json_int(json_get(node, "closedByPullRequestsReferences"), "totalCount", 0);
    it->values = values_pack(all, FIELD_BUILTINS, arena);
    *issue = it;
    if (!it->own)
        return true;
    /* The page that an own body's marker names. */
    scratch = arena_new();
    marker = github_find_marker(scratch, json_string(node, "body"));
    right = marker != NULL && marker_read(self->key, 0, marker, scratch, &text) &&
            !decode_edited(node, viewer);
    it->named = arena_strdup(arena, marker_page(text));
    it->marker = right ? it->named : NULL;
    arena_free(scratch);
    return true;
}

bool
decode_rest_issue(struct json_object *tree, struct arena *arena, struct issue **issue,
                  struct err *err)
{
    struct issue *it = arena_alloc(arena, sizeof(*it));
    struct json_object *pull = json_get(tree, "pull_request");
    const char *author = json_string(json_get(tree, "user"), "login");
    const char *title = NULL;
    struct value all[FIELD_BUILTINS] = {{.kind = VALUE_ABSENT}};

    it->is_pull = pull != NULL;
    if (it->is_pull)
        it->pull = arena_memdup(arena,
                                &(struct pull){.draft = json_flag(tree, "draft", false),
                                               .merged = json_string(pull, "merged_at") != NULL},
                                sizeof(*it->pull));
    if (!need_number(tree, &it->number, err) || !need_string(tree, "title", arena, &title, err) ||
        !need_string(tree, "html_url", arena, &it->url, err) ||
        !decode_time(tree, "created_at", &it->created_at, err) ||
        !decode_time(tree, "updated_at", &it->updated_at, err) ||
        !decode_labels(json_get(tree, "labels"), arena, &all[FIELD_LABELS], err) ||
        !decode_state(it, json_string(tree, "state"), json_string(tree, "state_reason"), all, err))
        return false;
    all[FIELD_TITLE] = value_text(title);
    it->author = arena_strdup(arena, author != NULL ? author : "");
    it->comments = (int)json_int(tree, "comments", 0);
    decode_fields(tree, true, arena, it, all);
    it->id = it->is_pull ? 0 : json_int(tree, "id", 0);
    it->values = values_pack(all, FIELD_BUILTINS, arena);
    *issue = it;
    return true;
}

bool
decode_touched(struct json_object *connection, bool pulls, struct touched_list *list,
               int64_t *oldest, struct err *err)
{
    struct json_object *nodes = json_array(connection, "nodes");

    if (nodes == NULL)
        return err_set(err, ERR_DATA, "an answer without a list of %s",
                       pulls ? "pull requests" : "issues");
    for (size_t i = 0; i < json_len(nodes); i++) {
        struct json_object *node = json_at(nodes, i);
        struct touched touched = {
            .is_pull = pulls,
            .blockers = json_int(json_get(node, "issueDependenciesSummary"), "totalBlockedBy", -1)};

        if (!need_number(node, &touched.number, err) ||
            !decode_time(node, "updatedAt", &touched.updated_at, err))
            return false;
        if (i == 0 || touched.updated_at < *oldest)
            *oldest = touched.updated_at;
        vec_push(list, touched);
    }
    return true;
}

int64_t
decode_comment_id(const char *url)
{
    const char *key = "#issuecomment-";
    const char *at = url != NULL ? strstr(url, key) : NULL;
    long long id;
    char *end;

    if (at == NULL || at[strlen(key)] < '0' || at[strlen(key)] > '9')
        return 0;
    id = strtoll(at + strlen(key), &end, 10);
    return *end == '\0' ? id : 0;
}

bool
decode_comments(struct json_object *connection, const struct identity *self, int64_t number,
                struct arena *arena, struct own_comment_list *list, struct err *err)
{
    struct json_object *nodes = json_array(connection, "nodes");

    if (nodes == NULL)
        return err_set(err, ERR_DATA, "an answer without a list of comments");
    for (size_t i = 0; i < json_len(nodes); i++) {
        struct json_object *node = json_at(nodes, i);
        struct own_comment comment = {.edited = decode_edited(node, self->viewer)};
        const char *marker;

        if (!json_object_is_type(node, json_type_object))
            return err_set(err, ERR_DATA, "an answer that lacks a comment");
        if (!json_flag(node, "viewerDidAuthor", false))
            continue;
        marker = github_find_marker(arena, json_string(node, "body"));
        if (marker == NULL)
            continue;
        comment.tagged = marker_read(self->key, number, marker, arena, &comment.marker);
        comment.counts = comment.tagged && !comment.edited;
        comment.id = decode_comment_id(json_string(node, "url"));
        if (comment.id <= 0)
            return err_set(err, ERR_DATA, "an answer with a comment without an id");
        if (!decode_time(node, "createdAt", &comment.created_at, err))
            return false;
        vec_push(list, comment);
    }
    return true;
}
