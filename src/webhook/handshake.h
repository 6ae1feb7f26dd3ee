#ifndef WEBHOOK_HANDSHAKE_H
#define WEBHOOK_HANDSHAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "webhook/address.h"
#include "webhook/event.h"

/*
 * The verification tokens that arrive while no secret is set. Anyone can send one, so the log shows
 * only some of them: tokens of Notion's form, for an hour after the start, only the newest of each
 * client, each token once, and one in ten seconds. A client that invents tokens delays only its
 * own. Thread-safe.
 */
struct handshake;

/* now: clock_now() at the start. */
MUST_USE struct handshake *handshake_new(int64_t now);
void handshake_free(struct handshake *handshake); /* NULL is allowed */

enum handshake_answer {
    HANDSHAKE_TAKEN, /* shown, or it will be */
    HANDSHAKE_BUSY,  /* too many clients at once */
    HANDSHAKE_OVER,  /* the time for it is up */
};

/* A token (event.h) arrived from a client. now: clock_now(). */
MUST_USE enum handshake_answer handshake_offer(struct handshake *handshake, const char *token,
                                               const struct address *client, int64_t now);

/* Shows tokens that had to wait and are due. */
void handshake_tick(struct handshake *handshake, int64_t now);

#endif
