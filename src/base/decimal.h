#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"

/* Numbers as people write them: "3", "-2.5", "1e+21". */

/* The shortest text that is read back as the same number, in the arena; NULL for infinity and
 * NaN. */
char *decimal_text(struct arena *arena, double number);

/* Reads a whole text as a number; blanks around it are allowed. False: it is not one. */
MUST_USE bool decimal_read(const char *text, double *number);

#endif
