#include <string.h>

#include "check/check_p.h"

static const char not_synced[] = "not synced: see the warning";

/* A name from Notion, if it may be shown. */
static struct doc_cell
name_cell(const char *name, bool hidden)
{
    return hidden ? OWN("(not shown here)") : FOREIGN(name);
}

/* "labels", "labels, from GitHub to Notion only". */
static const char *
field_words(const struct config *config, enum field field, struct arena *arena)
{
    const char *name = config->fields.items[field].name;

    if (config->directions[field] == BOTH_WAYS ||
        config->fields.items[field].direction != BOTH_WAYS)
        return name;
    return arena_printf(arena, "%s, %s only", name,
                        config->directions[field] == TO_NOTION ? "to Notion" : "to GitHub");
}

/* What a property is used for, in *words. */
static enum mark
use_of(const struct gather *gather, const struct schema *schema, const struct property *property,
       struct arena *arena, const char **words)
{
    *words = "not used";
    if (property == gather_number_column(gather, schema)) {
        *words = "the number of the issue: the link";
        return strcmp(property->type, "number") == 0 ? MARK_YES : MARK_NO;
    }
    for (enum field field = 0; field < gather->config->fields.n; field++) {
        enum fit fit;

        if (!field_set_has(gather->config->fields.properties, field) ||
            gather->config->properties[field].off ||
            gather_column(gather, schema, field, &fit) != property)
            continue;
        *words = gather->left_alone[field] ? not_synced : field_words(gather->config, field, arena);
        if (gather->left_alone[field])
            return MARK_WARNING;
        return fit == FIT_CARRIES ? MARK_YES : MARK_NO;
    }
    return MARK_NONE;
}

/* What a run does if a column is missing. */
enum lack { MISSING_SKIPPED, MISSING_ADDED, MISSING_KINDS };

static enum lack
fate_of(const struct gather *gather, const char *name)
{
    for (size_t i = 0; i < gather->n_lacks; i++)
        if (strcmp(gather->lacks[i].name, name) == 0)
            return MISSING_ADDED;
    return gather->config->setup == SETUP_ALL ? MISSING_ADDED : MISSING_SKIPPED;
}

/* Columns that a field could have, grouped by what happens to them, one line each. */
static void
list_missing(struct doc *doc, struct gather *gather, const struct schema *schema)
{
    static const char *const remarks[MISSING_KINDS] = {
        [MISSING_SKIPPED] = "not synced; `setup: all` would add them",
        [MISSING_ADDED] = "the first run that writes adds them",
    };
    const struct config *config = gather->config;
    const char *names[MISSING_KINDS] = {NULL};
    bool has_number = gather_number_column(gather, schema) != NULL;

    if (!has_number && config->setup != SETUP_NONE)
        names[MISSING_ADDED] = GATHER_GITHUB_ID;
    for (enum field field = 0; field < config->fields.n; field++) {
        const struct property_choice *choice = &config->properties[field];
        enum fit fit;

        if (!choice->off && choice->property != NULL &&
            gather_column(gather, schema, field, &fit) == NULL) {
            const char **list = &names[fate_of(gather, choice->property)];
            const char *shown =
                gather_hides_name(gather, choice->property) ? "(not shown here)" : choice->property;

            *list = *list == NULL ? shown : arena_printf(doc->arena, "%s, %s", *list, shown);
        }
    }
    for (enum lack kind = MISSING_KINDS; kind-- > 0;)
        if (names[kind] != NULL)
            doc_line(doc, MARK_NONE, "missing columns", names[kind], remarks[kind]);
    if (!has_number && config->setup == SETUP_NONE)
        doc_line(doc, MARK_NO, "missing column", GATHER_GITHUB_ID,
                 "the number of the issue: the link");
}

/* The most common surprise of a first run: the status has a different name, so nothing is
 * closed. */
