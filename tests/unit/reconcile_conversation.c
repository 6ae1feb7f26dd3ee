/* The rows of docs/decision-table.md about conversations (C1 to C9), and how copies look. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "reconcile/conversation.h"

#define SINCE  INT64_C(1772442030500)
#define MINUTE INT64_C(60000)
#define ORIGIN "https://github.com/o/r/issues/1#issuecomment-"

#define GITHUB_ID "2670000005"
#define NOTION_ID "4dc5fc5f-4ccb-8482-bd99-b595d04d2b5f"
#define COPY_ID   "11111111-4ccb-8482-bd99-b595d04d2b5f"
#define PART_ID   "22222222-4ccb-8482-bd99-b595d04d2b5f"

static const struct run hello = {.text = "Hello"};

static struct remark
said(const char *id, const char *author, int64_t after)
{
    return (struct remark){.id = id,
                           .author = author,
                           .url = ORIGIN GITHUB_ID,
                           .text = {&hello, 1},
                           .digest = "d1",
                           .created_at = SINCE + after};
}

static struct remark
copy(const char *id, const char *of, int part)
{
    return (struct remark){
        .id = id, .author = "", .digest = "c", .created_at = SINCE, .copy_of = of, .part = part};
}

/* A conversation of which both sides were read. */
static struct talk
talk_of(const struct remark *github, size_t n_github, const struct remark *notion, size_t n_notion)
{
    return (struct talk){.number = 1,
                         .page_id = COPY_ID,
                         .page_url = "https://app.notion.com/p/x",
                         .since = SINCE,
                         .to_github = true,
                         .read = {true, true},
                         .remarks = {github, notion},
                         .n_remarks = {n_github, n_notion}};
}

static void
expect(const struct talk *talk, size_t posts_github, size_t posts_notion, size_t edits)
{
    struct arena *arena = arena_new();
    const struct talk_plan plan = conversation_plan(talk, arena);

    assert_int_equal(talk_plan_posts(&plan, SIDE_GITHUB), posts_github);
    assert_int_equal(talk_plan_posts(&plan, SIDE_NOTION), posts_notion);
    assert_int_equal(talk_plan_edits(&plan, SIDE_GITHUB) + talk_plan_edits(&plan, SIDE_NOTION),
                     edits);
    assert_int_equal(plan.n_says, posts_github + posts_notion + edits);
    assert_false(plan.wants[SIDE_GITHUB] || plan.wants[SIDE_NOTION]);
    arena_free(arena);
}

static void
test_new(void **state)
{
    const struct remark github[] = {said(GITHUB_ID, "octo", MINUTE)};
    const struct remark notion[] = {said(NOTION_ID, "Paula", MINUTE)};
    struct talk talk = talk_of(github, 1, notion, 1);

    (void)state;
    expect(&talk, 1, 1, 0);
    talk.to_github = false;
    expect(&talk, 0, 1, 0);
}

static void
test_adopts(void **state)
{
    const struct remark github[] = {said(GITHUB_ID, "octo", MINUTE)};
    /* Of two copies of a part the older counts; a part without those before it doesn't count. */
    const struct remark notion[] = {copy(COPY_ID, GITHUB_ID, 1), copy(PART_ID, GITHUB_ID, 1),
                                    copy(PART_ID, GITHUB_ID, 3)};
    const struct talk talk = talk_of(github, 1, notion, 3);
    struct arena *arena = arena_new();
    const struct talk_plan plan = conversation_plan(&talk, arena);

    (void)state;
    expect(&talk, 0, 0, 1);
    assert_int_equal(plan.n_carried, 1);
    assert_int_equal(plan.carried[0].n_copies, 1);
    assert_string_equal(plan.carried[0].copies[0], COPY_ID);
    assert_null(plan.carried[0].digest);
    arena_free(arena);
}

static void
test_early(void **state)
{
    struct remark github[] = {said(GITHUB_ID, "octo", -MINUTE)};
    const struct remark notion[] = {copy(COPY_ID, GITHUB_ID, 1)};
    struct talk talk = talk_of(github, 1, notion, 1);

    (void)state;
    expect(&talk, 0, 0, 0);
    github[0].edited = true;
    expect(&talk, 0, 0, 1);
    talk.n_remarks[SIDE_NOTION] = 0;
    expect(&talk, 0, 0, 0);
}

