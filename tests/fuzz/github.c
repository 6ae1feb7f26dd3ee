#include "fuzz.h"

#include "../unit/fields_test.h"
#include "base/json.h"
#include "github/github_p.h"
#include "model/status.h"

#define REPOSITORY "octo/hello"

static const struct marker_key key = {.repository = 42};
static const struct identity robot = {"robot[bot]", &key};

static void
check_marker(struct arena *arena, const char *body, const char *marker)
{
    const char *whole = marker_append(arena, body, marker);
    const char *found = github_find_marker(arena, whole);

    CHECK(found != NULL && strcmp(found, marker) == 0);
    CHECK(strncmp(whole, body, strspn(body, " \t\r\n") < strlen(body) ? strlen(body) : 0) == 0);
}

static void
check_markers(struct arena *arena, const char *body)
{
    const char *found = github_find_marker(arena, body);
    const char *page = marker_page(found);

    check_marker(arena, body, "page=2f1c8a3e-0b4d-4c5e-9f60-718293a4b5c6");
    check_marker(arena, body, "closed page=x");
    if (page != NULL)
        CHECK(is_notion_id(page));
    if (found != NULL && strpbrk(found, "\r\n") == NULL)
        check_marker(arena, body, found);
}

static bool
is_status(const char *text)
{
    static const char *const all[] = {STATUS_OPEN, STATUS_CLOSED, STATUS_NOT_PLANNED,
                                      STATUS_DUPLICATE, STATUS_MERGED};

    for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
        if (strcmp(text, all[i]) == 0)
            return true;
    return false;
}

static void
check_issue(const struct issue *issue)
{
    CHECK(issue->number > 0 && issue->url != NULL && issue->author != NULL);
    for (enum field f = 0; f < FIELD_BUILTINS; f++)
        CHECK(value_of(&issue->values, f)->kind ==
                  (all_fields()->items[f].is_set ? VALUE_SET : VALUE_TEXT) ||
              (value_of(&issue->values, f)->kind == VALUE_ABSENT && f > FIELD_LABELS));
    for (size_t i = 0; i < value_of(&issue->values, FIELD_LABELS)->len; i++)
        CHECK(value_of(&issue->values, FIELD_LABELS)->items[i] != NULL);
    CHECK(is_status(value_of(&issue->values, FIELD_STATUS)->text));
    CHECK((strcmp(value_of(&issue->values, FIELD_STATUS)->text, STATUS_MERGED) == 0) ==
          issue_pull(issue)->merged);
    if (issue->marker != NULL)
        CHECK(issue->own && is_notion_id(issue->marker));
    if (issue_pull(issue)->merged_by_viewer)
        CHECK(issue_pull(issue)->merged);
}

static void
check_comments(struct json_object *connection, struct arena *arena)
{
    struct own_comment_list list = {0};
    struct err err;

    if (!decode_comments(connection, &robot, 7, arena, &list, &err))
        check_err(&err);
    for (size_t i = 0; i < list.len; i++)
        CHECK(list.items[i].id > 0 && list.items[i].marker != NULL &&
              list.items[i].marker[0] != '\0' && strstr(list.items[i].marker, "--") == NULL);
    CHECK(list.len <= json_len(json_array(connection, "nodes")));
    vec_free(&list);
}

static void
check_lists(struct json_object *connection, struct arena *arena)
{
    struct touched_list touched = {0};
    const char *after = "here";
    int64_t oldest = 0;
    struct err err;

    if (!decode_touched(connection, false, &touched, &oldest, &err))
        check_err(&err);
    for (size_t i = 0; i < touched.len; i++)
        CHECK(touched.items[i].number > 0 && touched.items[i].updated_at >= oldest);
    if (!query_next(connection, arena, &after, &err))
        check_err(&err);
    else
        CHECK(after == NULL || strcmp(after, "here") != 0);
    vec_free(&touched);
}

static void
check_query(struct json_object *tree, struct arena *arena)
{
    struct query_answer answer = {.tree = json_object_get(tree)};
    struct issue *issue;
    struct json_object *node;
    struct err err;
    bool cut;

    if (!query_judge(REPOSITORY, &answer, &err)) {
        check_err(&err);
    } else {
        CHECK(answer.viewer != NULL);
        CHECK(json_object_is_type(answer.repository, json_type_object));
        if (!query_node(&answer, 12, &node, &err))
            CHECK(node == NULL && err.kind == ERR_SERVER);
        if (node != NULL &&
            decode_issue(node, &(struct identity){answer.viewer, &key}, arena, &issue, &cut, &err))
            check_issue(issue);
        check_comments(json_get(node, "comments"), arena);
        check_lists(json_get(answer.repository, "issues"), arena);
    }
    query_release(&answer);
}

static void
check_refusal(const char *text, struct arena *arena)
{
    static const int statuses[] = {301, 400, 401, 403, 404, 405, 409, 410, 422, 451, 500};
    struct github github = {.repository = REPOSITORY};
    struct http_answer answer = {.permissions = arena_strdup(arena, text)};
    char reason[REASON_SIZE];
    struct err err;

    buf_init(&answer.body, ANSWER_MAX);
    buf_str(&answer.body, text);
    (void)buf_text(&answer.body);
    for (size_t i = 0; i < sizeof(statuses) / sizeof(*statuses); i++) {
        answer.status = statuses[i];
        CHECK(!rest_refused(&github, &answer, "reading", &err));
        check_err(&err);
    }
    rest_reason(&answer, reason);
    CHECK(reason[0] != '\0' && strlen(reason) < REASON_SIZE);
    if (is_utf8(text))
        CHECK(is_utf8(reason));
    buf_release(&answer.body);
}

static void
check_answer(const char *text, struct arena *arena)
{
    struct json_object *tree;
    struct issue *issue;
    struct value labels;
    struct err err;
    bool cut;

    if (!json_read(text, strlen(text), &tree, NULL))
        return;
    check_query(tree, arena);
    if (decode_issue(tree, &robot, arena, &issue, &cut, &err))
        check_issue(issue);
    else
        check_err(&err);
    if (decode_rest_issue(tree, arena, &issue, &err))
        check_issue(issue);
    else
        check_err(&err);
    if (!decode_labels(tree, arena, &labels, &err))
        check_err(&err);
    check_comments(tree, arena);
    check_lists(tree, arena);
    json_object_put(tree);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct bytes bytes = {data, size};
    const char *text = take_rest(&bytes, arena);

    check_markers(arena, text);
    check_refusal(text, arena);
    check_answer(text, arena);
    arena_free(arena);
    return 0;
}
