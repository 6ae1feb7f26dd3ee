#include "report_fixture.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/log.h"

/* Writing happens in a folder of its own; standard output and error are files in it meanwhile. */

#define TEXT_SIZE 65536

struct place {
    struct fixture *fixture;
    char folder[64];
    int out, err;
};

static char *
place_path(const struct place *place, const char *name)
{
    return arena_printf(place->fixture->arena, "%s/%s", place->folder, name);
}

static int
divert(const struct place *place, int fd, const char *name)
{
    int kept = dup(fd);

    fflush(NULL);
    assert_non_null(freopen(place_path(place, name), "w", fd == STDOUT_FILENO ? stdout : stderr));
    return kept;
}

static void
restore(FILE *stream, int fd, int kept)
{
    fflush(stream);
    dup2(kept, fd);
    close(kept);
}

static int
place_setup(void **state)
{
    static struct place place;
    void *fixture;

    fixture_setup(&fixture);
    place.fixture = fixture;
    snprintf(place.folder, sizeof(place.folder), "/tmp/report-test-XXXXXX");
    if (mkdtemp(place.folder) == NULL)
        return -1;
    place.fixture->config.temp_folder = place.folder;
    *state = &place;
    return 0;
}

static int
place_teardown(void **state)
{
    static const char *const names[] = {"out", "err", "output", "summary",
                                        "notion-sync-report.json"};
    struct place *place = *state;
    void *fixture = place->fixture;

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        unlink(place_path(place, names[i]));
    /* Fails if something else, say a temporary file, was left behind. */
    if (rmdir(place->folder) != 0)
        return -1;
    return fixture_teardown(&fixture);
}

static char *
place_read(const struct place *place, const char *name)
{
    char *text = arena_alloc(place->fixture->arena, TEXT_SIZE);
    FILE *file = fopen(place_path(place, name), "r");

    if (file == NULL)
        return NULL;
    text[fread(text, 1, TEXT_SIZE - 1, file)] = '\0';
    fclose(file);
    return text;
}

static void
place_write(struct place *place)
{
    place->out = divert(place, STDOUT_FILENO, "out");
    place->err = divert(place, STDERR_FILENO, "err");
    report_write(&place->fixture->report);
    restore(stdout, STDOUT_FILENO, place->out);
    restore(stderr, STDERR_FILENO, place->err);
}

static size_t
count_of(const char *text, const char *part)
{
    size_t count = 0;

    while ((text = strstr(text, part)) != NULL) {
        count++;
        text += strlen(part);
    }
    return count;
}

static void
files_are_appended_to(void **state)
{
    struct place *place = *state;
    struct config *config = &place->fixture->config;
    FILE *file;
    const char *text;
    const char *report = place_path(place, "notion-sync-report.json");

    config->output_file = place_path(place, "output");
    config->summary_file = place_path(place, "summary");
    file = fopen(config->output_file, "w");
    fputs("before=1\n", file);
    fclose(file);
    place_write(place);
    text = place_read(place, "output");
    assert_int_equal(strncmp(text, "before=1\nissues_created=0\n", 26), 0);
    assert_non_null(strstr(text, arena_printf(place->fixture->arena, "\nreport=%s\n", report)));
    place_write(place);
    assert_int_equal(count_of(place_read(place, "summary"), "## Notion sync:"), 2);
    assert_string_equal(place_read(place, "out"), "");
}

