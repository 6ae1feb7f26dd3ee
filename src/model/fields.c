#include "model/fields.h"

#include <string.h>

#define OPTIONS(...)                               \
    .options = (const char *const[]){__VA_ARGS__}, \
    .n_options = sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *)

/* One row per built-in field, indexed by enum field. */
static const struct field_info builtin[FIELD_BUILTINS] = {
    [FIELD_TITLE] = {"title", NULL, "title", BOTH_WAYS, .relation = RELATION_TITLE,
                     .is_sealed = true},
    [FIELD_STATUS] = {"status", "Status", "status select checkbox", BOTH_WAYS,
                      .relation = RELATION_STATUS, .is_sealed = true},
    [FIELD_LABELS] = {"labels", "Labels", "multi_select", BOTH_WAYS, .is_set = true,
                      .relation = RELATION_LABELS, .is_sealed = true},
    /* Links and people are ids, not words, so the state may hold them. */
    [FIELD_ASSIGNEES] = {"assignees", "Assignees", "people", BOTH_WAYS, .is_set = true,
                         .relation = RELATION_PEOPLE, .after_creating = true},
    [FIELD_MILESTONE] = {"milestone", "Milestone", "select rich_text", BOTH_WAYS,
                         .relation = RELATION_MILESTONE, .is_sealed = true},
    [FIELD_ISSUE_TYPE] = {"issue_type", "Issue Type", "select", BOTH_WAYS,
                          .relation = RELATION_TYPE, .is_sealed = true},
    [FIELD_PARENT] = {"parent", "Parent", "relation", BOTH_WAYS, .is_set = true,
                      .relation = RELATION_LINKS, .takes_one = true, .after_creating = true},
    [FIELD_BODY] = {"body", NULL, NULL, BOTH_WAYS, .is_sealed = true},
    [FIELD_TYPE] = {"type", "Type", "select", TO_NOTION, OPTIONS("Issue", "Pull request")},
    [FIELD_URL] = {"url", "GitHub URL", "url", TO_NOTION, .is_set = false},
    [FIELD_STATE] = {"state", "GitHub State", "select", TO_NOTION,
                     OPTIONS("Open", "Closed", "Draft", "Merged")},
    [FIELD_REPOSITORY] = {"repository", "Repository", "select rich_text", TO_NOTION,
                          .is_set = false},
    [FIELD_AUTHOR] = {"author", "Author", "rich_text select", TO_NOTION, .is_set = false},
    [FIELD_REVIEW] = {"review", "Review", "select rich_text", TO_NOTION, .after_write = true,
                      OPTIONS("Approved", "Changes requested", "Review required")},
    [FIELD_CREATED] = {"created", "Created", "date", TO_NOTION, .is_set = false},
    [FIELD_UPDATED] = {"updated", "Updated", "date", TO_NOTION, .after_comment = true},
    [FIELD_CLOSED] = {"closed", "Closed", "date", TO_NOTION, .after_write = true},
    [FIELD_COMMENTS] = {"comments", "Comments", "number", TO_NOTION, .after_comment = true},
    [FIELD_HEAD] = {"head", "Head Branch", "rich_text select", TO_NOTION, .is_set = false},
    [FIELD_BASE] = {"base", "Base Branch", "select rich_text", TO_NOTION, .is_set = false},
    [FIELD_MERGE_STATE] = {"merge_state", "Merge State", "select rich_text", TO_NOTION,
                           .after_write = true},
    [FIELD_MERGED] = {"merged", "Merged", "date", TO_NOTION, .after_write = true},
    [FIELD_DUE] = {"due", "Due", "date", TO_NOTION, .after_write = true},
    [FIELD_CLOSES] = {"closes", "Closes", "relation", TO_NOTION, .is_set = true,
                      .relation = RELATION_LINKS},
    [FIELD_PULLS] = {"pull_requests", "Pull Requests", "rich_text relation", TO_NOTION,
                     .is_set = true, .relation = RELATION_LINKS},
    [FIELD_PR_STATE] = {"pr_state", "PR State", "select", TO_NOTION,
                        OPTIONS("Draft", "Open", "Changes requested", "Approved", "Merged",
                                "Closed")},
    [FIELD_REVIEWERS] = {"reviewers", "Reviewers", "multi_select people", TO_NOTION, .is_set = true,
                         .relation = RELATION_REVIEWERS},
    [FIELD_CHECKS] = {"checks", "Checks", "select", TO_NOTION,
                      OPTIONS("Passing", "Failing", "Pending")},
};

static void
put_if(struct field_set *set, enum field field, bool holds)
{
    if (holds)
        field_set_add(set, field);
}

enum field
fields_add(struct fields *fields, const struct field_info *info)
{
    enum field field = (enum field)fields->n;

    if (fields->n == FIELD_ALL_LABELS)
        return FIELD_NONE;
    fields->items[fields->n++] = *info;
    put_if(&fields->based, field, info->direction == BOTH_WAYS);
    put_if(&fields->shown, field, info->direction == TO_NOTION);
    put_if(&fields->properties, field, info->types != NULL);
    put_if(&fields->after_creating, field, info->after_creating);
    put_if(&fields->after_comment, field, info->after_comment);
    put_if(&fields->after_write, field, info->after_comment || info->after_write);
    put_if(&fields->sealed, field, info->is_sealed);
    put_if(&fields->links, field, info->relation == RELATION_LINKS);
    put_if(&fields->lenses, field,
           info->home == HOME_LABEL_GROUP || info->home == HOME_LABEL || info->home == HOME_LANE);
    return field;
}

void
fields_init(struct fields *fields)
{
    memset(fields, 0, sizeof(*fields));
    for (size_t i = 0; i < FIELD_BUILTINS; i++)
        (void)fields_add(fields, &builtin[i]);
}

enum field
fields_find(const struct fields *fields, const char *name)
{
    for (unsigned f = 0; f < fields->n; f++)
        if (strcmp(fields->items[f].name, name) == 0)
            return (enum field)f;
    return FIELD_NONE;
}

const char *
fields_words(const struct fields *fields, enum field field)
{
    return field == FIELD_BODY         ? "description"
           : field == FIELD_ISSUE_TYPE ? "issue type"
                                       : fields->items[field].name;
}

const char *
fields_key(const struct fields *fields, enum field field)
{
    const struct field_info *info = &fields->items[field];

    return info->key != NULL ? info->key : info->name;
}

enum field
fields_of_key(const struct fields *fields, const char *key)
{
    for (unsigned f = 0; f < fields->n; f++)
        if (strcmp(fields_key(fields, (enum field)f), key) == 0)
            return (enum field)f;
    return FIELD_NONE;
}

struct field_set
fields_apart(const struct fields *fields)
{
    struct field_set apart = {{0}};

    for (unsigned f = FIELD_BUILTINS; fields != NULL && f < fields->n; f++)
        if (fields->items[f].home == HOME_ISSUE_FIELD || fields->items[f].home == HOME_BLOCKED_BY)
            field_set_add(&apart, (enum field)f);
    return apart;
}
