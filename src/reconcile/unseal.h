#ifndef RECONCILE_UNSEAL_H
#define RECONCILE_UNSEAL_H

#include "model/snapshot.h"
#include "reconcile/rules.h"

/* The record with texts in place of the digests of Notion's values (NULL for NULL). A text is found
 * if the page or the issue (may be NULL) holds it now, or if it is an option of the status. A
 * digest that matches none of them stays and equals nothing. Returns the record itself if it holds
 * no digest, else a copy in the arena. */
const struct record *
record_unseal(const struct record *record, const struct rules *rules, const struct issue *issue,
              const struct page *page, struct arena *arena);

#endif
