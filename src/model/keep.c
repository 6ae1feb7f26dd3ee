#include "model/keep.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

/*
 * A snapshot is taken as words, of which only those that are not zero are kept: behind a bit for
 * each, in the same order.
 */
#define WORD      sizeof(uint64_t)
#define MASK_BITS (WORD * CHAR_BIT)
#define MASKS     2
#define WORDS     (MASKS * MASK_BITS)

#define FITS(type) (sizeof(type) % WORD == 0 && sizeof(type) <= WORDS * WORD)
_Static_assert(FITS(struct issue) && FITS(struct page) && FITS(struct record),
               "a snapshot is whole words, and few enough");

/* Texts longer than this are unlikely to be met again. */
#define SHARED_MAX 256

struct kept {
    uint64_t masks[MASKS];
    uint64_t words[];
};

static const struct kept *
fold(struct arena *arena, const void *object, size_t size)
{
    uint64_t words[WORDS];
    struct kept *kept;
    size_t n = 0;
    size_t used = 0;

    memcpy(words, object, size);
    for (size_t i = 0; i < size / WORD; i++)
        n += words[i] != 0;
    kept = arena_array(arena, MASKS + n, WORD);
    for (size_t i = 0; i < size / WORD; i++)
        if (words[i] != 0) {
            kept->masks[i / MASK_BITS] |= UINT64_C(1) << i % MASK_BITS;
            kept->words[used++] = words[i];
        }
    return kept;
}

static void
unfold(const struct kept *kept, void *object, size_t size)
{
    uint64_t words[WORDS] = {0};
    size_t n = 0;

    for (size_t i = 0; i < size / WORD; i++)
        if ((kept->masks[i / MASK_BITS] >> i % MASK_BITS & 1) != 0)
            words[i] = kept->words[n++];
    memcpy(object, words, size);
}

static void *
unfold_in(struct arena *arena, const void *kept, size_t size)
{
    void *object;

    if (kept == NULL)
        return NULL;
    object = arena_alloc(arena, size);
    unfold(kept, object, size);
    return object;
}

static void
own_text(struct arena *arena, const char **text)
{
    if (*text != NULL && strlen(*text) > SHARED_MAX)
        *text = arena_strdup(arena, *text);
    else
        *text = arena_share(arena, *text);
}

static void
own_values(struct arena *arena, struct value *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (values[i].kind == VALUE_TEXT) {
            own_text(arena, &values[i].text);
        } else if (values[i].kind == VALUE_SET) {
            const char **items = arena_array(arena, values[i].len, sizeof(*items));

            for (size_t k = 0; k < values[i].len; k++) {
                items[k] = values[i].items[k];
                own_text(arena, &items[k]);
            }
            values[i].items = values[i].len > 0 ? items : NULL;
        }
    }
}

const struct kept_issue *
keep_issue(struct arena *arena, const struct issue *issue)
{
    struct issue own;

    memcpy(&own, issue, sizeof(own));
    own_text(arena, &own.url);
    own_text(arena, &own.author);
    own_text(arena, &own.marker);
    own_text(arena, &own.named);
    own_text(arena, &own.body_hash);
    own_text(arena, &own.trailer);
    own_text(arena, &own.pull.node_id);
    own_text(arena, &own.pull.head_sha);
    own_text(arena, &own.pull.base);
    own_text(arena, &own.pull.merge_state);
    own_values(arena, own.values, FIELD_COUNT);
    return (const struct kept_issue *)fold(arena, &own, sizeof(own));
}

const struct kept_page *
keep_page(struct arena *arena, const struct page *page)
{
    struct page own;

    memcpy(&own, page, sizeof(own));
    own_text(arena, &own.id);
    own_text(arena, &own.url);
    own_text(arena, &own.edited_by);
    own_text(arena, &own.created_by);
    own_text(arena, &own.content.hash);
    own_text(arena, &own.content.by);
    own_values(arena, own.values, FIELD_COUNT);
    return (const struct kept_page *)fold(arena, &own, sizeof(own));
}

static const struct intent *
own_intents(struct arena *arena, const struct intent *intents, size_t n)
{
    struct intent *own = arena_memdup(arena, intents, n * sizeof(*own));

    for (size_t i = 0; i < n; i++) {
        own_text(arena, &own[i].page_id);
        for (enum side s = 0; s < SIDE_COUNT; s++) {
            own_values(arena, own[i].holds[s], FIELD_BASED);
            own_values(arena, own[i].had[s], FIELD_BASED);
        }
    }
    return own;
}

const struct kept_record *
keep_record(struct arena *arena, const struct record *record)
{
    struct record own;

    memcpy(&own, record, sizeof(own));
    own_text(arena, &own.page_id);
    own_text(arena, &own.column);
    own_text(arena, &own.key);
    own_text(arena, &own.open_option);
    own_text(arena, &own.head);
    own_text(arena, &own.base_branch);
    own_text(arena, &own.tried_head);
    own_text(arena, &own.tried_state);
    own_text(arena, &own.body.read_by);
    for (enum side s = 0; s < SIDE_COUNT; s++) {
        own_text(arena, &own.body.left[s]);
        own_text(arena, &own.body.text[s]);
        own_text(arena, &own.body.next[s]);
        own_values(arena, own.base[s], FIELD_BASED);
    }
    for (enum field f = 0; f < FIELD_BASED; f++)
        own_text(arena, &own.property[f]);
    if (own.n_intents > 0)
        own.intents = own_intents(arena, own.intents, own.n_intents);
    return (const struct kept_record *)fold(arena, &own, sizeof(own));
}

struct issue
kept_issue(const struct kept_issue *kept)
{
    struct issue issue;

    unfold((const struct kept *)kept, &issue, sizeof(issue));
    return issue;
}

struct page
kept_page(const struct kept_page *kept)
{
    struct page page;

    unfold((const struct kept *)kept, &page, sizeof(page));
    return page;
}

struct record
kept_record(const struct kept_record *kept)
{
    struct record record;

    unfold((const struct kept *)kept, &record, sizeof(record));
    return record;
}

struct issue *
kept_issue_in(struct arena *arena, const struct kept_issue *kept)
{
    return unfold_in(arena, kept, sizeof(struct issue));
}

struct page *
kept_page_in(struct arena *arena, const struct kept_page *kept)
{
    return unfold_in(arena, kept, sizeof(struct page));
}

struct record *
kept_record_in(struct arena *arena, const struct kept_record *kept)
{
    return unfold_in(arena, kept, sizeof(struct record));
}
