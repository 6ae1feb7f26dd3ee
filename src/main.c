#include <stdio.h>
#include <string.h>

#include "apply/announce.h"
#include "apply/apply.h"
#include "apply/look.h"
#include "apply/next_cursor.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/progress.h"
#include "base/signals.h"
#include "check/check.h"
#include "cleanup/cleanup.h"
#include "config/config.h"
#include "gather/gather.h"
#include "report/report.h"

/* How often a pass starts over if another one takes the lock first. */
#define STARTS_MAX 3
/* How long saving may take after the time for the pass is up, or after a signal (ms). A runner
 * sends a second signal after 7.5 s, which ends the program at once. */
#define GRACE              ((int64_t)60 * 1000)
#define GRACE_AFTER_SIGNAL ((int64_t)4 * 1000)

/* The first run that reads a state of an earlier version prints this. */
static const char what_is_new[] =
    "an earlier version of this action wrote the state. This version does some things differently: "
    "in a public repository nothing from Notion is published before `publish` is true; "
    "`create_issues` is `open` by default, so pages with a closed status get no issue; a pull "
    "request is merged only at the commit that was there when its page was set to done. See "
    "CHANGELOG.md";

/* The parts that a pass uses. */
struct pass {
    struct config config;
    struct http *http;
    struct github *github;
    struct notion *notion;
    int64_t deadline;
    bool waited; /* for new rows */
    struct gather gather;
    struct plan *plan;
    struct pass_report report;
};

static bool
open_sides(struct pass *pass, struct err *err)
{
    const struct config *config = &pass->config;
    bool bots = false;
    const struct github_config github = {
        .api_url = config->github_api_url,
        .graphql_url = config->github_graphql_url,
        .token = config->github_token,
        .owner = config->owner,
        .repository = config->repository,
        .seal = config->seal,
        .state_ref = config->state_folder == NULL ? config->state_ref : NULL,
        .state_branch = config->state_folder == NULL ? config->state_branch : NULL,
        .labels = config->named_labels,
        .n_labels = config->n_named_labels,
        .types = config->issue_filter != NULL &&
                 field_set_has(issue_filter_needs(config->issue_filter, &bots), FIELD_ISSUE_TYPE),
        .blockers = config_has_home(config, HOME_BLOCKED_BY),
    };

    pass->deadline = clock_now() + config->max_runtime * 60 * 1000;
    pass->http = http_start("notion-sync-action/" NOTION_SYNC_VERSION, NULL, pass->deadline, err);
    if (pass->http == NULL)
        return false;
    pass->github = github_new(pass->http, &github, err);
    pass->notion = notion_new(pass->http, config->notion_api_url, config->notion_token, err);
    if (pass->github == NULL || pass->notion == NULL)
        return false;
    gather_begin(&pass->gather, config, pass->github, pass->notion);
    return true;
}

static void
close_sides(struct pass *pass)
{
    gather_end(&pass->gather);
    notion_free(pass->notion);
    github_free(pass->github);
    http_stop(pass->http);
}

static bool
read_both_sides(struct pass *pass, struct err *err)
{
    struct gather *gather = &pass->gather;

    if (!gather_resolve(gather, err))
        return false;
    pass->report.why_full = gather_why_full(gather);
    pass->report.full = pass->report.why_full != NULL;
    gather_event(gather);
    if (!pass->report.full) {
        if (!gather_changes(gather, err))
            return false;
        /* The schema was read only now. */
        pass->report.why_full = gather_why_full(gather);
        pass->report.full = pass->report.why_full != NULL;
    }
    if (pass->report.full && !gather_all(gather, err))
        return false;
    gather_remember_lost(gather);
    if (!gather_heard(gather, pass->report.full, err) || !gather_plan(gather, &pass->plan, err) ||
        !gather_conversations(gather, pass->report.full, err))
        return false;
    gather_attach(gather, pass->plan);
    return true;
}

/* Sets up what follows from what is known by now. */
static bool
plan_again(struct pass *pass, struct err *err)
{
    if (!gather_plan(&pass->gather, &pass->plan, err))
        return false;
    gather_attach(&pass->gather, pass->plan);
    return true;
}

static bool
check_limits(const struct pass *pass, struct err *err)
{
    return plan_check_limits(pass->plan, pass->config.max_deletions, pass->config.max_changes, err);
}

/* Nothing needs to be written on either side. Saves the cursor, so that what was looked at need
 * not be looked at again. */
