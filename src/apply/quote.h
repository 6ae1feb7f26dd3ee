#ifndef APPLY_QUOTE_H
#define APPLY_QUOTE_H

#include "apply/job.h"

/* What loses a conflict is kept before anything is written over it: on GitHub, or on the page if it
 * must not appear on GitHub or GitHub accepts no comment. If neither takes it, nothing is
 * overwritten. Private to the room. */

/* Posts the conflict comment on GitHub. False if the pass must stop or the answer was lost. */
MUST_USE bool
quote_on_github(struct apply *apply, struct job *job, struct arena *arena, struct err *err);

/* Keeps what lost in these fields on the page; the fields wait if the page accepts no comment. */
MUST_USE bool quote_on_page(struct apply *apply, struct job *job, struct field_set fields,
                            struct arena *arena, struct err *err);

#endif
