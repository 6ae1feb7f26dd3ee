#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/parallel.h"
#include "gather/gather_p.h"
#include "state/conversation.h"

/* The most pages whose comments a full pass reads, at one request each. */
#define LISTEN_MAX 500
/* Without a cursor, an earlier pass may have died. This pass must not miss what people said since
 * (ms). */
#define LOOK_BACK ((int64_t)24 * 60 * 60 * 1000)
/* A decision may need the other side once, and nothing after that. */
#define ROUNDS_MAX 3

VEC_TYPE(talk_list, struct talk *);
VEC_TYPE(entry_list, struct issue_entry *);

static bool
follows(const struct gather *gather)
{
    return gather->config->sync_comments != SYNC_COMMENTS_NONE;
}

bool
gather_heard(struct gather *gather, bool full, struct err *err)
{
    struct heard_list list = {0};
    int64_t since = gather->has_cursor ? gather->cursor.github_watermark
                                       : gather->overview.server_time - LOOK_BACK;
    bool ok;

    if (!follows(gather) || (!full && world_is_empty(gather->world)))
        return true;
    ok = github_list_heard(gather->github, gather->overview.viewer, since, &list, err);
    for (size_t i = 0; ok && i < list.len; i++) {
        struct issue_entry *number = world_issue(gather->world, list.items[i]);

        number->heard = number->focus = true;
    }
    vec_free(&list);
    /* Looks again at conversations that failed before, even if nobody has commented since. */
    for (size_t i = 0; gather->has_cursor && i < gather->cursor.n_numbers; i++)
        world_issue(gather->world, gather->cursor.numbers[i])->heard = true;
    return ok;
}

static struct talk *
talk_new(struct gather *gather, const struct issue_entry *number, const struct link *link)
{
    struct talk *talk = arena_alloc(gather->arena, sizeof(*talk));
    int64_t followed = gather->has_cursor ? gather->comments_since : 0;
    int64_t since = link->since > followed ? link->since : followed;

    /* Links that are older than this feature have nothing to catch up on. */
    *talk = (struct talk){
        .number = number->number,
        .page_id = link->page_id,
        .page_url = link->page_url,
        .since = since != 0 ? since : gather->overview.server_time,
        .to_github = gather->comment_rule.marker != NULL,
        .marker = gather->comment_rule.marker,
        .open_since = gather->comment_rule.since,
    };
    return talk;
}

static int
newest_first(const void *a, const void *b)
{
    const struct issue_entry *x = *(struct issue_entry *const *)a;
    const struct issue_entry *y = *(struct issue_entry *const *)b;

    return (x->number < y->number) - (x->number > y->number);
}

/* A full pass could ask for every page. It asks for those whose turn it is. */
static void
take_turn(struct gather *gather, struct entry_list *others, struct talk_list *talks)
{
    int64_t from = gather->has_cursor ? gather->cursor.comments_from : 0;
    size_t taken = 0;
    struct link link;

    gather->comments_from = 0;
    if (others->len > 0)
        qsort(others->items, others->len, sizeof(struct issue_entry *), newest_first);
    for (size_t i = 0; i < others->len; i++) {
        struct issue_entry *number = others->items[i];

        if ((from != 0 && number->number >= from) ||
            !reconcile_link(gather->world, &gather->rules, number, &link))
            continue;
        if (taken++ == LISTEN_MAX) {
            gather->comments_from = number->number + 1;
            return;
        }
        vec_push(talks, talk_new(gather, number, &link));
    }
}

/* The links in focus that may have new comments. */
static void
choose_talks(struct gather *gather, bool full, struct talk_list *talks)
{
    /* The links of a first pass are too new to have comments. */
    bool listens = gather->config->sync_comments == SYNC_COMMENTS_BOTH &&
                   (gather->has_cursor || gather->begun);
    struct entry_list others = {0};
    struct issue_entry *const *numbers;
    size_t n;

    numbers = world_issues(gather->world, &n);
    for (size_t i = 0; i < n; i++) {
        struct link link;

        if (!numbers[i]->focus || (!numbers[i]->heard && !listens))
            continue;
        if (!numbers[i]->heard && full)
            vec_push(&others, numbers[i]);
        else if (reconcile_link(gather->world, &gather->rules, numbers[i], &link))
            vec_push(talks, talk_new(gather, numbers[i], &link));
    }
    if (full)
        take_turn(gather, &others, talks);
    vec_free(&others);
}

