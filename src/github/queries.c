#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "github/github_p.h"

/*
 * Names and numbers of things are variables, so that no foreign text becomes part of a query.
 * Fields of an issue and a pull request that differ in type have names of their own (GraphQL,
 * "Field Selection Merging"). Source: docs.github.com, "GraphQL reference".
 */
#define REPOSITORY "repository(owner:$owner,name:$name){"
#define PAGE_INFO  "pageInfo{hasNextPage endCursor}"
#define TOUCHED    "{nodes{number updatedAt}" PAGE_INFO "}"
#define EVENT      "createdAt actor{__typename login}"
#define BLOB       "... on Blob{oid text isTruncated isBinary}"

#define COMMON                                                                           \
    "__typename number title url createdAt updatedAt author{login}viewerDidAuthor body " \
    "lastEditedAt editor{__typename login}"                                              \
    "labels(first:100){totalCount nodes{name}}comments(first:1){totalCount}"             \
    "timelineItems(last:1,itemTypes:[CLOSED_EVENT,REOPENED_EVENT])"                      \
    "{nodes{... on ClosedEvent{" EVENT "}... on ReopenedEvent{" EVENT "}}}"
#define ISSUE_FIELDS COMMON "issueState:state stateReason"
#define PULL_FIELDS \
    COMMON "pullState:state isDraft merged mergedBy{__typename login}headRefOid baseRefName"
/* GitHub computes mergeability when asked for it, so ask only if it is needed. */
#define MERGE_FIELDS    " mergeable mergeStateStatus"
#define FOLDER_FRAGMENT "fragment folder on Tree{entries{name type object{" BLOB "}}}"

#define NAME_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"
#define QUERY_MAX       ((size_t)1 << 20)

/* The number has a separate name, because its type differs from that of texts. */
#define VALUE(type, members) \
    "... on IssueField" type "Value{" members " field{... on IssueField" type "{fullDatabaseId}}}"
static const char issue_field_values[] =
    " issueFieldValues(first:25){totalCount nodes{__typename " VALUE("Text", "value")
        VALUE("Number", "n:value") VALUE("Date", "value") VALUE("SingleSelect", "name")
            VALUE("MultiSelect", "options{name}") "}}";

/* Whether a selection asks for the field of that name. */
static bool
says(const char *selection, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = selection; *at != '\0';) {
        size_t word = strspn(at, NAME_CHARACTERS);

        if (word == length && memcmp(at, name, length) == 0)
            return true;
        at += word > 0 ? word : 1;
    }
    return false;
}

const char *
query_field(const char *name)
{
    if (strcmp(name, "issueTypes") == 0)
        return "issue_type";
    for (size_t i = 0; i < n_codecs; i++)
        if (codecs[i].asks != NULL && says(codecs[i].asks, name))
            return codecs[i].name;
    return NULL;
}

void
alias_of_number(char alias[ALIAS_SIZE], int64_t number)
{
    snprintf(alias, ALIAS_SIZE, "i%" PRId64, number);
}

bool
alias_is_number(const char *alias)
{
    return alias[0] == 'i' && alias[1] >= '1' && alias[1] <= '9';
}

void
alias_of_object(char alias[ALIAS_SIZE], size_t index)
{
    snprintf(alias, ALIAS_SIZE, "f%zu", index);
}

bool
number_askable(int64_t number)
{
    return number > 0 && number <= INT32_MAX;
}

#define TYPES "issueTypes(first:100){nodes{name isEnabled}}"

