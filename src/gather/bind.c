#include <string.h>

#include "gather/gather_p.h"

#define PROBLEMS_MAX ((size_t)900)

/* `setup` will add the property of a field. The binding reads as empty until the property exists.
 * It gets the best type that can carry the field: the first one. */
static struct binding
lack_field(struct gather *gather, enum field field)
{
    const struct field_info *info = &gather->fields.items[field];
    struct new_property *property = &gather->lacks[gather->n_lacks++];

    *property = (struct new_property){
        .name = gather->config->properties[field].property,
        .type = arena_strndup(gather->arena, info->types, strcspn(info->types, " ")),
        .options = info->options,
        .n_options = info->n_options,
    };
    if (field == FIELD_REPOSITORY) {
        property->options = &gather->overview.repository;
        property->n_options = 1;
    }
    return (struct binding){.name = property->name,
                            .type = property->type,
                            .links = field == FIELD_PULLS,
                            .days = field >= FIELD_BUILTINS && strcmp(property->type, "date") == 0};
}

static void
no_such_property(struct gather *gather, const struct schema *schema, enum field field,
                 struct buf *problems)
{
    gather_problem(
        problems, "%s names %s for %s, but the database has no such column%s%s",
        gather_named_in(gather, field),
        gather_column_name(gather, gather->config->properties[field].property, "a column"),
        gather->config->fields.items[field].name,
        gather_near_property(gather, schema, gather->config->properties[field].property),
        gather->sealing.words
            ? ""
            : arena_printf(gather->arena, " (it has: %s)",
                           ARENA_NAMES(gather->arena, schema->properties,
                                       schema->n_properties < 30 ? schema->n_properties : 30)));
}

static void
bind_field(struct gather *gather, const struct schema *schema, enum field field,
           struct binding *binding, struct buf *problems)
{
    const struct property_choice *choice = &gather->config->properties[field];
    const struct field_info *info = &gather->fields.items[field];
    enum fit fit;
    const struct property *property = gather_column(gather, schema, field, &fit);
    bool lacks = property == NULL && !choice->off && schema_find(schema, choice->property) == NULL;
    /* If the database never had GitHub ID, it gets GitHub URL along with it. */
    bool added = lacks && (gather->config->setup == SETUP_ALL ||
                           (gather->config->setup == SETUP_REQUIRED && field == FIELD_URL &&
                            gather->number_is_new && !gather->columns.replaced));

    if (field == FIELD_REPOSITORY && gather_repository_is_lost(gather, schema, property)) {
        gather_problem(problems,
                       "the column %s that kept the repositories of this database apart is "
                       "gone, and without it pages of others would be taken for pages of this "
                       "one: bring it back in Notion, or fill in another column and name it in "
                       "property_map (\"repository = NAME\"), or, if no other repository "
                       "shares the database, turn it off (\"repository =\")",
                       gather_column_name(gather, gather->known.fields[field].name, "repository"));
        return;
    }
    gather_note_column(gather, schema, field, property, added);
    if (added)
        *binding = lack_field(gather, field);
    else if (lacks && choice->given && gather->known.fields[field].id == NULL)
        no_such_property(gather, schema, field, problems);
    if (property == NULL)
        return;
    if (fit == FIT_WRONG_TYPE && field >= FIELD_BUILTINS) {
        gather_problem(problems,
                       "the column %s is of type %s, but %s needs %s: change the "
                       "type in Notion, or the line in `fields`",
                       gather_column_name(gather, property->name, "of a field"), property->type,
                       fields_key(&gather->fields, field), info->types);
        return;
    }
    if (fit == FIT_WRONG_TYPE) {
        gather_problem(problems,
                       "the column %s is of type %s, but %s needs %s: change the type in Notion, "
                       "map another column, or turn the field off with \"%s =\" in property_map",
                       gather_column_name(gather, property->name, info->name), property->type,
                       info->name, info->types, info->name);
        return;
    }
    *binding = (struct binding){.id = property->id,
                                .name = property->name,
                                .type = property->type,
                                .options = property->options,
                                .n_options = property->n_options};
    binding->verbatim = field == FIELD_STATUS && strcmp(property->type, "select") == 0;
    binding->days = field >= FIELD_BUILTINS && strcmp(property->type, "date") == 0;
    binding->links = field == FIELD_PULLS && strcmp(property->type, "rich_text") == 0;
}

