#include "base/json.h"
#include "github/github_p.h"

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

/* What is read page by page. */
struct choosing {
    struct github *github;
    struct arena *arena;
    struct choices *choices;
    VEC(struct milestone) milestones;
    VEC(const char *) labels;
};

static bool
take_milestones(struct choosing *c, struct json_object *repository, struct err *err)
{
    struct json_object *nodes = json_array(json_get(repository, "milestones"), "nodes");

    if (nodes == NULL)
        return err_set(err, ERR_DATA, "an answer without a list of milestones");
    for (size_t i = 0; i < json_len(nodes); i++) {
        const char *title = json_string(json_at(nodes, i), "title");
        int64_t number = json_int(json_at(nodes, i), "number", 0);

        if (title == NULL || number <= 0)
            return err_set(err, ERR_DATA, "an answer with a milestone without title or number");
        vec_push(&c->milestones, (struct milestone){arena_strdup(c->arena, title), number});
    }
    c->choices->types = choices_types(repository, c->arena, &c->choices->n_types);
    return true;
}

static bool
take_labels(struct choosing *c, struct json_object *repository, struct err *err)
{
    struct json_object *nodes = json_array(json_get(repository, "labels"), "nodes");

    if (nodes == NULL)
        return err_set(err, ERR_DATA, "an answer without a list of labels");
    for (size_t i = 0; i < json_len(nodes); i++) {
        const char *name = json_string(json_at(nodes, i), "name");

        if (name != NULL)
            vec_push(&c->labels, arena_strdup(c->arena, name));
    }
    return true;
}

/* Reads a connection of the repository to its end. */
static bool
read_pages(struct choosing *c, const char *what, const char *text, const char *connection,
           bool (*take)(struct choosing *c, struct json_object *repository, struct err *err),
           struct err *err)
{
    const char *after = NULL;
    bool ok;

    do {
        struct query_answer answer;

        if (!query_run(c->github, what, text, json_add_string(json_new_object(), "after", after),
                       &answer, err))
            return false;
        ok = (take(c, answer.repository, err) &&
              query_next(json_get(answer.repository, connection), c->arena, &after, err)) ||
             err_context(err, "%s", what);
        query_release(&answer);
    } while (ok && after != NULL);
    return ok;
}

bool
github_read_choices(struct github *github, bool labels, struct arena *arena,
                    struct choices *choices, struct err *err)
{
    struct choosing c = {.github = github, .arena = arena, .choices = choices};
    bool types = field_set_has(github->selected.fields, FIELD_ISSUE_TYPE);
    bool ok;

    *choices = (struct choices){0};
    ok = read_pages(&c, "reading milestones and issue types", choices_query(arena, types),
                    "milestones", take_milestones, err) &&
         (!labels ||
          read_pages(&c, "reading the labels", labels_query(arena), "labels", take_labels, err));
    vec_take(&c.milestones, arena, choices->milestones, choices->n_milestones);
    vec_take(&c.labels, arena, choices->labels, choices->n_labels);
    return ok;
}
