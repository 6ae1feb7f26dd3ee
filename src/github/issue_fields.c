#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/decimal.h"
#include "base/json.h"
#include "github/github_p.h"

/*
 * Issue fields, a preview. Definitions come from the repository, which the workflow's token may
 * also read. Values come with the issues; they are written by POST, which changes one, and by
 * DELETE: a POST of nothing, PUT, and PATCH of the issue would clear other values. Source:
 * docs.github.com, "REST API endpoints for issue field values", and the GraphQL reference.
 */

#define DEFINITION "fullDatabaseId name dataType"
#define OPTIONS    DEFINITION " options{name}"

static const char definitions[] =
    "query($owner:String!,$name:String!){repository(owner:$owner,name:$name){"
    "issueFields(first:50){nodes{__typename "
    "... on IssueFieldText{" DEFINITION "}"
    "... on IssueFieldNumber{" DEFINITION "}"
    "... on IssueFieldDate{" DEFINITION "}"
    "... on IssueFieldSingleSelect{" OPTIONS "}"
    "... on IssueFieldMultiSelect{" OPTIONS "}}}}}";

static const struct {
    const char *name;
    enum issue_field_type type;
} types[] = {
    {"TEXT", ISSUE_FIELD_TEXT},
    {"NUMBER", ISSUE_FIELD_NUMBER},
    {"DATE", ISSUE_FIELD_DATE},
    {"SINGLE_SELECT", ISSUE_FIELD_SELECT},
    {"MULTI_SELECT", ISSUE_FIELD_MULTI_SELECT},
};

/* GraphQL reports 64-bit ids as text. */
static int64_t
id_of(struct json_object *node)
{
    const char *text = json_string(node, "fullDatabaseId");

    return text != NULL ? strtoll(text, NULL, 10) : json_int(node, "fullDatabaseId", 0);
}

/* The names of a list of objects. */
static const char **
names_of(struct json_object *list, struct arena *arena, size_t *n)
{
    const char **names = arena_array(arena, json_len(list), sizeof(*names));

    *n = 0;
    for (size_t i = 0; i < json_len(list); i++) {
        const char *name = json_string(json_at(list, i), "name");

        if (name != NULL)
            names[(*n)++] = arena_strdup(arena, name);
    }
    return names;
}

static void
take_definitions(struct json_object *nodes, struct arena *arena, struct issue_fields *fields)
{
    struct issue_field *items = arena_array(arena, json_len(nodes), sizeof(*items));

    for (size_t i = 0; i < json_len(nodes); i++) {
        struct json_object *node = json_at(nodes, i);
        const char *name = json_string(node, "name");
        const char *type = json_string(node, "dataType");
        struct issue_field *field = &items[fields->n];

        if (name == NULL || id_of(node) <= 0)
            continue;
        field->name = arena_strdup(arena, name);
        field->id = id_of(node);
        field->type = ISSUE_FIELD_OTHER;
        for (size_t k = 0; type != NULL && k < sizeof(types) / sizeof(types[0]); k++)
            if (strcasecmp(types[k].name, type) == 0)
                field->type = types[k].type;
        field->options = names_of(json_array(node, "options"), arena, &field->n_options);
        fields->n++;
    }
    fields->items = items;
}

bool
github_read_issue_fields(struct github *github, struct arena *arena, struct issue_fields *fields,
                         struct err *err)
{
    struct query_answer answer;
    struct err why;

    *fields = (struct issue_fields){0};
    if (!query_run(github, "reading the issue fields", definitions, json_new_object(), &answer,
                   &why)) {
        if (why.kind != ERR_ACCESS && why.kind != ERR_INPUT)
            return err_set(err, why.kind, "%s", why.text);
        fields->problem =
            why.kind == ERR_INPUT
                ? "this server does not know issue fields (GitHub Enterprise Server has them from "
                  "3.23 on)"
                : "the token may not read them: give `github_token` an app's token, or a personal "
                  "access token, with the organization permission \"Issue Fields: Read\"";
        return true;
    }
    if (json_get(answer.repository, "issueFields") == NULL)
        fields->problem = "issue fields belong to organizations, and the repository is a user's";
    else
        take_definitions(json_array(json_get(answer.repository, "issueFields"), "nodes"), arena,
                         fields);
    query_release(&answer);
    if (fields->n == 0 && fields->problem == NULL)
        fields->problem =
            "GitHub shows none: the organization has none, or the token may not read them (give "
            "`github_token` an app's token, or a personal access token, with the organization "
            "permission \"Issue Fields: Read\")";
    return true;
}

static struct value
text_of(struct json_object *raw, struct arena *arena)
{
    if (raw == NULL || !json_object_is_type(raw, json_type_string))
        return (struct value){0};
    return value_text(arena_strdup(arena, json_object_get_string(raw)));
}

