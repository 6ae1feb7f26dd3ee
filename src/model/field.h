#ifndef MODEL_FIELD_H
#define MODEL_FIELD_H

#include <stdbool.h>

/* What is kept equal. Each field but the body has one property in Notion, one place on GitHub and a
 * direction. */
enum field {
    FIELD_TITLE,
    FIELD_STATUS,
    FIELD_LABELS,
    FIELD_ASSIGNEES,
    FIELD_MILESTONE,
    FIELD_ISSUE_TYPE,
    FIELD_PARENT,
    FIELD_BODY,  /* the page's content, and no property */
    FIELD_BASED, /* those before go both ways and have a base, those from here on are shown in
                    Notion */
    FIELD_TYPE = FIELD_BASED,
    FIELD_URL,
    FIELD_STATE,
    FIELD_REPOSITORY,
    FIELD_AUTHOR,
    FIELD_REVIEW,
    FIELD_CREATED,
    FIELD_UPDATED,
    FIELD_CLOSED,
    FIELD_COMMENTS,
    FIELD_HEAD,
    FIELD_BASE,
    FIELD_MERGE_STATE,
    FIELD_MERGED,
    FIELD_DUE,
    FIELD_CLOSES,
    FIELD_COUNT,
};

enum side { SIDE_GITHUB, SIDE_NOTION, SIDE_COUNT };

enum direction { BOTH_WAYS, TO_NOTION, TO_GITHUB };

struct field_info {
    const char *name; /* as in property_map and in the state: "title" */
    /* Default name in Notion; NULL: the property of type title, whatever its name. */
    const char *property;
    const char *types; /* Notion property types that can carry it, space-separated, best first;
                          NULL: none, it is the page's content */
    enum direction direction; /* as far as the user may choose one: `directions` */
    bool is_set;
};

/* Fields that the request which creates an issue does not carry. */
#define FIELDS_AFTER_CREATING (1U << FIELD_ASSIGNEES | 1U << FIELD_PARENT)

/* Fields that follow from what is written to an issue, not only from the value written. */
#define FIELDS_AFTER_COMMENT (1U << FIELD_UPDATED | 1U << FIELD_COMMENTS)
#define FIELDS_AFTER_WRITE                                                                      \
    (FIELDS_AFTER_COMMENT | 1U << FIELD_CLOSED | 1U << FIELD_MERGED | 1U << FIELD_MERGE_STATE | \
     1U << FIELD_REVIEW | 1U << FIELD_DUE)

/* One entry a field, indexed by enum field. */
extern const struct field_info field_table[FIELD_COUNT];

/* The field of that name, FIELD_COUNT where there is none. */
enum field field_by_name(const char *name);

/* Whether a property of the database carries the field. */
bool field_is_property(enum field field);

/* Whether a value that goes in that direction gets to the side. */
bool direction_reaches(enum direction direction, enum side to);

/* "GitHub", "Notion". */
const char *side_name(enum side side);

enum side side_other(enum side side);

#endif
