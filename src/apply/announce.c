#include "apply/announce.h"

#include <string.h>

#include "reconcile/intent.h"
#include "state/record.h"

/* A record and the texts of its body. */
#define FILES_EACH 2

/* Adds the files that announce an item, which live in the arena, and returns what they announce. */
static const struct intent *
announce_item(const struct item *item, const struct gather *gather, struct arena *arena,
              struct store_file *files, size_t *n)
{
    const struct intent *intent = intent_of(item, arena);
    struct base_texts texts;
    struct record *record;

    if (intent == NULL)
        return NULL;
    record = intent_record(item, intent, arena);
    files[(*n)++] = (struct store_file){state_path_of(arena, record),
                                        record_write(arena, record, &gather->sealing)};
    if (intent_bodies(item, intent, &texts))
        files[(*n)++] =
            (struct store_file){state_bodies_path(arena, item->number),
                                bodies_write(arena, item->number, &texts, &gather->sealing)};
    return intent;
}

struct announced
announce_first(const struct gather *gather, const struct plan *plan, struct arena *arena)
{
    size_t n = plan->items.len < ANNOUNCE_MAX ? plan->items.len : ANNOUNCE_MAX;
    struct announced first = {.files = arena_array(arena, FILES_EACH * n, sizeof(*first.files)),
                              .intents = arena_array(arena, n, sizeof(struct intent *))};

    for (; first.n < n; first.n++)
        first.intents[first.n] =
            announce_item(plan->items.items[first.n], gather, arena, first.files, &first.n_files);
    return first;
}

bool
announce_covers(const struct job *job)
{
    const struct item *item = job->item;

    if (item->n_actions > 0 && item->actions[0].kind == ACTION_LOOK)
        return true;
    return intent_covers(job->outcome.intended, intent_of(item, job->arena));
}

bool
announce_jobs(struct job *const *jobs, size_t n)
{
    const struct gather *gather = jobs[0]->gather;
    struct arena *arena = gather->aside;
    struct store_file *files = arena_array(arena, FILES_EACH * n, sizeof(*files));
    const struct intent **intents = arena_array(arena, n, sizeof(struct intent *));
    size_t n_files = 0;

    for (size_t i = 0; i < n; i++)
        intents[i] = announce_item(jobs[i]->item, gather, arena, files, &n_files);
    if (!session_announce(jobs[0]->session, files, n_files))
        return false;
    for (size_t i = 0; i < n; i++)
        jobs[i]->outcome.intended = intents[i];
    return true;
}

void
announce_retract(const struct job *job)
{
    const struct item *item = job->item;
    const struct sealing *sealing = &job->gather->sealing;
    struct arena *arena = job->gather->arena;
    struct base_texts texts;

    if (job->outcome.intended == NULL || job->saved || job->wrote)
        return;
    session_add_file(job->session,
                     item->number > 0 ? state_record_path(arena, item->number)
                                      : state_page_path(arena, item->page_id),
                     item->stored != NULL ? record_write(arena, item->stored, sealing) : NULL);
    if (!intent_bodies(item, job->outcome.intended, &texts))
        return;
    memcpy(texts.next, item->body.next, sizeof(texts.next));
    session_add_file(job->session, state_bodies_path(arena, item->number),
                     item->body.base_read ? bodies_write(arena, item->number, &texts, sealing)
                                          : NULL);
}