static void
bind_github_id(struct gather *gather, const struct schema *schema, struct binding *binding,
               struct buf *problems)
{
    const struct property *property = gather_number_column(gather, schema);

    gather->lacks_github_id = property == NULL;
    gather_note_number(gather, schema, property);
    if (property == NULL) {
        if (gather->config->setup == SETUP_NONE)
            gather_problem(problems, "%s",
                           gather->columns.replaced
                               ? "the column \"" GATHER_GITHUB_ID
                                 "\" is gone from the database, and nothing is done without "
                                 "it: bring it back in Notion, or leave `setup` at required to "
                                 "have it made again and filled in from the state"
                               : "the database has no column \"" GATHER_GITHUB_ID
                                 "\": add it as a number, or leave "
                                 "`setup` at required to have it made");
        else
            gather->lacks[gather->n_lacks++] =
                (struct new_property){.name = GATHER_GITHUB_ID, .type = "number"};
    } else if (strcmp(property->type, "number") != 0) {
        gather_problem(problems,
                       "the column %s is of type %s, but must be a number: "
                       "rename it or change its type",
                       gather_column_name(gather, property->name, GATHER_GITHUB_ID),
                       property->type);
    } else {
        *binding =
            (struct binding){.id = property->id, .name = property->name, .type = property->type};
    }
}

/* Decides what must not appear on GitHub. Keeps title and text out of a public repository that
 * publishes nothing of Notion's. */
static void
hold_back(struct gather *gather)
{
    struct rules *rules = &gather->rules;

    rules->is_public = gather->overview.is_public;
    rules->held_back = rules->is_public && !gather->config->publish;
    if (rules->held_back) {
        rules->on[FIELD_TITLE] =
            rules->on[FIELD_TITLE] && rules->direction[FIELD_TITLE] != TO_GITHUB;
        rules->direction[FIELD_TITLE] = TO_NOTION;
        rules->body_to[SIDE_GITHUB] = false;
        rules->on[FIELD_BODY] = rules->on[FIELD_BODY] && rules->body_to[SIDE_NOTION];
    }
    for (enum field f = FIELD_BUILTINS; rules->held_back && f < gather->fields.n; f++) {
        const struct issue_field *own = gather->fields.items[f].issue_field;

        if (own == NULL || own->type == ISSUE_FIELD_SELECT || own->type == ISSUE_FIELD_MULTI_SELECT)
            continue;
        rules->on[f] = rules->on[f] && rules->direction[f] != TO_GITHUB;
        rules->direction[f] = TO_NOTION;
    }
    for (enum field f = 0; f < gather->config->fields.n; f++)
        rules->secret[f] = rules->held_back;
    FIELD_EACH(f, gather->config->fields.based)
    rules->secret[f] |=
        f == FIELD_BODY ? !rules->body_to[SIDE_GITHUB] : rules->direction[f] == TO_NOTION;
}

static bool
is_of_type(const struct binding *binding, const char *type)
{
    return binding->type != NULL && strcmp(binding->type, type) == 0;
}

/* Reads what pull requests do to tasks only if that has an effect. */
static void
follow_pulls(struct gather *gather, const struct binding bindings[FIELD_ROOM])
{
    struct rules *rules = &gather->rules;

    rules->reviewers_as_people = is_of_type(&bindings[FIELD_REVIEWERS], "people");
    /* Without people_map and people_database, no reviewer is known in Notion. */
    if (rules->reviewers_as_people && gather->config->n_people == 0 &&
        gather->config->people_database == NULL)
        rules->on[FIELD_REVIEWERS] = false;
    rules->links = gather->has_cursor ? gather->cursor.links : NULL;
    rules->n_links = gather->has_cursor ? gather->cursor.n_links : 0;
    rules->follows_pulls = gather->config->follows_progress;
    for (enum field f = FIELD_PULLS; f <= FIELD_CHECKS; f++)
        rules->follows_pulls =
            rules->follows_pulls || (rules->on[f] && gather->config->pull_requests != PULLS_NONE);
    rules->pulls_as_pages =
        rules->on[FIELD_PULLS] && is_of_type(&bindings[FIELD_PULLS], "relation");
}