const char *
overview_query(struct arena *arena, size_t states, size_t labels, bool types, bool blockers,
               bool pulls)
{
    const char *asked = "";
    const char *variables = "";
    const char *touched = "(first:100,orderBy:{field:UPDATED_AT,direction:DESC})" TOUCHED;
    const char *issues =
        blockers ? "(first:100,orderBy:{field:UPDATED_AT,direction:DESC}){nodes{number updatedAt "
                   "issueDependenciesSummary{totalBlockedBy}}" PAGE_INFO "}"
                 : touched;
    const char *ref = "{target{... on Commit{oid committedDate tree{oid entries{name}}"
                      "cursor:file(path:\"cursor.json\"){object{" BLOB "}}"
                      "lock:file(path:\"lock.json\"){object{" BLOB "}}"
                      "columns:file(path:\"columns.json\"){object{" BLOB "}}"
                      "limits:file(path:\"limits.json\"){object{" BLOB "}}"
                      "records:file(path:\"records\"){object{... on Tree{entries{name type}}}}}}}";

    for (size_t i = 0; i < labels; i++) {
        variables = arena_printf(arena, "%s,$l%zu:String!", variables, i);
        asked = arena_printf(arena, "%sl%zu:label(name:$l%zu){name}", asked, i, i);
    }
    if (labels > 0)
        asked = arena_printf(arena, "%slabels(first:100){nodes{name}}", asked);
    if (types)
        asked = arena_printf(arena, "%s" TYPES, asked);
    return arena_printf(arena,
                        "query($owner:String!,$name:String!%s%s){viewer{login}" REPOSITORY
                        "databaseId isPrivate isArchived nameWithOwner hasIssuesEnabled "
                        "defaultBranchRef{name}issues%s%s%s%s%s%s%s%s}}",
                        states == 0   ? ""
                        : states == 1 ? ",$ref:String!"
                                      : ",$ref:String!,$branch:String!",
                        variables, issues, pulls ? "pullRequests" : "", pulls ? touched : "", asked,
                        states > 0 ? "ref(qualifiedName:$ref)" : "", states > 0 ? ref : "",
                        states > 1 ? "branch:ref(qualifiedName:$branch)" : "",
                        states > 1 ? ref : "");
}

const char *
touched_query(bool pulls)
{
    if (pulls)
        return "query($owner:String!,$name:String!,$after:String){" REPOSITORY
               "list:pullRequests(first:100,after:$after,orderBy:{field:UPDATED_AT,direction:DESC}"
               ")" TOUCHED "}}";
    return "query($owner:String!,$name:String!,$after:String,$since:DateTime!){" REPOSITORY
           "list:issues(first:100,after:$after,filterBy:{since:$since},"
           "orderBy:{field:UPDATED_AT,direction:ASC})" TOUCHED "}}";
}

static void
add_object_variables(struct buf *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        buf_printf(text, ",$f%zu:String!", i);
}

static void
add_objects(struct buf *text, size_t n, const char *fields)
{
    for (size_t i = 0; i < n; i++)
        buf_printf(text, "f%zu:object(expression:$f%zu){%s}", i, i, fields);
}

const char *
choices_query(struct arena *arena, bool types)
{
    return arena_printf(
        arena, "query($owner:String!,$name:String!,$after:String){" REPOSITORY "%s%s}}",
        "milestones(first:100,after:$after){nodes{number title}" PAGE_INFO "}", types ? TYPES : "");
}

const char *
labels_query(struct arena *arena)
{
    return arena_strdup(arena, "query($owner:String!,$name:String!,$after:String){" REPOSITORY
                               "labels(first:100,after:$after){nodes{name}" PAGE_INFO "}}}");
}

static void
add_selections(struct buf *text, const struct selected *selected, bool pull)
{
    for (size_t i = 0; i < n_codecs; i++) {
        const struct codec *codec = &codecs[i];

        if (codec->asks != NULL && codec->of != (pull ? OF_ISSUES : OF_PULLS) &&
            (field_set_has(selected->fields, codec->field) ||
             (codec->too != 0 && field_set_has(selected->fields, codec->too))))
            buf_str(text, codec->asks);
    }
    if (selected->bots)
        buf_str(text, " author{__typename}");
    if (selected->auto_merge && pull)
        buf_str(text, " id autoMergeRequest{enabledBy{__typename login}}");
    if (selected->links && !pull)
        buf_str(text, " closedByPullRequestsReferences(first:1,includeClosedPrs:true){totalCount}");
    if (selected->issue_fields && !pull)
        buf_str(text, issue_field_values);
    if (selected->blocked_by && !pull)
        buf_str(text, " blockedBy(first:50){totalCount nodes{number repository{nameWithOwner}}}");
    buf_str(text, "}");
}

