#ifndef GATHER_CONTEXT_H
#define GATHER_CONTEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/vec.h"
#include "config/config.h"
#include "github/github.h"
#include "model/notion_id.h"
#include "model/sayings.h"
#include "notion/notion.h"
#include "reconcile/reconcile.h"
#include "state/columns.h"
#include "state/cursor.h"
#include "state/sealing.h"
#include "state/store.h"

/* The context of a pass: the clients, the state, and what was read. The pass and the check share
 * it. The functions of gather/gather.h fill it. */

#define GATHER_LANES 4

struct gather {
    const struct config *config;
    struct github *github;
    struct notion *notion;
    struct store *store;
    struct arena *arena;
    struct arena *lanes[GATHER_LANES]; /* one for each reading thread */
    struct arena *aside;               /* of the thread that saves while the others work */
    struct world *world;
    struct fields fields; /* the configuration's fields, with what the services decide about them */
    bool knows_own;       /* gather_own has requested the next two */
    struct issue_fields issue_fields;
    bool has_dependencies;
    bool left_alone[FIELD_ROOM]; /* a field that cannot take part, for a reason that was already
                                    reported */
    struct rules rules;
    struct github_overview overview;
    struct cursor cursor; /* has_cursor only */
    bool has_cursor;
    bool begun;         /* the state exists, but no pass has saved a cursor yet */
    int64_t look_until; /* until then (server time), pages of a pass that died may appear; 0: all
                           are listed */
    char data_source[NOTION_ID_SIZE];
    bool bound;                 /* the schema was read and the rules were made from it */
    struct columns known;       /* the columns as the state remembers them */
    struct columns columns;     /* as the state will remember them */
    struct sealing sealing;     /* what the state must not contain */
    bool restarts;              /* … but does: its history starts over without that */
    const char *columns_text;   /* what was last saved of them, or NULL */
    bool links_without_columns; /* there are records, but no remembered columns (yet) */
    bool number_is_new;         /* GitHub ID did not exist at this pass's first look */
    const char *status_column;  /* name of the column that carries the status, or NULL */
    size_t n_mapped;            /* the first of rules.people, from people_map */
    struct sayings warnings, news;
    bool lacks_github_id;                      /* the property GitHub ID does not exist yet */
    struct new_property lacks[FIELD_ROOM + 1]; /* what gather_setup adds, including GitHub ID */
    size_t n_lacks;
    SMALL_VEC(struct option)
    lacks_options; /* options of status_map that the Status property lacks */
    const char *database_title, *database_url;
    SMALL_VEC(const char *)
    foreign;             /* names of other repositories in Repository that were looked up */
    struct talk **talks; /* conversations that were read */
    size_t n_talks;
    bool told_checks; /* the token may not read them */
    int64_t deleted;  /* the issue that was deleted, according to the event; 0: none */
    int64_t comments_since, comments_from; /* as the next cursor will have them */
    struct comment_rule comment_rule;      /* the same, while conversations are followed */

    /* Facts from the listings for the next cursor. */
    int64_t github_time, notion_time; /* server times when each side's reading started */
    /* The oldest change in the listings since the cursor; 0: none. */
    int64_t oldest_issue, oldest_page;
};

/* gather_begin starts with an empty world. gather_restart forgets what was read and starts again.
 * gather_end frees everything, and does nothing if nothing was begun. */
void gather_begin(struct gather *gather, const struct config *config, struct github *github,
                  struct notion *notion);
void gather_restart(struct gather *gather);
void gather_end(struct gather *gather);

#endif
