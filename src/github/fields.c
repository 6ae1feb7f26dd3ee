#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/json.h"
#include "github/github_p.h"
#include "model/status.h"

/* The built-in fields in GitHub's terms. Everything about a field is in its row of the table at
 * the end. If an answer does not report a value, it is absent. Both APIs must lead to the same
 * value: otherwise the next pass would see a change. */

#define MINUTE ((int64_t)60 * 1000)

/* --- reading --- */

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
time_in(struct json_object *node, const char *key, struct arena *arena)
{
    const char *text = json_string(node, key);
    int64_t time;

    if (text != NULL)
        return clock_parse(text, &time) ? minute_of(time, arena) : (struct value){0};
    return json_has(node, key) ? value_text("") : (struct value){0};
}

static struct value
closed_of(const struct field_reading *reading)
{
    return time_in(reading->node, reading->key, reading->arena);
}

/* REST shows it with what it knows of the issue as a pull request. */
static struct value
merged_of(const struct field_reading *reading)
{
    struct json_object *pull = json_get(reading->node, "pull_request");

    return time_in(pull != NULL ? pull : reading->node, reading->key, reading->arena);
}

static struct value
text_of(const struct field_reading *reading)
{
    return value_maybe(json_copy(reading->arena, reading->node, reading->key));
}

/* A milestone is due on a day, which GitHub reports as a moment of that day. */
static struct value
due_of(const struct field_reading *reading)
{
    const char *due = json_string(json_get(reading->node, "milestone"), reading->key);

    if (!json_has(reading->node, "milestone"))
        return (struct value){0};
    return value_text(due != NULL ? arena_strndup(reading->arena, due, strcspn(due, "T")) : "");
}

/* An answer without the member reports nothing; null means that there is none. */
static struct value
member_of(const struct field_reading *reading, const char *key)
{
    struct json_object *object = json_get(reading->node, reading->key);

    if (!json_has(reading->node, reading->key))
        return (struct value){0};
    return object != NULL ? value_maybe(json_copy(reading->arena, object, key)) : value_text("");
}

static struct value
milestone_of(const struct field_reading *reading)
{
    return member_of(reading, "title");
}

static struct value
type_of(const struct field_reading *reading)
{
    return member_of(reading, "name");
}

/* The logins of REST's list, or of GraphQL's connection, which GitHub may cut without reporting it.
 * Absent if an entry has no login: otherwise that person would look unassigned. */
static struct value
assignees_of(const struct field_reading *reading)
{
    struct json_object *connection = json_get(reading->node, reading->key);
    struct json_object *nodes = json_array(connection, "nodes");
    struct json_object *list = nodes != NULL ? nodes : connection;
    size_t n = json_len(list);
    const char **items = arena_array(reading->arena, n, sizeof(*items));

    if (!json_object_is_type(list, json_type_array) ||
        (nodes != NULL && json_int(connection, "totalCount", -1) != (int64_t)n))
        return (struct value){0};
    for (size_t i = 0; i < n; i++) {
        items[i] = json_copy(reading->arena, json_at(list, i), "login");
        if (items[i] == NULL)
            return (struct value){0};
    }
    return value_set(items, n);
}

/* "12", or "owner/name#12" in another repository. */
static const char *
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

struct value
decode_references(struct json_object *connection, const struct value *own, bool whole,
                  struct arena *arena)
{
    struct json_object *nodes = json_array(connection, "nodes");
    const char **items = arena_array(arena, json_len(nodes), sizeof(*items));
    size_t n = 0;

    if (nodes == NULL || json_int(connection, "totalCount", -1) != (int64_t)json_len(nodes))
        return (struct value){0};
    for (size_t i = 0; i < json_len(nodes); i++) {
        items[n] = decode_reference(json_at(nodes, i), own, arena);
        if (items[n] == NULL && whole)
            return (struct value){0};
        n += items[n] != NULL;
    }
    return value_set(items, n);
}

static struct value
closes_of(const struct field_reading *reading)
{
    return decode_references(json_get(reading->node, reading->key), &reading->all[FIELD_REPOSITORY],
                             false, reading->arena);
}

static struct value
parent_of(const struct field_reading *reading)
{
    struct json_object *parent = json_get(reading->node, reading->key);
    const char **items = arena_array(reading->arena, 1, sizeof(*items));

    if (!json_has(reading->node, reading->key))
        return (struct value){0};
    if (parent == NULL)
        return value_set(NULL, 0);
    items[0] = decode_reference(parent, &reading->all[FIELD_REPOSITORY], reading->arena);
    return items[0] != NULL ? value_set(items, 1) : (struct value){0};
}

