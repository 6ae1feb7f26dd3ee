#include "markdown.h"

#include "../unit/fields_test.h"
#include "base/json.h"
#include "model/status.h"
#include "reconcile/rules.h"
#include "report/report.h"

#define MIB ((size_t)1048576)

static struct value
take_value(struct bytes *bytes, enum field field, struct arena *arena)
{
    const char **items;

    if (take_byte(bytes) % 4 == 0)
        return (struct value){0};
    if (field == FIELD_STATUS)
        return value_text(take_flag(bytes) ? STATUS_OPEN : STATUS_CLOSED);
    if (!all_fields()->items[field].is_set)
        return value_text(take_text(bytes, arena));
    items = arena_array(arena, 2, sizeof(*items));
    items[0] = take_text(bytes, arena);
    items[1] = take_text(bytes, arena);
    return value_set(items, take_below(bytes, 3));
}

static const char *
take_or_null(struct bytes *bytes, struct arena *arena)
{
    return take_flag(bytes) ? take_text(bytes, arena) : NULL;
}

static struct issue *
take_issue(struct bytes *bytes, int64_t number, struct arena *arena)
{
    struct issue *issue = arena_alloc(arena, sizeof(*issue));

    issue->number = number;
    issue->is_pull = take_flag(bytes);
    issue->url = take_text(bytes, arena);
    issue->author = "ann";
    for (enum field f = 0; f < FIELD_BUILTINS; f++)
        values_put(&issue->values, f, take_value(bytes, f, arena), arena);
    return issue;
}

static struct page *
take_page(struct bytes *bytes, struct arena *arena)
{
    struct page *page = arena_alloc(arena, sizeof(*page));

    page->id = "2f1c8a3e-0b4d-4c5e-9f60-718293a4b5c6";
    page->url = take_text(bytes, arena);
    page->edited_by = "";
    for (enum field f = 0; f < FIELD_BUILTINS; f++)
        values_put(&page->values, f, take_value(bytes, f, arena), arena);
    return page;
}

static void
take_fields(struct bytes *bytes, struct item *item, struct arena *arena)
{
    static struct rules rules;

    rules.fields = all_fields();
    item->rules = &rules;
    item->fields = arena_array(arena, FIELD_BUILTINS, sizeof(*item->fields));
    for (enum field f = 0; f < FIELD_BUILTINS; f++) {
        struct field_plan *plan = &item->fields[f];
        unsigned flags = take_byte(bytes);

        plan->row = (enum field_row)take_below(bytes, FIELD_ROW_COUNT);
        plan->conflict = (flags & 1) != 0 && item->issue != NULL && item->page != NULL;
        plan->winner = (flags & 2) != 0 ? SIDE_NOTION : SIDE_GITHUB;
        for (size_t side = 0; side < SIDE_COUNT; side++) {
            plan->write[side] = (flags & 4U << side) != 0;
            plan->value[side] = take_value(bytes, f, arena);
        }
    }
}

static struct item *
take_item(struct bytes *bytes, struct arena *arena)
{
    struct item *item = arena_alloc(arena, sizeof(*item));

    item->row = (enum row)take_below(bytes, ROW_COUNT);
    item->number = take_byte(bytes);
    item->title = take_text(bytes, arena);
    if (item->number > 0 && take_flag(bytes))
        item->issue = take_issue(bytes, item->number, arena);
    if (take_flag(bytes)) {
        item->page = take_page(bytes, arena);
        item->page_id = item->page->id;
    }
    take_fields(bytes, item, arena);
    item->n_actions = take_below(bytes, 4);
    for (size_t i = 0; i < item->n_actions; i++)
        item->actions[i].kind = (enum action_kind)take_below(bytes, ACTION_KINDS);
    for (size_t i = take_below(bytes, 3); i > 0; i--)
        item_note(item, take_text(bytes, arena), arena);
    item->because = take_flag(bytes) ? "its page is gone" : NULL;
    item->ends_link = take_flag(bytes);
    item->unlinks = take_flag(bytes);
    return item;
}