static bool
move_cursor(struct pass *pass, struct err *err)
{
    struct gather *gather = &pass->gather;
    struct cursor cursor;
    bool due = !gather->has_cursor || gather->cursor.outdated ||
               (pass->report.full && pass->config.mode != MODE_FULL);
    bool moves =
        next_cursor(gather, pass->report.full, &pass->report.results, gather->arena, &cursor);
    const char *columns = gather_columns_text(gather, moves && pass->report.full);

    if (moves)
        pass->report.comments_waiting = cursor.n_comments;
    if (moves && !due && !next_cursor_matters(gather, &cursor)) {
        pass->report.quiet = gather->oldest_issue == 0 && gather->oldest_page == 0;
        moves = false;
    }
    return session_move_cursor(gather->store, moves ? &cursor : NULL, columns, err);
}

/* Saves what was done, no matter what ended the work. */
static bool
save(struct pass *pass, struct session *session, struct err *err)
{
    struct gather *gather = &pass->gather;
    struct cursor cursor;
    bool moved;

    progress_phase("Saving what was done", 0);
    clock_resume();
    http_take_breath(github_rest_service(pass->github));
    if (signals_caught() != 0)
        http_hurry(pass->http, GRACE_AFTER_SIGNAL);
    else
        http_set_deadline(pass->http, clock_now() + GRACE > session_until(session)
                                          ? clock_now() + GRACE
                                          : session_until(session));
    moved = next_cursor(gather, pass->report.full, &pass->report.results, gather->arena, &cursor);
    pass->report.comments_waiting = cursor.n_comments;
    return session_finish(session, moved || gather->has_cursor ? &cursor : NULL,
                          gather_columns_text(gather, moved && pass->report.full), err);
}

/* Adds the properties that the database lacks. Only then is it known which ones Notion made, so
 * everything that depends on them is decided again, from what was read. */
static bool
set_up(struct pass *pass, struct err *err)
{
    struct gather *gather = &pass->gather;

    if (!gather_lacks(gather))
        return true;
    return gather_setup(gather, err) && plan_again(pass, err) && check_limits(pass, err);
}

/* The files have been saved without the texts that they must not hold. Now earlier versions of
 * them are removed. */
static bool
restart(struct pass *pass, struct session *session, struct err *err)
{
    struct gather *gather = &pass->gather;
    const struct columns before = gather->columns;

    if (!gather->restarts || session_restart(session, gather_restarted(gather), err))
        return true;
    gather->columns = before;
    return false;
}

enum start { START_DONE, START_OVER };

static enum start
perform(struct pass *pass, struct err *err)
{
    struct gather *gather = &pass->gather;
    struct session session;
    struct err unsaved = {0};
    /* Setup goes first, because it changes what is written. */
    const struct plan nothing = {0};
    const struct plan *first = gather_lacks(gather) || gather->restarts ? &nothing : pass->plan;
    bool restarts = gather->restarts;
    struct announced announced = {.n = 0};
    enum session_result taken;

    /* Leaves at least half of the remaining time for the work under the lock. */
    if (!gather_lacks(gather) && !restarts)
        look_before(gather, pass->plan, (pass->deadline - clock_now()) / 2);
    if (restarts && !gather_seal_files(gather, &announced.files, &announced.n_files, err))
        return START_DONE;
    if (!restarts)
        announced = announce_first(gather, first, gather->arena);
    taken = session_take(&session, &pass->config, &gather->sealing, gather->store,
                         gather->has_cursor && gather->cursor.outdated ? &gather->cursor : NULL,
                         gather_columns_text(gather, false), announced.files, announced.n_files,
                         pass->http, github_graphql_service(pass->github), pass->deadline, err);

    if (taken == SESSION_BEATEN)
        return START_OVER;
    if (taken == SESSION_FAILED)
        return START_DONE;
    if (restart(pass, &session, err) && set_up(pass, err))
        apply_plan(gather, &session, pass->plan, &announced, &pass->report.results, err);
    if (!save(pass, &session, &unsaved) && (err->kind == ERR_NONE || err_is_stop(err)))
        (void)err_set(err, unsaved.kind == ERR_WAIT ? ERR_WAIT : ERR_STATE,
                      "%s (nothing is lost: the next run finds out what was done)", unsaved.text);
    return START_DONE;
}

/* New rows wait until nobody is typing them any longer. A pass that starts over has already
 * waited. */
