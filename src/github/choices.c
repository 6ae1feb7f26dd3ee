#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "base/utf8.h"
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

/* A connection that is read page by page. */
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

/* The one with exactly that title, otherwise one that differs only in case; 0: none. */
static int64_t
find_milestone(const struct milestone *milestones, size_t n, const char *title)
{
    int64_t number = 0;

    for (size_t i = 0; i < n; i++)
        if (strcmp(milestones[i].title, title) == 0)
            return milestones[i].number;
        else if (number == 0 && utf8_casecmp(milestones[i].title, title) == 0)
            number = milestones[i].number;
    return number;
}

static bool
look_up_milestone(struct github *github, const char *title, int64_t *number, struct err *err)
{
    struct arena *arena = arena_new();
    struct choices choices;
    bool ok = github_read_choices(github, false, arena, &choices, err);

    if (ok)
        *number = find_milestone(choices.milestones, choices.n_milestones, title);
    arena_free(arena);
    return ok;
}

static bool
create_milestone(struct github *github, const char *title, int64_t *number, struct err *err)
{
    struct arena *arena = arena_new();
    struct rest_request request = {
        .method = HTTP_POST,
        .path = rest_path(github, arena, "/milestones"),
        .body = json_add_string(json_new_object(), "title", title),
        .what = "making a milestone",
        .safety = RETRY_LOOK_FIRST,
    };
    struct json_object *tree;
    bool ok = rest_json(github, &request, &tree, err);

    if (ok) {
        *number = json_int(tree, "number", 0);
        json_object_put(tree);
        log_info("the milestone \"%s\" was made", title);
        ok = *number > 0 || err_set(err, ERR_AMBIGUOUS, "%s: no number in it", request.what);
    } else if (err->kind == ERR_REFUSED && look_up_milestone(github, title, number, NULL) &&
               *number > 0) {
        /* Somebody else made it at the same moment. */
        err_clear(err);
        ok = true;
    } else if (err->kind == ERR_ACCESS || err->kind == ERR_NOT_FOUND || err->kind == ERR_REFUSED) {
        /* The reason why this one cannot be made does not affect other writes. */
        struct err why = *err;

        (void)err_set(err, ERR_REFUSED, "the milestone \"%s\" cannot be made: %s", title, why.text);
    }
    arena_free(arena);
    return ok;
}

bool
github_make_milestone(struct github *github, const char *title, int64_t *number, struct err *err)
{
    *number = find_milestone(github->milestones.items, github->milestones.len, title);
    if (*number > 0)
        return true;
    if (!look_up_milestone(github, title, number, err) ||
        (*number == 0 && !create_milestone(github, title, number, err)))
        return false;
    vec_push(&github->milestones, (struct milestone){arena_strdup(github->arena, title), *number});
    return true;
}
