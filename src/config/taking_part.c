#include <ctype.h>
#include <string.h>

#include "base/utf8.h"
#include "config/config_p.h"
#include "model/glob.h"
#include "model/lens.h"
#include "model/value.h"

/* The inputs that decide who and what takes part: some leave something out, others add
 * something. */

#define MARKER_MAX     ((size_t)50)
#define LABEL_MAX      50 /* docs.github.com */
#define NEW_LABELS_MAX ((size_t)50)
#define TYPE_MAX       ((size_t)100)
#define GLOBS_MAX      ((size_t)100)

/* One word: in a comment, white space separates it from what follows. */
void
parse_comment_marker(struct input_reader *reader, const struct input *input, const char *text)
{
    if (*text == '\0')
        return;
    for (const char *c = text; *c != '\0'; c++)
        if (isspace((unsigned char)*c) || iscntrl((unsigned char)*c)) {
            problem_add(reader, input->name, text, "one word without white space, such as /github");
            return;
        }
    if (utf8_length(text) > MARKER_MAX) {
        problem_add(reader, input->name, text, "a word of at most %zu characters", MARKER_MAX);
        return;
    }
    reader->config->comment_marker = text;
}

void
parse_label_ignore(struct input_reader *reader, const struct input *input, const char *text)
{
    VEC(const char *) globs = {0};
    const char *entry;

    while ((entry = list_next(reader->arena, &text)) != NULL)
        if (glob_valid(entry))
            vec_push(&globs, entry);
        else
            problem_add(reader, input->name, entry,
                        "a label, or labels by * (anything) and ? (one character), of at most %d "
                        "characters; \\ before a character takes it as it is",
                        GLOB_MAX);
    if (globs.len > GLOBS_MAX)
        problem_add(reader, input->name, NULL, "at most %zu lines", GLOBS_MAX);
    vec_take(&globs, reader->arena, reader->config->label_ignore, reader->config->n_label_ignore);
}

/* Adds a problem for an entry that asks for a label, or for a group of labels by a glob, if
 * label_ignore covers one of them. */
static void
check_ignored(struct input_reader *reader, const char *input, const char *entry, const char *labels,
              bool is_group)
{
    const struct config *config = reader->config;

    for (size_t i = 0; i < config->n_label_ignore; i++)
        if (is_group ? glob_meets(config->label_ignore[i], labels)
                     : glob_matches(config->label_ignore[i], labels)) {
            problem_say(reader, input, entry,
                        "label_ignore covers this label, so it would never get to the other side. "
                        "Take it out of one of the two inputs.");
            return;
        }
}

void
parse_new_issue_labels(struct input_reader *reader, const struct input *input, const char *text)
{
    VEC(const char *) labels = {0};
    const char *entry;

    while ((entry = list_next(reader->arena, &text)) != NULL) {
        const struct value so_far = value_set(labels.items, labels.len);

        if (utf8_length(entry) > LABEL_MAX)
            problem_add(reader, input->name, entry, "labels of at most %d characters", LABEL_MAX);
        else if (!value_has(&so_far, entry))
            vec_push(&labels, entry);
    }
    if (labels.len > NEW_LABELS_MAX)
        problem_add(reader, input->name, NULL, "at most %zu labels", NEW_LABELS_MAX);
    vec_take(&labels, reader->arena, reader->config->new_issue_labels,
             reader->config->n_new_issue_labels);
}

void
parse_new_issue_type(struct input_reader *reader, const struct input *input, const char *text)
{
    for (const char *c = text; *c != '\0'; c++)
        if (iscntrl((unsigned char)*c)) {
            problem_add(reader, input->name, text, "the name of one issue type, on one line");
            return;
        }
    if (utf8_length(text) > TYPE_MAX)
        problem_add(reader, input->name, text, "a name of at most %zu characters", TYPE_MAX);
    else if (*text != '\0')
        reader->config->new_issue_type = text;
}

static void
name_labels(struct config *config, struct arena *arena)
{
    const struct issue_filter *filter = config->issue_filter;
    VEC(const char *) labels = {0};

    for (size_t i = 0; i < config->n_issue_labels; i++)
        vec_push(&labels, config->issue_labels[i]);
    for (size_t i = 0; filter != NULL && i < filter->n_terms; i++)
        for (size_t k = 0; filter->terms[i].trait == TRAIT_LABEL && k < filter->terms[i].n_values;
             k++)
            vec_push(&labels, filter->terms[i].values[k]);
    vec_take(&labels, arena, config->named_labels, config->n_named_labels);
}

void
check_taking_part(struct input_reader *reader)
{
    const struct config *config = reader->config;

    name_labels(reader->config, reader->arena);

    for (size_t i = 0; i < config->n_new_issue_labels; i++) {
        const char *label = config->new_issue_labels[i];

        check_ignored(reader, "new_issue_labels", label, label, false);
        if (config->lane != 0 && lens_shows(&config->fields.items[config->lane], label))
            problem_say(reader, "new_issue_labels", label,
                        "status_map gives this label to a status, and an issue has the label of "
                        "its page's status. Take it out of one of the two inputs.");
    }
    for (enum field f = FIELD_BUILTINS; f < config->fields.n; f++)
        if (field_set_has(config->fields.lenses, f) && config->fields.items[f].property != NULL &&
            !config->properties[f].off)
            check_ignored(reader, "fields", config->fields.items[f].key,
                          config->fields.items[f].parameter,
                          config->fields.items[f].home == HOME_LABEL_GROUP);
    for (size_t i = 0; i < config->n_statuses; i++)
        if (config->statuses[i].label != NULL)
            check_ignored(reader, "status_map", config->statuses[i].label,
                          config->statuses[i].label, false);
    if (config->people_database != NULL && config->database != NULL &&
        strcmp(config->people_database, config->database) == 0)
        problem_say(reader, "people_database", config->people_database,
                    "This is notion_database. Use the database that lists the people of your "
                    "team.");
}