static bool
ripen(struct pass *pass, struct err *err)
{
    struct gather *gather = &pass->gather;
    bool waits;

    if (!gather_ripen(gather, pass->plan, pass->waited ? 0 : pass->deadline, &waits, err))
        return false;
    if (!waits)
        return true;
    pass->waited = true;
    return plan_again(pass, err);
}

/* One attempt at a pass: read, decide, perform. */
static enum start
run_once(struct pass *pass, struct err *err)
{
    struct gather *gather = &pass->gather;
    bool held;

    err_clear(err);
    pass->plan = NULL; /* it lies in memory that is freed now */
    gather_restart(gather);
    progress_phase("Reading both sides", 0);
    if (!gather_open(gather, &held, err))
        return START_DONE;
    if (held) {
        pass->report.notice =
            "another run is at work on this database: this one leaves everything to it";
        return START_DONE;
    }
    if (!read_both_sides(pass, err))
        return START_DONE;
    if (gather->has_cursor && gather->cursor.outdated)
        gather_tell(gather, "%s", what_is_new);
    if (!pass->config.dry_run && !ripen(pass, err))
        return START_DONE;
    pass->report.in_step = pass->plan->in_step;
    if (!check_limits(pass, err))
        return START_DONE;
    if (pass->config.dry_run) {
        apply_pretend(gather, pass->plan, &pass->report.results);
        return START_DONE;
    }
    if (!plan_writes(pass->plan) && !gather->restarts &&
        !(pass->config.setup == SETUP_ALL && gather_lacks(gather))) {
        apply_nothing(gather, pass->plan, &pass->report.results);
        (void)!move_cursor(pass, err);
        return START_DONE;
    }
    if (apply_must_wait(gather, pass->plan, &pass->report.results))
        return START_DONE;
    return perform(pass, err);
}

static void
run(struct pass *pass)
{
    struct err *err = &pass->report.err;

    if (!open_sides(pass, err))
        return;
    for (int start = 0; start < STARTS_MAX; start++)
        if (run_once(pass, err) == START_DONE)
            return;
    err_clear(err);
    if (pass->config.state_folder == NULL && pass->gather.overview.state_commit == NULL)
        (void)err_set(err, ERR_INPUT,
                      "GitHub says that %s exists, but does not show it: set "
                      "`state_ref: refs/heads/notion-sync-state`",
                      pass->config.state_ref);
    else
        pass->report.notice = "another run was faster each time: this one leaves everything to it";
}

/* If a service asks to wait for longer than the pass may last, that is not a failure: the next
 * pass continues. */
static void
tell_waiting(struct pass *pass)
{
    struct pass_report *report = &pass->report;
    struct arena *arena = pass->gather.arena;
    int64_t until = pass->github != NULL ? github_full_until(pass->github) : 0;
    char time[CLOCK_TEXT_SIZE];

    if (report->err.kind == ERR_WAIT) {
        report->waits = true;
        report->notice = arena_strdup(arena, report->err.text);
        err_clear(&report->err);
    } else if (until != 0 && report_count(report).remaining > 0) {
        clock_format(until, time);
        report->waits = true;
        report->notice = arena_printf(
            arena,
            "GitHub takes 500 new issues, comments and the like in an hour: the first run after "
            "%.16sZ continues with what is left",
            time);
    }
}

static void
tell(struct pass *pass)
{
    struct pass_report *report = &pass->report;
    const struct gather *gather = &pass->gather;
    struct arena *arena = arena_new();

    report->config = &pass->config;
    report->repository = gather->overview.repository;
    report->database_title = gather->database_title;
    report->database_url = gather->database_url;
    /* This includes a run that ended before it had any rules. */
    report->hides = gather->overview.is_public &&
                    (!pass->config.publish || pass->config.directions[FIELD_TITLE] == TO_NOTION);
    report->held = gather_held_back(gather, pass->plan);
    report->started = gather->overview.server_time;
    report->warnings = sayings_join(
        arena, (struct sayings){pass->config.warnings, pass->config.n_warnings}, gather->warnings);
    report->news = gather->news;
    if (pass->github != NULL && pass->notion != NULL) {
        report->github_rest = http_service_stats(github_rest_service(pass->github));
        report->github_graphql = http_service_stats(github_graphql_service(pass->github));
        report->notion = http_service_stats(notion_service(pass->notion));
        report->ended = http_server_time(github_graphql_service(pass->github));
    }
    tell_waiting(pass);
    /* Repeated refusals are reported with the records that failed; this only says why the run
     * stopped. */
    if (report->notice == NULL && report_is_told(report) &&
        strncmp(report->err.text, "stopped because ", strlen("stopped because ")) == 0)
        report->notice =
            arena_strndup(gather->arena, report->err.text, strcspn(report->err.text, ":"));
    /* Running out of time is not a failure: what remains is reported as remaining. */
    if ((report->err.kind == ERR_STOPPED && report->results.len > 0) || report_is_told(report))
        err_clear(&report->err);
    report_write(report);
    arena_free(arena);
}

