#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "gather/gather_p.h"
#include "github/git_store.h"
#include "state/record.h"

/* If another pass is running, a pass looks again this many times, this far apart (ms), before it
 * gives up. */
#define LOCK_LOOKS 2
#define LOCK_PAUSE ((int64_t)5 * 1000)
/* Pages that a pass made just before it died may not be listed yet (ms). */
#define CRASH_LAG ((int64_t)60 * 1000)

static bool
open_store(struct gather *gather, const char **cursor, const char **lock, const char **limits,
           struct err *err)
{
    struct store_file files[] = {
        {STATE_CURSOR, NULL}, {STATE_LOCK, NULL}, {STATE_COLUMNS, NULL}, {STATE_LIMITS, NULL}};

    if (gather->config->state_folder == NULL) {
        gather->store =
            git_store_open(gather->github, &gather->overview, &gather->sealing, gather->arena);
        *cursor = gather->overview.cursor;
        *lock = gather->overview.lock;
        gather->columns_text = gather->overview.columns;
        *limits = gather->overview.limits;
        return true;
    }
    if (!store_open_folder(gather->config->state_folder, gather->arena, &gather->store, err) ||
        !store_load(gather->store, files, 4, gather->arena, err))
        return false;
    *cursor = files[0].text;
    *lock = files[1].text;
    gather->columns_text = files[2].text;
    *limits = files[3].text;
    return true;
}

static bool
read_cursor(struct gather *gather, const char *text, struct err *err)
{
    struct err damage;

    gather->has_cursor = false;
    if (text == NULL)
        return true;
    if (cursor_read(gather->arena, text, &gather->cursor, &damage)) {
        gather->has_cursor = !cursor_is_ahead(&gather->cursor, gather->overview.server_time);
        if (!gather->has_cursor)
            log_warning("cursor.json of the state is damaged (it names a time that is yet to "
                        "come): this run compares everything again");
        return true;
    }
    if (damage.kind != ERR_DATA)
        return err_set(err, damage.kind, "%s", damage.text);
    log_warning("%s: this run compares everything again", damage.text);
    return true;
}

/* Text that anybody who fetches the state could read. */
static void
begin_sealing(struct gather *gather)
{
    const struct config *config = gather->config;
    struct sealing *sealing = &gather->sealing;
    bool to_github =
        config->sync_body == SYNC_BODY_BOTH || config->sync_body == SYNC_BODY_TO_GITHUB;
    char key[SEAL_SIZE];

    *sealing = (struct sealing){.seal = config->seal, .fields = &config->fields};
    seal_text(&config->seal, "key", key);
    memcpy(sealing->key, key, SEALING_KEY_DIGITS);
    if (!gather->overview.is_public)
        return;
    sealing->words = !config->publish;
    FIELD_EACH(f, config->fields.sealed)
    if (sealing->words || (f == FIELD_BODY ? !to_github : config->directions[f] == TO_NOTION))
        field_set_add(&sealing->sealed, f);
}

/* Text that must not be in the state (any more) disappears along with its whole history. */
static void
begin_history(struct gather *gather, bool locked)
{
    const struct sealing *sealing = &gather->sealing;
    struct columns *columns = &gather->columns;
    bool exists = gather->store->commit != NULL || gather->has_cursor || locked;

    gather->restarts =
        exists && (!field_set_is_empty(field_set_minus(sealing->sealed, gather->known.sealed)) ||
                   (sealing->words && !gather->known.words));
    columns->sealed =
        gather->restarts ? field_set_and(sealing->sealed, gather->known.sealed) : sealing->sealed;
    columns->words = sealing->words && (!gather->restarts || gather->known.words);
}

