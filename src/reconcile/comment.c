#include "reconcile/comment.h"

#include <inttypes.h>
#include <string.h>

#include "base/hash.h"
#include "model/sealed.h"
#include "model/status.h"
#include "reconcile/rules.h"

#define LINK_MARKER  "page="
#define ENDED_MARKER "ended page="

void
comments_vouch(struct own_comment *comments, size_t n, const struct record *record)
{
    struct arena *scratch = arena_new();
    const char *tried = record_pulls(record)->tried_head;
    const char *link = arena_printf(scratch, LINK_MARKER "%s", record->page_id);
    const char *ended = arena_printf(scratch, ENDED_MARKER "%s", record->page_id);
    const char *refused = arena_printf(scratch, "refused page=%s head=%s", record->page_id,
                                       tried != NULL ? tried : "");

    for (size_t i = 0; i < n; i++) {
        const char *marker = comments[i].marker;
        bool known =
            comments[i].id == record->link_comment
                ? strcmp(marker, link) == 0
                : strcmp(marker, refused) == 0 || (record->tombstone && strcmp(marker, ended) == 0);

        comments[i].counts = comments[i].counts || (known && !comments[i].edited);
    }
    arena_free(scratch);
}

bool
comment_is_link(const struct own_comment *comment, const char **id)
{
    if (!comment->counts || strncmp(comment->marker, LINK_MARKER, strlen(LINK_MARKER)) != 0)
        return false;
    *id = comment->marker + strlen(LINK_MARKER);
    return strchr(*id, ' ') == NULL;
}

bool
comment_says_ended(const struct own_comment *comments, size_t n, const char *page_id)
{
    size_t length = strlen(ENDED_MARKER);
    bool ended = false;
    const char *id;

    for (size_t i = 0; i < n; i++) {
        if (comments[i].counts && strncmp(comments[i].marker, ENDED_MARKER, length) == 0 &&
            strcmp(comments[i].marker + length, page_id) == 0)
            ended = true;
        else if (comment_is_link(&comments[i], &id) && strcmp(id, page_id) == 0)
            ended = false;
    }
    return ended;
}

static uint64_t
hash_value(uint64_t hash, const struct value *value)
{
    if (value->kind == VALUE_TEXT)
        hash = hash_item(hash, value->text);
    for (size_t i = 0; i < value->len; i++)
        hash = hash_item(hash, value->items[i]);
    return hash;
}

char *
comment_values(const struct item *item, struct field_set fields, struct arena *arena)
{
    uint64_t hash = HASH_START;
    bool is_secret = false;
    char *text;

    FIELD_EACH(f, fields)
    {
        is_secret = is_secret || item_is_secret(item, f);
        hash = hash_item(hash, item->rules->fields->items[f].name);
        /* Two readings of the same content can differ in insignificant details. */
        if (f == FIELD_BODY) {
            hash = hash_item(hash, item->issue->body_hash);
            hash = hash_item(hash, item->page->content.hash);
            continue;
        }
        hash = hash_value(hash, value_of(&item->issue->values, f));
        hash = hash_value(hash, value_of(&item->page->values, f));
    }
    text = arena_printf(arena, "%016" PRIx64, hash);
    /* A plain hash of few possible values reveals which of them it is. */
    if (is_secret && item->rules->digest != NULL)
        text = arena_strndup(arena,
                             sealed_digits(item->rules->digest(item->rules->sealing, item->number,
                                                               FIELD_STATUS, text, arena)),
                             strlen(text));
    return text;
}

static const char *
item_head(const struct item *item)
{
    const char *head = item->issue != NULL ? issue_pull(item->issue)->head_sha : NULL;

    return head != NULL ? head : "none";
}

char *
comment_marker(const struct item *item, const char *page_id, enum comment_kind kind,
               struct arena *arena)
{
    switch (kind) {
    case COMMENT_LINK:
        break;
    case COMMENT_STATUS:
        return arena_printf(arena, "%s page=%s",
                            status_is_closed(item->fields[FIELD_STATUS].value[SIDE_GITHUB].text)
                                ? "closed"
                                : "reopened",
                            page_id);
    case COMMENT_MERGED:
        return arena_printf(arena, "merged page=%s head=%s", page_id, item_head(item));
    case COMMENT_CONFLICT:
        return arena_printf(arena, "conflict page=%s values=%s", page_id,
                            comment_values(item, item_quotes(item, SIDE_GITHUB), arena));
    case COMMENT_REFUSED:
        return arena_printf(arena, "refused page=%s head=%s", page_id, item_head(item));
    case COMMENT_ENDED:
        return arena_printf(arena, ENDED_MARKER "%s", page_id);
    case COMMENT_VOID:
        return arena_printf(arena, "void page=%s head=%s", page_id, item_head(item));
    case COMMENT_ASKED:
        return arena_printf(arena, "asked page=%s", page_id);
    }
    return arena_printf(arena, LINK_MARKER "%s", page_id);
}

/* Whether a comment with the right marker is about the current plan, and not about an earlier
 * event. */
static bool
comment_is_current(const struct item *item, enum comment_kind kind,
                   const struct own_comment *comment)
{
    if (!comment->counts)
        return false;
    /* The comment precedes the change. A comment older than the last change belongs to that last
     * change. */
    if (kind == COMMENT_STATUS)
        return comment->created_at >= item->issue->state_changed_at;
    /* It is about this edit of the page. */
    if (kind == COMMENT_VOID || kind == COMMENT_ASKED)
        return comment->created_at >= item->page->edited_at;
    return true;
}

const struct own_comment *
comment_find(const struct item *item, enum comment_kind kind, struct arena *arena)
{
    const struct own_comment *found = NULL;
    bool ended = comment_says_ended(item->comments, item->n_comments, item->page_id);
    char *marker;

    if ((kind == COMMENT_LINK && ended) || (kind == COMMENT_ENDED && !ended))
        return NULL;
    marker = comment_marker(item, item->page_id, kind, arena);
    for (size_t i = 0; i < item->n_comments; i++)
        if (strcmp(item->comments[i].marker, marker) == 0 &&
            comment_is_current(item, kind, &item->comments[i]))
            found = &item->comments[i];
    return found;
}

size_t
comments_unproved(const struct item *item, struct arena *arena)
{
    size_t unproved = 0;

    for (size_t i = 0; i < item->n_comments; i++) {
        struct own_comment comment = item->comments[i];
        const char *id;
        bool says;

        if (comment.counts || comment.tagged)
            continue;
        comment.counts = true;
        says = comment_is_link(&comment, &id) ||
               strncmp(comment.marker, ENDED_MARKER, strlen(ENDED_MARKER)) == 0;
        for (size_t k = 0; !says && k < item->n_actions; k++)
            says = item->actions[k].kind == ACTION_COMMENT &&
                   strcmp(comment_marker(item, item->page_id, item->actions[k].comment, arena),
                          comment.marker) == 0 &&
                   comment_is_current(item, item->actions[k].comment, &comment);
        unproved += says;
    }
    return unproved;
}
