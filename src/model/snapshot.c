#include "model/snapshot.h"

static void
intern_all(const char **const *texts, size_t n, struct arena *arena)
{
    for (size_t i = 0; i < n; i++)
        *texts[i] = text_intern(*texts[i], arena);
}

#define INTERN(arena, ...)                          \
    intern_all((const char **const[]){__VA_ARGS__}, \
               sizeof((const char **const[]){__VA_ARGS__}) / sizeof(const char **), (arena))

const struct pull *
issue_pull(const struct issue *issue)
{
    static const struct pull nothing;

    return issue->pull != NULL ? issue->pull : &nothing;
}

const struct issue *
issue_pack(const struct issue *issue, struct arena *arena)
{
    struct issue *own = arena_memdup(arena, issue, sizeof(*own));

    INTERN(arena, &own->url, &own->author, &own->marker, &own->named, &own->body_hash,
           &own->trailer);
    if (issue->pull != NULL) {
        struct pull *pull = arena_memdup(arena, issue->pull, sizeof(*pull));

        INTERN(arena, &pull->node_id, &pull->head_sha, &pull->base, &pull->merge_state);
        own->pull = pull;
    }
    own->values = values_intern(&issue->values, arena);
    return own;
}

struct page *
page_pack(const struct page *page, struct arena *arena)
{
    struct page *own = arena_memdup(arena, page, sizeof(*own));

    /* These are specific to this page and not shared. */
    own->id = arena_strdup(arena, page->id);
    own->url = arena_strdup(arena, page->url);
    INTERN(arena, &own->edited_by, &own->created_by, &own->content.hash, &own->content.by);
    own->values = values_intern(&page->values, arena);
    return own;
}

static const struct intent *
intents_pack(const struct intent *intents, size_t n, struct arena *arena)
{
    struct intent *own = n > 0 ? arena_memdup(arena, intents, n * sizeof(*own)) : NULL;

    for (size_t i = 0; i < n; i++) {
        own[i].page_id = text_intern(own[i].page_id, arena);
        for (enum side s = 0; s < SIDE_COUNT; s++) {
            own[i].holds[s] = values_intern(&own[i].holds[s], arena);
            own[i].had[s] = values_intern(&own[i].had[s], arena);
        }
    }
    return own;
}

const struct pull_record *
record_pulls(const struct record *record)
{
    static const struct pull_record nothing;

    return record != NULL && record->pulls != NULL ? record->pulls : &nothing;
}

struct pull_record *
record_own_pulls(struct record *record, struct arena *arena)
{
    struct pull_record *own = arena_memdup(arena, record_pulls(record), sizeof(*own));

    record->pulls = own;
    return own;
}

const char *
record_property(const struct record *record, enum field field)
{
    return record->properties != NULL ? value_text_of(record->properties, field) : NULL;
}

void
record_put_property(struct record *record, enum field field, const char *property,
                    struct arena *arena)
{
    struct values *own = arena_array(arena, 1, sizeof(*own));

    if (record->properties != NULL)
        *own = *record->properties;
    values_put(own, field, value_maybe(property), arena);
    record->properties = own;
}

static const struct pull_record *
pulls_pack(const struct pull_record *pulls, struct arena *arena)
{
    struct pull_record *own;

    if (pulls->head == NULL && pulls->base_branch == NULL && pulls->tried_head == NULL &&
        pulls->tried_state == NULL && pulls->stage == STAGE_UNKNOWN && pulls->n_numbers == 0)
        return NULL;
    own = arena_memdup(arena, pulls, sizeof(*own));
    INTERN(arena, &own->head, &own->base_branch, &own->tried_head, &own->tried_state);
    own->numbers = arena_memdup(arena, pulls->numbers, pulls->n_numbers * sizeof(*own->numbers));
    return own;
}

const struct record *
record_pack(const struct record *record, const struct record *like, struct arena *arena)
{
    struct record *own = arena_memdup(arena, record, sizeof(*own));

    INTERN(arena, &own->column, &own->key, &own->open_option, &own->body.read_by);
    for (enum side s = 0; s < SIDE_COUNT; s++) {
        own->body.left[s] = text_intern(own->body.left[s], arena);
        own->base[s] = values_intern(&record->base[s], arena);
    }
    own->body.texts = NULL; /* they are in files of their own */
    /* The columns are those of all records. */
    if (record->properties != NULL && like != NULL && like->properties != NULL &&
        values_equal(like->properties, record->properties)) {
        own->properties = like->properties;
    } else if (record->properties != NULL) {
        const struct values properties = values_intern(record->properties, arena);

        own->properties = arena_memdup(arena, &properties, sizeof(properties));
    }
    own->pulls = pulls_pack(record_pulls(record), arena);
    own->intents = intents_pack(record->intents, record->n_intents, arena);
    return own;
}