static void
note_status(struct gather *gather, const struct schema *schema)
{
    const char *column = NULL;
    enum fit fit;

    if (gather->config->properties[FIELD_STATUS].off || gather->config->setup == SETUP_ALL ||
        gather_column(gather, schema, FIELD_STATUS, &fit) != NULL)
        return;
    for (size_t i = 0; i < schema->n_properties; i++)
        if (strcmp(schema->properties[i].type, "status") == 0)
            column = schema->properties[i].name;
    if (column != NULL)
        gather_tell(gather,
                    "the status is not synced, because no column is called "
                    "\"Status\": name yours in property_map (\"status = %s\")",
                    gather_hides_name(gather, column) ? "NAME" : column);
}

static void
list_properties(struct doc *doc, struct gather *gather, const struct schema *schema)
{
    const char *others = "";
    size_t n_others = 0;

    doc_section(doc, "Columns", "column", "type", "takes part as");
    for (size_t i = 0; i < schema->n_properties; i++) {
        const struct property *property = &schema->properties[i];
        const char *words;
        enum mark mark = use_of(gather, schema, property, doc->arena, &words);
        bool hidden = gather_hides_name(gather, property->name);

        if (mark == MARK_NONE) {
            n_others++;
            others = arena_printf(doc->arena, "%s%s%s", others, *others != '\0' ? ", " : "",
                                  hidden ? "(not shown here)" : property->name);
            continue;
        }
        doc_row(doc, mark, name_cell(property->name, hidden), OWN(property->type), OWN(words));
    }
    if (n_others > 0)
        doc_row(doc, MARK_NONE, OWN(n_others == 1 ? "another column" : "other columns"),
                FOREIGN(others), OWN("not used"));
    list_missing(doc, gather, schema);
}

/* Which targets on GitHub the user's own columns are bound to, and what may be done there. */
static void
list_own(struct doc *doc, const struct gather *gather)
{
    const struct fields *fields = &gather->fields;

    if (fields->n == FIELD_BUILTINS)
        return;
    doc_section(doc, "Columns of your own", "column", "on GitHub", "may be");
    for (enum field f = FIELD_BUILTINS; f < fields->n; f++) {
        const struct field_info *info = &fields->items[f];
        const char *what = fields_key(fields, f);
        const char *may = "read and written";

        if (info->property == NULL)
            continue;
        if (info->issue_field != NULL)
            what = arena_printf(doc->arena, "%s (%s)", what,
                                issue_field_type_name(info->issue_field->type));
        if (gather->left_alone[f])
            may = not_synced;
        else if (info->home == HOME_ISSUE_FIELD)
            may = "read; writing needs an app's token or a personal access token if GitHub refuses "
                  "it to the workflow's, and only a run shows that";
        doc_row(doc, gather->left_alone[f] ? MARK_WARNING : MARK_YES, FOREIGN(info->property),
                OWN(what), OWN(may));
    }
}

/* Whether Notion supports the dialect of content, a preview. Any page shows that. */
static void
check_dialect(struct doc *doc, struct gather *gather)
{
    const struct page_query query = {.max_pages = 1};
    struct page_list rows = {0};
    struct content content;
    struct value text;
    struct err err;
    bool complete;

    if (gather->rules.on[FIELD_BODY] &&
        notion_query(gather->notion, &query, doc->arena, &rows, &complete, &err) && rows.len > 0) {
        const struct page *row = rows.items[0];
        bool read = notion_read_content(gather->notion, row->id, doc->arena, &text, &content, &err);

        if (read)
            doc_line(doc, MARK_YES, "texts", NULL, "can be read as Markdown");
        else
            doc_line(doc, MARK_UNKNOWN, "texts", NULL,
                     notion_lacks_dialect(gather->notion)
                         ? "Notion does not accept the preview of its Markdown that texts need: "
                           "until it does, they stay as they are on both sides"
                         : err.text);
    }
    vec_free(&rows);
}

static const char *
group_name(const struct property *property, const char *name)
{
    static const char *const names[] = {
        [GROUP_NONE] = "",
        [GROUP_TODO] = "To-do",
        [GROUP_IN_PROGRESS] = "In progress",
        [GROUP_COMPLETE] = "Complete",
    };
    const struct option *option = property != NULL ? property_option(property, name) : NULL;

    return names[option != NULL ? option->group : GROUP_NONE];
}