/* The property that a base belongs to (record->property). If a field can have several types, the
 * type is part of it. Notion drops values that do not fit a new type, and no person emptied those.
 */
static const char *
identity_of(const struct gather *gather, enum field field, const struct binding *binding)
{
    const char *types = gather->fields.items[field].types;

    return binding->id == NULL || (binding->lanes == NULL && (types == NULL || !strchr(types, ' ')))
               ? binding->id
               : arena_printf(gather->arena, "%s %s", binding->id, binding->type);
}

/* The fields whose labels take part in Labels on neither side: also those whose column is gone. */
static struct field_set
claims_of(const struct gather *gather, const struct binding bindings[FIELD_ROOM])
{
    struct field_set claims = {{0}};

    FIELD_EACH(f, gather->fields.lenses)
    {
        enum field shown = f == gather->config->lane ? FIELD_STATUS : f;

        if (gather->rules.on[f] ||
            (bindings[shown].type == NULL && !gather->config->properties[shown].off))
            field_set_add(&claims, f);
    }
    return claims;
}

/* The rules that inputs name as they are. */
static void
take_inputs(struct rules *rules, const struct config *config)
{
    rules->create_issues = config->create_issues;
    rules->create_pages = config->create_pages;
    rules->pull_requests = config->pull_requests;
    rules->makes_milestones = config->create_milestones;
    rules->pages_filtered =
        config->create_issues != CREATE_ISSUES_NONE && config->notion_filter != NULL;
    rules->issue_filter = config->issue_filter;
    if (config->n_issue_labels > 0)
        rules->issue_labels = value_set(config->issue_labels, config->n_issue_labels);
    rules->ignored_labels = config->label_ignore;
    rules->n_ignored_labels = config->n_label_ignore;
    if (config->n_new_issue_labels > 0)
        rules->new_labels = value_set(config->new_issue_labels, config->n_new_issue_labels);
    rules->new_type = config->new_issue_type;
    rules->link_comments = config->link_comments;
    rules->on_conflict = config->on_conflict;
    rules->pull_request_done = config->pull_request_done;
    rules->on_page_deleted = config->on_page_deleted;
    rules->on_issue_deleted = config->on_issue_deleted;
    rules->body_to[SIDE_GITHUB] =
        config->sync_body == SYNC_BODY_BOTH || config->sync_body == SYNC_BODY_TO_GITHUB;
    rules->body_to[SIDE_NOTION] =
        config->sync_body == SYNC_BODY_BOTH || config->sync_body == SYNC_BODY_TO_NOTION;
    rules->server_url = config->github_server_url;
    rules->owner = config->owner;
    rules->repository = config->repository;
    memcpy(rules->direction, config->directions, sizeof(rules->direction));
    rules->lane = config->lane;
}

/* The fields of issues that this pass reads. */
static void
select_fields(struct gather *gather)
{
    const struct config *config = gather->config;
    const struct rules *rules = &gather->rules;
    struct field_set selected = rules->claims;
    bool bots = false;

    for (enum field f = 0; f < config->fields.n; f++)
        if (rules->on[f])
            field_set_add(&selected, f);
    /* The available types come with the type of issues. */
    if (config->check && config->new_issue_type != NULL)
        field_set_add(&selected, FIELD_ISSUE_TYPE);
    if (config->issue_filter != NULL)
        selected = field_set_or(selected, issue_filter_needs(config->issue_filter, &bots));
    github_select(gather->github, rules->fields, selected, config->pull_requests != PULLS_NONE,
                  bots, rules->follows_pulls);
}

