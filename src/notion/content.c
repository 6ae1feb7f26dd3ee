#include "notion/notion.h"

#include <string.h>

#include "base/clock.h"
#include "markdown/markdown.h"
#include "model/body.h"
#include "notion/notion_p.h"

/* Of one update_content: developers.notion.com/reference/update-page-markdown, and well below the 500 KB of any request. */
#define EDITS_MAX  100
#define EDIT_BYTES ((size_t)200 * 1000)
/* Requests for one page: far more than a body needs that nobody else is writing to. */
#define REQUESTS_MAX 20
#define FAILURES_MAX 3

/* asked_at: server time before the request: what is edited while Notion answers counts as edited later. */
static bool
take_content(const struct ask *ask, struct json_object *json, int64_t asked_at, struct arena *arena,
             struct value *text, struct content *content, struct err *err)
{
    const char *markdown = json_copy(arena, json, "markdown");
    struct arena *scratch;

    if (markdown == NULL)
        return err_set(err, ERR_DATA, "%s: Notion's answer has no Markdown", ask->what);
    *text = value_text(markdown);
    *content = (struct content){
        .partial = json_flag(json, "truncated", false),
        .read_at = asked_at,
        .seen_at = clock_now(),
    };
    scratch = arena_new();
    content->hash = body_hash(arena, markdown_normal_notion(scratch, markdown));
    arena_free(scratch);
    return true;
}

bool
notion_read_content(struct notion *notion, const char *id, struct arena *arena, struct value *text,
                    struct content *content, struct err *err)
{
    int64_t before = http_server_time(notion->service);
    char tidy[37];
    struct reply reply;
    struct ask ask = {.need = NEED_READ};
    bool done;

    if (!notion_check_id(id, tidy, err))
        return false;
    ask.path = arena_printf(arena, "/v1/pages/%s/markdown?markdown_version=" NOTION_MARKDOWN, tidy);
    ask.what = arena_printf(arena, "reading the content of the page %s", tidy);
    if (!notion_ask(notion, &ask, &reply, err))
        return false;
    done = take_content(&ask, reply.json, before, arena, text, content, err);
    notion_reply_release(&reply);
    return done;
}

static struct json_object *
edits_body(const struct markdown_edit *edits, size_t n)
{
    struct json_object *list = json_new_array();

    for (size_t i = 0; i < n; i++) {
        struct json_object *edit = json_new_object();

        json_add_string(edit, "old_str", edits[i].old_text);
        json_push(list, json_add_string(edit, "new_str", edits[i].new_text));
    }
    return json_add(json_new_object(), "content_updates", list);
}

/* n 0: all of it is replaced by `whole`. */
static struct json_object *
content_body(const struct markdown_edit *edits, size_t n, const char *whole)
{
    struct json_object *body = json_new_object();
    const char *type = n > 0 ? "update_content" : "replace_content";

    json_add_string(body, "type", type);
    json_add_string(body, "markdown_version", NOTION_MARKDOWN);
    return json_add(body, type,
                    n > 0 ? edits_body(edits, n)
                          : json_add_string(json_new_object(), "new_str", whole));
}

static bool
send_content(struct notion *notion, const char *id, const struct markdown_edit *edits, size_t n,
             const char *whole, struct arena *arena, struct value *text, struct content *content,
             struct err *err)
{
    int64_t before = http_server_time(notion->service);
    struct reply reply;
    struct ask ask = {
        .method = HTTP_PATCH,
        .path = arena_printf(arena, "/v1/pages/%s/markdown", id),
        .body = content_body(edits, n, whole),
        .what = arena_printf(arena, "writing the content of the page %s", id),
        .need = NEED_UPDATE,
        .safety = RETRY_LOOK_FIRST,
        .writes = true,
    };
    bool done;

    if (!notion_exchange(notion, &ask, &reply, err))
        return false;
    if (notion_saved(reply.status, reply.json))
        done = notion_read_content(notion, id, arena, text, content, err);
    else if (notion_is_good(&reply) && reply.json != NULL)
        done = take_content(&ask, reply.json, before, arena, text, content, err);
    else
        done = notion_refused(&ask, &reply, err);
    notion_reply_release(&reply);
    return done;
}

/* How many of the edits one request can carry. */
static size_t
edits_at_once(const struct markdown_edit *edits, size_t n)
{
    size_t bytes = 0;
    size_t i = 0;

    for (; i < n && i < EDITS_MAX; i++) {
        bytes += strlen(edits[i].old_text) + strlen(edits[i].new_text);
        if (i > 0 && bytes > EDIT_BYTES)
            break;
    }
    return i;
}

/* What one request changes of the text; n 0 with *whole NULL: nothing is left to do. */
static bool
next_edits(const char *now, const char *wanted, struct arena *arena,
           const struct markdown_edit **edits, size_t *n, const char **whole, struct err *err)
{
    bool can = markdown_edits(arena, now, wanted, edits, n);

    *whole = NULL;
    if (can && *n == 0)
        return true;
    if ((!can && markdown_is_plain(now)) || (can && (*edits)[0].old_text[0] == '\0')) {
        *n = 0;
        *whole = wanted;
        return true;
    }
    return can || err_set(err, ERR_REFUSED,
                          "the page's content changed where Markdown cannot carry what is there");
}

/* Notion refused, or its answer was lost: what is there now? Nobody needs to be asked again for what it refused as it stands. */
static bool
look_after(struct notion *notion, const char *id, struct arena *arena, struct value *text,
           struct content *content, struct err *err)
{
    struct err why = *err;
    const char *before = content->hash;

    if (why.kind != ERR_REFUSED && why.kind != ERR_AMBIGUOUS)
        return false;
    if (!notion_read_content(notion, id, arena, text, content, err))
        return false;
    return why.kind == ERR_AMBIGUOUS || strcmp(before, content->hash) != 0 ||
           err_set(err, why.kind, "%s", why.text);
}

bool
notion_write_content(struct notion *notion, const char *id, const char *wanted, struct arena *arena,
                     struct value *text, struct content *content, struct err *err)
{
    size_t left = SIZE_MAX;
    int failures = 0;
    char tidy[37];

    if (!notion_check_id(id, tidy, err))
        return false;
    for (int request = 0; request < REQUESTS_MAX; request++) {
        const struct markdown_edit *edits;
        const char *whole;
        size_t n;

        if (!next_edits(text->text, wanted, arena, &edits, &n, &whole, err))
            return false;
        /* What stays different after it was written is Notion's own way of writing it. */
        if ((n == 0 && whole == NULL) || (whole != NULL ? 1 : n) >= left)
            return true;
        left = whole != NULL ? 1 : n;
        if (send_content(notion, tidy, edits, edits_at_once(edits, n), whole, arena, text, content,
                         err))
            continue;
        if (++failures == FAILURES_MAX || !look_after(notion, tidy, arena, text, content, err))
            return false;
        left = SIZE_MAX;
    }
    return err_set(err, ERR_REFUSED, "writing the content of the page %s: it keeps changing", tidy);
}
