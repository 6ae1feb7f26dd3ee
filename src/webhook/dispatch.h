#ifndef WEBHOOK_DISPATCH_H
#define WEBHOOK_DISPATCH_H

#include <stddef.h>

#include "base/attr.h"
#include "webhook/metrics.h"
#include "webhook/sender.h"
#include "webhook/settings.h"
#include "webhook/spool.h"

/*
 * Empties the spool. A repository's hints go out together, COALESCE seconds after the first of
 * them came; what does not fit into one dispatch follows in the next. What GitHub does not take
 * stays in the spool and is tried again, ever less often but at least every five minutes, while
 * other repositories continue. If GitHub refuses the contents, halves of them are tried, and what
 * it refuses alone is set aside, so that it cannot hold up the rest.
 */
struct dispatch;

/* Starts the threads; what is in the spool already is due at once. All must outlive it. */
MUST_USE struct dispatch *dispatch_start(const struct settings *settings, struct spool *spool,
                                         struct sender *sender, struct metrics *metrics);

/* Something was stored for the repository with this index in the settings. Thread-safe. */
void dispatch_stored(struct dispatch *dispatch, size_t index);

/* Ends the threads: call clock_interrupt first, so that none waits for GitHub any longer. What was
 * not dispatched stays in the spool. NULL is allowed. */
void dispatch_stop(struct dispatch *dispatch);

#endif
