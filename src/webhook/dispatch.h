#ifndef WEBHOOK_DISPATCH_H
#define WEBHOOK_DISPATCH_H

#include <stddef.h>

#include "base/attr.h"
#include "webhook/metrics.h"
#include "webhook/sender.h"
#include "webhook/settings.h"
#include "webhook/spool.h"

/*
 * Empties the spool. A repository's hints go out together, COALESCE seconds after the first of them
 * arrived; hints that do not fit into one dispatch follow in the next. If GitHub does not accept a
 * dispatch, its hints stay in the spool and are tried again, less and less often but at least every
 * five minutes, while other repositories continue. If GitHub refuses the contents, it tries halves
 * of them. A hint that GitHub refuses by itself is set aside, so that it cannot hold up the rest.
 */
struct dispatch;

/* Starts the threads. Hints already in the spool are due at once. All arguments must outlive it. */
MUST_USE struct dispatch *dispatch_start(const struct settings *settings, struct spool *spool,
                                         struct sender *sender, struct metrics *metrics);

/* Reports that something was stored for the repository with this index in the settings.
 * Thread-safe. */
void dispatch_stored(struct dispatch *dispatch, size_t index);

/* Ends the threads. Call clock_interrupt first, so that none still waits for GitHub. Hints that
 * were not dispatched stay in the spool. Accepts NULL. */
void dispatch_stop(struct dispatch *dispatch);

#endif
