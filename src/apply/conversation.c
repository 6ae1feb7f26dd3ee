#include "apply/conversation.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "apply/page.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/parallel.h"
#include "base/progress.h"
#include "gather/gather.h"
#include "state/conversation.h"

/* One conversation that is being carried over. */
struct chat {
    struct job *job;
    struct talk talk;
    struct talk_plan plan;
    size_t at;                 /* of the plan's says */
    VEC(const char *) refused; /* comments that the other side rejected in this pass */
    bool changed;              /* there is something to remember */
};

/* A pass's conversations, and why they stopped. */
struct chats {
    struct job **jobs;
    pthread_mutex_t lock;
    struct err stopped;
};

/* Reads both sides and decides again, from what is remembered now. */
static bool
chat_refresh(struct chat *chat, struct err *err)
{
    if (!gather_talk(chat->job->gather, &chat->talk, chat->job->arena, err))
        return false;
    chat->talk.carried = chat->plan.carried;
    chat->talk.n_carried = chat->plan.n_carried;
    chat->plan = conversation_plan(&chat->talk, chat->job->arena);
    chat->at = 0;
    return true;
}

/* The next comment that the other side has not rejected in this pass, or NULL. */
static const struct say *
chat_next(struct chat *chat)
{
    for (; chat->at < chat->plan.n_says; chat->at++) {
        const struct say *say = &chat->plan.says[chat->at];
        bool refused = false;

        for (size_t i = 0; i < chat->refused.len; i++)
            refused = refused || strcmp(chat->refused.items[i], say->remark->id) == 0;
        if (!refused)
            return say;
    }
    return NULL;
}

/* One part of a copy being posted. */
struct copy_part {
    const struct say *say;
    const struct runs *text;
    const char *thread; /* Notion: the discussion of the parts before it, NULL: none yet */
    int number;
};

static bool
send_part(struct chat *chat, struct copy_part *part, const char **id, struct err *err)
{
    struct gather *gather = chat->job->gather;
    int64_t number = 0;

    if (part->say->to == SIDE_NOTION)
        return notion_post_comment(gather->notion, chat->talk.page_id, part->thread, part->text,
                                   chat->job->arena, id, &part->thread, err);
    if (!github_post_copy(gather->github, chat->talk.number, part->text,
                          copy_marker(chat->job->arena, part->say->remark->id, part->number),
                          &number, err))
        return false;
    *id = arena_printf(chat->job->arena, "%lld", (long long)number);
    return true;
}

/* If a part's answer was lost, looks for the part before sending it again. */
static bool
post_part(struct chat *chat, struct copy_part *part, const char **id, struct err *err)
{
    for (int try = 1;; try++) {
        const struct remark *there;

        if (send_part(chat, part, id, err))
            return true;
        if (!pause_to_look(try, err) ||
            !gather_talk(chat->job->gather, &chat->talk, chat->job->arena, err))
            return false;
        there = conversation_copy(&chat->talk, part->say->to, part->say->remark->id, part->number);
        if (there != NULL) {
            *id = there->id;
            part->thread = there->thread;
            return true;
        }
    }
}

/* Writes the existing parts, posts missing ones and deletes extra ones. *gone: somebody deleted the
 * copy. */
static bool
write_parts(struct chat *chat, const struct say *say, struct carried *carried, bool *gone,
            struct err *err)
{
    size_t n;
    struct runs *texts = conversation_parts(&chat->talk, say, chat->job->arena, &n);
    size_t most = n > carried->n_copies ? n : carried->n_copies;
    const char **copies = arena_array(chat->job->arena, most, sizeof(*copies));
    struct copy_part part = {.say = say};
    bool ok;
    struct gather *gather = chat->job->gather;

    for (size_t i = 0; i < carried->n_copies; i++)
        copies[i] = carried->copies[i];
    carried->copies = copies;
    /* The discussion of the first part. */
    for (size_t i = 0; carried->n_copies > 0 && i < chat->talk.n_remarks[SIDE_NOTION]; i++)
        if (strcmp(chat->talk.remarks[SIDE_NOTION][i].id, copies[0]) == 0)
            part.thread = chat->talk.remarks[SIDE_NOTION][i].thread;
    for (size_t i = 0; i < n; i++) {
        part.text = &texts[i];
        part.number = (int)i + 1;
        if (i >= carried->n_copies) {
            if (!post_part(chat, &part, &copies[i], err))
                return false;
            carried->n_copies++;
            chat->changed = true;
            continue;
        }
        if (say->to == SIDE_NOTION)
            ok = notion_edit_comment(gather->notion, copies[i], part.text, err);
        else
            ok = github_edit_copy(gather->github, chat->talk.number, copies[i], part.text,
                                  copy_marker(chat->job->arena, say->remark->id, part.number), err);
        if (!ok) {
            *gone = err->kind == ERR_NOT_FOUND || err->kind == ERR_GONE;
            return *gone;
        }
    }
    for (; carried->n_copies > n; carried->n_copies--)
        if (!(say->to == SIDE_NOTION
                  ? notion_delete_comment(gather->notion, copies[carried->n_copies - 1], err)
                  : github_delete_copy(gather->github, copies[carried->n_copies - 1], err)))
            return false;
    return true;
}

