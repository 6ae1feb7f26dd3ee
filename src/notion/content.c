#include "notion/notion.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "markdown/markdown.h"
#include "model/body.h"
#include "notion/notion_p.h"

/* The most edits of one update_content: developers.notion.com/reference/update-page-markdown,
 * and well below the 500 KB of any request. */
#define EDITS_MAX  100
#define EDIT_BYTES ((size_t)200 * 1000)
/* Requests for one page: far more than a body needs. */
#define REQUESTS_MAX 20

/* asked_at: server time before the request: an edit made while Notion answers is treated as
 * later. */
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
notion_lacks_dialect(struct notion *notion)
{
    return notion->no_dialect;
}

bool
notion_refuses_dialect(struct notion *notion, const struct err *err)
{
    bool unknown = strcasestr(err->text, "not present") != NULL ||
                   strcasestr(err->text, "unrecognized") != NULL ||
                   strcasestr(err->text, "unknown") != NULL;

    if (err->kind != ERR_REFUSED || (strcasestr(err->text, "markdown_version") == NULL &&
                                     !(unknown && strcasestr(err->text, "markdown") != NULL)))
        return false;
    if (!atomic_exchange(&notion->no_dialect, true))
        log_notice("Notion does not accept its Markdown \"" NOTION_MARKDOWN
                   "\", a preview, at present: "
                   "texts stay as they are on both sides, pages and issues are made without (%.*s)",
                   err_reason_length(err), err->text);
    return true;
}

bool
notion_read_content(struct notion *notion, const char *id, struct arena *arena, struct value *text,
                    struct content *content, struct err *err)
{
    int64_t before = http_server_time(notion->service);
    char tidy[NOTION_ID_SIZE];
    struct reply reply;
    struct ask ask = {.need = NEED_READ};
    bool done;

    if (!notion_check_id(id, tidy, err))
        return false;
    ask.path = arena_printf(arena, "/v1/pages/%s/markdown?markdown_version=" NOTION_MARKDOWN, tidy);
    ask.what = arena_printf(arena, "reading the content of the page %s", tidy);
    if (!notion_ask(notion, &ask, &reply, err)) {
        (void)notion_refuses_dialect(notion, err);
        return false;
    }
    done = take_content(&ask, reply.json, before, arena, text, content, err);
    notion_reply_release(&reply);
    return done;
}

/* No edits: `whole` replaces all of it. */
static struct json_object *
content_body(const struct markdown_edit *edits, size_t n, const char *whole)
{
    struct json_object *body = json_new_object();
    struct json_object *list;

    json_add_string(body, "type", edits != NULL ? "update_content" : "replace_content");
    json_add_string(body, "markdown_version", NOTION_MARKDOWN);
    if (edits == NULL)
        return json_add(body, "replace_content",
                        json_add_string(json_new_object(), "new_str", whole));
    list = json_new_array();
    for (size_t i = 0; i < n; i++) {
        struct json_object *edit = json_new_object();

        json_add_string(edit, "old_str", edits[i].old_text);
        json_push(list, json_add_string(edit, "new_str", edits[i].new_text));
    }
    return json_add(body, "update_content", json_add(json_new_object(), "content_updates", list));
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
    if (!done)
        (void)notion_refuses_dialect(notion, err);
    notion_reply_release(&reply);
    return done;
}

/* A page that is being changed from one text to another. */
struct rewriting {
    struct notion *notion;
    const char *id, *wanted;
    const struct markdown_edit *edits; /* NULL: everything is replaced at once */
    size_t n, done;
    int ignored; /* requests that succeeded and changed nothing */
    struct arena *arena;
    struct value *text;
    struct content *content;
};

/* The text after the edits from `from` to `to`; NULL if one of them finds nothing to change. */
static char *
edited(const struct rewriting *writing, const char *text, size_t from, size_t to,
       struct arena *scratch)
{
    char *now = arena_strdup(scratch, text);

    for (size_t i = from; i < to; i++) {
        const struct markdown_edit *edit = &writing->edits[i];
        const char *at = strstr(now, edit->old_text);

        if (at == NULL)
            return NULL;
        now = arena_printf(scratch, "%.*s%s%s", (int)(at - now), now, edit->new_text,
                           at + strlen(edit->old_text));
    }
    return now;
}

static bool
says(const char *text, const struct content *content, struct arena *scratch)
{
    return text != NULL &&
           strcmp(content->hash, body_hash(scratch, markdown_normal_notion(scratch, text))) == 0;
}

