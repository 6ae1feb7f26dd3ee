#include "notion/notion.h"

#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "notion/notion_p.h"

#define PAGE_LENGTH 100
#define SMALL_SIZE  25
/* If a listing ends at this many pages, there may be more, even if Notion does not say so. */
#define WINDOW 10000
/* The most conditions of an `or`: developers.notion.com/reference/request-limits, arrays. */
#define NUMBERS 100
/* A million pages: no data source holds that many. */
#define MAX_REQUESTS 10000

/* A listing in progress. */
struct listing {
    struct notion *notion;
    const struct page_query *query;
    struct arena *arena;        /* of the pages */
    struct arena *scratch;      /* of cursors and times */
    struct json_object *filter; /* the user's, or NULL */
    struct page_list *list;
    struct table set; /* the pages of this listing, by their ids */
    size_t first;     /* where they begin in list */
    int page_size, requests;
    bool complete;
    bool full; /* max_pages were read */
};

/* Part of a listing: what one chain of cursors brings. */
struct window {
    struct query_part part;
    VEC(const char *) cursors;
    size_t rows;
    const char *last_created; /* created_time of its last row */
    bool cut;                 /* Notion ended it before all pages were shown */
    struct err refused;       /* why it was cut, if Notion refused its cursor */
};

static bool
take_rows(struct listing *listing, struct window *window, struct json_object *results,
          int64_t asked_at, struct err *err)
{
    for (size_t i = 0; i < json_len(results); i++) {
        struct json_object *row = json_at(results, i);
        struct page *page;
        struct arena *scratch;
        bool taken;

        window->rows++;
        /* Entries of a wiki may be data sources. */
        if (json_string(row, "object") != NULL && !json_is(row, "object", "page"))
            continue;
        scratch = arena_new();
        taken = notion_take_page(listing->notion, row, asked_at, scratch, &page, err);
        if (taken && (!page->foreign || page->foreign_by_url))
            page_set_put(&listing->set, listing->list, page_pack(page, listing->arena));
        arena_free(scratch);
        if (!taken)
            return false;
    }
    return true;
}

/* Moves the window's cursor; NULL after the last answer. */
static bool
take_cursor(struct listing *listing, struct window *window, struct json_object *answer,
            struct err *err)
{
    const char *next;

    window->part.cursor = NULL;
    if (!notion_next_cursor(answer, &next))
        return err_set(err, ERR_DATA, "Notion's listing has more, but no cursor to it");
    if (next == NULL)
        return true;
    for (size_t i = 0; i < window->cursors.len; i++)
        if (strcmp(window->cursors.items[i], next) == 0)
            return err_set(err, ERR_DATA, "Notion's listing goes round in circles");
    next = arena_strdup(listing->scratch, next);
    vec_push(&window->cursors, next);
    window->part.cursor = next;
    return true;
}

static bool
take_answer(struct listing *listing, struct window *window, struct json_object *answer,
            int64_t asked_at, struct err *err)
{
    struct json_object *results = json_array(answer, "results");
    const char *status = json_string(json_get(answer, "request_status"), "type");
    const char *created;

    if (results == NULL)
        return err_set(err, ERR_DATA, "Notion's answer to a query is no list");
    created = json_string(json_len(results) > 0 ? json_at(results, json_len(results) - 1) : NULL,
                          "created_time");
    if (created != NULL)
        window->last_created = arena_strdup(listing->scratch, created);
    if (!take_rows(listing, window, results, asked_at, err) ||
        !take_cursor(listing, window, answer, err))
        return false;
    window->cut = window->cut ||
                  (status != NULL ? strcmp(status, "incomplete") == 0 : window->rows >= WINDOW);
    return true;
}

static bool
ask_part(struct listing *listing, struct window *window, struct reply *reply, struct err *err)
{
    struct notion *notion = listing->notion;
    const char *path =
        arena_printf(listing->scratch, "/v1/data_sources/%s/query", notion->bound.data_source);
    struct ask ask = {
        .method = HTTP_POST,
        .what = "querying the database",
        .need = NEED_READ,
    };
    struct err why;

    for (;;) {
        bool by_name = notion->bound.by_name;
        bool shows_all = notion->bound.shows_all;

        if (listing->requests++ >= MAX_REQUESTS)
            return err_set(err, ERR_DATA, "Notion's listing does not end");
        ask.path = notion_only(notion, path, listing->scratch);
        window->part.page_size = listing->page_size;
        ask.body = notion_query_body(&notion->bound, &window->part);
        if (notion_ask(notion, &ask, reply, &why))
            return true;
        /* Notion was seen to refuse ids with escapes in filters: then names are used and, if that
         * does not help, all properties are asked for. */
        if (why.kind == ERR_REFUSED && notion_finds_no_property(why.text) &&
            (!by_name || !shows_all)) {
            if (!by_name)
                notion->bound.by_name = true;
            else
                notion->bound.shows_all = true;
            continue;
        }
        /* A request that times out may succeed in smaller pieces (Notion's retry_guidance). */
        if (why.kind != ERR_SERVER || listing->page_size <= SMALL_SIZE)
            return err_set(err, why.kind, "%s", why.text);
        listing->page_size = SMALL_SIZE;
    }
}