/* A damaged file counts as missing. Markers identify the copies. */
static bool
take_file(struct gather *gather, struct talk *talk, const char *text, struct err *err)
{
    struct err damage;

    if (text == NULL ||
        carried_read(gather->arena, text, talk->number, &talk->carried, &talk->n_carried, &damage))
        return true;
    if (damage.kind != ERR_DATA)
        return err_set(err, damage.kind, "%s", damage.text);
    log_warning("%s: they are found again by their marks", damage.text);
    return true;
}

static bool
load_files(struct gather *gather, const struct talk_list *talks, struct err *err)
{
    struct store_file *files = arena_array(gather->arena, talks->len, sizeof(*files));

    for (size_t i = 0; i < talks->len; i++)
        files[i].path = state_comments_path(gather->arena, talks->items[i]->number);
    if (!store_load(gather->store, files, talks->len, gather->arena, err))
        return false;
    for (size_t i = 0; i < talks->len; i++)
        if (!take_file(gather, talks->items[i], files[i].text, err))
            return false;
    return true;
}

static bool
read_github(struct gather *gather, struct talk **talks, size_t n, struct arena *arena,
            struct err *err)
{
    int64_t *numbers = arena_array(arena, n, sizeof(*numbers));
    struct remarks *lists = arena_array(arena, n, sizeof(*lists));
    int64_t asked_at = clock_now();

