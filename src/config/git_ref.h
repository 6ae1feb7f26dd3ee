#ifndef CONFIG_GIT_REF_H
#define CONFIG_GIT_REF_H

#include <stdbool.h>

/* Whether name is a full ref name, "refs/<namespace>/<name>", that git accepts
 * (git-check-ref-format(1)). */
bool git_ref_valid(const char *name);

#endif
