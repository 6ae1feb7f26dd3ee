#include <string.h>

#include "gather/gather_p.h"
#include "state/conversation.h"
#include "state/record.h"

/*
 * A new rule keeps Notion's text out of a state that anybody can read. All its files are written
 * again without that text.
 */

/* Replaces a file that nobody can read. Its text does not matter. */
#define NOTHING "\n"

/* The files of a number. */
enum { RECORD, BODIES, COMMENTS, FILES_EACH };

static const char *
seal_record(const struct gather *gather, int64_t number, const char *text)
{
    struct record *record;

    return record_read(gather->arena, text, number, &gather->sealing, &record, NULL)
               ? record_write(gather->arena, record, &gather->sealing)
               : NOTHING;
}

static const char *
seal_bodies(const struct gather *gather, int64_t number, const char *text)
{
    const struct base_texts texts = bodies_read(gather->arena, text, number);

    return bodies_write(gather->arena, number, &texts, &gather->sealing);
}

static const char *
seal_comments(const struct gather *gather, int64_t number, const char *text)
{
    const struct carried *carried;
    size_t n;

    return carried_read(gather->arena, text, number, &carried, &n, NULL)
               ? carried_write(gather->arena, number, carried, n, &gather->sealing)
               : NOTHING;
}

bool
gather_seal_files(struct gather *gather, struct store_file **files, size_t *n, struct err *err)
{
    struct issue_entry *const *numbers;
    struct store_file *all;
    size_t n_numbers;

    numbers = world_issues(gather->world, &n_numbers);
    all = arena_array(gather->arena, FILES_EACH * n_numbers, sizeof(*all));
    for (size_t i = 0; i < n_numbers; i++) {
        all[FILES_EACH * i + RECORD].path = state_record_path(gather->arena, numbers[i]->number);
        all[FILES_EACH * i + BODIES].path = state_bodies_path(gather->arena, numbers[i]->number);
        all[FILES_EACH * i + COMMENTS].path =
            state_comments_path(gather->arena, numbers[i]->number);
    }
    if (!store_load(gather->store, all, FILES_EACH * n_numbers, gather->arena, err))
        return false;
    *files = all;
    *n = 0;
    for (size_t i = 0; i < FILES_EACH * n_numbers; i++) {
        int64_t number = numbers[i / FILES_EACH]->number;
        const char *text = all[i].text;

        if (text == NULL)
            continue;
        all[i].text = i % FILES_EACH == RECORD   ? seal_record(gather, number, text)
                      : i % FILES_EACH == BODIES ? seal_bodies(gather, number, text)
                                                 : seal_comments(gather, number, text);
        if (strcmp(all[i].text, text) != 0)
            all[(*n)++] = all[i];
    }
    return true;
}

const char *
gather_restarted(struct gather *gather)
{
    gather->restarts = false;
    gather->columns.sealed = gather->sealing.sealed;
    gather->columns.words = gather->sealing.words;
    if (gather->config->state_folder == NULL)
        gather->columns.restarted = gather->overview.server_time;
    return gather_columns_text(gather, false);
}
