#include "base/json.h"
#include "github/github_p.h"

VEC_TYPE(milestone_list, struct milestone);

static bool
take_milestones(struct json_object *connection, struct arena *arena, struct milestone_list *list,
                struct err *err)
{
    struct json_object *nodes = json_array(connection, "nodes");

    if (nodes == NULL)
        return err_set(err, ERR_DATA, "an answer without a list of milestones");
    for (size_t i = 0; i < json_len(nodes); i++) {
        const char *title = json_string(json_at(nodes, i), "title");
        int64_t number = json_int(json_at(nodes, i), "number", 0);

        if (title == NULL || number <= 0)
            return err_set(err, ERR_DATA, "an answer with a milestone without title or number");
        vec_push(list, (struct milestone){arena_strdup(arena, title), number});
    }
    return true;
}

const char *const *
choices_types(struct json_object *repository, struct arena *arena, size_t *n)
{
    struct json_object *nodes = json_array(json_get(repository, "issueTypes"), "nodes");
    const char **names = arena_array(arena, json_len(nodes), sizeof(*names));

    *n = 0;
    for (size_t i = 0; i < json_len(nodes); i++) {
        const char *name = json_string(json_at(nodes, i), "name");

        if (name != NULL && json_flag(json_at(nodes, i), "isEnabled", true))
            names[(*n)++] = arena_strdup(arena, name);
    }
    return names;
}

static bool
read_page(struct github *github, const char **after, struct arena *arena,
          struct milestone_list *list, struct choices *choices, struct err *err)
{
    const char *what = "reading milestones and issue types";
    struct json_object *variables = json_add_string(json_new_object(), "after", *after);
    struct query_answer answer;
    struct json_object *milestones;
    bool ok;

    if (!query_run(github, what,
                   choices_query(arena, field_set_has(github->selected.fields, FIELD_ISSUE_TYPE)),
                   variables, &answer, err))
        return false;
    milestones = json_get(answer.repository, "milestones");
    ok = (take_milestones(milestones, arena, list, err) &&
          query_next(milestones, arena, after, err)) ||
         err_context(err, "%s", what);
    choices->types = choices_types(answer.repository, arena, &choices->n_types);
    query_release(&answer);
    return ok;
}

VEC_TYPE(label_list, const char *);

static bool
read_labels(struct github *github, const char **after, struct arena *arena, struct label_list *list,
            struct err *err)
{
    const char *what = "reading the labels";
    struct json_object *variables = json_add_string(json_new_object(), "after", *after);
    struct json_object *connection, *nodes;
    struct query_answer answer;
    bool ok;

    if (!query_run(github, what, labels_query(arena), variables, &answer, err))
        return false;
    connection = json_get(answer.repository, "labels");
    nodes = json_array(connection, "nodes");
    ok = (nodes != NULL || err_set(err, ERR_DATA, "an answer without a list of labels")) &&
         query_next(connection, arena, after, err);
    for (size_t i = 0; ok && i < json_len(nodes); i++) {
        const char *name = json_string(json_at(nodes, i), "name");

        if (name != NULL)
            vec_push(list, arena_strdup(arena, name));
    }
    query_release(&answer);
    return ok || err_context(err, "%s", what);
}

bool
github_read_choices(struct github *github, bool labels, struct arena *arena,
                    struct choices *choices, struct err *err)
{
    struct label_list names = {0};
    struct milestone_list list = {0};
    const char *after = NULL;
    bool ok;

    *choices = (struct choices){0};
    do
        ok = read_page(github, &after, arena, &list, choices, err);
    while (ok && after != NULL);
    vec_take(&list, arena, choices->milestones, choices->n_milestones);
    after = NULL;
    while (ok && labels) {
        ok = read_labels(github, &after, arena, &names, err);
        labels = after != NULL;
    }
    vec_take(&names, arena, choices->labels, choices->n_labels);
    return ok;
}
