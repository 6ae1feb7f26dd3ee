#include "report_fixture.h"

#include <stdlib.h>

#include "base/json.h"
#include "model/status.h"
#include "report/report_p.h"

#define MIB ((size_t)1048576)

static void
assert_contains(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("not found: %s\nin: %s", part, text);
}

static void
assert_lacks(const char *text, const char *part)
{
    if (strstr(text, part) != NULL)
        fail_msg("found: %s\nin: %s", part, text);
}

/* A conflict of titles that GitHub wins, and a status that Notion changed. */
static struct result *
add_conflict(struct fixture *f, enum done done, const char *github, const char *notion)
{
    struct item *item = fixture_item(f, ROW_LINKED, 12, github);
    struct result *result;

    fixture_ends(f, item, false);
    fixture_field(item, FIELD_TITLE, ROW_F7_CONFLICT, PAIR(github, notion), PAIR(github, github));
    item->fields[FIELD_TITLE].conflict = true;
    item->fields[FIELD_TITLE].winner = SIDE_GITHUB;
    fixture_field(item, FIELD_STATUS, ROW_F3_TO_GITHUB, PAIR(STATUS_OPEN, "Done"),
                  PAIR(STATUS_CLOSED, "Done"));
    fixture_action(item, ACTION_WRITE_ISSUE);
    fixture_action(item, ACTION_WRITE_PAGE);
    result = fixture_result(f, item, done);
    if (done != DONE_PLANNED) {
        result->updated_issue = result->updated_page = result->closed = true;
    }
    return result;
}

static void
summary_tells_everything(void **state)
{
    struct fixture *f = *state;
    struct result *result;
    struct item *item;
    const char *text;

    f->report.full = true;
    f->report.why_full = "first pass";
    f->report.database_title = "Plans | 2";
    f->report.database_url = "https://www.notion.so/db";
    f->report.in_step = 40;
    f->report.github_rest = (struct http_stats){.requests = 12, .limit = 1000, .remaining = 988};
    f->report.notion.requests = 1;
    f->report.notion.waited = 11500;
    add_conflict(f, DONE_OK, "Ship `it`", "Ship it | @octocat");
    result = fixture_result(f, fixture_item(f, ROW_LINKED, 13, "broken"), DONE_FAILED);
    err_set(&result->err, ERR_REFUSED, "label \"x\" is too long: shorten it in Notion");
    item = fixture_item(f, ROW_E6_DUPLICATE, 14, "twice");
    item_note(item, "GitHub ID 14 stands on two pages: clear one", f->arena);
    result = fixture_result(f, item, DONE_OK);
    result->refused = "a review is missing";
    fixture_result(f, fixture_item(f, ROW_LINKED, 15, "later"), DONE_REMAINING);
    text = report_summary(f->arena, &f->report);

    assert_contains(text, "## Notion sync: Done, 1 conflict, 1 failure, 1 left for the next run\n\n"
                          "**Next step:** correct what is listed under *Failures*; the next run "
                          "tries again.\n\n");
    assert_contains(text, "Full run of `octo/plans` and [`Plans | 2`](https://www.notion.so/db): "
                          "it compared everything (first pass).\n");
    assert_contains(text, "```mermaid\nflowchart LR\n    N[(\"Notion\")]\n    G[(\"GitHub\")]\n"
                          "    N -->|\"1 issue closed\"| G\n    G -->|\"1 page updated\"| N\n"
                          "    C{{\"1 conflict\"}} -.- N & G\n```\n");
    assert_contains(text, "\n| Issues and pull requests closed | 1 |\n");
    assert_contains(text, "\n| Compared and in sync | 40 |\n");
    assert_lacks(text, "Pages created");
    assert_contains(
        text, "| [#12](https://github.com/octo/plans/issues/12) `` Ship `it` `` "
              "| [page](https://www.notion.so/page-12) "
              "| issue closed<br>title in Notion: `Ship it \\| @octocat` → `` Ship `it` `` |\n");
    assert_contains(text,
                    "The title was different on both sides when they were linked; the value of "
                    "GitHub is kept.\n\n"
                    "GitHub (kept):\n\n```text\nShip `it`\n```\n\n"
                    "Notion (replaced):\n\n```text\nShip it | @octocat\n```\n\n"
                    "To use the other value, enter it again on either side.\n");
    assert_lacks(text, "F7");
    assert_contains(text, "### Failures\n\n- `#13` `broken`: "
                          "`label \"x\" is too long: shorten it in Notion`\n");
    assert_contains(text, "### To look at\n\n- `#14` `twice`: "
                          "`GitHub ID 14 stands on two pages: clear one`\n"
                          "- `#14` `twice`: `not merged: a review is missing`\n");
    assert_contains(text, "### Left for the next run\n\n- `#15` `later`\n");
    assert_contains(text, "<sub>GitHub REST 12 requests, 988 of 1000 left; GitHub GraphQL 0 "
                          "requests; Notion 1 request; waited 12 s for rate limits.</sub>\n");
}