/* GitHub floors times to the second and Notion to the minute: what may be late is. */
static void
test_floored_times(void **state)
{
    struct remark one[] = {said(GITHUB_ID, "octo", -500)};
    struct talk talk = talk_of(one, 1, NULL, 0);

    (void)state;
    expect(&talk, 0, 1, 0);
    one[0].created_at -= 1000;
    expect(&talk, 0, 0, 0);
    one[0].id = NOTION_ID;
    one[0].created_at = SINCE - SINCE % MINUTE;
    talk = talk_of(NULL, 0, one, 1);
    expect(&talk, 1, 0, 0);
    one[0].created_at -= MINUTE;
    expect(&talk, 0, 0, 0);
}

static const char *const copies[] = {COPY_ID, PART_ID};

static struct carried
carried_as(const char *digest, size_t n_copies)
{
    return (struct carried){.from = SIDE_GITHUB,
                            .id = GITHUB_ID,
                            .copies = copies,
                            .n_copies = n_copies,
                            .digest = digest};
}

static void
test_remembered(void **state)
{
    const struct remark github[] = {said(GITHUB_ID, "octo", MINUTE)};
    const struct carried carried = carried_as("d1", 1);
    struct talk talk = talk_of(github, 1, NULL, 0);

    (void)state;
    talk.carried = &carried;
    talk.n_carried = 1;
    expect(&talk, 0, 0, 0);
    talk.read[SIDE_NOTION] = false;
    expect(&talk, 0, 0, 0);
}

static void
test_edited(void **state)
{
    const struct remark github[] = {said(GITHUB_ID, "octo", -MINUTE)};
    const struct remark notion[] = {copy(PART_ID, GITHUB_ID, 2)};
    struct carried carried = carried_as("d0", 1);
    struct talk talk = talk_of(github, 1, notion, 1);
    struct arena *arena = arena_new();
    struct talk_plan plan;

    (void)state;
    talk.carried = &carried;
    talk.n_carried = 1;
    expect(&talk, 0, 0, 1);
    /* A part that nobody remembers was made by a pass that died. */
    plan = conversation_plan(&talk, arena);
    assert_int_equal(plan.carried[0].n_copies, 2);
    assert_string_equal(plan.carried[0].copies[1], PART_ID);
    assert_int_equal(carried.n_copies, 1);
    /* Not wholly carried: once more, from the beginning if nothing is there. */
    carried = carried_as(NULL, 0);
    talk.n_remarks[SIDE_NOTION] = 0;
    expect(&talk, 0, 1, 0);
    arena_free(arena);
}

static void
test_deleted_copy(void **state)
{
    const struct remark github[] = {said(GITHUB_ID, "octo", MINUTE)};
    const struct carried carried = carried_as("d0", 0);
    struct talk talk = talk_of(github, 1, NULL, 0);

    (void)state;
    talk.carried = &carried;
    talk.n_carried = 1;
    expect(&talk, 0, 0, 0);
}

static void
test_absent(void **state)
{
    const struct carried carried = carried_as("d0", 1);
    struct talk talk = talk_of(NULL, 0, NULL, 0);
    struct arena *arena = arena_new();
    struct talk_plan plan;

    (void)state;
    talk.carried = &carried;
    talk.n_carried = 1;
    expect(&talk, 0, 0, 0);
    plan = conversation_plan(&talk, arena);
    assert_int_equal(plan.n_carried, 1);
    arena_free(arena);
}

static void
test_no_echo(void **state)
{
    struct remark notion[] = {copy(COPY_ID, GITHUB_ID, 1), said(PART_ID, "Bot", MINUTE),
                              said(NOTION_ID, "Paula", MINUTE)};
    const struct carried carried = carried_as("d1", 2);
    struct talk talk = talk_of(NULL, 0, notion, 3);

    (void)state;
    notion[2].apart = true;
    talk.carried = &carried;
    talk.n_carried = 1;
    expect(&talk, 0, 0, 0);
    talk.n_carried = 0;
    expect(&talk, 1, 0, 0);
}

static void
expect_wants(const struct talk *talk, bool github, bool notion)
{
    struct arena *arena = arena_new();
    const struct talk_plan plan = conversation_plan(talk, arena);

    assert_int_equal(plan.wants[SIDE_GITHUB], github);
    assert_int_equal(plan.wants[SIDE_NOTION], notion);
    assert_int_equal(plan.n_says, 0);
    arena_free(arena);
}

static void
test_wants(void **state)
{
    struct remark github[] = {said(GITHUB_ID, "octo", MINUTE)};
    const struct remark notion[] = {said(NOTION_ID, "Paula", MINUTE)};
    const struct carried carried = carried_as("d0", 1);
    struct talk talk = talk_of(github, 1, NULL, 0);

    (void)state;
    talk.read[SIDE_NOTION] = false;
    expect_wants(&talk, false, true);
    talk.carried = &carried;
    talk.n_carried = 1;
    expect_wants(&talk, false, true);
    talk.n_carried = 0;
    github[0].created_at = SINCE - MINUTE;
    expect_wants(&talk, false, false);
    github[0].edited = true;
    expect_wants(&talk, false, true);
    talk = talk_of(NULL, 0, notion, 1);
    talk.read[SIDE_GITHUB] = false;
    expect_wants(&talk, true, false);
}