static void
make_rules(struct gather *gather, const struct binding bindings[FIELD_ROOM])
{
    const struct config *config = gather->config;
    struct rules *rules = &gather->rules;

    take_inputs(rules, config);
    rules->key = gather->sealing.key;
    rules->digest = sealing_text;
    rules->sealing = &gather->sealing;
    rules->world = gather->world;
    for (enum field f = 0; f < config->fields.n; f++) {
        rules->on[f] =
            bindings[f].type != NULL && !config->properties[f].off && !gather->left_alone[f];
        rules->property[f] = identity_of(gather, f, &bindings[f]);
        if (bindings[f].name != NULL && !gather_hides_name(gather, bindings[f].name))
            rules->column[f] = bindings[f].name;
        /* Without people_map and people_database, nobody is known on both sides. */
        if (config->fields.items[f].relation == RELATION_PEOPLE && config->n_people == 0 &&
            config->people_database == NULL)
            rules->on[f] = false;
    }
    follow_pulls(gather, bindings);
    rules->on[FIELD_BODY] = config->sync_body != SYNC_BODY_NONE;
    if (rules->lane != 0)
        rules->direction[rules->lane] = rules->direction[FIELD_STATUS];
    hold_back(gather);
    rules->claims = claims_of(gather, bindings);
    select_fields(gather);
}

bool
gather_bind(struct gather *gather, struct err *err)
{
    struct binding bindings[FIELD_ROOM] = {{0}};
    struct binding github_id = {0};
    struct schema schema;
    struct buf problems;
    bool ok;

    if (gather->bound)
        return true;
    if (!notion_read_schema(gather->notion, gather->data_source, gather->arena, &schema, err))
        return false;
    gather->n_lacks = gather->lacks_options.len = 0;
    gather->database_title = schema.title;
    gather->database_url = schema.url;
    buf_init(&problems, PROBLEMS_MAX);
    if (!gather_own(gather, &problems, err)) {
        buf_release(&problems);
        return false;
    }
    bind_github_id(gather, &schema, &github_id, &problems);
    for (enum field f = 0; f < gather->fields.n; f++)
        if (field_set_has(gather->fields.properties, f) && !gather->left_alone[f]) {
            bind_field(gather, &schema, f, &bindings[f], &problems);
            gather_own_column(gather, f, &bindings[f]);
        }
    gather->status_column = bindings[FIELD_STATUS].name;
    gather_bind_status(gather, &schema, &bindings[FIELD_STATUS], &problems);
    gather_check_filter(gather, &schema, &problems);
    gather_bind_progress(gather, &schema, bindings, &problems);
    if (gather->config->lane != 0 && bindings[FIELD_STATUS].type != NULL &&
        strcmp(bindings[FIELD_STATUS].type, "checkbox") != 0) {
        bindings[gather->config->lane] = bindings[FIELD_STATUS];
        bindings[gather->config->lane].lanes = &gather->rules.status;
    }
    ok = problems.len == 0;
    if (!ok)
        (void)err_set(err, ERR_INPUT, "%s", buf_text(&problems));
    buf_release(&problems);
    if (!ok)
        return false;
    make_rules(gather, bindings);
    gather->rules.number_column = github_id.id;
    gather->rules.number_doubt = gather->columns.replaced || gather->number_is_new;
    notion_bind(gather->notion, gather->data_source, bindings,
                github_id.id != NULL ? &github_id : NULL);
    gather_bind_task(gather, &schema);
    gather_bind_repository(gather, &schema, &bindings[FIELD_REPOSITORY]);
    gather_note_status(gather);
    if ((gather->rules.on[FIELD_ASSIGNEES] || gather->rules.reviewers_as_people ||
         gather->rules.body_to[SIDE_GITHUB]) &&
        !gather_people(gather, err))
        return false;
    gather->bound = true;
    return true;
}

const char *
gather_held_back(const struct gather *gather, const struct plan *plan)
{
    size_t rows = plan != NULL ? plan->held_back : 0;
    const char *made =
        rows > 0 ? arena_printf(gather->arena, " (%zu page%s became no issue in this run)", rows,
                                rows == 1 ? "" : "s")
                 : "";

    if (!gather->overview.is_public || gather->config->publish)
        return NULL;
    return arena_printf(gather->arena,
                        "This repository is public, so what is written in Notion stays there: no "
                        "page becomes an issue%s, and no title, text, comment or name from Notion "
                        "is published. Set `publish: true` to allow it.",
                        made);
}