static const char *
meaning_of(const struct status_map *map, const char *option, struct arena *arena)
{
    static const struct {
        const char *github, *words;
    } chosen[] = {
        {STATUS_OPEN, "shown for a reopened issue"},
        {STATUS_CLOSED, "shown for a closed issue"},
        {STATUS_NOT_PLANNED, "shown for an issue closed as not planned"},
    };
    const char *text = status_for_option(map, option);

    for (size_t i = 0; i < sizeof(chosen) / sizeof(chosen[0]); i++) {
        const char *shown = status_option_for(map, chosen[i].github, NULL);

        if (shown != NULL && strcmp(shown, option) == 0)
            text = arena_printf(arena, "%s; %s", text, chosen[i].words);
    }
    return text;
}

static void
check_statuses(struct doc *doc, struct gather *gather, const struct schema *schema)
{
    const struct status_map *map = &gather->rules.status;
    const struct property *property =
        gather->rules.on[FIELD_STATUS] ? schema_find(schema, gather->status_column) : NULL;

    if (!gather->rules.on[FIELD_STATUS])
        return;
    doc_section(doc, "Status", "option", "group", "means");
    for (size_t i = 0; i < map->len; i++) {
        const char *option = map->options[i].name;

        doc_row(doc, MARK_NONE, name_cell(option, gather->rules.held_back),
                OWN(group_name(property, option)), OWN(meaning_of(map, option, doc->arena)));
    }
    if (status_option_for(map, STATUS_CLOSED, NULL) == NULL)
        doc_problem(doc, "no option of the status means closed: put one into the Complete group in "
                         "Notion, or name one in status_map (Option = closed)");
    if (status_option_for(map, STATUS_OPEN, NULL) == NULL)
        doc_problem(doc, "no option of the status means open: name one in status_map "
                         "(Option = open)");
}

bool
check_properties(struct doc *doc, struct gather *gather)
{
    struct schema schema;
    struct err err;
    bool bound;

    if (!notion_read_schema(gather->notion, gather->data_source, doc->arena, &schema, &err))
        return doc_failed(doc, "columns", &err);
    doc_line(doc, MARK_YES, "database",
             gather_held_back(gather, NULL) == NULL ? schema.title : NULL, "can be read");
    bound = gather_bind(gather, &err);
    list_properties(doc, gather, &schema);
    note_status(gather, &schema);
    if (!bound) {
        doc_problem(doc, "%s", err.text);
        return false;
    }
    check_dialect(doc, gather);
    list_own(doc, gather);
    check_statuses(doc, gather, &schema);
    return true;
}

bool
check_notion(struct doc *doc, struct gather *gather)
{
    bool hides = gather_held_back(gather, NULL) != NULL;
    struct notion_self self;
    struct err err;
    bool may;

    doc_section(doc, "Notion", NULL, NULL, NULL);
    if (!notion_read_self(gather->notion, doc->arena, &self, &err))
        return doc_failed(doc, "token", &err);
    doc_line(doc, self.of_user ? MARK_UNKNOWN : MARK_YES, "connection", hides ? NULL : self.name,
             self.of_user ? "a personal access token: what the action writes is written by that "
                            "person. Better make an internal connection for it: "
                            "notion.so/developers"
                          : "the token of a connection (integration)");
    if (self.workspace != NULL && !hides)
        doc_line(doc, MARK_NONE, "workspace", self.workspace, NULL);
    if (notion_may_read_users(gather->notion, &may, &err))
        doc_line(doc, may ? MARK_YES : MARK_UNKNOWN, "Read user information", NULL,
                 may ? "comments name who changed a status"
                     : "not granted: comments name nobody (optional)");
    doc_line(doc, MARK_UNKNOWN, "Update and insert content", NULL,
             "needed; Notion does not show this, only a run does");
    doc_line(doc, MARK_UNKNOWN, "Read and insert comments", NULL,
             "needed to keep a replaced value on the page if GitHub must not show it, and for "
             "sync_comments; off by default; Notion does not show this, only a run does");
    if (!gather_resolve(gather, &err))
        return doc_failed(doc, "database", &err);
    return true;
}