static void
test_order(void **state)
{
    const struct remark github[] = {said("1", "octo", 3 * MINUTE), said("2", "octo", MINUTE)};
    const struct remark notion[] = {said(NOTION_ID, "Paula", 2 * MINUTE)};
    const struct talk talk = talk_of(github, 2, notion, 1);
    struct arena *arena = arena_new();
    const struct talk_plan plan = conversation_plan(&talk, arena);

    (void)state;
    assert_int_equal(plan.n_says, 3);
    assert_string_equal(plan.says[0].remark->id, "2");
    assert_string_equal(plan.says[1].remark->id, NOTION_ID);
    assert_string_equal(plan.says[2].remark->id, "1");
    arena_free(arena);
}

static struct runs *
parts_of(const struct remark *remark, enum side to, struct arena *arena, size_t *n)
{
    const struct talk talk = talk_of(NULL, 0, NULL, 0);
    const struct say say = {.to = to, .remark = remark};

    return conversation_parts(&talk, &say, arena, n);
}

static void
test_headers(void **state)
{
    struct remark remark = said(GITHUB_ID, "octo", 0);
    struct arena *arena = arena_new();
    size_t n;
    struct runs *parts = parts_of(&remark, SIDE_NOTION, arena, &n);
    const char *id;
    int part;

    (void)state;
    assert_int_equal(n, 1);
    assert_string_equal(parts[0].items[0].text, "octo commented");
    assert_true(copy_header_read(arena, &parts[0].items[0], &id, &part));
    assert_string_equal(id, GITHUB_ID);
    assert_int_equal(part, 1);
    assert_string_equal(parts[0].items[2].text, "Hello");
    remark.author = "";
    parts = parts_of(&remark, SIDE_NOTION, arena, &n);
    assert_string_equal(parts[0].items[0].text, "ghost commented");
    remark.author = "Paula\nPerson";
    parts = parts_of(&remark, SIDE_GITHUB, arena, &n);
    assert_string_equal(parts[0].items[0].text, "Paula Person");
    assert_true(parts[0].items[0].bold);
    assert_string_equal(parts[0].items[2].link, "https://app.notion.com/p/x");
    remark.text.len = 0;
    parts = parts_of(&remark, SIDE_NOTION, arena, &n);
    assert_int_equal(n, 1);
    assert_int_equal(parts[0].len, 2);
    arena_free(arena);
}

static char *
text_of(const struct runs *parts, size_t n, size_t skip, struct arena *arena)
{
    char *text = arena_strdup(arena, "");

    for (size_t i = 0; i < n; i++)
        for (size_t k = skip; k < parts[i].len; k++)
            text = arena_printf(arena, "%s%s", text, parts[i].items[k].text);
    return text;
}

/* Whatever the limits, the parts together say what was said, and each keeps them. */
static void
test_parts_for_notion(void **state)
{
    static struct run runs[450];
    struct remark remark = said(GITHUB_ID, "octo", 0);
    struct arena *arena = arena_new();
    char *emoji = arena_alloc(arena, 4 * 1501 + 1);
    struct runs *parts;
    size_t n;

    (void)state;
    for (size_t i = 0; i < 1501; i++)
        memcpy(emoji + 4 * i, "\xf0\x9f\x8e\x89", 4);
    for (size_t i = 0; i < 450; i++)
        runs[i] = (struct run){.text = i == 0 ? emoji : "x", .bold = i % 2 == 0};
    remark.text = (struct runs){runs, 150};
    parts = parts_of(&remark, SIDE_NOTION, arena, &n);
    assert_int_equal(n, 2);
    assert_string_equal(parts[1].items[0].text, "octo commented, part 2");
    for (size_t i = 0; i < n; i++) {
        assert_true(parts[i].len >= 3 && parts[i].len <= 100);
        for (size_t k = 0; k < parts[i].len; k++)
            assert_true(utf8_length16(parts[i].items[k].text) >= 1 &&
                        utf8_length16(parts[i].items[k].text) <= 2000);
    }
    assert_int_equal(strlen(text_of(parts, n, 2, arena)), 4 * 1501 + 149);
    /* So many looks are not worth as many comments. */
    remark.text.len = 450;
    parts = parts_of(&remark, SIDE_NOTION, arena, &n);
    assert_int_equal(n, 1);
    assert_int_equal(strlen(text_of(parts, n, 2, arena)), 4 * 1501 + 449);
    arena_free(arena);
}

