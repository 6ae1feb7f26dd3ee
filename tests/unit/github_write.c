#include <stdlib.h>

#include "github_test.h"

static void
test_labels_plan(void **state)
{
    static const char *const ab[] = {"a", "b"};
    static const char *const a[] = {"A"};
    static const char *const abc[] = {"a", "b", "c"};
    static const char *const bc[] = {"b", "c"};
    static const char *const dots[] = {"a", ".."};
    static const char *const dot[] = {".", "a"};
    static const char *const more[] = {"a", "..."};
    static const struct {
        const char *const *wanted;
        size_t n_wanted;
        const char *const *read;
        size_t n_read;
        enum label_way way;
        const char *first; /* that is added or removed */
    } rows[] = {
        {abc, 3, ab, 2, LABELS_ADD, "c"},         {abc, 3, a, 1, LABELS_ADD, "b"},
        {ab, 2, NULL, 0, LABELS_ADD, "a"},        {a, 1, ab, 2, LABELS_REMOVE, "b"},
        {NULL, 0, a, 1, LABELS_REMOVE, "A"},      {a, 1, abc, 3, LABELS_REPLACE, NULL},
        {bc, 2, ab, 2, LABELS_REPLACE, NULL},     {ab, 2, ab, 2, LABELS_REPLACE, NULL},
        {NULL, 0, NULL, 0, LABELS_REPLACE, NULL}, {a, 1, dots, 2, LABELS_REPLACE, NULL},
        {a, 1, dot, 2, LABELS_REPLACE, NULL},     {a, 1, more, 2, LABELS_REMOVE, "..."},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_new();
        struct value wanted = value_set(rows[i].wanted, rows[i].n_wanted);
        struct value read = value_set(rows[i].read, rows[i].n_read);
        struct label_plan plan = labels_plan(arena, &wanted, &read);

        if (plan.way != rows[i].way)
            fail_msg("row %zu: way %d", i, (int)plan.way);
        if (plan.way == LABELS_ADD)
            assert_string_equal(plan.added.items[0], rows[i].first);
        if (plan.way == LABELS_REMOVE)
            assert_string_equal(plan.removed, rows[i].first);
        assert_int_equal(labels_plan(arena, &wanted, NULL).way, LABELS_REPLACE);
        arena_free(arena);
    }
}

static void
test_tree_slices(void **state)
{
    static char big[1024 * 1024 + 1];
    struct store_file changes[450];
    size_t n = COUNT(changes);

    (void)state;
    for (size_t i = 0; i < n; i++)
        changes[i] = (struct store_file){"records/0/1.json", "{}"};
    assert_int_equal(tree_slice(changes, n), 200);
    assert_int_equal(tree_slice(changes, 200), 200);
    assert_int_equal(tree_slice(changes, 199), 199);
    assert_int_equal(tree_slice(changes, 0), 0);
    memset(big, 'x', sizeof(big) - 1);
    changes[1].text = changes[3].text = changes[4].text = big;
    assert_int_equal(tree_slice(changes, n), 3);
    changes[3].text = NULL;
    assert_int_equal(tree_slice(changes, n), 4);
    assert_int_equal(tree_slice(changes + 4, n - 4), 200);
}

/* One change alone is sent however large it is. */
static void
test_tree_giant(void **state)
{
    size_t size = (size_t)3 << 20;
    char *giant = calloc(1, size + 1);
    struct store_file changes[2] = {{"a", giant}, {"b", "{}"}};

    (void)state;
    assert_non_null(giant);
    memset(giant, 'x', size);
    assert_int_equal(tree_slice(changes, 2), 1);
    free(giant);
}