/* Whether the page holds its earlier content after some first number of the edits; *done is that
 * number. */
static bool
find_done(const struct rewriting *writing, const char *before, size_t end, size_t *done,
          struct arena *scratch)
{
    if (writing->edits == NULL) {
        *done = says(writing->wanted, writing->content, scratch) ? 1 : 0;
        return *done == 1 || says(before, writing->content, scratch);
    }
    for (*done = end;; (*done)--) {
        if (says(edited(writing, before, writing->done, *done, scratch), writing->content, scratch))
            return true;
        if (*done == writing->done)
            return false;
    }
}

/* Whether all differences from the expected text are in the blocks that were sent: Notion may write
 * those in its own way. */
static bool
differs_in_own_blocks(const struct rewriting *writing, const char *before, size_t end,
                      struct arena *scratch)
{
    const struct markdown_edit *differences;
    const char *expected;
    size_t n;

    if (writing->edits == NULL)
        return true;
    expected = edited(writing, before, writing->done, end, scratch);
    if (expected == NULL ||
        !markdown_edits(scratch, expected, writing->text->text, &differences, &n))
        return false;
    for (size_t i = 0; i < n; i++) {
        size_t own = writing->done;

        while (own < end && strstr(writing->edits[own].new_text, differences[i].old_text) == NULL)
            own++;
        if (own == end)
            return false;
    }
    return true;
}

/* Sends the next edits and finds out how many were made, regardless of the answer. */
static bool
write_some(struct rewriting *writing, struct arena *scratch, struct err *err)
{
    const char *before = writing->text->text;
    size_t end = writing->edits != NULL ? writing->done : 1;
    size_t bytes = 0;
    const struct markdown_edit *edits =
        writing->edits != NULL ? writing->edits + writing->done : NULL;
    struct err why;
    size_t done;
    bool sent;

    /* As many as one request can carry. */
    for (; edits != NULL && end < writing->n && end - writing->done < EDITS_MAX; end++) {
        bytes += strlen(writing->edits[end].old_text) + strlen(writing->edits[end].new_text);
        if (end > writing->done && bytes > EDIT_BYTES)
            break;
    }
    sent = send_content(writing->notion, writing->id, edits, end - writing->done, writing->wanted,
                        writing->arena, writing->text, writing->content, err);
    why = *err;
    if (!sent && why.kind != ERR_REFUSED && why.kind != ERR_AMBIGUOUS)
        return false;
    if (!sent && !notion_read_content(writing->notion, writing->id, writing->arena, writing->text,
                                      writing->content, err))
        return false;
    if (find_done(writing, before, end, &done, scratch)) {
        bool some = done > writing->done;

        /* Notion accepted it twice and it is still not there: Notion drops such content. */
        writing->done = sent && !some && ++writing->ignored > 1 ? end : done;
        return sent || some || why.kind == ERR_AMBIGUOUS || err_set(err, why.kind, "%s", why.text);
    }
    if (!sent)
        return err_set(err, ERR_CONFLICT, "the content of the page %s changed meanwhile",
                       writing->id);
    writing->content->mixed = !differs_in_own_blocks(writing, before, end, scratch);
    writing->done = end;
    return true;
}

bool
notion_write_content(struct notion *notion, const char *id, const char *wanted, struct arena *arena,
                     struct value *text, struct content *content, struct err *err)
{
    struct rewriting writing = {
        .notion = notion, .wanted = wanted, .arena = arena, .text = text, .content = content};
    struct arena *scratch;
    char tidy[NOTION_ID_SIZE];
    bool ok;

    if (!notion_check_id(id, tidy, err))
        return false;
    if (!markdown_edits(arena, text->text, wanted, &writing.edits, &writing.n)) {
        writing.edits = NULL;
        writing.n = 1;
        if (!markdown_is_plain(text->text))
            return err_set(err, ERR_REFUSED,
                           "the content of the page would have to change in a place that Markdown "
                           "cannot carry");
    } else if (writing.n > 0 && writing.edits[0].old_text[0] == '\0') {
        writing.edits = NULL;
    }
    writing.id = tidy;
    scratch = arena_new();
    ok = true;
    for (int request = 0; ok && writing.done < writing.n && !content->mixed; request++)
        ok = request < REQUESTS_MAX
                 ? write_some(&writing, scratch, err)
                 : err_set(err, ERR_SERVER, "Notion does not make all edits of the page %s", tidy);
    if (!ok && err != NULL)
        err->undone = err->undone && writing.done == 0;
    arena_free(scratch);
    return ok;
}