static void
test_parts_for_github(void **state)
{
    static struct run runs[100];
    struct remark remark = said(NOTION_ID, "Paula", 0);
    struct arena *arena = arena_new();
    char *text = arena_alloc(arena, 2001);
    struct runs *parts;
    size_t n;

    (void)state;
    memset(text, '*', 2000);
    for (size_t i = 0; i < 100; i++)
        runs[i] = (struct run){.text = text, .link = i % 2 == 0 ? "https://x.y" : NULL};
    remark.text = (struct runs){runs, 100};
    parts = parts_of(&remark, SIDE_GITHUB, arena, &n);
    assert_int_equal(n, 8);
    assert_string_equal(parts[7].items[3].text, ", part 8");
    arena_free(arena);
}

static void
test_marks(void **state)
{
    static const char *const bad[] = {"page=x",           "comment=",          "comment=x part=1",
                                      "comment=x part=0", "comment=x part=2 ", "comment=x part=",
                                      "comment=x x"};
    static const struct run foreign[] = {
        {.text = "octo commented"},
        {.text = "octo said", .link = ORIGIN "1"},
        {.text = "octo commented on", .link = ORIGIN "1"},
        {.text = "octo commented, part 1", .link = ORIGIN "1"},
        {.text = "octo commented", .link = ORIGIN},
        {.text = "octo commented", .link = ORIGIN "1x"},
    };
    struct arena *arena = arena_new();
    const char *id;
    int part;

    (void)state;
    for (int i = 1; i < 13; i += 11) {
        assert_true(copy_marker_read(arena, copy_marker(arena, NOTION_ID, i), &id, &part));
        assert_string_equal(id, NOTION_ID);
        assert_int_equal(part, i);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(copy_marker_read(arena, bad[i], &id, &part));
    assert_false(copy_marker_read(arena, NULL, &id, &part));
    for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
        assert_false(copy_header_read(arena, &foreign[i], &id, &part));
    arena_free(arena);
}

static struct remark
wrote(const char *id, const char *thread, int64_t after, const struct run *run)
{
    struct remark remark = said(id, "Paula", after);

    remark.thread = thread;
    remark.text = (struct runs){run, 1};
    return remark;
}

/* What a page comment with the marker "/github" shows on GitHub, its runs joined by "|"; NULL: it
 * does not go there. */
static const char *
shown_of(struct arena *arena, const struct run *runs, size_t n)
{
    const struct remark notion = {.id = NOTION_ID,
                                  .author = "Paula",
                                  .text = {runs, n},
                                  .digest = "d1",
                                  .created_at = SINCE + MINUTE};
    struct talk talk = talk_of(NULL, 0, &notion, 1);
    struct talk_plan plan;
    char *text = "";

    talk.marker = "/github";
    talk.open_since = SINCE + MINUTE * 9;
    plan = conversation_plan(&talk, arena);
    if (plan.n_says == 0)
        return NULL;
    assert_string_equal(plan.says[0].remark->digest, "d1");
    for (size_t i = 0; i < plan.says[0].remark->text.len; i++)
        text = arena_printf(arena, "%s%s%s", text, i > 0 ? "|" : "",
                            plan.says[0].remark->text.items[i].text);
    return text;
}

static void
test_marker(void **state)
{
    static const struct {
        struct run runs[3];
        size_t n;
        const char *shown;
    } cases[] = {
        {{{.text = "/github Try again"}}, 1, "Try again"},
        {{{.text = " \n/GitHub\n\nTry again"}}, 1, "Try again"},
        {{{.text = "/git"}, {.text = "hub", .bold = true}, {.text = " it", .bold = true}}, 3, "it"},
        {{{.text = "/github"}, {.text = " "}, {.text = "it", .code = true}}, 3, "it"},
        {{{.text = "/github a "}, {.text = "/github"}}, 2, "a |/github"},
        {{{.text = "/github"}}, 1, NULL},
        {{{.text = "/github \n"}}, 1, NULL},
        {{{.text = "/githubs are nice"}}, 1, NULL},
        {{{.text = "/github: no word"}}, 1, NULL},
        {{{.text = "See /github"}}, 1, NULL},
        {{{.text = "/git hub"}}, 1, NULL},
        {{{.text = ""}}, 1, NULL},
        {{{.text = ""}}, 0, NULL},
    };
    struct arena *arena = arena_new();

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *shown = shown_of(arena, cases[i].runs, cases[i].n);

        if (cases[i].shown == NULL)
            assert_null(shown);
        else
            assert_string_equal(shown != NULL ? shown : "(nothing)", cases[i].shown);
    }
    arena_free(arena);
}