static void
test_tree_body(void **state)
{
    static const struct store_file changes[] = {{"cursor.json", "{\"a\":\"\\u0000\"}\n"},
                                                {"lock.json", NULL}};
    struct arena *arena = arena_new();
    struct json_object *body = tree_body("b4se", changes, 2);

    (void)state;
    test_text(json_write(arena, body),
              "{\"base_tree\":\"b4se\",\"tree\":["
              "{\"path\":\"cursor.json\",\"mode\":\"100644\",\"type\":\"blob\","
              "\"content\":\"{\\\"a\\\":\\\"\\\\u0000\\\"}\\n\"},"
              "{\"path\":\"lock.json\",\"mode\":\"100644\",\"type\":\"blob\",\"sha\":null}]}",
              "with a base");
    json_object_put(body);
    body = tree_body(NULL, changes, 0);
    test_text(json_write(arena, body), "{\"tree\":[]}", "without");
    json_object_put(body);
    arena_free(arena);
}

static void
test_encode(void **state)
{
    struct arena *arena = arena_new();

    (void)state;
    test_text(url_encode(arena, "a-b._~Z9", ""), "a-b._~Z9", "unreserved");
    test_text(url_encode(arena, "a/b c?d#e%f", ""), "a%2Fb%20c%3Fd%23e%25f", "reserved");
    test_text(url_encode(arena, "../\xC3\xBC", "/"), "../%C3%BC", "kept");
    arena_free(arena);
}

#define HERE  "{\"url\":\"https://h/repos/o/r\",\"has_issues\":true}"
#define THERE "{\"repository_url\":\"https://h/repos/O/r\",\"number\":7}"

