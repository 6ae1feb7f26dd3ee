#ifndef MODEL_ISSUE_FIELD_H
#define MODEL_ISSUE_FIELD_H

#include <stddef.h>
#include <stdint.h>

/* The issue fields of an organization: values that issues of its repositories can have besides
 * labels and the like. */
enum issue_field_type {
    ISSUE_FIELD_TEXT,
    ISSUE_FIELD_NUMBER,
    ISSUE_FIELD_DATE,
    ISSUE_FIELD_SELECT,
    ISSUE_FIELD_MULTI_SELECT,
    ISSUE_FIELD_OTHER, /* of a type that is newer than this program */
};

struct issue_field {
    const char *name;
    int64_t id;
    enum issue_field_type type;
    const char *const *options; /* names, of a select */
    size_t n_options;
};

struct issue_fields {
    const struct issue_field *items;
    size_t n;
    const char *problem; /* why none are visible, and the cure; NULL: they are visible */
};

/* "text", "number", "date", "single select", "multi select". */
const char *issue_field_type_name(enum issue_field_type type);

/* The field of that name, regardless of case, or NULL. */
const struct issue_field *issue_field_find(const struct issue_fields *fields, const char *name);

#endif
