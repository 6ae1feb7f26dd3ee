#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "github/github_p.h"
#include "model/status.h"

#define MINUTE ((int64_t)60 * 1000)

/* The fields that Notion only shows, out of what both APIs say in different words. */

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

/* REST names a bot "name[bot]", GraphQL "name"; a deleted account is nobody in one and ghost in the other. */
static struct value
author_of(const char *login, struct arena *arena)
{
    const char *suffix = login != NULL ? strstr(login, "[bot]") : NULL;

    if (login == NULL || *login == '\0')
        return value_text("ghost");
    return value_text(
        arena_strndup(arena, login, suffix != NULL ? (size_t)(suffix - login) : strlen(login)));
}

/* Notion keeps whole minutes, and what both sides cannot hold must not look like a change. */
static struct value
minute_of(int64_t time, struct arena *arena)
{
    char text[CLOCK_TEXT_SIZE];

    clock_format(time - time % MINUTE, text);
    return value_text(arena_strdup(arena, text));
}

/* null says that it has not happened; absent, that it was not told. */
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

/* A milestone is due on a day, which is told as a moment of that day. */
static struct value
due_of(struct json_object *node, const char *key, struct arena *arena)
{
    struct json_object *milestone = json_get(node, "milestone");
    const char *due = json_string(milestone, key);

    if (!json_has(node, "milestone"))
        return (struct value){0};
    return value_text(due != NULL ? arena_strndup(arena, due, strcspn(due, "T")) : "");
}

/* GitHub's enumerations in words for people; others as they are. */
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

/* What is over cannot be merged any more; UNKNOWN means that GitHub is still working it out. */
static struct value
merge_state_of(struct json_object *node, const struct issue *issue, struct arena *arena)
{
    static const struct word words[] = {{"CLEAN", "Clean"},      {"HAS_HOOKS", "Clean"},
                                        {"DIRTY", "Conflicts"},  {"BLOCKED", "Blocked"},
                                        {"BEHIND", "Behind"},    {"DRAFT", "Draft"},
                                        {"UNSTABLE", "Unstable"}};
    const char *name = json_string(node, "mergeStateStatus");

    if (name == NULL)
        return (struct value){0};
    if (strcmp(issue->values[FIELD_STATUS].text, STATUS_OPEN) != 0)
        return value_text("");
    if (strcmp(name, "UNKNOWN") == 0)
        return (struct value){0};
    return word_of(words, sizeof(words) / sizeof(*words), name, arena);
}

/* What both APIs have told already, in one form. */
static void
show_members(struct issue *issue, struct arena *arena)
{
    issue->values[FIELD_URL] = value_text(issue->url);
    issue->values[FIELD_TYPE] = value_text(issue->is_pull ? "Pull request" : "Issue");
    issue->values[FIELD_REPOSITORY] = repository_of(issue->url, arena);
    issue->values[FIELD_AUTHOR] = author_of(issue->author, arena);
    issue->values[FIELD_CREATED] = minute_of(issue->created_at, arena);
    issue->values[FIELD_UPDATED] = minute_of(issue->updated_at, arena);
    issue->values[FIELD_COMMENTS] = value_text(arena_printf(arena, "%d", issue->comments));
}

void
decode_shown(struct json_object *node, struct arena *arena, struct issue *issue)
{
    show_members(issue, arena);
    issue->values[FIELD_CLOSED] = time_of(node, "closedAt", arena);
    issue->values[FIELD_DUE] = due_of(node, "dueOn", arena);
    if (!issue->is_pull)
        return;
    issue->values[FIELD_REVIEW] = review_of(node, arena);
    issue->values[FIELD_HEAD] = text_of(node, "headRefName", arena);
    issue->values[FIELD_BASE] = text_of(node, "baseRefName", arena);
    issue->values[FIELD_MERGED] = time_of(node, "mergedAt", arena);
    issue->values[FIELD_MERGE_STATE] = merge_state_of(node, issue, arena);
}

void
decode_rest_shown(struct json_object *tree, struct arena *arena, struct issue *issue)
{
    show_members(issue, arena);
    issue->values[FIELD_CLOSED] = time_of(tree, "closed_at", arena);
    issue->values[FIELD_DUE] = due_of(tree, "due_on", arena);
    if (issue->is_pull)
        issue->values[FIELD_MERGED] = time_of(json_get(tree, "pull_request"), "merged_at", arena);
}
