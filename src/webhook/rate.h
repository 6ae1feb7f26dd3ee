#ifndef WEBHOOK_RATE_H
#define WEBHOOK_RATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "webhook/address.h"

/*
 * How many requests a client may send: a bucket of tokens for each address_group, filled at a
 * steady rate. A request is let in while its client has a token left; it costs one only once it is
 * known not to be genuine. The table has a fixed size: of too many clients at once, those seen
 * longest ago are forgotten. Not thread-safe.
 */
struct rate;

/* per_second: how fast a bucket fills; 0: no limit. burst: what it holds. */
MUST_USE struct rate *rate_new(int64_t per_second, int64_t burst);
void rate_free(struct rate *rate); /* NULL is allowed */

/* Whether the client has a token left. now: clock_now(). */
MUST_USE bool rate_allows(struct rate *rate, const struct address *address, int64_t now);
/* Takes a token, if there is one. */
void rate_charge(struct rate *rate, const struct address *address, int64_t now);

#endif