/* Runs `check` or `cleanup` instead of a pass. */
static int
other_main(struct pass *pass)
{
    int status = EXIT_NOTHING_DONE;
    struct err err;

    if (!pass->config.cleanup) {
        pass->config.dry_run = true;
        progress_phase("Checking", 0);
    }
    if (!open_sides(pass, &err))
        log_error("%s", err.text);
    else if (pass->config.cleanup)
        status = cleanup_run(&pass->gather);
    else if (check_run(&pass->gather))
        status = EXIT_DONE;
    close_sides(pass);
    return signals_caught() != 0 ? SIGNALS_EXIT + signals_caught() : status;
}

static int
pass_main(struct pass *pass)
{
    run(pass);
    progress_stop();
    pass->report.exit_status = report_exit_status(&pass->report);
    if (signals_caught() != 0)
        pass->report.exit_status = SIGNALS_EXIT + signals_caught();
    tell(pass);
    vec_free(&pass->report.results);
    close_sides(pass);
    return pass->report.exit_status;
}

/* Bad inputs are reported like any other failure. */
static int
refuse(struct arena *arena, struct pass *pass, const struct config_problem *problems, size_t n)
{
    struct pass_report *report = &pass->report;
    const char **lines = arena_array(arena, n, sizeof(*lines));

    for (size_t i = 0; i < n; i++)
        lines[i] = arena_printf(arena, "%s: %s", problems[i].input, problems[i].message);
    if (pass->config.check) {
        check_refused(arena, &pass->config, (struct sayings){lines, n});
        return EXIT_NOTHING_DONE;
    }
    report->config = &pass->config;
    report->problems = (struct sayings){lines, n};
    report->warnings = (struct sayings){pass->config.warnings, pass->config.n_warnings};
    report->exit_status = EXIT_NOTHING_DONE;
    (void)err_set(&report->err, ERR_INPUT, "%s%s", lines[0], n > 1 ? " (and more)" : "");
    report_write(report);
    return EXIT_NOTHING_DONE;
}

static int
work(struct pass *pass)
{
    bool saves = !pass->config.cleanup && !pass->config.check;
    struct err err;

    if (!clock_init(&err)) {
        log_error("%s", err.text);
        return EXIT_NOTHING_DONE;
    }
    /* The immediate reply to a signal. */
    signals_catch(
        !saves ? "\nStopping.\n"
        : pass->config.in_actions
            ? "\nStopping: what was done is saved first, which takes a few seconds.\n"
            : "\nStopping: what was done is saved first, which takes a few seconds. Press "
              "Ctrl-C again to stop at once: the next run then finds out what was done.\n");
    progress_start(progress_mode_now());
    return saves ? pass_main(pass) : other_main(pass);
}

static void
start_log(const struct config *config)
{
    log_init(config->log_level, config->in_actions);
    if (config->json)
        log_leave_stdout();
    log_secret(config->notion_token);
    log_secret(config->github_token);
}

int
main(int argc, char **argv)
{
    struct arena *arena = arena_new();
    struct pass pass = {0};
    const struct config_problem *problems;
    size_t n_problems;
    int status = EXIT_DONE;

    process_guard();
    switch (config_read(arena, argc, argv, &pass.config, &problems, &n_problems)) {
    case CONFIG_HELP:
        fputs(config_help(arena), stdout);
        break;
    case CONFIG_VERSION:
        puts("notion-sync " NOTION_SYNC_VERSION);
        break;
    case CONFIG_BAD:
        start_log(&pass.config);
        status = refuse(arena, &pass, problems, n_problems);
        break;
    case CONFIG_OK:
        start_log(&pass.config);
        status = work(&pass);
        break;
    }
    log_end();
    arena_free(arena);
    return status;
}