/* Limits the next request to what max_pages leaves, and sets full if that is reached. */
static void
limit(struct listing *listing, const struct window *window)
{
    int max = listing->query->max_pages;
    size_t have = listing->list->len - listing->first;

    if (max <= 0)
        return;
    if (have >= (size_t)max) {
        listing->full = true;
        listing->complete = window != NULL && window->part.cursor == NULL && !window->cut;
    } else if ((size_t)listing->page_size > (size_t)max - have) {
        listing->page_size = max - (int)have;
    }
}

static bool
read_window(struct listing *listing, struct window *window, struct err *err)
{
    do {
        int64_t asked_at = clock_now();
        struct reply reply = {0};
        struct err why;
        bool taken;

        if (!ask_part(listing, window, &reply, &why)) {
            if (why.kind != ERR_REFUSED || window->part.cursor == NULL)
                return err_set(err, why.kind, "%s", why.text);
            /* How long a cursor is valid is not documented: a refused one ends the window, not the
             * listing. */
            window->refused = why;
            window->cut = true;
            return true;
        }
        taken = take_answer(listing, window, reply.json, asked_at, err);
        notion_reply_release(&reply);
        if (!taken)
            return false;
        limit(listing, window);
    } while (window->part.cursor != NULL && !listing->full);
    return true;
}

/* Sets *part to where the next window begins. *on is false if there is none: everything was read,
 * or the rest cannot be reached. */
static bool
next_window(struct listing *listing, const struct window *window, struct query_part *part, bool *on,
            struct err *err)
{
    const char *since = part->created_since;
    bool moves =
        window->last_created != NULL && (since == NULL || strcmp(window->last_created, since) != 0);

    *on = window->cut && !listing->full;
    if (!*on)
        return true;
    if (!moves && window->refused.kind != ERR_NONE)
        return err_set(err, window->refused.kind, "%s", window->refused.text);
    if (!moves) {
        /* More pages than a window holds were created within one minute: the others of that minute
         * cannot be reached, but later ones can. */
        listing->complete = false;
        *on = window->last_created != NULL && !part->created_later;
    }
    part->created_since = window->last_created;
    part->created_later = !moves;
    return true;
}

/* Reads all pages that have one of the numbers (n 0: all pages), window by window. */
static bool
read_rows(struct listing *listing, const int64_t *numbers, size_t n, struct err *err)
{
    struct query_part part = {
        .edited_since = listing->query->edited_since,
        .numbers = numbers,
        .n_numbers = n,
        .filter = listing->filter,
        .tasks = listing->query->tasks,
        .unnumbered = listing->query->unnumbered,
        .archived = listing->query->archived,
    };
    bool on = true;

    while (on) {
        struct window window = {.part = part};
        bool done = read_window(listing, &window, err);

        vec_free(&window.cursors);
        if (!done || !next_window(listing, &window, &part, &on, err))
            return false;
    }
    return true;
}

static bool
read_numbers(struct listing *listing, struct err *err)
{
    const struct page_query *query = listing->query;

    if (!query->tasks && listing->notion->bound.github_id.id == NULL)
        return true;
    for (size_t i = 0; i < query->n_numbers; i += NUMBERS) {
        size_t n = query->n_numbers - i < NUMBERS ? query->n_numbers - i : NUMBERS;

        if (!read_rows(listing, query->numbers + i, n, err))
            return false;
        if (listing->full) {
            listing->complete = listing->complete && i + n == query->n_numbers;
            return true;
        }
    }
    return true;
}

bool
notion_query(struct notion *notion, const struct page_query *query, struct arena *arena,
             struct page_list *list, bool *complete, struct err *err)
{
    struct listing listing = {
        .notion = notion,
        .query = query,
        .arena = arena,
        .scratch = arena_new(),
        .list = list,
        .first = list->len,
        .page_size = PAGE_LENGTH,
        .complete = true,
    };
    bool done;

    limit(&listing, NULL);
    if (query->filter != NULL &&
        !json_read(query->filter, strlen(query->filter), &listing.filter, err))
        done = false;
    else
        done = query->numbers != NULL ? read_numbers(&listing, err)
                                      : read_rows(&listing, NULL, 0, err);
    if (!done && query->archived && err->kind == ERR_REFUSED) {
        log_debug("archived pages are not listed: %s", err->text);
        done = true;
    }
    json_object_put(listing.filter);
    *complete = done && listing.complete;
    table_free(&listing.set);
    arena_free(listing.scratch);
    return done;
}

static uint64_t
page_hash(const void *entry)
{
    const struct page *page = entry;

    return hash_text(HASH_START, page->id);
}

static bool
page_equal(const void *a, const void *b)
{
    const struct page *x = a;
    const struct page *y = b;

    return strcmp(x->id, y->id) == 0;
}

void
page_set_put(struct table *set, struct page_list *list, struct page *page)
{
    static const struct table_kind kind = {page_hash, page_equal};
    struct page *found = table_find(set, &kind, page);

    if (found != NULL) {
        *found = *page;
        return;
    }
    table_add(set, &kind, page);
    vec_push(list, page);
}