static struct result *
take_result(struct bytes *bytes, struct arena *arena)
{
    struct result *result = arena_alloc(arena, sizeof(*result));
    unsigned flags;

    result->item = take_item(bytes, arena);
    result->done = (enum done)take_below(bytes, 4);
    if (result->done == DONE_FAILED)
        err_set(&result->err, ERR_REFUSED, "%s", take_text(bytes, arena));
    flags = take_byte(bytes);
    result->number = (flags & 1) != 0 ? 4711 : result->item->number;
    result->issue_url = take_or_null(bytes, arena);
    result->page_url = take_or_null(bytes, arena);
    result->created_issue = (flags & 2) != 0;
    result->created_page = (flags & 4) != 0;
    result->updated_issue = (flags & 8) != 0;
    result->updated_page = (flags & 16) != 0;
    result->closed = (flags & 32) != 0;
    result->merged = (flags & 64) != 0;
    result->trashed = (flags & 128) != 0;
    result->comments = (int)take_below(bytes, 3);
    result->refused = take_or_null(bytes, arena);
    return result;
}

static void
take_report(struct bytes *bytes, struct config *config, struct pass_report *report,
            struct arena *arena)
{
    size_t copies;

    config->database = "2f1c8a3e-0b4d-4c5e-9f60-718293a4b5c6";
    config->run_id = take_text(bytes, arena);
    config->dry_run = take_flag(bytes);
    report->config = config;
    report->repository = take_or_null(bytes, arena);
    report->database_title = take_or_null(bytes, arena);
    report->database_url = take_or_null(bytes, arena);
    report->full = take_flag(bytes);
    report->why_full = take_or_null(bytes, arena);
    report->notice = take_or_null(bytes, arena);
    if (take_flag(bytes))
        err_set(&report->err, (enum err_kind)(1 + take_below(bytes, ERR_INPUT)), "%s",
                take_text(bytes, arena));
    report->started = take_number(bytes);
    report->notion.remaining = report->github_rest.remaining = -1;
    copies = take_byte(bytes) < 8 ? 24 : 1;
    while (bytes->left > 0 && report->results.len < 8 * copies) {
        struct result *result = take_result(bytes, arena);

        for (size_t i = 0; i < copies; i++)
            vec_push(&report->results, result);
    }
}

/* Outside of code are only our own words, and links whose targets
 * hold nothing that ends them. */
static void
check_bare(const char *text)
{
    static const char *const tags[] = {"<sub>",      "</sub>",    "<br>", "<details><summary>",
                                       "</summary>", "</details>"};
    static const char *const signs[] = {"…", "→", "“", "”", "·", "—", "–"};

    while (*text != '\0') {
        size_t skip = 0;

        if (strncmp(text, "](http", 6) == 0) {
            skip = strcspn(text, ")");
            CHECK(text[skip] == ')');
            for (size_t i = 2; i < skip; i++)
                CHECK(text[i] > 0x20 && strchr("<>\"'[]\\`|", text[i]) == NULL);
        }
        for (size_t i = 0; skip == 0 && i < sizeof(tags) / sizeof(*tags); i++)
            skip = strncmp(text, tags[i], strlen(tags[i])) == 0 ? strlen(tags[i]) : 0;
        for (size_t i = 0; skip == 0 && i < sizeof(signs) / sizeof(*signs); i++)
            skip = strncmp(text, signs[i], strlen(signs[i])) == 0 ? strlen(signs[i]) : 0;
        if (skip == 0) {
            CHECK(*text == '\n' || (*text >= ' ' && *text < 0x7f));
            CHECK(strchr("@<&\\~$", *text) == NULL);
            skip = 1;
        }
        text += skip;
    }
}

static void
check_outputs(const char *text)
{
    size_t lines = 0;

    for (; *text != '\0'; lines++) {
        size_t name = strspn(text, "abcdefghijklmnopqrstuvwxyz_");

        CHECK(name > 0 && text[name] == '=');
        text += strcspn(text, "\n");
        CHECK(*text == '\n');
        text++;
    }
    CHECK(lines == 13);
}

static void
check_json(const char *text, const struct pass_report *report)
{
    struct json_object *tree;

    CHECK(is_utf8(text));
    CHECK(json_read(text, strlen(text), &tree, NULL));
    CHECK(json_object_is_type(tree, json_type_object));
    CHECK(json_len(json_array(tree, "items")) <= report->results.len);
    json_object_put(tree);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct bytes bytes = {data, size};
    struct config config = {0};
    struct pass_report report = {0};
    const char *summary;

    take_report(&bytes, &config, &report, arena);
    summary = report_summary(arena, &report);
    CHECK(strlen(summary) <= MIB && is_utf8(summary));
    check_bare(markdown_bare(arena, summary));
    check_json(report_json(arena, &report), &report);
    check_outputs(report_outputs(arena, &report, report.repository));
    vec_free(&report.results);
    arena_free(arena);
    return 0;
}