static bool
chat_say(struct chat *chat, const struct say *say, struct err *err)
{
    struct carried *carried = &chat->plan.carried[say->entry];
    struct result *result = chat->job->result;
    bool posts = carried->n_copies == 0;
    bool gone = false;

    if (!write_parts(chat, say, carried, &gone, err))
        return false;
    if (gone)
        carried->n_copies = 0;
    else if (posts)
        result->said[say->to]++;
    else
        result->resaid[say->to]++;
    carried->digest = say->remark->digest;
    chat->changed = true;
    chat->at++;
    return true;
}

/* Returns false if the conversation ends early. */
static bool
chat_run(struct chat *chat, struct err *err)
{
    const struct say *say;
    bool stale;

    while ((say = chat_next(chat)) != NULL) {
        err_clear(err);
        if (!session_goes_on(chat->job->session, err))
            return false;
        if (say->to == SIDE_GITHUB && github_full_until(chat->job->gather->github) != 0) {
            job_postpone(chat->job);
            return true;
        }
        stale = false;
        for (int side = 0; side < SIDE_COUNT; side++)
            stale = stale ||
                    (chat->talk.read[side] && clock_now() - chat->talk.read_at[side] > FRESH_FOR);
        if (stale) {
            if (!chat_refresh(chat, err))
                return false;
            continue;
        }
        if (chat_say(chat, say, err))
            continue;
        if (err->kind != ERR_REFUSED)
            return false;
        /* A rejected comment does not block the others. A locked conversation accepts none, which
         * is not a failure. */
        vec_push(&chat->refused, say->remark->id);
        if (say->to == SIDE_NOTION) {
            job_fail(chat->job, err);
            continue;
        }
        log_warning("#%lld: %s", (long long)chat->talk.number, err->text);
        job_note(chat->job, "GitHub did not accept a comment: is the conversation locked?");
    }
    return true;
}

/* Remembers what was carried over, whatever happens to the rest. Remembers nothing about comments
 * that were not begun. */
static void
chat_remember(const struct chat *chat)
{
    struct carried *kept = arena_array(chat->job->arena, chat->plan.n_carried, sizeof(*kept));
    size_t n = 0;

    if (!chat->changed)
        return;
    for (size_t i = 0; i < chat->plan.n_carried; i++)
        if (chat->plan.carried[i].digest != NULL || chat->plan.carried[i].n_copies > 0)
            kept[n++] = chat->plan.carried[i];
    session_add_file(
        chat->job->session, state_comments_path(chat->job->arena, chat->talk.number),
        carried_write(chat->job->arena, chat->talk.number, kept, n, &chat->job->gather->sealing));
}

static bool
chats_stopped(struct chats *chats, const struct err *why)
{
    bool stopped;

    pthread_mutex_lock(&chats->lock);
    if (why != NULL && chats->stopped.kind == ERR_NONE)
        chats->stopped = *why;
    stopped = chats->stopped.kind != ERR_NONE;
    pthread_mutex_unlock(&chats->lock);
    return stopped;
}

/* Carries the comments over. Comments posted on GitHub change the columns of numbers and times. */
static bool
chat_perform(struct chat *chat, struct err *err)
{
    const struct result *result = chat->job->result;

    if (!chat_run(chat, err))
        return false;
    if (result->said[SIDE_GITHUB] + result->resaid[SIDE_GITHUB] == 0)
        return true;
    chat->job->stale =
        field_set_or(chat->job->stale, chat->job->item->rules->fields->after_comment);
    return show_page(chat->job, err);
}

static void
perform_chat(void *context, size_t index, size_t worker)
{
    struct chats *chats = context;
    struct job *job = chats->jobs[index];
    struct err err = {0};
    struct chat chat = {.job = job, .talk = *job->item->talk};

    if (chats_stopped(chats, NULL)) {
        job_postpone(job);
        return;
    }
    job->arena = job->gather->lanes[worker];
    chat.plan = conversation_plan(&chat.talk, job->arena);
    if (!chat_perform(&chat, &err)) {
        /* The next pass finds what was begun, or finds that an end of the link is gone. */
        if (err_is_stop(&err) || err.kind == ERR_NOT_FOUND || err.kind == ERR_GONE)
            job_postpone(job);
        else
            job_fail(job, &err);
        if (err.kind >= ERR_STOPPED)
            chats_stopped(chats, &err);
    }
    chat_remember(&chat);
    vec_free(&chat.refused);
    progress_step();
}

void
conversations_run(struct job *jobs, size_t n, struct err *stopped)
{
    struct chats chats = {.stopped = *stopped};
    size_t n_jobs = 0;

    chats.jobs = mem_alloc(n * sizeof(struct job *));
    pthread_mutex_init(&chats.lock, NULL);
    for (size_t i = 0; i < n; i++)
        if (jobs[i].item->talk != NULL && jobs[i].result->done == DONE_OK)
            chats.jobs[n_jobs++] = &jobs[i];
    if (n_jobs > 0)
        progress_phase("Carrying over comments", n_jobs);
    parallel_for(n_jobs, GATHER_LANES, perform_chat, &chats);
    *stopped = chats.stopped;
    pthread_mutex_destroy(&chats.lock);
    mem_free(chats.jobs);
}
