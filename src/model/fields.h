#ifndef MODEL_FIELDS_H
#define MODEL_FIELDS_H

#include "model/field_set.h"
#include "model/issue_field.h"
#include "model/label_group.h"

/*
 * The fields that take part in a pass: the built-in ones first, under the ids of enum field, then
 * those of the configuration. The list is made once, when the configuration is read, and is const
 * from then on. config->fields owns it, and rules->fields points to it.
 *
 * To add a field, fill in a struct field_info and call fields_add. The same code as for any other
 * field then gives it a column (gather/columns.c finds it, `setup` makes it), a base in each
 * record, a row in reports, a direction, and conflicts. Its own parts are:
 *
 *   home, parameter        where its value is on GitHub (github/fields.c reads and writes it)
 *   relation              how both sides' values relate (reconcile/translate.c)
 *   types                 how Notion holds it (notion/types.c reads and writes each type)
 */

/* Where on GitHub a field's value is. */
enum home {
    HOME_OWN,         /* a built-in field: a member of the issue's own (github/fields.c) */
    HOME_LABEL_GROUP, /* the labels of `group` (`parameter` as given), by their values */
    HOME_LABEL,       /* whether the label `parameter` is there */
    HOME_LANE,        /* the one label of `options`, the labels of statuses */
    HOME_ISSUE_FIELD, /* the organization's issue field `parameter` */
    HOME_BLOCKED_BY,  /* the issues that block it */
};

/* How the values of both sides relate. */
enum relation {
    RELATION_IDENTITY,  /* the same text, or the same elements */
    RELATION_TITLE,     /* one line, cut to what GitHub takes, never empty */
    RELATION_STATUS,    /* GitHub's state, and an option of the Status property */
    RELATION_LABELS,    /* elements that GitHub accepts as labels */
    RELATION_PEOPLE,    /* logins and Notion's users, by people_map */
    RELATION_REVIEWERS, /* logins and names of teams; a column of people is like RELATION_PEOPLE */
    RELATION_MILESTONE, /* the title of one of GitHub's milestones */
    RELATION_TYPE,      /* the name of one of GitHub's issue types */
    RELATION_LINKS,     /* issue numbers and ids of linked pages, or addresses */
    RELATION_VALUE, /* a text, number or day of a column that the user defines, or several texts */
    RELATION_FLAG,  /* STATUS_CHECKED, or STATUS_UNCHECKED, which counts as empty */
    RELATION_COUNT,
};

/* The color that an option has in Notion. */
struct label_color {
    const char *option, *color;
};

struct field_info {
    const char *name; /* in reports, property_map and directions: "title" */
    /* Default name in Notion; NULL: the property of type title, regardless of its name. */
    const char *property;
    const char *types; /* Notion property types that can carry it, space-separated, best first;
                          NULL: none, it is the page's content */
    enum direction direction; /* within what the user may choose: `directions` */
    bool is_set;              /* values are VALUE_SET, else VALUE_TEXT */
    enum relation relation;
    bool set_by_column;  /* its column's type decides is_set (gather/own.c) */
    bool is_number;      /* … and whether its values are numbers in Notion */
    bool has_options;    /* … or names of options that Notion makes */
    bool takes_one;      /* of a set: GitHub accepts one element at most */
    bool after_creating; /* the request that creates an issue does not include it */
    bool after_comment;  /* a comment on the issue changes it, too */
    bool after_write;    /* any write to the issue changes it */
    bool is_sealed;      /* a public state does not hold Notion's text for it */
    const char *key;     /* in the state; NULL: the name */
    enum home home;
    const char *parameter;                 /* of home; NULL: none */
    struct label_group group;              /* HOME_LABEL_GROUP */
    const struct issue_field *issue_field; /* HOME_ISSUE_FIELD, once the field was read */
    const struct label_color *colors;      /* of its column's options; NULL: not known */
    size_t n_colors;
    const char *const *options; /* the options with which `setup` starts its column; NULL: none */
    size_t n_options;
};

struct fields {
    struct field_info items[FIELD_ROOM];
    unsigned n;
    /* Fields by kind: those that go both ways and have a base, those that only show in Notion,
     * those that a property carries, and those of the flags above. */
    struct field_set based, shown, properties;
    struct field_set after_creating, after_comment, after_write, sealed;
    struct field_set links;  /* RELATION_LINKS */
    struct field_set lenses; /* parts of the issue's labels (model/lens.h) */
};

/* The built-in fields alone. */
void fields_init(struct fields *fields);

/* Adds a copy of a field and returns its id. The field's texts must live as long as the list, and
 * its name must be new. FIELD_NONE: there is no room. */
enum field fields_add(struct fields *fields, const struct field_info *info);

/* The field of that name, FIELD_NONE if there is none. */
enum field fields_find(const struct fields *fields, const char *name);

/* The name that people use for the field on GitHub: "description", "issue type", else its name. */
const char *fields_words(const struct fields *fields, enum field field);

/* Fields that have requests of their own on GitHub. */
struct field_set fields_apart(const struct fields *fields);

/* A field's key in the state, and the field of a key. FIELD_NONE: none. */
const char *fields_key(const struct fields *fields, enum field field);
enum field fields_of_key(const struct fields *fields, const char *key);

#endif