/* GitHub's enumerations in words for people; unknown values as they are. */
struct enum_word {
    const char *name, *word;
};

static struct value
word_of(const struct enum_word *words, size_t n, const char *name, struct arena *arena)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(words[i].name, name) == 0)
            return value_text(words[i].word);
    return value_text(arena_strdup(arena, name));
}

static struct value
review_of(const struct field_reading *reading)
{
    static const struct enum_word words[] = {{"APPROVED", "Approved"},
                                             {"CHANGES_REQUESTED", "Changes requested"},
                                             {"REVIEW_REQUIRED", "Review required"}};
    const char *name = json_string(reading->node, reading->key);

    if (name != NULL)
        return word_of(words, sizeof(words) / sizeof(*words), name, reading->arena);
    return json_has(reading->node, reading->key) ? value_text("") : (struct value){0};
}

/* A closed or merged pull request cannot be merged; UNKNOWN means that GitHub is still computing
 * it. */
static struct value
merge_state_of(const struct field_reading *reading)
{
    static const struct enum_word words[] = {{"CLEAN", "Clean"},      {"HAS_HOOKS", "Clean"},
                                             {"DIRTY", "Conflicts"},  {"BLOCKED", "Blocked"},
                                             {"BEHIND", "Behind"},    {"DRAFT", "Draft"},
                                             {"UNSTABLE", "Unstable"}};
    const char *name = json_string(reading->node, reading->key);

    if (name == NULL)
        return (struct value){0};
    if (strcmp(reading->all[FIELD_STATUS].text, STATUS_OPEN) != 0)
        return value_text("");
    if (strcmp(name, "UNKNOWN") == 0)
        return (struct value){0};
    return word_of(words, sizeof(words) / sizeof(*words), name, reading->arena);
}

/* --- writing --- */

static void
put_title(struct json_object *body, const struct field_writing *writing, const struct value *title)
{
    (void)writing;
    json_add_string(body, "title", title->text);
}

/* Pull requests have no close reason. A new issue is open. */
static void
put_state(struct json_object *body, const struct field_writing *writing, const struct value *status)
{
    bool closed = status_is_closed(status->text);

    if (writing->read == NULL)
        return;
    json_add_string(body, "state", closed ? "closed" : "open");
    if (closed && !writing->read->is_pull)
        json_add_string(body, "state_reason",
                        strcmp(status->text, STATUS_NOT_PLANNED) == 0 ? "not_planned"
                                                                      : "completed");
}

/* The body with its marker line. A new issue gets one for its page; otherwise it is the line of
 * the body that was read. If the issue is an own one and the state confirms its marker, the tag
 * is made again. */
static void
put_body(struct json_object *body, const struct field_writing *writing, const struct value *text)
{
    const struct issue *read = writing->read;
    const char *page_id = writing->change->page_id;
    struct arena *arena = writing->arena;
    const char *marker = read != NULL ? read->trailer : NULL;

    if (read == NULL || (marker != NULL && read->named != NULL && page_id != NULL &&
                         strcmp(read->named, page_id) == 0))
        marker = marker_sign(writing->key, 0, arena_printf(arena, "page=%s", page_id), arena);
    json_add_string(body, "body",
                    marker != NULL ? marker_append(arena, text->text, marker)
                                   : marker_defuse(arena, text->text));
}

static void
put_labels(struct json_object *body, const struct field_writing *writing,
           const struct value *labels)
{
    (void)writing;
    json_add(body, "labels", json_new_texts(labels->items, labels->len));
}

static void
put_milestone(struct json_object *body, const struct field_writing *writing,
              const struct value *title)
{
    (void)title;
    if (writing->change->milestone > 0)
        json_add_int(body, "milestone", writing->change->milestone);
    else
        json_add(body, "milestone", NULL);
}

static void
put_type(struct json_object *body, const struct field_writing *writing, const struct value *type)
{
    (void)writing;
    json_add_string(body, "type", *type->text != '\0' ? type->text : NULL);
}

/* --- the table --- */