static void
the_report_is_whole_and_readable(void **state)
{
    struct place *place = *state;
    struct json_object *json;
    struct err err = {0};
    struct stat info;
    const char *text;

    place->fixture->config.in_actions = true;
    place_write(place);
    text = place_read(place, "notion-sync-report.json");
    assert_true(json_read(text, strlen(text), &json, &err));
    json_object_put(json);
    assert_int_equal(stat(place_path(place, "notion-sync-report.json"), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0644);
    place->fixture->config.in_actions = false;
    place_write(place);
    assert_int_equal(stat(place_path(place, "notion-sync-report.json"), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
}

static void
one_failure_keeps_nothing_else_back(void **state)
{
    struct place *place = *state;
    struct config *config = &place->fixture->config;
    const char *log;

    config->temp_folder = place_path(place, "missing");
    config->output_file = place_path(place, "missing/output");
    config->summary_file = place_path(place, "summary");
    place_write(place);
    assert_non_null(strstr(place_read(place, "summary"), "Everything is in sync"));
    log = place_read(place, "err");
    assert_non_null(strstr(log, "warning: the JSON report is missing: "));
    assert_non_null(strstr(log, "warning: the step's outputs are missing: "));
    config->output_file = place_path(place, "output");
    place_write(place);
    assert_non_null(strstr(place_read(place, "output"), "\nreport=\n"));
}

static void
a_folder_in_the_way_gives_the_report_another_name(void **state)
{
    struct place *place = *state;
    char *path = place_path(place, "notion-sync-report.json");
    char *line;

    assert_int_equal(mkdir(path, 0700), 0);
    place->fixture->config.output_file = place_path(place, "output");
    place_write(place);
    assert_null(strstr(place_read(place, "err"), "warning"));
    line = strstr(place_read(place, "output"), arena_printf(place->fixture->arena, "%s.", path));
    assert_non_null(line);
    line[strcspn(line, "\n")] = '\0';
    assert_int_equal(strlen(line), strlen(path) + strlen(".XXXXXX"));
    assert_int_equal(unlink(line), 0);
    assert_int_equal(rmdir(path), 0);
}

static void
without_a_summary_file_the_essentials_are_printed(void **state)
{
    struct place *place = *state;
    struct fixture *f = place->fixture;
    struct result *result = fixture_result(f, fixture_item(f, ROW_E1_NEW_ISSUE, 0, "New"), DONE_OK);

    result->created_issue = true;
    result->number = 31;
    place_write(place);
    assert_string_equal(place_read(place, "out"),
                        "1 issue created\n"
                        "  #31 “New”: issue created\n"
                        "GitHub REST 0 requests; GitHub GraphQL 0 requests; Notion 0 requests\n");
}

static void
the_log_is_short(void **state)
{
    struct place *place = *state;
    struct fixture *f = place->fixture;
    const char *log;

    for (int i = 0; i < 530; i++) {
        struct item *item = fixture_item(f, ROW_LINKED, 1000 + i, "t");
        struct result *result = fixture_result(f, item, DONE_FAILED);

        /* Each failure has a reason of its own. */
        err_set(&result->err, ERR_REFUSED, i == 0 ? "mend it" : "mend %c%c", 'H' + i / 18,
                'H' + i % 18);
        item_note(item, "look\nat\u202e it", f->arena);
    }
    f->report.notice = "another pass is at work";
    place_write(place);
    log = place_read(place, "err");
    assert_int_equal(count_of(log, "error: #1"), 500);
    assert_non_null(strstr(log, "error: #1000 “t”: mend it\n"));
    assert_non_null(strstr(log, "error: … and 30 more failures, all in the report\n"));
    assert_int_equal(count_of(log, "warning: #1"), 500);
    assert_non_null(strstr(log, "warning: #1000 “t”: look↵at⟨U+202E⟩ it\n"));
    assert_non_null(strstr(log, "warning: … and 30 more warnings, all in the report\n"));
    assert_non_null(strstr(log, "\nanother pass is at work\n530 failures\n"));
}

static void
an_ended_pass_is_logged_once(void **state)
{
    struct place *place = *state;

    err_set(&place->fixture->report.err, ERR_ACCESS, "give the token access");
    place_write(place);
    assert_string_equal(place_read(place, "err"), "error: give the token access\nThe run failed\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_setup, place_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(files_are_appended_to),
        TEST(the_report_is_whole_and_readable),
        TEST(one_failure_keeps_nothing_else_back),
        TEST(a_folder_in_the_way_gives_the_report_another_name),
        TEST(without_a_summary_file_the_essentials_are_printed),
        TEST(the_log_is_short),
        TEST(an_ended_pass_is_logged_once),
    };

    log_init(LOG_INFO, false);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
