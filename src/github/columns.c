#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/json.h"
#include "github/github_p.h"
#include "model/status.h"

#define MINUTE ((int64_t)60 * 1000)

/* The fields other than title, status, and labels, which the two APIs name differently. */

/* "owner/name" of ".../owner/name/issues/12". */
static struct value
repository_of(const char *url, struct arena *arena)
{
    const char *slash[4] = {NULL};

    for (const char *at = url; *at != '\0'; at++)
        if (*at == '/') {
            memmove(slash, slash + 1, 3 * sizeof(slash[0]));
            slash[3] = at;
        }
    if (slash[0] == NULL || slash[1] == slash[0] + 1)
        return (struct value){0};
    return value_text(arena_strndup(arena, slash[0] + 1, (size_t)(slash[2] - slash[0]) - 1));
}

/* REST names a bot "name[bot]", GraphQL "name"; a deleted account is missing in GraphQL and "ghost"
 * in REST. */
static struct value
author_of(const char *login, struct arena *arena)
{
    const char *suffix = login != NULL ? strstr(login, "[bot]") : NULL;

    if (login == NULL || *login == '\0')
        return value_text("ghost");
    return value_text(
        arena_strndup(arena, login, suffix != NULL ? (size_t)(suffix - login) : strlen(login)));
}

/* Notion keeps whole minutes; seconds, which it cannot hold, must not look like a change. */
static struct value
minute_of(int64_t time, struct arena *arena)
{
    char text[CLOCK_TEXT_SIZE];

    clock_format(time - time % MINUTE, text);
    return value_text(arena_strdup(arena, text));
}

/* null: it has not happened; absent: not reported. */
static struct value
time_of(struct json_object *node, const char *key, struct arena *arena)
{
    const char *text = json_string(node, key);
    int64_t time;

    if (text != NULL)
        return clock_parse(text, &time) ? minute_of(time, arena) : (struct value){0};
    return json_has(node, key) ? value_text("") : (struct value){0};
}

static struct value
text_of(struct json_object *node, const char *key, struct arena *arena)
{
    const char *text = json_string(node, key);

    return text != NULL ? value_text(arena_strdup(arena, text)) : (struct value){0};
}

/* A milestone is due on a day, which GitHub reports as a moment of that day. */
static struct value
due_of(struct json_object *node, const char *key, struct arena *arena)
{
    struct json_object *milestone = json_get(node, "milestone");
    const char *due = json_string(milestone, key);

    if (!json_has(node, "milestone"))
        return (struct value){0};
    return value_text(due != NULL ? arena_strndup(arena, due, strcspn(due, "T")) : "");
}

/* An answer without the member reports nothing; null means that there is none. */
static struct value
name_of(struct json_object *node, const char *member, const char *key, struct arena *arena)
{
    struct json_object *object = json_get(node, member);

    if (!json_has(node, member))
        return (struct value){0};
    return object != NULL ? text_of(object, key, arena) : value_text("");
}

/* The logins of a list. Absent if an entry has no login: otherwise that person would look
 * unassigned. */
static struct value
logins_of(struct json_object *list, struct arena *arena)
{
    size_t n = json_len(list);
    const char **items = arena_array(arena, n, sizeof(*items));

    if (!json_object_is_type(list, json_type_array))
        return (struct value){0};
    for (size_t i = 0; i < n; i++) {
        const char *login = json_string(json_at(list, i), "login");

        if (login == NULL)
            return (struct value){0};
        items[i] = arena_strdup(arena, login);
    }
    return value_set(items, n);
}

static struct value
assignees_of(struct json_object *connection, struct arena *arena)
{
    struct json_object *nodes = json_array(connection, "nodes");

    if (json_int(connection, "totalCount", -1) != (int64_t)json_len(nodes))
        return (struct value){0};
    return logins_of(nodes, arena);
}

/* "12", or "owner/name#12" in another repository. */
const char *
decode_reference(struct json_object *node, const struct value *own, struct arena *arena)
{
    const char *repository = json_string(json_get(node, "repository"), "nameWithOwner");
    int64_t number = json_int(node, "number", 0);

    if (number <= 0 || repository == NULL || own->kind != VALUE_TEXT)
        return NULL;
    if (strcasecmp(repository, own->text) == 0)
        return arena_printf(arena, "%" PRId64, number);
    return arena_printf(arena, "%s#%" PRId64, repository, number);
}

static struct value
parent_of(struct json_object *node, const struct value *own, struct arena *arena)
{
    struct json_object *parent = json_get(node, "parent");
    const char **items = arena_array(arena, 1, sizeof(*items));

    if (!json_has(node, "parent"))
        return (struct value){0};
    if (parent == NULL)
        return value_set(NULL, 0);
    items[0] = decode_reference(parent, own, arena);
    return items[0] != NULL ? value_set(items, 1) : (struct value){0};
}