/* A name of letters is shown as it is, any other as code; the title is the title. */
static void
columns_have_the_names_that_people_see(void **state)
{
    struct fixture *f = *state;
    struct item *item = fixture_item(f, ROW_LINKED, 12, "One");
    struct rules rules = *item->rules;
    struct buf log;

    item->rules = &rules;
    rules.column[FIELD_TITLE] = "Task";
    rules.column[FIELD_MILESTONE] = "Sprint goal";
    rules.column[FIELD_AUTHOR] = "By | @octocat";
    fixture_ends(f, item, false);
    fixture_field(item, FIELD_TITLE, ROW_F2_TO_NOTION, PAIR("a", "b"), PAIR("a", "a"));
    fixture_field(item, FIELD_MILESTONE, ROW_F2_TO_NOTION, PAIR("v2", "v1"), PAIR("v2", "v2"));
    fixture_field(item, FIELD_ISSUE_TYPE, ROW_F3_TO_GITHUB, PAIR("Bug", "Task"),
                  PAIR("Task", "Task"));
    fixture_field(item, FIELD_AUTHOR, ROW_F2_TO_NOTION, PAIR("ana", "bo"), PAIR("ana", "ana"));
    fixture_action(item, ACTION_WRITE_ISSUE);
    fixture_action(item, ACTION_WRITE_PAGE);
    fixture_result(f, item, DONE_PLANNED);
    assert_contains(report_summary(f->arena, &f->report),
                    "| issue type on GitHub: `Bug` → `Task`<br>title in Notion: `b` → `a`<br>"
                    "Sprint goal in Notion: `v1` → `v2`<br>"
                    "`By \\| @octocat` in Notion: `bo` → `ana` |\n");
    buf_init(&log, MIB);
    report_acts(&log, f->report.results.items[0]);
    assert_string_equal(buf_text(&log), "issue type to GitHub; "
                                        "title, Sprint goal, `By \\| @octocat` to Notion");
    buf_release(&log);
}

static void
dry_run_says_so(void **state)
{
    struct fixture *f = *state;
    const char *text;

    f->config.dry_run = true;
    add_conflict(f, DONE_PLANNED, "new", "old");
    text = report_summary(f->arena, &f->report);
    assert_contains(text, "## Notion sync: Dry run, 1 issue or page would change, 1 conflict\n");
    assert_contains(text, "**Dry run: nothing was written.**");
    assert_contains(text, "### What would be done");
    assert_contains(text, "N -.->|\"1 issue closed\"| G\n");
    assert_contains(text, "| close the issue<br>title in Notion: `old` → `new` |");
    assert_contains(text, "Notion (would be replaced):");
    assert_lacks(text, "What was done");
}

