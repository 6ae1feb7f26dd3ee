#ifndef GATHER_GATHER_H
#define GATHER_GATHER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "gather/context.h"

/*
 * Reads what changed on both sides since the cursor (or everything), then whatever the decisions
 * still need, in as few requests as possible. Everything that was read goes into the world.
 */

/* The property that links a page to an issue. */
#define GATHER_GITHUB_ID "GitHub ID"

/* Whether a property carries a field: its name (from property_map, or the default) and its type
 * fit. */
enum fit { FIT_OTHER, FIT_CARRIES, FIT_WRONG_TYPE };

/* Reads the overview, opens the store and reads the cursor from it: the first request of a pass. If
 * another pass holds the lock, waits briefly for it to end; *held: it is still running. A dry run
 * needs no lock. ERR_STOPPED: interrupted while waiting. */
MUST_USE bool gather_open(struct gather *gather, bool *held, struct err *err);

/* Why this pass must compare everything, as part of a sentence. NULL: the changed things are
 * enough. Depends on the configuration and on what gather_open read. */
const char *gather_why_full(const struct gather *gather);

/* Finds the data source, if the cursor does not name it. */
MUST_USE bool gather_resolve(struct gather *gather, struct err *err);

/* Reads the schema and makes the rules. ERR_INPUT: configuration and database do not fit. */
MUST_USE bool gather_bind(struct gather *gather, struct err *err);

/* The column that carries a field, or the number: the one with the id in the state, else the one
 * that a name means. NULL: none; *fit says whether its type can carry it. */
const struct property *gather_column(const struct gather *gather, const struct schema *schema,
                                     enum field field, enum fit *fit);
const struct property *
gather_number_column(const struct gather *gather, const struct schema *schema);

/* Whether the name of a column must not appear in the log. */
bool gather_hides_name(const struct gather *gather, const char *name);

/* If the schema was not read: warns of columns that the state remembers as gone. */
void gather_remember_lost(struct gather *gather);

/* columns.json if it must be saved, NULL if the saved one is current. compared: this pass compared
 * everything to the end. */
const char *gather_columns_text(struct gather *gather, bool compared);

/* If the state contains what it must not (gather->restarts) and all records were read: the affected
 * files without that text. */
MUST_USE bool
gather_seal_files(struct gather *gather, struct store_file **files, size_t *n, struct err *err);
/* … and the columns.json of the history that starts then, without such text. */
const char *gather_restarted(struct gather *gather);

/* What is kept from a public repository, and how to allow it, for people. NULL: nothing. plan may
 * be NULL. */
const char *gather_held_back(const struct gather *gather, const struct plan *plan);

/* What a row of people_database means. */
enum directory_says {
    DIRECTORY_PERSON,
    DIRECTORY_MAPPED,    /* people_map already has the login or the person */
    DIRECTORY_NOTHING,   /* neither login nor person */
    DIRECTORY_NO_LOGIN,  /* a person alone */
    DIRECTORY_NO_PERSON, /* a login alone */
    DIRECTORY_BAD_LOGIN,
    DIRECTORY_SEVERAL, /* several people for one login */
    DIRECTORY_AGAIN, /* another row pairs the login with another person, or the person with another
                        login: it is unclear which row is right, so neither counts */
};

struct directory_entry {
    enum directory_says says;
    struct person person; /* the parts of it that the row names */
};

/* Reads the rows, and adds an entry for each to the n people of people_map, in the arena. */
struct directory_entry *
gather_directory_entries(const struct directory *directory, const struct person *map, size_t n,
                         struct arena *arena);

/* Reports general messages once: what people should change, and what they may want to know. */
void gather_warn(struct gather *gather, const char *format, ...) PRINTF_LIKE(2, 3);
void gather_tell(struct gather *gather, const char *format, ...) PRINTF_LIKE(2, 3);

/* Whether the database lacks something that `setup` adds. */
bool gather_lacks(const struct gather *gather);

/* Adds the properties and options that gather_bind found missing and `setup` may add. It never
 * changes existing ones. Afterwards the rules are made again. Properties that do not exist yet read
 * as empty, so a plan holds before and after. */
MUST_USE bool gather_setup(struct gather *gather, struct err *err);

/* Puts what the workflow's event names into focus. An unreadable event is a warning. */
void gather_event(struct gather *gather);

/* Puts what changed since the cursor into the world and into focus, along with what needs another
 * look. In a quiet repository and database, this costs one request. */
MUST_USE bool gather_changes(struct gather *gather, struct err *err);

/* Puts everything on both sides, and all records, into the world and into focus. */
MUST_USE bool gather_all(struct gather *gather, struct err *err);

/* Asks GitHub for the comments since the cursor and puts their issues into focus. Runs after the
 * listings. A quiet pass asks nothing. */
MUST_USE bool gather_heard(struct gather *gather, bool full, struct err *err);

/* Reads the conversations that may have new comments, once everything else is known: the comments
 * on GitHub since the cursor, and (sync_comments: both) the comments on the pages in focus. A full
 * pass reads those of a part of the pages, in turn. */
MUST_USE bool gather_conversations(struct gather *gather, bool full, struct err *err);

/* Puts the comments to be carried over into the plan. */
void gather_attach(struct gather *gather, struct plan *plan);

/* Reads both sides of one conversation again. */
MUST_USE bool
gather_talk(struct gather *gather, struct talk *talk, struct arena *arena, struct err *err);

/* Waits for rows that may become issues while somebody is still typing them: until the newest is
 * two minutes old, once, and not if that takes longer than `deadline` (clock_now()) allows. Then
 * the plan must be made again. Each row is read when its turn comes. A row that was edited again is
 * left to the next pass. *waits: there are such rows. ERR_STOPPED: interrupted. */
MUST_USE bool gather_ripen(struct gather *gather, const struct plan *plan, int64_t deadline,
                           bool *waits, struct err *err);

/* Reads what the decisions lack until nothing is missing. Then the plan is complete. */
MUST_USE bool gather_plan(struct gather *gather, struct plan **plan, struct err *err);

#endif
