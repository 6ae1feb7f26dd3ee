#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "config/config_p.h"
#include "model/column_target.h"
#include "model/field.h"
#include "model/login.h"
#include "model/notion_id.h"
#include "model/status.h"

void
parse_labels(struct input_reader *reader, const struct input *input, const char *text)
{
    VEC(const char *) labels = {0};
    const char *entry;

    (void)input;
    while ((entry = list_next(reader->arena, &text)) != NULL)
        vec_push(&labels, entry);
    vec_take(&labels, reader->arena, reader->config->issue_labels, reader->config->n_issue_labels);
}

/* A list, in words, of the fields that are allowed before the =. */
static const char *
field_names(const struct input_reader *reader, struct field_set which)
{
    const struct fields *fields = &reader->config->fields;
    struct buf names;

    buf_init(&names, 1024);
    FIELD_EACH(f, field_set_and(which, fields->properties))
    buf_printf(&names, "%s%s", names.len > 0 ? ", " : "", fields->items[f].name);
    return buf_take(&names, reader->arena);
}

static void
unknown_field(struct input_reader *reader, const struct input *input, const char *entry,
              const char *name, struct field_set which)
{
    const struct fields *fields = &reader->config->fields;
    struct nearest nearest = nearest_to(name);

    FIELD_EACH(f, field_set_and(which, fields->properties))
    nearest_offer(&nearest, fields->items[f].name);
    problem_say(reader, input->name, entry, "no field has this name. %sThe fields are %s.",
                problem_guess(reader->arena, &nearest), field_names(reader, which));
}

/* The = after the name of a field. Names of columns may hold one, too. NULL: the line names no
 * field. */
static const char *
equals_behind_name(const struct input_reader *reader, const char *entry, enum field *field)
{
    const char *equals = strchr(entry, '=');

    for (*field = FIELD_NONE; equals != NULL; equals = strchr(equals + 1, '=')) {
        *field = fields_find(&reader->config->fields,
                             text_trim(reader->arena, entry, (size_t)(equals - entry)));
        if (*field != FIELD_NONE && field_set_has(reader->config->fields.properties, *field))
            return equals;
    }
    return NULL;
}

/* entries: by field, what the user wrote for it. */
static void
read_property(struct input_reader *reader, const struct input *input, const char *entry,
              const char *entries[FIELD_ROOM])
{
    enum field field;
    const char *equals = equals_behind_name(reader, entry, &field);
    struct property_choice *choice;

    if (strchr(entry, '=') == NULL) {
        problem_add(reader, input->name, entry, "lines \"field = Column name\"; the fields are %s",
                    field_names(reader, FIELDS_ALL));
        return;
    }
    if (equals == NULL) {
        unknown_field(reader, input, entry, text_trim(reader->arena, entry, strcspn(entry, "=")),
                      FIELDS_ALL);
        return;
    }
    if (entries[field] != NULL) {
        problem_say(reader, input->name, entry, "%s has several lines. Use one line for a field.",
                    reader->config->fields.items[field].name);
        return;
    }
    entries[field] = entry;
    choice = &reader->config->properties[field];
    choice->property = text_trim(reader->arena, equals + 1, strlen(equals + 1));
    choice->off = *choice->property == '\0';
    choice->given = !choice->off;
    if (strcmp(choice->property, LINK_PROPERTY) == 0)
        problem_add(reader, input->name, entry,
                    "another column: " LINK_PROPERTY " holds the number of the issue");
}

static void
check_properties(struct input_reader *reader, const struct input *input,
                 const char *const entries[FIELD_ROOM])
{
    const struct property_choice *choices = reader->config->properties;
    const struct field_info *infos = reader->config->fields.items;

    for (enum field f = 0; f < reader->config->fields.n; f++)
        for (size_t g = f + 1U; g < reader->config->fields.n; g++) {
            if (choices[f].off || choices[g].off || choices[f].property == NULL ||
                choices[g].property == NULL ||
                strcmp(choices[f].property, choices[g].property) != 0)
                continue;
            if (g >= FIELD_BUILTINS && entries[f] == NULL && entries[g] == NULL)
                problem_say(reader, "fields",
                            arena_printf(reader->arena, "%s = %s", infos[g].name, infos[g].key),
                            "the built-in field %s has this column. Turn that field off with "
                            "\"%s =\" in property_map, or give it another column there.",
                            infos[f].name, infos[f].name);
            else
                problem_say(reader, input->name, entries[g] != NULL ? entries[g] : entries[f],
                            "%s and %s cannot share a column. Name another one, or turn one "
                            "field off by an empty name: \"%s =\".",
                            infos[f].name, infos[g].name, infos[f].name);
        }
}

