#ifndef WEBHOOK_RATE_H
#define WEBHOOK_RATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "webhook/address.h"

/*
 * How many requests an address may send: a bucket of tokens for each, filled at a steady rate. A
 * request that proved to be genuine gives its token back, so only others are limited. The table has
 * a fixed size: of too many addresses at once, those seen longest ago are forgotten. An IPv6
 * address counts by its first 64 bits, which one subscriber has. Not thread-safe.
 */
struct rate;

/* per_second: how fast a bucket fills; 0: no limit. burst: what it holds. */
MUST_USE struct rate *rate_new(int64_t per_second, int64_t burst);
void rate_free(struct rate *rate); /* NULL is allowed */

/* Takes a token of an address; false where it has none left. now: clock_now(). */
MUST_USE bool rate_take(struct rate *rate, const struct address *address, int64_t now);
/* Gives a token back. */
void rate_give(struct rate *rate, const struct address *address);

#endif
