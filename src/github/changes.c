#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "github/github_p.h"

#define NUMBERS_A_REQUEST 25
#define QUERY_MAX         ((size_t)1 << 20)

/* The newest events of a field. For the other fields GitHub keeps no events, or older servers do
 * not know them. */
static const struct events {
    enum field field;
    const char *alias, *types, *nodes;
} events[] = {
    {FIELD_TITLE, "title", "RENAMED_TITLE_EVENT", "... on RenamedTitleEvent{createdAt}"},
    {FIELD_LABELS, "labels", "LABELED_EVENT,UNLABELED_EVENT",
     "... on LabeledEvent{createdAt}... on UnlabeledEvent{createdAt}"},
    {FIELD_ASSIGNEES, "assignees", "ASSIGNED_EVENT,UNASSIGNED_EVENT",
     "... on AssignedEvent{createdAt}... on UnassignedEvent{createdAt}"},
    {FIELD_MILESTONE, "milestone", "MILESTONED_EVENT,DEMILESTONED_EVENT",
     "... on MilestonedEvent{createdAt}... on DemilestonedEvent{createdAt}"},
};
#define N_EVENTS (sizeof(events) / sizeof(*events))

static void
add_changes(struct buf *text, const char *type)
{
    buf_printf(text, "fragment %s on %s{lastEditedAt", type, type);
    for (size_t i = 0; i < N_EVENTS; i++)
        buf_printf(text, " %s:timelineItems(last:1,itemTypes:[%s]){nodes{%s}}", events[i].alias,
                   events[i].types, events[i].nodes);
    buf_str(text, "}");
}

static const char *
changes_query(struct arena *arena, const int64_t *numbers, size_t n)
{
    struct buf text;
    char *copy;

    buf_init(&text, QUERY_MAX);
    buf_str(&text, "query($owner:String!,$name:String!){repository(owner:$owner,name:$name){");
    for (size_t i = 0; i < n; i++) {
        char alias[ALIAS_SIZE];

        alias_of_number(alias, numbers[i]);
        buf_printf(&text, "%s:issueOrPullRequest(number:%lld){...Issue ...PullRequest}", alias,
                   (long long)numbers[i]);
    }
    buf_str(&text, "}}");
    add_changes(&text, "Issue");
    add_changes(&text, "PullRequest");
    copy = arena_strdup(arena, buf_text(&text));
    buf_release(&text);
    return copy;
}

/* 0: GitHub knows no change since it was made. */
static int64_t
time_of(struct json_object *object, const char *key)
{
    const char *text = json_string(object, key);
    int64_t time;

    if (text == NULL)
        return 0;
    return clock_parse(text, &time) ? time : CHANGE_UNKNOWN;
}

static void
take_changes(struct json_object *node, int64_t changed[FIELD_BUILTINS])
{
    if (json_has(node, "lastEditedAt"))
        changed[FIELD_BODY] = time_of(node, "lastEditedAt");
    for (size_t i = 0; i < N_EVENTS; i++) {
        struct json_object *nodes = json_array(json_get(node, events[i].alias), "nodes");

        if (nodes != NULL)
            changed[events[i].field] = time_of(json_at(nodes, 0), "createdAt");
    }
}

bool
github_read_changes(struct github *github, const int64_t *numbers, size_t n,
                    int64_t (*changed)[FIELD_BUILTINS], struct err *err)
{
    const char *what = "asking what changed since";

    for (size_t i = 0; i < n; i++)
        for (size_t f = 0; f < FIELD_BUILTINS; f++)
            changed[i][f] = CHANGE_UNKNOWN;
    for (size_t at = 0; at < n; at += NUMBERS_A_REQUEST) {
        size_t some = n - at < NUMBERS_A_REQUEST ? n - at : NUMBERS_A_REQUEST;
        struct arena *scratch = arena_new();
        struct query_answer answer;
        bool ok = query_run(github, what, changes_query(scratch, numbers + at, some),
                            json_new_object(), &answer, err);

        arena_free(scratch);
        if (!ok)
            return false;
        for (size_t i = at; i < at + some; i++) {
            char alias[ALIAS_SIZE];

            alias_of_number(alias, numbers[i]);
            take_changes(json_get(answer.repository, alias), changed[i]);
        }
        query_release(&answer);
    }
    return true;
}
