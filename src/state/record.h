#ifndef STATE_RECORD_H
#define STATE_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "model/snapshot.h"
#include "state/sealing.h"

/*
 * The files of the state and what is in them (docs/state.md):
 *
 *   cursor.json               from where the next pass reads, and what it looks at again
 *   lock.json                 which run is at work
 *   limits.json               how much was made on GitHub in the last hour
 *   records/<n / 100>/<n>.json  the base of issue or pull request n
 *   bodies/<n / 100>/<n>.json   the texts of its body that the base is of
 *   pages/<xx>/<page id>.json  the number that a page is linked to (xx: the id's first two digits)
 */
#define STATE_VERSION 2
#define STATE_CURSOR  "cursor.json"
#define STATE_LOCK    "lock.json"
#define STATE_LIMITS  "limits.json"
/* Numbers whose files share a folder. */
#define STATE_PER_FOLDER 100

/* Whether this program reads files of a file's version: its own, and all before. */
bool state_version_known(struct json_object *file);

/* Numbers of issues as text, and back. Anything else is left out. */
struct json_object *numbers_to_json(const int64_t *numbers, size_t n);
const int64_t *numbers_from_json(struct arena *arena, struct json_object *array, size_t *n);

/* The file of a number in a folder ("records", "bodies", "comments"), and the number of such a
 * path, 0 for any other path. */
char *state_path(struct arena *arena, const char *folder, int64_t number);
int64_t state_number(const char *path, const char *folder);
#define state_record_path(arena, number)   state_path((arena), "records", (number))
#define state_bodies_path(arena, number)   state_path((arena), "bodies", (number))
#define state_comments_path(arena, number) state_path((arena), "comments", (number))
#define state_path_number(path)            state_number((path), "records")
#define state_bodies_number(path)          state_number((path), "bodies")
char *state_page_path(struct arena *arena, const char *page_id);
/* The path of a record. That of a page without an issue is in the place of the page's note. */
char *state_path_of(struct arena *arena, const struct record *record);

/* A record as text, and back. A record without a page_id holds only intents: there is no link yet.
 * sealing: the fields, the parts of them that must not be in the file as text, and the key of
 * digests. Text that was sealed with another key is lost (model/sealed.h). Reading fails with
 * ERR_STATE on another version, and with ERR_DATA on anything that is not a record of that number.
 */
char *record_write(struct arena *arena, const struct record *record, const struct sealing *sealing);
MUST_USE bool record_read(struct arena *arena, const char *text, int64_t number,
                          const struct sealing *sealing, struct record **record, struct err *err);

/* A record as text, with digests in place of all words of both sides, for a state that must not
 * hold any of them. NULL: it is not a record of that number. */
char *record_without_words(struct arena *arena, const char *text, int64_t number,
                           const struct sealing *sealing);

/* The texts of a number's body as a file (without the page's if they are sealed), and back. There
 * are none if the file is damaged or missing (text NULL). Without them, bodies are compared but not
 * merged. */
char *bodies_write(struct arena *arena, int64_t number, const struct base_texts *texts,
                   const struct sealing *sealing);
struct base_texts bodies_read(struct arena *arena, const char *text, int64_t number);

/* The note of a page's number, and back (0 if the text is not a note, or is the record of a page
 * without an issue). */
char *page_note_write(struct arena *arena, int64_t number);
int64_t page_note_read(const char *text);

#endif