static void
add_issue_fragment(struct buf *text, const struct selected *selected)
{
    buf_str(text, "fragment issue on Issue{" ISSUE_FIELDS);
    add_selections(text, selected, false);
}

static void
add_pull_fragment(struct buf *text, const struct selected *selected, bool merge)
{
    buf_str(text, "fragment pull on PullRequest{" PULL_FIELDS);
    buf_str(text, merge ? MERGE_FIELDS : "");
    add_selections(text, selected, true);
}

const char *
list_query(struct arena *arena, enum listing listing, size_t n_folders,
           const struct selected *selected)
{
    bool pulls = listing == LIST_PULLS;
    struct buf text;

    buf_init(&text, QUERY_MAX);
    buf_str(&text, "query($owner:String!,$name:String!");
    if (listing != LIST_NONE)
        buf_str(&text, ",$size:Int!,$after:String");
    add_object_variables(&text, n_folders);
    buf_str(&text, "){viewer{login}" REPOSITORY);
    if (listing != LIST_NONE)
        buf_printf(&text,
                   "list:%s(first:$size,after:$after,orderBy:{field:CREATED_AT,direction:%s})"
                   "{nodes{...%s}" PAGE_INFO "}",
                   pulls ? "pullRequests" : "issues",
                   listing == LIST_NEWEST_ISSUES ? "DESC" : "ASC", pulls ? "pull" : "issue");
    add_objects(&text, n_folders, "...folder");
    buf_str(&text, "}}");
    if (listing != LIST_NONE && pulls)
        add_pull_fragment(&text, selected, false);
    else if (listing != LIST_NONE)
        add_issue_fragment(&text, selected);
    if (n_folders > 0)
        buf_str(&text, FOLDER_FRAGMENT);
    return buf_take(&text, arena);
}

const char *
batch_query(struct arena *arena, const int64_t *numbers, size_t n_numbers, size_t n_files,
            const struct selected *selected)
{
    struct buf text;

    buf_init(&text, QUERY_MAX);
    buf_str(&text, "query($owner:String!,$name:String!");
    add_object_variables(&text, n_files);
    buf_str(&text, "){viewer{login}" REPOSITORY);
    buf_str(&text, n_numbers > 0 ? "nameWithOwner " : "");
    for (size_t i = 0; i < n_numbers; i++)
        buf_printf(&text, "i%" PRId64 ":issueOrPullRequest(number:%" PRId64 "){...issue ...pull}",
                   numbers[i], numbers[i]);
    add_objects(&text, n_files, BLOB);
    buf_str(&text, "}}");
    if (n_numbers > 0) {
        add_issue_fragment(&text, selected);
        add_pull_fragment(&text, selected, true);
    }
    return buf_take(&text, arena);
}

const char *
numbers_query(struct arena *arena, const struct numbers_ask *ask, const int64_t *numbers, size_t n)
{
    struct buf text;

    buf_init(&text, QUERY_MAX);
    buf_printf(&text, "query($owner:String!,$name:String!%s){" REPOSITORY,
               ask->pages ? ",$after:String" : "");
    for (size_t i = 0; i < n; i++)
        buf_printf(&text, "i%" PRId64 ":%s(number:%" PRId64 ")%s", numbers[i], ask->thing,
                   numbers[i], ask->selection);
    buf_printf(&text, "}}%s", ask->fragments != NULL ? ask->fragments : "");
    return buf_take(&text, arena);
}
