#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "base/utf8.h"
#include "github/github_p.h"

/* The colors of Notion's options, in the form that GitHub's labels use. */
static const struct {
    const char *name, *hex;
} colors[] = {
    {"gray", "9b9a97"},   {"brown", "a27763"}, {"orange", "d9730d"},
    {"yellow", "dfab01"}, {"green", "4d9a6a"}, {"blue", "337ea9"},
    {"purple", "9065b0"}, {"pink", "c14c8a"},  {"red", "d44c47"},
};

/* For labels whose option has no color. */
#define PLAIN "6e7781"

static const char *
hex_of(const char *color)
{
    for (size_t i = 0; color != NULL && i < sizeof(colors) / sizeof(colors[0]); i++)
        if (strcmp(colors[i].name, color) == 0)
            return colors[i].hex;
    return PLAIN;
}

static bool
is_there(const struct github *github, const char *name)
{
    for (size_t i = 0; i < github->repository_labels.len; i++)
        if (utf8_casecmp(github->repository_labels.items[i], name) == 0)
            return true;
    return false;
}

bool
github_make_label(struct github *github, const char *name, const char *color,
                  const char *description, struct err *err)
{
    struct arena *arena = arena_new();
    struct rest_request request = {
        .method = HTTP_POST,
        .path = rest_path(github, arena, "/labels"),
        .what = "making a label",
        .safety = RETRY_SAFE,
    };
    struct http_answer answer;
    char reason[REASON_SIZE];
    bool ok = true;

    if (!is_there(github, name)) {
        const char *copy = arena_strdup(github->arena, name);

        request.body = json_add_string(json_new_object(), "name", name);
        json_add_string(request.body, "color", hex_of(color));
        json_add_string(request.body, "description", description);
        ok = rest_call(github, &request, &answer, err);
        if (ok) {
            /* Any other problem shows when the label is written, because that also makes it. */
            if (answer.status >= 300 && answer.status != 422) {
                rest_reason(&answer, reason);
                log_debug("the label \"%s\" was not made: %s", name, reason);
            }
            http_answer_release(&answer);
            vec_push(&github->repository_labels, copy);
        }
    }
    arena_free(arena);
    return ok;
}
