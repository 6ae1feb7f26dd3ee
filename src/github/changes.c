#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "github/github_p.h"

#define NUMBERS_A_REQUEST 25
#define FRAGMENTS_MAX     ((size_t)1 << 16)

static void
add_changes(struct buf *text, const char *type)
{
    buf_printf(text, "fragment %s on %s{lastEditedAt", type, type);
    for (size_t i = 0; i < n_codecs; i++)
        if (codecs[i].events != NULL)
            buf_printf(text, " %s:timelineItems(last:1,itemTypes:[%s]){nodes{%s}}", codecs[i].name,
                       codecs[i].events, codecs[i].event_nodes);
    buf_str(text, "}");
}

int64_t
changed_at(struct json_object *object, const char *key)
{
    const char *text = json_string(object, key);
    int64_t time;

    if (text == NULL)
        return 0;
    return clock_parse(text, &time) ? time : CHANGE_UNKNOWN;
}

/* The result of take_changes. */
struct changing {
    const int64_t *numbers;
    int64_t (*changed)[FIELD_BUILTINS];
};

static bool
take_changes(void *context, size_t index, const struct query_answer *answer, struct err *err)
{
    const struct changing *changing = context;
    int64_t *changed = changing->changed[index];
    struct json_object *node = query_number(answer, changing->numbers[index]);

    (void)err;
    if (json_has(node, "lastEditedAt"))
        changed[FIELD_BODY] = changed_at(node, "lastEditedAt");
    for (size_t i = 0; i < n_codecs; i++) {
        struct json_object *nodes = json_array(json_get(node, codecs[i].name), "nodes");

        if (codecs[i].events != NULL && nodes != NULL)
            changed[codecs[i].field] = changed_at(json_at(nodes, 0), "createdAt");
    }
    return true;
}

bool
github_read_changes(struct github *github, const int64_t *numbers, size_t n,
                    int64_t (*changed)[FIELD_BUILTINS], struct err *err)
{
    struct changing changing = {numbers, changed};
    struct numbers_ask ask = {
        .github = github,
        .what = "asking what changed since",
        .thing = "issueOrPullRequest",
        .selection = "{...Issue ...PullRequest}",
        .at_once = NUMBERS_A_REQUEST,
        .take = take_changes,
        .context = &changing,
    };
    struct buf fragments;
    bool ok;

    for (size_t i = 0; i < n; i++)
        for (size_t f = 0; f < FIELD_BUILTINS; f++)
            changed[i][f] = CHANGE_UNKNOWN;
    buf_init(&fragments, FRAGMENTS_MAX);
    add_changes(&fragments, "Issue");
    add_changes(&fragments, "PullRequest");
    ask.fragments = buf_text(&fragments);
    ok = query_numbers(&ask, numbers, n, err);
    buf_release(&fragments);
    return ok;
}
