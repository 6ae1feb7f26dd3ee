#include "model/field.h"

#include <string.h>

const struct field_info field_table[FIELD_COUNT] = {
    [FIELD_TITLE] = {"title", NULL, "title", BOTH_WAYS, false},
    [FIELD_STATUS] = {"status", "Status", "status select checkbox", BOTH_WAYS, false},
    [FIELD_LABELS] = {"labels", "Labels", "multi_select", BOTH_WAYS, true},
    [FIELD_ASSIGNEES] = {"assignees", "Assignees", "people", BOTH_WAYS, true},
    [FIELD_MILESTONE] = {"milestone", "Milestone", "select rich_text", BOTH_WAYS, false},
    [FIELD_ISSUE_TYPE] = {"issue_type", "Issue Type", "select", BOTH_WAYS, false},
    [FIELD_PARENT] = {"parent", "Parent", "relation", BOTH_WAYS, true},
    [FIELD_BODY] = {"body", NULL, NULL, BOTH_WAYS, false},
    [FIELD_TYPE] = {"type", "Type", "select", TO_NOTION, false},
    [FIELD_URL] = {"url", "GitHub URL", "url", TO_NOTION, false},
    [FIELD_STATE] = {"state", "GitHub State", "select", TO_NOTION, false},
    [FIELD_REPOSITORY] = {"repository", "Repository", "select rich_text", TO_NOTION, false},
    [FIELD_AUTHOR] = {"author", "Author", "rich_text select", TO_NOTION, false},
    [FIELD_REVIEW] = {"review", "Review", "select rich_text", TO_NOTION, false},
    [FIELD_CREATED] = {"created", "Created", "date", TO_NOTION, false},
    [FIELD_UPDATED] = {"updated", "Updated", "date", TO_NOTION, false},
    [FIELD_CLOSED] = {"closed", "Closed", "date", TO_NOTION, false},
    [FIELD_COMMENTS] = {"comments", "Comments", "number", TO_NOTION, false},
    [FIELD_HEAD] = {"head", "Head Branch", "rich_text select", TO_NOTION, false},
    [FIELD_BASE] = {"base", "Base Branch", "select rich_text", TO_NOTION, false},
    [FIELD_MERGE_STATE] = {"merge_state", "Merge State", "select rich_text", TO_NOTION, false},
    [FIELD_MERGED] = {"merged", "Merged", "date", TO_NOTION, false},
    [FIELD_DUE] = {"due", "Due", "date", TO_NOTION, false},
    [FIELD_CLOSES] = {"closes", "Closes", "relation", TO_NOTION, true},
};

enum field
field_by_name(const char *name)
{
    enum field field = 0;

    while (field < FIELD_COUNT && strcmp(field_table[field].name, name) != 0)
        field++;
    return field;
}

bool
field_is_property(enum field field)
{
    return field_table[field].types != NULL;
}

bool
direction_reaches(enum direction direction, enum side to)
{
    return direction == BOTH_WAYS || (direction == TO_NOTION) == (to == SIDE_NOTION);
}

const char *
side_name(enum side side)
{
    return side == SIDE_GITHUB ? "GitHub" : "Notion";
}

enum side
side_other(enum side side)
{
    return side == SIDE_GITHUB ? SIDE_NOTION : SIDE_GITHUB;
}
