#ifndef RECONCILE_RULES_H
#define RECONCILE_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include "model/choices.h"
#include "model/fields.h"
#include "model/issue_filter.h"
#include "model/people.h"
#include "model/policy.h"
#include "model/progress.h"
#include "model/status.h"
#include "model/value.h"

/* Queries have shown rows as they were up to a minute before, and times of edits are floored to the
 * minute (ms). */
#define QUERY_LAG ((int64_t)5 * 60 * 1000)

struct arena;
struct sealing;
struct world;

/* The digest of a field's value in Notion under the key of the state (model/sealed.h). */
typedef const char *sealing_digest(const struct sealing *sealing, int64_t number, enum field field,
                                   const char *text, struct arena *arena);

/* What decisions depend on besides what was read: the configuration, adapted to the database. Const
 * during a pass. */
struct rules {
    enum create_issues create_issues;
    bool pages_filtered;     /* only pages that match a filter of Notion's become issues */
    struct value new_labels; /* for issues that are made for pages; VALUE_ABSENT: none */
    const char *new_type;    /* the same; NULL: none */
    enum create_pages create_pages;
    enum pulls pull_requests;
    /* Only issues with one of these labels become pages; VALUE_ABSENT: all do. */
    struct value issue_labels;
    const struct issue_filter *issue_filter; /* only issues that pass it; NULL: all */
    const char *const *ignored_labels;       /* globs of labels that take no part */
    size_t n_ignored_labels;
    enum link_comments link_comments;
    enum policy on_conflict;
    enum pull_done pull_request_done;
    enum page_deleted on_page_deleted;
    enum issue_deleted on_issue_deleted;
    const struct fields *fields;
    enum field lane;     /* the label that stands for the status; 0: none does */
    bool on[FIELD_ROOM]; /* the field has a property in Notion and takes part */
    /* Lenses whose labels take part in Labels on neither side: also those whose column is gone. */
    struct field_set claims;
    /* Id of the property that carries the field; NULL: none does. */
    const char *property[FIELD_ROOM];
    const char *column[FIELD_ROOM]; /* its name, for people; NULL: none, or not to be shown */
    /* The direction of a property's field that could go both ways. */
    enum direction direction[FIELD_ROOM];
    /* The page's value of the field must not appear on GitHub: the repository is public and
     * publishes nothing of Notion's, or the field does not go that way. */
    bool secret[FIELD_ROOM];
    bool is_public;           /* anyone can read the repository, its log and its job summaries */
    bool held_back;           /* … and it publishes nothing of Notion's */
    bool body_to[SIDE_COUNT]; /* bodies go to that side */
    bool makes_milestones;    /* GitHub gets a milestone that it lacks */
    const char *key;          /* names the key of the markers' tags; NULL: any key will do */
    sealing_digest *digest;   /* NULL: the state holds no digests */
    const struct sealing *sealing;
    const char *server_url, *owner, *repository; /* the target of GitHub's references */
    struct status_map status;                    /* meanings of the Status property's options */
    const struct people *people; /* people_map and people_database; NULL: not read */
    bool follows_pulls;          /* the pass follows what pull requests do to tasks */
    bool pulls_listed;           /* … and all of them were listed, with their links */
    /* The links of pull requests that are not over, as they were last read. */
    const struct pull_link *links;
    size_t n_links;
    const char *progress[STAGE_COUNT];        /* progress_map: options by stage, NULL: none */
    bool pulls_as_pages, reviewers_as_people; /* their columns are a relation, of type people */
    const char *task_prefix;       /* of the pages' unique_id; NULL: it links no pull requests */
    const struct choices *choices; /* NULL: not read (yet) */
    const struct world *world;     /* for looking up links; NULL: nothing is linked */
    int64_t notion_time;           /* Notion's time when we asked for its rows, 0: not known */
    int64_t links_since;       /* no link that is new to this pass is older (ms), 0: not known */
    bool dates_links;          /* records say when a link began (conversations are followed) */
    bool status_is_new;        /* this pass added the property, so nobody chose what it shows */
    const char *number_column; /* id of the column GitHub ID; NULL: there is none yet */
    /* The column was made again at some time. So an empty column says nothing about a link whose
     * record does not name this very column. */
    bool number_doubt;
    /* Somebody may still be typing a page whose last edit is later than this (Notion's time, ms);
     * 0: nobody is. leaves_fresh: such a page gets its issue in another pass. */
    int64_t ripe_before;
    bool leaves_fresh;
    bool pages_complete;   /* Notion was listed to the end, so a page that was not seen is worth
                              requesting by its id */
    bool records_complete; /* all records were read, so a page without one is not linked */
};

#endif