static void
test_probe(void **state)
{
    static const struct {
        int status, moved_status, repository_status, issues_status;
        const char *moved, *repository;
        enum probe_result result;
        bool is_pull, told_deleted;
    } rows[] = {
        {200, 0, 0, 0, NULL, NULL, PROBE_HIDDEN, false, false},
        {410, 0, 200, 200, NULL, HERE, PROBE_DELETED, false, false},
        {404, 0, 200, 200, NULL, HERE, PROBE_HIDDEN, false, false},
        {404, 0, 200, 200, NULL, HERE, PROBE_DELETED, false, true},
        {404, 0, 404, 0, NULL, NULL, PROBE_BLIND, false, true},
        {200, 0, 0, 0, NULL, NULL, PROBE_HIDDEN, false, true},
        {0, 0, 200, 0, NULL, "{\"has_pull_requests\":false}", PROBE_NO_PULLS, true, false},
        {404, 0, 200, 410, NULL, "{\"has_issues\":false}", PROBE_BLIND, true, false},
        {404, 0, 404, 0, NULL, NULL, PROBE_BLIND, false, false},
        {410, 0, 404, 0, NULL, NULL, PROBE_BLIND, false, false},
        {404, 0, 200, 404, NULL, HERE, PROBE_BLIND, false, false},
        {404, 0, 200, 0, NULL, HERE, PROBE_BLIND, false, false},
        {410, 0, 200, 410, NULL, "{\"has_issues\":false}", PROBE_NO_ISSUES, false, false},
        {301, 200, 200, 0, THERE, HERE, PROBE_HIDDEN, false, false},
        {301, 200, 200, 0, "{\"repository_url\":\"https://h/repos/o/s\",\"number\":7}", HERE,
         PROBE_TRANSFERRED, false, false},
        {301, 200, 200, 0, "{\"repository_url\":\"https://h/repos/o/r\",\"number\":8}", HERE,
         PROBE_TRANSFERRED, false, false},
        {301, 200, 200, 0, "{}", HERE, PROBE_TRANSFERRED, false, false},
        {301, 200, 404, 0, THERE, NULL, PROBE_BLIND, false, false},
        {301, 301, 200, 200, NULL, HERE, PROBE_BLIND, false, false},
        {301, 404, 200, 200, NULL, HERE, PROBE_DELETED, false, false},
        {301, 404, 200, 404, NULL, HERE, PROBE_BLIND, false, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct probe_seen seen = {.number = 7,
                                  .is_pull = rows[i].is_pull,
                                  .told_deleted = rows[i].told_deleted,
                                  .status = rows[i].status,
                                  .moved_status = rows[i].moved_status,
                                  .repository_status = rows[i].repository_status,
                                  .issues_status = rows[i].issues_status};

        if (rows[i].moved != NULL)
            seen.moved = test_json(rows[i].moved);
        if (rows[i].repository != NULL)
            seen.repository = test_json(rows[i].repository);
        if (probe_decide(&seen) != rows[i].result)
            fail_msg("row %zu: %d", i, (int)probe_decide(&seen));
        json_object_put(seen.moved);
        json_object_put(seen.repository);
    }
}

static void
test_refused(void **state)
{
    static const struct {
        int status;
        const char *body, *permissions;
        enum err_kind kind;
        const char *says;
    } rows[] = {
        {401, "{\"message\":\"Bad credentials\"}", NULL, ERR_ACCESS, "github_token"},
        {403, "{\"message\":\"Resource not accessible by integration\"}",
         "issues=write; pull_requests=write", ERR_ACCESS,
         "add `issues: write` or `pull-requests: write` under `permissions:`"},
        {403, "{\"message\":\"Resource not accessible by integration\"}",
         "contents=write,workflows=write", ERR_ACCESS, "`contents: write` and `workflows: write`"},
        {403, "{\"message\":\"Must have admin rights to Repository.\"}", NULL, ERR_ACCESS,
         "Must have admin rights"},
        {403, "{\"message\":\"Unable to create comment because issue is locked.\"}", "issues=write",
         ERR_REFUSED, "unlock"},
        {403, "{\"message\":\"Repository access blocked\"}", NULL, ERR_ACCESS,
         "access blocked (403)"},
        {404, "{\"message\":\"Not Found\"}", NULL, ERR_NOT_FOUND, "not found in o/r"},
        {409, "{\"message\":\"Git Repository is empty.\"}", NULL, ERR_INPUT, "no commit yet"},
        {409, "{\"message\":\"Conflict\"}", NULL, ERR_CONFLICT, "Conflict"},
        {410, "{\"message\":\"Issues has been disabled in this repository.\"}", NULL, ERR_INPUT,
         "turn on Issues"},
        {410, "{\"message\":\"This issue was deleted\"}", NULL, ERR_GONE, "deleted"},
        {301, "{}", NULL, ERR_GONE, "moved"},
        {422,
         "{\"message\":\"Validation "
         "Failed\",\"errors\":[{\"field\":\"title\",\"code\":\"missing\"},"
         "{\"message\":\"too long\"},\"text\",7,null]}",
         NULL, ERR_REFUSED, "Validation Failed: title: missing, too long, text (422)"},
        {422, "{\"message\":\"Validation Failed\",\"errors\":\"too long\"}", NULL, ERR_REFUSED,
         "Validation Failed: too long (422); " ERR_CURE_REFUSED},
        {400, "<html>", NULL, ERR_REFUSED, "no reason given (400)"},
        {422, "", NULL, ERR_REFUSED, "no reason given"},
        {422, "{\"message\":[],\"errors\":{}}", NULL, ERR_REFUSED, "no reason given"},
    };
    const struct github github = {.repository = "o/r"};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct http_answer answer = {.status = rows[i].status,
                                     .permissions = (char *)(uintptr_t)rows[i].permissions};
        struct err err = {0};

        buf_init(&answer.body, 4096);
        buf_str(&answer.body, rows[i].body);
        assert_false(rest_refused(&github, &answer, "doing it", &err));
        if (err.kind != rows[i].kind || strncmp(err.text, "doing it: ", 10) != 0 ||
            strstr(err.text, rows[i].says) == NULL)
            fail_msg("row %zu: kind %d, %s", i, (int)err.kind, err.text);
        buf_release(&answer.body);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_labels_plan), cmocka_unit_test(test_tree_slices),
        cmocka_unit_test(test_tree_giant),  cmocka_unit_test(test_tree_body),
        cmocka_unit_test(test_encode),      cmocka_unit_test(test_probe),
        cmocka_unit_test(test_refused),
    };

    return cmocka_run_group_tests_name("github: what is written and refused", tests, NULL, NULL);
}
