#ifndef MODEL_LENS_H
#define MODEL_LENS_H

#include "model/fields.h"
#include "model/value.h"

/*
 * Lenses: several fields that show parts of one thing, the labels of an issue. A group of labels
 * (HOME_LABEL_GROUP) is a set of their values, or the one that there is (a field that is not a
 * set); a single label (HOME_LABEL) is there or not; of the labels that stand for a status
 * (HOME_LANE) one is. The field "labels" holds what no other field claims. Reading splits the
 * labels, writing joins the fields' wishes into one request; each field has its own base, conflicts
 * and records.
 *
 * If something is claimed, an issue's values also hold all labels as GitHub has them, under
 * FIELD_ALL_LABELS: what a request must not change is sent back as it was.
 */

/* Whether a label belongs to the field, by the rules of model/label_group.h. */
bool lens_shows(const struct field_info *info, const char *label);

/* The label that stands for a value of the field. */
const char *lens_label(const struct field_info *info, const char *value, struct arena *arena);

/* All labels of an issue. */
const struct value *lens_labels(const struct values *issue);

/* A field that takes one label of its group, and an issue that has several: the text names them,
 * LENS_SEVERAL between each two. It is not known which of them counts. */
#define LENS_SEVERAL "\n"
bool lens_is_several(const struct value *value);
/* Their names for people, a comma and a blank between each two. */
const char *lens_several_text(const struct value *value, struct arena *arena);

/* Puts an issue's labels into its values, split among `claims`, those of the lenses that take
 * part. */
void lens_split(const struct fields *fields, struct field_set claims, struct value labels,
                struct values *issue, struct arena *arena);

/* Whether a change is about labels, and nothing else. */
bool lens_is_all(const struct fields *fields, const struct values *change);

/* The labels that an issue is to have: what `change` wants of the fields that it names, and the
 * rest as in `issue`. VALUE_ABSENT: the change is not about labels. */
struct value lens_join(const struct fields *fields, const struct values *issue,
                       const struct values *change, struct arena *arena);

#endif