/* A row a field, in the order of queries and requests. */
/* clang-format off */
const struct codec codecs[] = {
    {.field = FIELD_TITLE, .name = "title", .encode = put_title, .events = "RENAMED_TITLE_EVENT",
     .event_nodes = "... on RenamedTitleEvent{createdAt}"},
    {.field = FIELD_STATUS, .name = "status", .encode = put_state},
    {.field = FIELD_BODY, .name = "body", .encode = put_body},
    {.field = FIELD_LABELS, .name = "labels", .encode = put_labels,
     .events = "LABELED_EVENT,UNLABELED_EVENT",
     .event_nodes = "... on LabeledEvent{createdAt}... on UnlabeledEvent{createdAt}"},
    {.field = FIELD_CLOSED, .name = "closed", .asks = " closedAt", .decode = closed_of,
     .keys = {"closedAt", "closed_at"}},
    /* Asked for with the milestone, and turned off with it. */
    {.field = FIELD_DUE, .too = FIELD_MILESTONE, .name = "milestone",
     .asks = " milestone{title dueOn}", .decode = due_of, .keys = {"dueOn", "due_on"}},
    {.field = FIELD_ASSIGNEES, .name = "assignees",
     .asks = " assignees(first:20){totalCount nodes{login}}", .decode = assignees_of,
     .keys = {"assignees", "assignees"}, .events = "ASSIGNED_EVENT,UNASSIGNED_EVENT",
     .event_nodes = "... on AssignedEvent{createdAt}... on UnassignedEvent{createdAt}"},
    {.field = FIELD_MILESTONE, .name = "milestone", .decode = milestone_of,
     .keys = {"milestone", "milestone"}, .encode = put_milestone,
     .events = "MILESTONED_EVENT,DEMILESTONED_EVENT",
     .event_nodes = "... on MilestonedEvent{createdAt}... on DemilestonedEvent{createdAt}"},
    {.field = FIELD_ISSUE_TYPE, .name = "issue_type", .of = OF_ISSUES, .asks = " issueType{name}",
     .decode = type_of, .keys = {"issueType", "type"}, .encode = put_type},
    {.field = FIELD_PARENT, .name = "parent", .of = OF_ISSUES,
     .asks = " fullDatabaseId parent{number repository{nameWithOwner}}", .decode = parent_of,
     .keys = {"parent"}},
    {.field = FIELD_CLOSES, .name = "closes", .of = OF_PULLS,
     .asks = " closingIssuesReferences(first:100){totalCount nodes{number "
             "repository{nameWithOwner}}}",
     .decode = closes_of, .keys = {"closingIssuesReferences"}},
    {.field = FIELD_REVIEW, .name = "review", .of = OF_PULLS, .asks = " reviewDecision",
     .decode = review_of, .keys = {"reviewDecision"}},
    {.field = FIELD_HEAD, .name = "head", .of = OF_PULLS, .asks = " headRefName",
     .decode = text_of, .keys = {"headRefName"}},
    {.field = FIELD_BASE, .name = "base", .of = OF_PULLS, .decode = text_of,
     .keys = {"baseRefName"}},
    {.field = FIELD_MERGED, .name = "merged", .of = OF_PULLS, .asks = " mergedAt",
     .decode = merged_of, .keys = {"mergedAt", "merged_at"}},
    {.field = FIELD_MERGE_STATE, .name = "merge_state", .of = OF_PULLS,
     .asks = " mergeStateStatus", .decode = merge_state_of, .keys = {"mergeStateStatus"}},
};
/* clang-format on */
const size_t n_codecs = sizeof(codecs) / sizeof(*codecs);

void
decode_fields(struct json_object *node, bool rest, struct arena *arena, const struct issue *issue,
              struct value *all)
{
    struct field_reading reading = {.node = node, .all = all, .arena = arena};
    const char *bot = strstr(issue->author, "[bot]");

    all[FIELD_URL] = value_text(issue->url);
    all[FIELD_TYPE] = value_text(issue->is_pull ? "Pull request" : "Issue");
    all[FIELD_REPOSITORY] = repository_of(issue->url, arena);
    /* REST names a bot "name[bot]", GraphQL "name"; a deleted account is missing in GraphQL and
     * "ghost" in REST. */
    all[FIELD_AUTHOR] = value_text(
        *issue->author == '\0' ? "ghost"
        : bot != NULL          ? arena_strndup(arena, issue->author, (size_t)(bot - issue->author))
                               : issue->author);
    all[FIELD_CREATED] = minute_of(issue->created_at, arena);
    all[FIELD_UPDATED] = minute_of(issue->updated_at, arena);
    all[FIELD_COMMENTS] = value_text(arena_printf(arena, "%d", issue->comments));
    for (size_t i = 0; i < n_codecs; i++) {
        reading.key = codecs[i].keys[rest];
        if (reading.key != NULL && codecs[i].of != (issue->is_pull ? OF_ISSUES : OF_PULLS))
            all[codecs[i].field] = codecs[i].decode(&reading);
    }
}

void
encode_fields(struct json_object *body, const struct field_writing *writing)
{
    const struct values *values = &writing->change->values;

    for (size_t i = 0; i < n_codecs; i++)
        if (codecs[i].encode != NULL && field_set_has(values->has, codecs[i].field))
            codecs[i].encode(body, writing, value_of(values, codecs[i].field));
}