static bool
open_once(struct gather *gather, const char **lock, struct err *err)
{
    struct made made[MADE_MINUTES];
    const char *cursor;
    const char *limits;

    if (!github_read_overview(gather->github, gather->arena, &gather->overview, err))
        return false;
    gather->github_time = gather->overview.server_time;
    begin_sealing(gather);
    notion_hide_quotes(gather->notion,
                       gather->sealing.words || !field_set_is_empty(gather->sealing.sealed));
    if (gather->overview.empty && gather->config->state_folder == NULL)
        return err_set(
            err, ERR_INPUT,
            "%s/%s has no commit yet, and an empty repository cannot hold the state: push a "
            "first commit",
            gather->config->owner, gather->config->repository);
    /* If the feature is turned off, no issue is visible. That must not look as if all issues were
     * deleted. */
    if (!gather->overview.has_issues && gather->config->pull_requests != PULLS_ALL)
        return err_set(
            err, ERR_INPUT,
            "issues are turned off in %s/%s: turn them on under Settings, General, Features",
            gather->config->owner, gather->config->repository);
    if (gather->overview.archived && !gather->config->dry_run)
        return err_set(
            err, ERR_INPUT,
            "%s/%s is archived, and nothing can be written to it: unarchive it under Settings, "
            "General, or disable the workflow",
            gather->config->owner, gather->config->repository);
    gather_tell_inputs(gather);
    if (!open_store(gather, &cursor, lock, &limits, err))
        return false;
    github_add_made(gather->github, made, limits_read(limits, made));
    if (gather->overview.state_other != NULL)
        log_warning("the state is in %s and in %s: the one that was saved later counts, %s; delete "
                    "the other (git push origin :%s)",
                    gather->config->state_ref, gather->config->state_branch,
                    gather->overview.state_ref, gather->overview.state_other);
    if (gather->overview.state_foreign != NULL)
        log_warning(
            "the branch %s holds other things than the state, so it is not used: rename it, "
            "because the state goes there if GitHub refuses %s",
            gather->overview.state_foreign, gather->config->state_ref);
    gather->begun = cursor == NULL && (gather->overview.state_commit != NULL || *lock != NULL);
    if (!read_cursor(gather, cursor, err) ||
        !columns_read(gather->arena, gather->columns_text, &gather->sealing, &gather->known, err))
        return false;
    gather->columns = gather->known;
    begin_history(gather, *lock != NULL);
    gather->links_without_columns =
        gather->columns_text == NULL &&
        (gather->config->state_folder == NULL ? gather->overview.n_folders > 0
                                              : gather->has_cursor);
    return true;
}

/* Until this time, pages may appear that the pass of an expired lock made; 0: all are visible. */
static int64_t
look_until(const struct lease *lock, int64_t now)
{
    if (lock->released && lock->time <= now)
        return lock->time + CRASH_LAG > now ? lock->time + CRASH_LAG : 0;
    log_notice("taking over the state from a run that ended without saying so");
    return now - lock->time <= LEASE_LIFE ? now + CRASH_LAG : 0;
}

bool
gather_open(struct gather *gather, bool *held, struct err *err)
{
    const struct config *config = gather->config;

    *held = false;
    for (int look = 0; look <= LOCK_LOOKS; look++) {
        const char *text = NULL;
        struct lease lock;
        int64_t now;

        if (look > 0 && !clock_sleep_until(clock_now() + LOCK_PAUSE))
            return err_set(err, ERR_STOPPED, "interrupted while another run was at work");
        if (look > 0)
            gather_restart(gather);
        if (!open_once(gather, &text, err))
            return false;
        if (text == NULL || config->dry_run)
            return true;
        now = gather->overview.server_time;
        lock = lease_read(gather->arena, text);
        if (lease_is_dead(&lock, config->run_id, config->run_attempt, now)) {
            gather->look_until = look_until(&lock, now);
            return true;
        }
    }
    *held = true;
    return true;
}

const char *
gather_why_full(const struct gather *gather)
{
    const struct config *config = gather->config;
    const char *fingerprint = gather->has_cursor ? gather->cursor.fingerprint : NULL;

    if (!gather->has_cursor)
        return "there is no state yet";
    if (config->mode == MODE_FULL)
        return "`mode` is full";
    if (gather->restarts)
        return "the state must not hold any more what it holds";
    if (gather->columns.compare)
        return "columns of the database were replaced";
    if (fingerprint == NULL || strcmp(fingerprint, config->fingerprint) != 0 ||
        !gather_columns_are_asked(gather))
        return "the configuration changed";
    if (config->full_every > 0 && gather->overview.server_time - gather->cursor.last_full >=
                                      config->full_every * 60 * 60 * 1000)
        return "the last full run is `full_every` hours ago";
    return NULL;
}

bool
gather_resolve(struct gather *gather, struct err *err)
{
    if (gather->has_cursor && strcmp(gather->cursor.database, gather->config->database) == 0) {
        memcpy(gather->data_source, gather->cursor.data_source, sizeof(gather->data_source));
    } else {
        if (!notion_resolve(gather->notion, gather->config->database, "notion_database",
                            gather->data_source, err))
            return false;
        if (gather->has_cursor && strcmp(gather->cursor.data_source, gather->data_source) != 0)
            return err_set(
                err, ERR_INPUT,
                "the state in %s belongs to another Notion database: give this one a `state_ref` "
                "of its own",
                gather->config->state_folder != NULL ? gather->config->state_folder
                                                     : gather->overview.state_ref);
    }
    if (!gather->bound) {
        static const struct binding nothing[FIELD_ROOM];

        notion_bind(gather->notion, gather->data_source, nothing, NULL);
    }
    return true;
}
