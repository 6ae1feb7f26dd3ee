#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "base/utf8.h"
#include "github/github_p.h"

/* The one of exactly that title, else one that differs in case only; 0: none. */
static int64_t
find(const struct milestone *milestones, size_t n, const char *title)
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
look_up(struct github *github, const char *title, int64_t *number, struct err *err)
{
    struct arena *arena = arena_new();
    struct choices choices;
    bool ok = github_read_choices(github, false, arena, &choices, err);

    if (ok)
        *number = find(choices.milestones, choices.n_milestones, title);
    arena_free(arena);
    return ok;
}

static bool
create(struct github *github, const char *title, int64_t *number, struct err *err)
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
    } else if (err->kind == ERR_REFUSED && look_up(github, title, number, NULL) && *number > 0) {
        /* Somebody else made it at the same moment. */
        err_clear(err);
        ok = true;
    } else if (err->kind == ERR_ACCESS || err->kind == ERR_NOT_FOUND || err->kind == ERR_REFUSED) {
        /* What prevents this one from being made does not affect other writes. */
        struct err why = *err;

        (void)err_set(err, ERR_REFUSED, "the milestone \"%s\" cannot be made: %s", title, why.text);
    }
    arena_free(arena);
    return ok;
}

bool
github_make_milestone(struct github *github, const char *title, int64_t *number, struct err *err)
{
    *number = find(github->milestones.items, github->milestones.len, title);
    if (*number > 0)
        return true;
    if (!look_up(github, title, number, err) ||
        (*number == 0 && !create(github, title, number, err)))
        return false;
    vec_push(&github->milestones, (struct milestone){arena_strdup(github->arena, title), *number});
    return true;
}