/* A value as GraphQL shows it, or REST: there the value of a select is its id, with the name beside
 * it. */
static struct value
value_in(const struct issue_field *field, struct json_object *entry, bool rest, struct arena *arena)
{
    struct json_object *list;
    const char **names;
    size_t n;

    switch (field->type) {
    case ISSUE_FIELD_SELECT:
        return text_of(json_get(rest ? json_get(entry, "single_select_option") : entry, "name"),
                       arena);
    case ISSUE_FIELD_MULTI_SELECT:
        list = json_get(entry, rest ? "multi_select_options" : "options");
        names = names_of(list, arena, &n);
        return json_object_is_type(list, json_type_array) ? value_set(names, n) : (struct value){0};
    case ISSUE_FIELD_NUMBER:
        return value_maybe(json_number_text(json_get(entry, rest ? "value" : "n"), arena));
    default:
        return text_of(json_get(entry, "value"), arena);
    }
}

static struct value
no_value(const struct issue_field *field)
{
    return field->type == ISSUE_FIELD_MULTI_SELECT ? value_set(NULL, 0) : value_text("");
}

struct value
decode_issue_field(struct json_object *node, const struct issue_field *field, struct arena *arena)
{
    struct json_object *connection = json_get(node, "issueFieldValues");
    struct json_object *nodes = json_array(connection, "nodes");

    /* GitHub may cut a nested list without reporting it. */
    if (nodes == NULL || json_int(connection, "totalCount", -1) != (int64_t)json_len(nodes))
        return (struct value){0};
    for (size_t i = 0; i < json_len(nodes); i++)
        if (id_of(json_get(json_at(nodes, i), "field")) == field->id)
            return value_in(field, json_at(nodes, i), false, arena);
    return no_value(field);
}

static struct value
listed_value(struct json_object *list, const struct issue_field *field, struct arena *arena)
{
    if (!json_object_is_type(list, json_type_array))
        return (struct value){0};
    for (size_t i = 0; i < json_len(list); i++)
        if (json_int(json_at(list, i), "issue_field_id", 0) == field->id)
            return value_in(field, json_at(list, i), true, arena);
    return no_value(field);
}

struct value
decode_rest_issue_field(struct json_object *tree, const struct issue_field *field,
                        struct arena *arena)
{
    return listed_value(json_get(tree, "issue_field_values"), field, arena);
}

/* The token may lack one permission, which only fields need: other writes continue. */
static bool
no_right(const struct issue_field *field, struct err *err)
{
    struct err why = *err;

    if (why.kind != ERR_ACCESS && why.kind != ERR_NOT_FOUND)
        return false;
    return err_set(err, ERR_REFUSED,
                   "the issue field \"%s\" cannot be written with this token: give `github_token` "
                   "an app's token, or a personal access token, that may write issues (%s)",
                   field->name, why.text);
}

bool
github_write_issue_field(struct github *github, int64_t number, const struct issue_field *field,
                         const struct value *wanted, struct arena *arena, struct value *answered,
                         struct err *err)
{
    struct json_object *entry, *tree;
    double amount = 0;
    struct rest_request request = {
        .method = HTTP_POST,
        .path = rest_path(github, arena, "/issues/%lld/issue-field-values", (long long)number),
        .what = arena_printf(arena, "writing a field of #%lld", (long long)number),
        .safety = RETRY_SAFE,
    };

    *answered = no_value(field);
    if (value_is_empty(wanted)) {
        request.method = HTTP_DELETE;
        request.path = arena_printf(arena, "%s/%lld", request.path, (long long)field->id);
        request.what = arena_printf(arena, "clearing a field of #%lld", (long long)number);
        return rest_remove(github, &request, err) || no_right(field, err);
    }
    if (field->type == ISSUE_FIELD_NUMBER && !decimal_read(wanted->text, &amount))
        return err_set(err, ERR_REFUSED, "\"%s\" is no number", wanted->text);
    entry = json_add_int(json_new_object(), "field_id", field->id);
    json_add(entry, "value",
             field->type == ISSUE_FIELD_NUMBER         ? json_new_number(amount)
             : field->type == ISSUE_FIELD_MULTI_SELECT ? json_new_texts(wanted->items, wanted->len)
                                                       : json_new_text(wanted->text));
    request.body =
        json_add(json_new_object(), "issue_field_values", json_push(json_new_array(), entry));
    if (!rest_json(github, &request, &tree, err))
        return no_right(field, err);
    *answered = listed_value(tree, field, arena);
    json_object_put(tree);
    return answered->kind != VALUE_ABSENT ||
           err_set(err, ERR_DATA, "%s: an answer without the values", request.what);
}