    for (size_t i = 0; i < n; i++)
        numbers[i] = talks[i]->number;
    if (n == 0)
        return true;
    if (!github_read_conversations(gather->github, numbers, n, arena, lists, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        talks[i]->remarks[SIDE_GITHUB] = lists[i].items;
        talks[i]->n_remarks[SIDE_GITHUB] = lists[i].len;
        talks[i]->read[SIDE_GITHUB] = true;
        talks[i]->read_at[SIDE_GITHUB] = asked_at;
    }
    return true;
}

static bool
read_notion(struct gather *gather, struct talk *talk, struct arena *arena, struct err *err)
{
    int64_t asked_at = clock_now();

    if (!notion_read_comments(gather->notion, talk->page_id, arena, &talk->remarks[SIDE_NOTION],
                              &talk->n_remarks[SIDE_NOTION], err))
        return false;
    talk->read[SIDE_NOTION] = true;
    talk->read_at[SIDE_NOTION] = asked_at;
    return true;
}

bool
gather_talk(struct gather *gather, struct talk *talk, struct arena *arena, struct err *err)
{
    return read_github(gather, &talk, 1, arena, err) && read_notion(gather, talk, arena, err);
}

/* Several requests for pages run at a time. */
struct listening {
    struct gather *gather;
    struct talk **talks;
    struct err *errs;
};

static void
listen(void *context, size_t index, size_t worker)
{
    struct listening *listening = context;

    err_clear(&listening->errs[index]);
    (void)!read_notion(listening->gather, listening->talks[index], listening->gather->lanes[worker],
                       &listening->errs[index]);
}

static bool
listen_all(struct gather *gather, struct talk **talks, size_t n, struct err *err)
{
    struct listening listening = {gather, talks, mem_alloc(n * sizeof(struct err))};
    bool ok = true;

    parallel_for(n, GATHER_LANES, listen, &listening);
    for (size_t i = 0; ok && i < n; i++)
        /* The next pass notices if a page vanished in the meantime. */
        if (listening.errs[i].kind != ERR_NONE && listening.errs[i].kind != ERR_NOT_FOUND)
            ok = err_set(err, listening.errs[i].kind, "%s", listening.errs[i].text);
    mem_free(listening.errs);
    return ok;
}

/* Reads the side that may have new comments first, then the other if the decision needs it. */
static bool
read_talks(struct gather *gather, const struct talk_list *talks, struct err *err)
{
    for (int round = 0; round < ROUNDS_MAX; round++) {
        struct arena *scratch = arena_new();
        struct talk_list wanted[SIDE_COUNT] = {0};
        bool ok;

        for (size_t i = 0; i < talks->len; i++) {
            struct talk *talk = talks->items[i];
            struct talk_plan plan = conversation_plan(talk, scratch);
            bool heard = world_issue(gather->world, talk->number)->heard;

            if (!talk->read[SIDE_GITHUB] && (heard || plan.wants[SIDE_GITHUB]))
                vec_push(&wanted[SIDE_GITHUB], talk);
            if (!talk->read[SIDE_NOTION] && (talk->to_github || plan.wants[SIDE_NOTION]))
                vec_push(&wanted[SIDE_NOTION], talk);
        }
        ok = read_github(gather, wanted[SIDE_GITHUB].items, wanted[SIDE_GITHUB].len, gather->arena,
                         err) &&
             listen_all(gather, wanted[SIDE_NOTION].items, wanted[SIDE_NOTION].len, err);
        vec_free(&wanted[SIDE_GITHUB]);
        vec_free(&wanted[SIDE_NOTION]);
        arena_free(scratch);
        if (!ok)
            return false;
    }
    return true;
}

/* Decides which comments of pages go to GitHub. If the rule has changed, the new one holds from now
 * on, so that nothing said under the old rule is published. If the state names no rule, the new one
 * holds since the last look. */
static void
date_rule(struct gather *gather)
{
    const struct config *config = gather->config;
    const struct cursor *before = &gather->cursor;
    struct comment_rule *rule = &gather->comment_rule;

    *rule = (struct comment_rule){0};
    if (config->sync_comments == SYNC_COMMENTS_BOTH &&
        (config->publish || !gather->overview.is_public))
        rule->marker = config->comment_marker != NULL ? config->comment_marker : "";
    if (!gather->has_cursor || before->comments_since == 0)
        return;
    if (!before->has_comment_rule)
        rule->since = before->notion_watermark;
    else if (rule->marker == NULL || before->comment_rule.marker == NULL
                 ? rule->marker == before->comment_rule.marker
                 : strcmp(rule->marker, before->comment_rule.marker) == 0)
        rule->since = before->comment_rule.since;
    else
        rule->since = gather->overview.server_time;
}

/* The time since which the pass follows conversations: now, if no pass did before. */
static void
date_start(struct gather *gather)
{
    gather->comments_since = gather->comments_from = 0;
    if (!follows(gather))
        return;
    gather->comments_since = gather->overview.server_time;
    if (gather->has_cursor && gather->cursor.comments_since != 0)
        gather->comments_since = gather->cursor.comments_since;
    if (gather->has_cursor)
        gather->comments_from = gather->cursor.comments_from;
}

/* A link that no earlier pass has seen is younger than the last look. Without a cursor, it is
 * younger than a pass that died early. */
static int64_t
links_since(const struct gather *gather)
{
    if (gather->has_cursor)
        return gather->cursor.notion_watermark;
    return gather->begun ? gather->overview.server_time - LOOK_BACK : gather->notion_time;
}

bool
gather_conversations(struct gather *gather, bool full, struct err *err)
{
    struct talk_list talks = {0};
    bool ok;

    date_start(gather);
    date_rule(gather);
    if (!follows(gather))
        return true;
    gather->rules.dates_links = true;
    gather->rules.links_since = links_since(gather);
    choose_talks(gather, full, &talks);
    ok = load_files(gather, &talks, err) && read_talks(gather, &talks, err);
    gather->n_talks = ok ? talks.len : 0;
    gather->talks = arena_memdup(gather->arena, talks.items, talks.len * sizeof(struct talk *));
    vec_free(&talks);
    return ok && gather_note_comments(gather, full, err);
}

void
gather_attach(struct gather *gather, struct plan *plan)
{
    for (size_t i = 0; i < gather->n_talks; i++) {
        struct talk_plan *says = arena_alloc(gather->arena, sizeof(*says));

        *says = conversation_plan(gather->talks[i], gather->arena);
        if (says->n_says > 0)
            reconcile_attach(plan, gather->world, &gather->rules, gather->talks[i], says,
                             gather->arena);
    }
}
