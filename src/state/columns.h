#ifndef STATE_COLUMNS_H
#define STATE_COLUMNS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "model/field.h"
#include "state/sealing.h"

/* The properties of the database that took part: columns.json. A property keeps its id when it is
 * renamed, so a pass finds it under any name. */
#define STATE_COLUMNS "columns.json"

struct column {
    const char *id;    /* NULL: no column has carried this yet */
    const char *name;  /* its name when it was last seen, maybe as a digest */
    const char *asked; /* its name in property_map then; NULL: none */
    bool gone;         /* the database no longer had it when a pass last looked */
};

struct columns {
    struct column fields[FIELD_ROOM];
    struct column number; /* GitHub ID */
    /* GitHub ID was made again at some time. A record that does not name its column may belong to
     * an earlier column. */
    bool replaced;
    bool compare; /* a column was replaced, and no pass has compared everything since */
    /* Texts that the state holds nowhere, in no commit of its history: as in struct sealing. */
    struct field_set sealed;
    bool words;
    /* What a pass saw that no other pass would see: the connection may not read comments, or no
     * option of the status means closed (or open). */
    bool no_comments, no_closed, no_open;
    int64_t restarted; /* when its history started over without such texts, 0: never */
};

/* The digest of a column's name. */
const char *column_digest(const struct sealing *sealing, const char *name, struct arena *arena);

/* columns.json as text, and back. NULL text, or a damaged file: nothing is known. ERR_STATE: an
 * unknown version. */
char *
columns_write(struct arena *arena, const struct columns *columns, const struct sealing *sealing);
MUST_USE bool columns_read(struct arena *arena, const char *text, const struct sealing *sealing,
                           struct columns *columns, struct err *err);

#endif
