#ifndef RECONCILE_WORLD_H
#define RECONCILE_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/vec.h"
#include "model/snapshot.h"

/*
 * Everything that a pass knows so far, by issue number and by page id, and how certain it is. Not
 * having seen something never counts as its absence. The readers fill the world; reconcile_plan
 * asks it.
 */
struct world;

enum sight {
    SIGHT_UNREAD,  /* nobody looked */
    SIGHT_MISSING, /* a listing or batch did not have it, which proves nothing */
    SIGHT_SEEN,
    SIGHT_GONE,   /* requested by its id: deleted, transferred, trashed, moved away; a page: 404 */
    SIGHT_HIDDEN, /* an issue that was requested and is not shown; that is not a deletion */
};

/* What we know of pull requests around a number or page. Most have none and share a struct. */
struct pulls_seen {
    const struct pull_facts *pull; /* of a pull request: what we read of it */
    /* Of an issue: the pull requests that GitHub links to it. Of a page: those that name its
     * unique_id, as far as we have read them. */
    SMALL_VEC(const struct pull_facts *) pulls;
    bool cut; /* … and there are more */
    bool checks_read;
    const char *checks;        /* as in pull_facts */
    const struct record *task; /* what is remembered of a page without an issue, or NULL */
};

/* A number: its issue or pull request, its record, and the pages that carry it in GitHub ID. */
struct issue_entry {
    int64_t number;
    enum sight sight;
    bool record_read;
    bool looked_up; /* Notion was asked for pages with this number */
    bool comments_read;
    bool progress_read;          /* GitHub was asked what is linked to it */
    bool touched;                /* a pull request that is not in focus but still moves its tasks */
    bool focus;                  /* decide about it in this pass */
    bool heard;                  /* somebody wrote a comment there: read its conversation */
    const struct issue *issue;   /* SIGHT_SEEN */
    const char *moved_to;        /* SIGHT_GONE: where it was transferred to, or NULL */
    const char *hidden;          /* SIGHT_HIDDEN: why, for people */
    const struct record *record; /* NULL: there is none */
    /* Of a number without a page: only what a run was about to do, or NULL. */
    const struct record *pending;
    SMALL_VEC(struct page_entry *) pages; /* pages seen with this number */
    SMALL_VEC(struct page_entry *)
    shown;                           /* pages seen without a number whose GitHub URL names it */
    const struct base_texts *bodies; /* NULL: nobody asked the state for them */
    const struct merge_facts *merge_facts; /* NULL: not read */
    const int64_t *changed_at;     /* when each field of the issue last changed; NULL: not asked */
    const struct pulls_seen *seen; /* never NULL */
    const struct own_comment *comments;
    unsigned n_comments;
    unsigned turn; /* its place among what earlier passes left, from 1; 0: it is new */
};

/* A page. */
struct page_entry {
    const char *id;
    enum sight sight;
    bool index_read;
    bool named;                 /* an event says that its content changed */
    bool filter_asked, matches; /* whether we asked Notion if the filter accepts the page */
    bool focus;
    unsigned turn;           /* as an issue entry's */
    const struct page *page; /* also if the page is gone, if it could be read */
    int64_t linked;          /* the number whose record names this page, 0: none known */
    SMALL_VEC(struct issue_entry *) claims; /* own issues whose marker names this page */
    struct issue_entry
        *mention; /* an own comment there says that the page is or was linked to the issue */
    const struct pulls_seen *seen; /* never NULL */
    /* The page's last edit when the pass began to wait for it; 0: the pass did not wait. */
    int64_t met_at;
};

struct world *world_new(struct arena *arena);
void world_free(struct world *world);

/* The entry of a number or page id, made if it is new. They live as long as the world. */
struct issue_entry *world_issue(struct world *world, int64_t number);
struct page_entry *world_page(struct world *world, const char *id);
/* The same; NULL if it is new. */
struct issue_entry *world_find_issue(const struct world *world, int64_t number);
struct page_entry *world_find_page(const struct world *world, const char *id);

/* Each puts a copy of what was read into its entry. A later reading replaces an earlier one, but a
 * query's answer does not replace a direct one. NULL record: read, and there is none. */
void world_see_issue(struct world *world, const struct issue *issue);
void world_see_page(struct world *world, const struct page *page);
/* The same for data that is already stored and lives as long as the world. */
void world_see_packed_page(struct world *world, const struct page *page);
/* Notes that we requested the page by its id and Notion does not have it (any more): it carries no
 * number. */
void world_miss_page(struct world *world, const char *id);
void world_see_record(struct world *world, int64_t number, const struct record *record);

/* Notes what the state holds of the body's texts. They must live as long as the world. */
void world_see_bodies(struct world *world, int64_t number, const struct base_texts *texts);

/* Notes what is linked to a number, and the combined checks of a pull request. Both must live as
 * long as the world. */
void world_see_progress(struct world *world, int64_t number, const struct progress_facts *facts);
void world_see_checks(struct world *world, int64_t number, const char *checks);
/* The same for a pull request from a complete listing. Its issues get it too. */
void world_list_pull(struct world *world, const struct pull_facts *pull);

/* A task: the number of a page's unique_id. The entry is made if it is new. */
struct task {
    int64_t number;
    struct page_entry *entry; /* the page, if it was seen */
    bool asked;               /* Notion was asked for it */
};
struct task *world_task(struct world *world, int64_t number);
const struct task *world_find_task(const struct world *world, int64_t number); /* NULL: it is new */

/* Notes that a pull request names the unique_id of a page. False: it is known. */
bool world_name_task(struct world *world, const char *page_id, const struct pull_facts *pull);

/* Notes what is remembered of a page without an issue; NULL: nothing. */
void world_see_task(struct world *world, const char *page_id, const struct record *record);

/* Notes the own comments that were found on a number. They must live as long as the world. */
void world_see_comments(struct world *world, int64_t number, const struct own_comment *comments,
                        size_t n);

/* Whether nothing was seen and there is nothing to look at. */
bool world_is_empty(const struct world *world);

/* All entries in order of first mention: for (size_t i = 0; i < n; i++) world_issues(world, &n)[i]
 * … */
struct issue_entry *const *world_issues(const struct world *world, size_t *n);
struct page_entry *const *world_pages(const struct world *world, size_t *n);

#endif