/* Of a discussion that was not carried over from its first comment on, only what begins with the
 * word goes. */
static void
test_answers(void **state)
{
    static const struct run plain = {.text = "Hello"};
    static const struct run marked = {.text = "/github Hello"};
    const struct remark with_marker[] = {
        wrote("n2", "t1", MINUTE, &plain), /* listed before what it answers */
        wrote("n1", "t1", 0, &marked),
        wrote("n3", "t1", 2 * MINUTE, &plain),
        wrote("n4", "t2", 2 * MINUTE, &plain),
    };
    const struct remark without[] = {
        wrote("n1", "t1", 0, &plain),          wrote("n2", "t1", MINUTE, &marked),
        wrote("n3", "t1", 2 * MINUTE, &plain), wrote("n4", NULL, 2 * MINUTE, &plain),
        wrote("n5", NULL, 3 * MINUTE, &plain),
    };
    struct remark to_copy[] = {
        copy(COPY_ID, GITHUB_ID, 1),
        wrote("n2", "t1", MINUTE, &plain),
    };
    const char *const posted[] = {"2670000009"};
    const struct carried known[] = {{SIDE_NOTION, "n1", posted, 1, "d1", false}};
    const struct carried alone[] = {{SIDE_NOTION, "n2", posted, 1, "d1", .alone = true}};
    const struct remark rest[] = {
        wrote("n2", "t1", MINUTE, &marked),
        wrote("n3", "t1", 2 * MINUTE, &plain),
    };
    const struct carried deleted[] = {{SIDE_NOTION, "n1", NULL, 0, "d1", false}};
    struct talk talk = talk_of(NULL, 0, with_marker, 4);

    (void)state;
    talk.marker = "/github";
    expect(&talk, 3, 0, 0);
    talk.remarks[SIDE_NOTION] = without;
    talk.n_remarks[SIDE_NOTION] = 5;
    expect(&talk, 1, 0, 0);
    talk.carried = known;
    talk.n_carried = 1;
    expect(&talk, 2, 0, 0);
    talk.carried = deleted;
    expect(&talk, 1, 0, 0);
    /* What came before it in its discussion was deleted: it is no first comment by that. */
    talk = talk_of(NULL, 0, rest, 2);
    talk.marker = "/github";
    talk.carried = alone;
    talk.n_carried = 1;
    expect(&talk, 0, 0, 0);
    to_copy[0].thread = "t1";
    talk = talk_of(NULL, 0, to_copy, 2);
    talk.marker = "/github";
    expect(&talk, 1, 0, 0);
}

/* What was said under another rule stays where it is, but for what begins with the word. */
static void
test_rule_changes(void **state)
{
    static const struct run plain = {.text = "Hello"};
    static const struct run marked = {.text = "/github Hello"};
    const char *const posted[] = {"2670000009"};
    const struct carried known[] = {{SIDE_NOTION, "n2", posted, 1, "d0", false}};
    struct remark notion[] = {
        wrote("n1", "t1", MINUTE, &plain),
        wrote("n2", "t2", MINUTE, &marked),
        wrote("n3", "t2", 2 * MINUTE, &plain),
        wrote("n4", "t3", 4 * MINUTE, &plain),
    };
    struct talk talk = talk_of(NULL, 0, notion, 4);

    (void)state;
    talk.open_since = SINCE + 3 * MINUTE;
    talk.marker = "";
    expect(&talk, 1, 0, 0);
    talk.marker = "/github";
    expect(&talk, 1, 0, 0);
    notion[2].created_at = SINCE + 3 * MINUTE;
    expect(&talk, 2, 0, 0);
    /* Edits of what was carried over are followed, with the word or without. */
    talk.carried = known;
    talk.n_carried = 1;
    expect(&talk, 1, 0, 1);
    notion[1].text = (struct runs){&plain, 1};
    expect(&talk, 1, 0, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_new),
        cmocka_unit_test(test_adopts),
        cmocka_unit_test(test_early),
        cmocka_unit_test(test_floored_times),
        cmocka_unit_test(test_remembered),
        cmocka_unit_test(test_edited),
        cmocka_unit_test(test_deleted_copy),
        cmocka_unit_test(test_absent),
        cmocka_unit_test(test_no_echo),
        cmocka_unit_test(test_wants),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_parts_for_notion),
        cmocka_unit_test(test_parts_for_github),
        cmocka_unit_test(test_marks),
        cmocka_unit_test(test_marker),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_rule_changes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
