#ifndef GATHER_GATHER_P_H
#define GATHER_GATHER_P_H

#include "base/buf.h"
#include "base/nearest.h"
#include "gather/gather.h"

/* Private to the room. */

/* Puts a record's text into the world. NULL text means that there is no record. A damaged one
 * counts as none, with a warning, since the rules for a missing base lose nothing. ERR_STATE: an
 * unknown version. */
MUST_USE bool
gather_see_record(struct gather *gather, int64_t number, const char *text, struct err *err);

/* The same for a page without an issue, whose note is the record. */
MUST_USE bool
gather_see_task(struct gather *gather, const char *page_id, const char *text, struct err *err);

/* Puts pages into the world, and into focus if requested. May ask GitHub which repository they
 * belong to. */
MUST_USE bool
gather_see_pages(struct gather *gather, const struct page_list *pages, bool focus, struct err *err);

/* Notes the places in the cursor's lists of everything in the world. */
void gather_turns(struct gather *gather);

/* Remembers the column that carries a field or the number (now; NULL: none, added: `setup` adds
 * one), and reports what happened to the previous one. */
void gather_note_column(struct gather *gather, const struct schema *schema, enum field field,
                        const struct property *now, bool added);
void
gather_note_number(struct gather *gather, const struct schema *schema, const struct property *now);

/* Whether property_map names the same columns as when they were remembered. */
bool gather_columns_are_asked(const struct gather *gather);

/* Whether the column that distinguished repositories is gone, and nobody named another since. */
bool gather_repository_is_lost(const struct gather *gather, const struct schema *schema,
                               const struct property *now);

/* own.c: reads what must be known of the configuration's own fields before they are bound, and
 * applies what a field's column decides. */
MUST_USE bool gather_own(struct gather *gather, struct buf *problems, struct err *err);
void gather_own_column(struct gather *gather, enum field field, const struct binding *binding);

/* Adds a misfit to the list that one error reports. */
void gather_problem(struct buf *problems, const char *format, ...) PRINTF_LIKE(2, 3);

/* status.c: gives the rules the meanings of the status property's options. Adds misfits to
 * problems. */
void gather_bind_status(struct gather *gather, const struct schema *schema,
                        const struct binding *binding, struct buf *problems);

/* The option that progress_map names, in the status property's spelling, or as it will be made
 * (closed: it means that). NULL: the property lacks it. After gather_bind_status. */
const char *gather_status_option(struct gather *gather, const struct binding *binding,
                                 const char *option, bool closed);

/* For a service that cannot add a status property: turns the planned status property into a select,
 * whose option names show their meanings. False if none is planned. */
bool gather_status_as_select(struct gather *gather);

/* If the database has a column that distinguishes repositories, gives the client the value for this
 * repository. */
void gather_bind_repository(struct gather *gather, const struct schema *schema,
                            const struct binding *binding);

/* A linked page that names another repository may use an earlier name of this one. Asks GitHub once
 * for each name, and corrects page->foreign. */
MUST_USE bool gather_check_foreign(struct gather *gather, struct page *page, struct err *err);

/* Asks Notion which pages without a number, edited at or after a time (0: ever), match
 * notion_filter, and notes the answer. ERR_INPUT: Notion rejects the filter. */
MUST_USE bool gather_matches(struct gather *gather, int64_t edited_since, struct err *err);

/* progress.c: gives the rules the stages of pull requests that the database has. Adds misfits to
 * problems. */
void gather_bind_progress(struct gather *gather, const struct schema *schema,
                          const struct binding bindings[FIELD_ROOM], struct buf *problems);
/* Gives Notion's client the column that numbers tasks. After notion_bind. */
void gather_bind_task(struct gather *gather, const struct schema *schema);
/* If pull requests are followed, lists all of them with their links. */
MUST_USE bool gather_list_progress(struct gather *gather, struct err *err);
/* Reads the requested facts about them. */
MUST_USE bool
gather_want_progress(struct gather *gather, const struct missing *missing, struct err *err);

/* people.c: finds the people of people_map in Notion. People whom it does not find are reported and
 * take no part. */
MUST_USE bool gather_people(struct gather *gather, struct err *err);

/* directory.c: adds the people of people_database to those of people_map (*n of them). Those of
 * people_map win. */
MUST_USE bool
gather_directory(struct gather *gather, struct person **people, size_t *n, struct err *err);

/* A column's name in quotes. If the name may not be shown, a description in parentheses instead. */
const char *gather_column_name(const struct gather *gather, const char *name, const char *what);
/* The input that names a field's column, for people. */
const char *gather_named_in(const struct gather *gather, enum field field);

/* Mistakes that would otherwise go unnoticed, so each run warns of them (mistakes.c). */

/* `; did you mean "name"?`, or "" if no name is similar or none may be shown. */
const char *gather_did_you_mean(const struct gather *gather, const struct nearest *nearest);
/* The same for a column's name. */
const char *
gather_near_property(const struct gather *gather, const struct schema *schema, const char *name);
/* Inputs without effect: the repository lacks what they name, or another input turns them off. */
void gather_tell_inputs(struct gather *gather);
/* Whether one option of the status means open, and one closed. Runs after the status was bound. */
void gather_note_status(struct gather *gather);
/* Mistakes that the state remembers, for a pass that did not read the schema. */
void gather_tell_mistakes(struct gather *gather);
/* Adds a problem if notion_filter names a property that the database lacks. */
void gather_check_filter(struct gather *gather, const struct schema *schema, struct buf *problems);
/* Whether the connection may read comments. A full pass that has read none tries one page. */
MUST_USE bool gather_note_comments(struct gather *gather, bool full, struct err *err);

#endif