void
parse_property_map(struct input_reader *reader, const struct input *input, const char *text)
{
    const char *entries[FIELD_ROOM] = {NULL};
    const char *entry;

    for (enum field f = 0; f < reader->config->fields.n; f++)
        reader->config->properties[f].property = reader->config->fields.items[f].property;
    while ((entry = list_next(reader->arena, &text)) != NULL)
        read_property(reader, input, entry, entries);
    check_properties(reader, input, entries);
}

/* Explains why the line is not valid. word_is: it ends in a direction. */
static void
bad_direction(struct input_reader *reader, const struct input *input, const char *entry,
              const char *name, bool word_is)
{
    enum field field = fields_find(&reader->config->fields, name);

    if (field == FIELD_BODY)
        problem_say(reader, input->name, entry,
                    "texts have an input of their own. Use sync_body instead of this line.");
    else if (field == FIELD_COMMENTS)
        problem_say(reader, input->name, entry,
                    "comments is a number that Notion shows. Leave this line out; the input for "
                    "what people say is sync_comments.");
    else if (field != FIELD_NONE && reader->config->fields.items[field].direction == TO_NOTION)
        problem_say(reader, input->name, entry,
                    "%s only shows what GitHub has. Leave this line out, or use "
                    "\"%s = to_notion\".",
                    name, name);
    else if (field == FIELD_NONE && word_is)
        unknown_field(reader, input, entry, name, reader->config->fields.based);
    else
        problem_add(reader, input->name, entry,
                    "\"field = both\", \"field = to_notion\" or \"field = to_github\"; the fields "
                    "are %s",
                    field_names(reader, reader->config->fields.based));
}

/* The last = separates: a property's name may hold one, a direction does not. */
static void
read_direction(struct input_reader *reader, const struct input *input, const char *entry,
               bool given[FIELD_ROOM])
{
    const struct fields *fields = &reader->config->fields;
    const char *word;
    const char *name = list_pair(reader->arena, entry, strrchr(entry, '='), &word);
    enum field field = fields_find(fields, name);
    int direction = word_place("both to_notion to_github", word);

    if (field == FIELD_NONE || !field_set_has(fields->properties, field) || direction < 0 ||
        (fields->items[field].direction == TO_NOTION && direction != TO_NOTION)) {
        bad_direction(reader, input, entry, name, direction >= 0);
        return;
    }
    if (given[field])
        problem_say(reader, input->name, entry, "%s has several lines. Use one line for a field.",
                    name);
    given[field] = true;
    reader->config->directions[field] = (enum direction)direction;
}

void
parse_directions(struct input_reader *reader, const struct input *input, const char *text)
{
    bool given[FIELD_ROOM] = {false};
    const char *entry;

    for (enum field f = 0; f < reader->config->fields.n; f++)
        reader->config->directions[f] = reader->config->fields.items[f].direction;
    while ((entry = list_next(reader->arena, &text)) != NULL)
        read_direction(reader, input, entry, given);
}

/* "open", "open + label: doing": the part after an =. */
static bool
read_meaning(struct arena *arena, const char *text, struct status_choice *status)
{
    static const char *const states[] = {STATUS_OPEN, STATUS_CLOSED, STATUS_CLOSED,
                                         STATUS_NOT_PLANNED};
    size_t length = strcspn(text, "+");
    int state = word_place("open closed closed:completed closed:not_planned",
                           text_trim(arena, text, length));
    struct column_target target;

    status->label = NULL;
    status->state = state >= 0 ? states[state] : NULL;
    if (status->state == NULL || text[length] == '\0')
        return status->state != NULL;
    if (target_read(arena, text + length + 1, &target) != TARGET_OK ||
        target.kind != TARGET_LABEL || target.group.after != NULL)
        return false;
    status->label = target.group.before;
    return true;
}