static void
headlines(void **state)
{
    struct fixture *f = *state;
    const struct {
        bool quiet;
        const char *notice;
        enum err_kind kind;
        const char *wanted;
    } cases[] = {
        {false, NULL, ERR_NONE, "## Notion sync: Everything is in sync\n"},
        {true, NULL, ERR_NONE, "## Notion sync: Nothing changed since the last run\n"},
        {false, "another pass is at work", ERR_NONE, "## Notion sync: Nothing was done\n"},
        {false, NULL, ERR_ACCESS, "## Notion sync: The run failed\n"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        f->report.quiet = cases[i].quiet;
        f->report.notice = cases[i].notice;
        f->report.err.kind = cases[i].kind;
        assert_contains(report_summary(f->arena, &f->report), cases[i].wanted);
    }
}

static void
the_error_is_shown_as_code(void **state)
{
    struct fixture *f = *state;

    err_set(&f->report.err, ERR_ACCESS, "grant the token access @octocat <b>#1");
    assert_contains(report_summary(f->arena, &f->report),
                    "> [!CAUTION]\n> **The run failed before it changed any issue or page.**\n>\n"
                    "> `grant the token access @octocat <b>#1`\n");
}

static void
what_was_done_is_described(void **state)
{
    struct fixture *f = *state;
    struct item *item = fixture_item(f, ROW_LINKED, 12, "t");
    struct result *result;
    struct buf out;

    fixture_ends(f, item, true);
    fixture_field(item, FIELD_TITLE, ROW_F3_TO_GITHUB, PAIR("old", "new"), PAIR("new", "new"));
    fixture_field(item, FIELD_STATUS, ROW_F3_TO_GITHUB, PAIR(STATUS_CLOSED, "To do"),
                  PAIR(STATUS_OPEN, "To do"));
    result = fixture_result(f, item, DONE_OK);
    result->reopened = result->updated_issue = true;
    result->comments = 1;
    buf_init(&out, MIB);
    report_describe(&out, result, QUOTE_PLAIN);
    assert_string_equal(buf_text(&out), "pull request reopened; 1 comment; "
                                        "title on GitHub: “old” → “new”");
    result->updated_issue = false;
    buf_clear(&out);
    report_describe(&out, result, QUOTE_PLAIN);
    assert_string_equal(buf_text(&out), "pull request reopened; 1 comment");
    buf_release(&out);
}

static void
foreign_words_are_code(void **state)
{
    struct fixture *f = *state;
    const char *text;

    f->report.full = true;
    f->report.why_full = "asked for by @octocat";
    f->report.notice = "run 77 is at work: nothing was done";
    text = report_summary(f->arena, &f->report);
    assert_contains(text, "(`asked for by @octocat`)");
    assert_contains(text, "> [!IMPORTANT]\n> run 77 is at work: nothing was done\n");
}

static void
a_stop_is_no_failure(void **state)
{
    struct fixture *f = *state;
    const char *text;

    err_set(&f->report.err, ERR_STOPPED, "the time is up: raise max_runtime");
    fixture_result(f, fixture_item(f, ROW_LINKED, 15, "later"), DONE_REMAINING);
    text = report_summary(f->arena, &f->report);
    assert_contains(text, "## Notion sync: Nothing was done, 1 left for the next run\n");
    assert_contains(text, "> [!WARNING]\n> **The run stopped early; the next run continues.**\n");
    f->report.err.kind = ERR_STATE;
    assert_contains(report_summary(f->arena, &f->report), "> [!CAUTION]\n");
}

#define LETTER(n) (char)('g' + (n) % 16)

/* Every text is long and hostile, every result belongs to every part of the summary. */
static void
fill_hostile(struct fixture *f, size_t count)
{
    char *title = arena_alloc(f->arena, 301);

    memset(title, '|', 300);
    for (size_t i = 0; i < count; i++) {
        struct result *result = add_conflict(f, i % 2 == 0 ? DONE_OK : DONE_FAILED, title, "`");
        struct item *item = (struct item *)result->item;

        /* Each has a reason of its own: letters, since reasons do not differ by numbers. */
        err_set(&result->err, ERR_REFUSED, "%s%c%c%c%c", title, LETTER(i), LETTER(i / 16),
                LETTER(i / 256), LETTER(i / 4096));
        item_note(item, title, f->arena);
        if (i % 3 == 0)
            result->done = DONE_REMAINING;
    }
}

/* Entries shown under a heading, and those that it says are hidden. */
static size_t
entries_under(const char *text, const char *heading, const char *entry)
{
    const char *from = strstr(text, heading);
    const char *end = from != NULL ? strstr(from, "\n… and ") : NULL;
    size_t count = 0;

    assert_non_null(end);
    while ((from = strstr(from, entry)) != NULL && from < end) {
        count++;
        from += strlen(entry);
    }
    return count + (size_t)strtoul(end + strlen("\n… and "), NULL, 10);
}

/* The same but for ids and numbers is one line. */
static void
repeated_failures_are_one_line(void **state)
{
    static const char *const texts[] = {
        "page 11111111-2222-4333-8444-555555555555: refused",
        "page 9b2c: refused",
        "page 12: gone",
        "page 7: refused",
    };
    struct fixture *f = *state;
    const char *text;

    for (size_t i = 0; i < 4; i++) {
        struct result *result =
            fixture_result(f, fixture_item(f, ROW_LINKED, (int64_t)(40 + i), "Title"), DONE_FAILED);

        err_set(&result->err, ERR_ACCESS, "%s", texts[i]);
    }
    text = report_summary(f->arena, &f->report);
    assert_contains(text,
                    "`page 11111111-2222-4333-8444-555555555555: refused` (and 2 more for the "
                    "same reason: `#41` `Title`, `#43` `Title`)\n");
    assert_contains(text, "`page 12: gone`\n");
    assert_null(strstr(text, "9b2c"));
}

static void
summary_keeps_the_limit(void **state)
{
    struct fixture *f = *state;
    struct report_counts counts;
    const char *text;

    fill_hostile(f, 100000);
    counts = report_count(&f->report);
    text = report_summary(f->arena, &f->report);
    assert_true(strlen(text) <= MIB);
    assert_true(strlen(text) > MIB / 2);
    assert_int_equal(entries_under(text, "### What was done\n", "\n| [#12]"), 100000);
    assert_int_equal(entries_under(text, "### Conflicts\n", "\n#### "), counts.conflicts);
    assert_int_equal(entries_under(text, "### Failures\n", "\n- "), counts.failures);
    assert_int_equal(entries_under(text, "### To look at\n", "\n- "), 100000);
    assert_int_equal(entries_under(text, "### Left for the next run\n", "\n- "), counts.remaining);
    assert_contains(text, "Notion 0 requests.</sub>\n");
}

static void
a_huge_value_is_cut_and_said_to_be(void **state)
{
    struct fixture *f = *state;
    char *huge = arena_alloc(f->arena, 3000001);
    const char *text;

    memset(huge, 'x', 3000000);
    add_conflict(f, DONE_OK, "short", huge);
    text = report_summary(f->arena, &f->report);
    assert_true(strlen(text) < 10000);
    assert_contains(text, "*The first 1000 of 3000000 characters; the JSON report has them all.*");
    add_conflict(f, DONE_OK, "short", arena_strndup(f->arena, huge, 100000));
    assert_true(strlen(report_summary(f->arena, &f->report)) > 100000);
}

static struct json_object *
read_report(struct fixture *f)
{
    const char *text = report_json(f->arena, &f->report);
    struct json_object *json;
    struct err err = {0};

    if (!json_read(text, strlen(text), &json, &err))
        fail_msg("%s: %s", err.text, text);
    return json;
}

static void
json_tells_everything(void **state)
{
    struct fixture *f = *state;
    struct json_object *json;
    struct json_object *result;
    struct json_object *field;

    f->config.notion_token = "ntn_secret";
    f->config.github_token = "ghs_secret";
    f->report.started = 1773219600000;
    add_conflict(f, DONE_OK, "a \"b\"\n\xff", "");
    fixture_result(f, fixture_item(f, ROW_E5_NO_ISSUE, 9, "nine"), DONE_FAILED)->err.kind =
        ERR_GONE;
    assert_lacks(report_json(f->arena, &f->report), "secret");
    json = read_report(f);
    assert_int_equal(json_int(json, "version", 0), 1);
    assert_string_equal(json_string(json, "started"), "2026-03-11T09:00:00.000Z");
    assert_true(json_has(json, "ended"));
    assert_null(json_get(json, "ended"));
    assert_int_equal(json_int(json_get(json, "counts"), "conflicts", 0), 1);
    assert_null(json_path(json, "services", "notion", "limit", NULL));
    assert_int_equal(json_len(json_array(json, "results")), 2);
    result = json_at(json_array(json, "results"), 0);
    assert_string_equal(json_string(result, "row"), "linked");
    assert_string_equal(json_string(result, "done"), "done");
    assert_string_equal(json_string(result, "title"), "a \"b\"\n\xef\xbf\xbd");
    assert_true(json_flag(json_get(result, "effects"), "issue_closed", false));
    assert_null(json_get(result, "error"));
    assert_int_equal(json_len(json_array(result, "fields")), 2);
    field = json_at(json_array(result, "fields"), 0);
    assert_string_equal(json_string(field, "row"), "F7");
    assert_string_equal(json_string(field, "winner"), "github");
    assert_string_equal(json_string(json_get(field, "before"), "notion"), "");
    assert_string_equal(json_string(json_get(field, "after"), "notion"), "a \"b\"\n\xef\xbf\xbd");
    assert_int_equal(json_len(json_array(field, "writes")), 1);
    result = json_at(json_array(json, "results"), 1);
    assert_string_equal(json_string(json_get(result, "error"), "kind"), "gone");
    json_object_put(json);
}

static void
json_keeps_absent_and_empty_apart(void **state)
{
    static const char *const labels[] = {"bug", "x, y"};
    struct fixture *f = *state;
    struct result *result = add_conflict(f, DONE_OK, "a", "b");
    struct item *item = (struct item *)result->item;
    struct json_object *json;
    struct json_object *after;

    item->fields[FIELD_LABELS].row = ROW_F5_BOTH;
    item->fields[FIELD_LABELS].value[SIDE_GITHUB] = value_set(labels, 2);
    item->fields[FIELD_LABELS].value[SIDE_NOTION] = value_set(NULL, 0);
    json = read_report(f);
    after = json_at(json_array(json_at(json_array(json, "results"), 0), "fields"), 2);
    assert_null(json_path(after, "before", "github", NULL));
    after = json_get(after, "after");
    assert_int_equal(json_len(json_array(after, "github")), 2);
    assert_non_null(json_array(after, "notion"));
    assert_int_equal(json_len(json_array(after, "notion")), 0);
    json_object_put(json);
}

static void
json_of_an_empty_pass(void **state)
{
    struct json_object *json = read_report(*state);

    assert_int_equal(json_len(json_array(json, "results")), 0);
    assert_false(json_flag(json_get(json, "counts"), "changed", true));
    json_object_put(json);
}

static void
plain_text_moves_no_cursor(void **state)
{
    struct fixture *f = *state;
    struct buf out;

    add_conflict(f, DONE_OK, "\033[2J\n::error::x ##[group]", "old");
    buf_init(&out, MIB);
    report_plain(&out, &f->report, false);
    assert_contains(buf_text(&out), "1 issue closed, 1 page updated, 1 conflict\n"
                                    "  #12 “⟨U+001B⟩[2J↵::error::x ## [group]”: issue closed; "
                                    "title in Notion: “old” → “");
    assert_contains(buf_text(&out), "  Notion: “old”\n");
    assert_lacks(buf_text(&out), "\033");
    assert_lacks(buf_text(&out), "\n::");
    buf_release(&out);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(summary_tells_everything),
        TEST(columns_have_the_names_that_people_see),
        TEST(dry_run_says_so),
        TEST(headlines),
        TEST(the_error_is_shown_as_code),
        TEST(what_was_done_is_described),
        TEST(foreign_words_are_code),
        TEST(a_stop_is_no_failure),
        TEST(repeated_failures_are_one_line),
        TEST(summary_keeps_the_limit),
        TEST(a_huge_value_is_cut_and_said_to_be),
        TEST(json_tells_everything),
        TEST(json_keeps_absent_and_empty_apart),
        TEST(json_of_an_empty_pass),
        TEST(plain_text_moves_no_cursor),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
