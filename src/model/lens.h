#ifndef MODEL_LENS_H
#define MODEL_LENS_H

#include "model/fields.h"
#include "model/value.h"

/*
 * Lenses: several fields show parts of one thing, the labels of an issue. A group of labels
 * (HOME_LABEL_GROUP) is a set of their values, or the single value for a field that is not a set. A
 * single label (HOME_LABEL) is present or absent. Of the labels of statuses (HOME_LANE), one is
 * present. The field "labels" holds what no other field claims. Reading splits the labels. Writing
 * joins the fields' wishes into one request. Each field has its own base, conflicts and records. If
 * a field claims something, an issue's values also hold all labels as GitHub has them, under
 * FIELD_ALL_LABELS: whatever a request must not change goes back as it was.
 */

/* Whether a label belongs to the field, by the rules of model/label_group.h. */
bool lens_shows(const struct field_info *info, const char *label);

/* The label for a value of the field. */
const char *lens_label(const struct field_info *info, const char *value, struct arena *arena);

/* All labels of an issue. */
const struct value *lens_labels(const struct values *issue);

/* For a field that takes one label of its group, on an issue that has several: the text lists them,
 * separated by LENS_SEVERAL. We cannot know which of them counts. */
#define LENS_SEVERAL "\n"
bool lens_is_several(const struct value *value);
/* Their names for people, separated by a comma and a blank. */
const char *lens_several_text(const struct value *value, struct arena *arena);

/* Puts an issue's labels into its values, split among `claims`, the lenses that take part. */
void lens_split(const struct fields *fields, struct field_set claims, struct value labels,
                struct values *issue, struct arena *arena);

/* Whether a change concerns labels and nothing else. */
bool lens_is_all(const struct fields *fields, const struct values *change);

/* The labels that an issue should have: from `change` for the fields that it names, the rest as in
 * `issue`. VALUE_ABSENT: the change does not concern labels. */
struct value lens_join(const struct fields *fields, const struct values *issue,
                       const struct values *change, struct arena *arena);

#endif