/* The field for the labels that statuses name. */
static void
add_lane(struct input_reader *reader)
{
    struct config *config = reader->config;
    const char **labels = arena_array(reader->arena, config->n_statuses, sizeof(*labels));
    struct field_info info = {.name = "lane",
                              .direction = BOTH_WAYS,
                              .relation = RELATION_IDENTITY,
                              .home = HOME_LANE,
                              .options = labels};

    for (size_t i = 0; i < config->n_statuses; i++) {
        bool again = config->statuses[i].label == NULL;

        for (size_t k = 0; k < info.n_options && !again; k++)
            again = label_same(labels[k], config->statuses[i].label);
        if (!again)
            labels[info.n_options++] = config->statuses[i].label;
    }
    config->lane = info.n_options > 0 ? fields_add(&config->fields, &info) : 0;
}

void
parse_status_map(struct input_reader *reader, const struct input *input, const char *text)
{
    VEC(struct status_choice) statuses = {0};
    const char *entry;

    while ((entry = list_next(reader->arena, &text)) != NULL) {
        struct status_choice status = {0};
        bool found = false;
        bool again = false;

        /* The first = before a state separates: names of options and labels may hold one. */
        for (const char *at = strchr(entry, '='); at != NULL && !found; at = strchr(at + 1, '=')) {
            status.option = text_trim(reader->arena, entry, (size_t)(at - entry));
            found = *status.option != '\0' && read_meaning(reader->arena, at + 1, &status);
        }
        if (!found) {
            problem_add(reader, input->name, entry,
                        "\"Notion status = STATE\" with one of the states open, closed, "
                        "closed:completed and closed:not_planned, alone or with a label "
                        "(\"open + label: doing\")");
            continue;
        }
        if (status.label != NULL)
            lane_check(reader, input, entry, status.label);
        for (size_t i = 0; i < statuses.len && !again; i++)
            again = strcmp(statuses.items[i].option, status.option) == 0;
        if (again)
            problem_say(reader, input->name, entry,
                        "this status has several lines. Use one line for a status.");
        else
            vec_push(&statuses, status);
    }
    vec_take(&statuses, reader->arena, reader->config->statuses, reader->config->n_statuses);
    add_lane(reader);
}

static bool
read_person(struct input_reader *reader, const struct input *input, const char *entry,
            struct person *person)
{
    const char *equals = strchr(entry, '=');
    char id[NOTION_ID_SIZE];

    if (equals != NULL) {
        const char *at;
        bool is_id;

        person->login = list_pair(reader->arena, entry, equals, &person->user);
        person->login += *person->login == '@';
        is_id = notion_id_parse(person->user, id);
        if (is_id)
            person->user = arena_strdup(reader->arena, id);
        at = strchr(person->user, '@');
        if (login_valid(person->login) &&
            (is_id || (at != NULL && at != person->user && at[1] != '\0' &&
                       strpbrk(person->user, " \t") == NULL)))
            return true;
    }
    problem_add(reader, input->name, entry,
                "\"GitHub login = Notion user\", the user by id (32 hex digits) or e-mail address");
    return false;
}

void
parse_people_map(struct input_reader *reader, const struct input *input, const char *text)
{
    VEC(struct person) people = {0};
    const char *entry;

    while ((entry = list_next(reader->arena, &text)) != NULL) {
        struct person person = {0};
        bool again = false;

        if (!read_person(reader, input, entry, &person))
            continue;
        for (size_t i = 0; i < people.len && !again; i++)
            again = utf8_casecmp(people.items[i].login, person.login) == 0 ||
                    utf8_casecmp(people.items[i].user, person.user) == 0;
        if (again)
            problem_say(reader, input->name, entry,
                        "this login or this Notion user has several lines. Use one line for a "
                        "login, and one for a Notion user.");
        else
            vec_push(&people, person);
    }
    vec_take(&people, reader->arena, reader->config->people, reader->config->n_people);
}
