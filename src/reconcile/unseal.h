#ifndef RECONCILE_UNSEAL_H
#define RECONCILE_UNSEAL_H

#include "model/snapshot.h"
#include "reconcile/rules.h"

/* The record (NULL: NULL) in which texts replace the digests of Notion's values: what the page or
 * the issue (may be NULL) holds now, or an option of the status, if the digest is of that. A digest
 * that matches none of them stays: it is equal to nothing that is there. Returns the record itself
 * if it holds no digest, else a copy in the arena. */
const struct record *
record_unseal(const struct record *record, const struct rules *rules, const struct issue *issue,
              const struct page *page, struct arena *arena);

#endif