static struct value
closes_of(struct json_object *node, const struct value *own, struct arena *arena)
{
    struct json_object *connection = json_get(node, "closingIssuesReferences");
    struct json_object *nodes = json_array(connection, "nodes");
    size_t n = json_len(nodes);
    const char **items = arena_array(arena, n, sizeof(*items));
    size_t len = 0;

    /* GitHub may cut a nested list without reporting it. */
    if (nodes == NULL || json_int(connection, "totalCount", -1) != (int64_t)n)
        return (struct value){0};
    for (size_t i = 0; i < n; i++) {
        items[len] = decode_reference(json_at(nodes, i), own, arena);
        len += items[len] != NULL;
    }
    return value_set(items, len);
}

/* GitHub's enumerations in words for people; unknown values as they are. */
struct word {
    const char *name, *word;
};

static struct value
word_of(const struct word *words, size_t n, const char *name, struct arena *arena)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(words[i].name, name) == 0)
            return value_text(words[i].word);
    return value_text(arena_strdup(arena, name));
}

static struct value
review_of(struct json_object *node, struct arena *arena)
{
    static const struct word words[] = {{"APPROVED", "Approved"},
                                        {"CHANGES_REQUESTED", "Changes requested"},
                                        {"REVIEW_REQUIRED", "Review required"}};
    const char *name = json_string(node, "reviewDecision");

    if (name != NULL)
        return word_of(words, sizeof(words) / sizeof(*words), name, arena);
    return json_has(node, "reviewDecision") ? value_text("") : (struct value){0};
}

/* A closed or merged pull request cannot be merged; UNKNOWN means that GitHub is still computing
 * it. */
static struct value
merge_state_of(struct json_object *node, const struct value *status, struct arena *arena)
{
    static const struct word words[] = {{"CLEAN", "Clean"},      {"HAS_HOOKS", "Clean"},
                                        {"DIRTY", "Conflicts"},  {"BLOCKED", "Blocked"},
                                        {"BEHIND", "Behind"},    {"DRAFT", "Draft"},
                                        {"UNSTABLE", "Unstable"}};
    const char *name = json_string(node, "mergeStateStatus");

    if (name == NULL)
        return (struct value){0};
    if (strcmp(status->text, STATUS_OPEN) != 0)
        return value_text("");
    if (strcmp(name, "UNKNOWN") == 0)
        return (struct value){0};
    return word_of(words, sizeof(words) / sizeof(*words), name, arena);
}

/* What was already decoded from either API, in one form. */
static void
decode_members(const struct issue *issue, struct value *all, struct arena *arena)
{
    all[FIELD_URL] = value_text(issue->url);
    all[FIELD_TYPE] = value_text(issue->is_pull ? "Pull request" : "Issue");
    all[FIELD_REPOSITORY] = repository_of(issue->url, arena);
    all[FIELD_AUTHOR] = author_of(issue->author, arena);
    all[FIELD_CREATED] = minute_of(issue->created_at, arena);
    all[FIELD_UPDATED] = minute_of(issue->updated_at, arena);
    all[FIELD_COMMENTS] = value_text(arena_printf(arena, "%d", issue->comments));
}

void
decode_columns(struct json_object *node, struct arena *arena, struct issue *issue,
               struct value *all)
{
    decode_members(issue, all, arena);
    all[FIELD_CLOSED] = time_of(node, "closedAt", arena);
    all[FIELD_DUE] = due_of(node, "dueOn", arena);
    all[FIELD_MILESTONE] = name_of(node, "milestone", "title", arena);
    if (json_has(node, "assignees"))
        all[FIELD_ASSIGNEES] = assignees_of(json_get(node, "assignees"), arena);
    if (!issue->is_pull) {
        const char *id = json_string(node, "fullDatabaseId");

        issue->id = id != NULL ? strtoll(id, NULL, 10) : 0;
        all[FIELD_ISSUE_TYPE] = name_of(node, "issueType", "name", arena);
        all[FIELD_PARENT] = parent_of(node, &all[FIELD_REPOSITORY], arena);
        return;
    }
    all[FIELD_CLOSES] = closes_of(node, &all[FIELD_REPOSITORY], arena);
    all[FIELD_REVIEW] = review_of(node, arena);
    all[FIELD_HEAD] = text_of(node, "headRefName", arena);
    all[FIELD_BASE] = text_of(node, "baseRefName", arena);
    all[FIELD_MERGED] = time_of(node, "mergedAt", arena);
    all[FIELD_MERGE_STATE] = merge_state_of(node, &all[FIELD_STATUS], arena);
}

void
decode_rest_columns(struct json_object *tree, struct arena *arena, struct issue *issue,
                    struct value *all)
{
    decode_members(issue, all, arena);
    all[FIELD_CLOSED] = time_of(tree, "closed_at", arena);
    all[FIELD_DUE] = due_of(tree, "due_on", arena);
    all[FIELD_MILESTONE] = name_of(tree, "milestone", "title", arena);
    all[FIELD_ASSIGNEES] = logins_of(json_get(tree, "assignees"), arena);
    if (!issue->is_pull) {
        issue->id = json_int(tree, "id", 0);
        all[FIELD_ISSUE_TYPE] = name_of(tree, "type", "name", arena);
    }
    if (issue->is_pull)
        all[FIELD_MERGED] = time_of(json_get(tree, "pull_request"), "merged_at", arena);
}
