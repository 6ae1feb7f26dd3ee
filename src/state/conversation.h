#ifndef STATE_CONVERSATION_H
#define STATE_CONVERSATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "model/conversation.h"
#include "state/record.h"

/* comments/<n / 100>/<n>.json: which comments of issue or pull request n were carried over
 * (docs/state.md). */

/* The remembered comments as text, and back, in the arena. If nothing of Notion's is published, the
 * file does not remember Notion's comments, not even as digests. Reading fails with ERR_STATE on
 * another version, and with ERR_DATA on anything that is not such a file of that number. */
char *carried_write(struct arena *arena, int64_t number, const struct carried *carried, size_t n,
                    const struct sealing *sealing);
MUST_USE bool carried_read(struct arena *arena, const char *text, int64_t number,
                           const struct carried **carried, size_t *n, struct err *err);

#endif
