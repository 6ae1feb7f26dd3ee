#ifndef BASE_URL_H
#define BASE_URL_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"

/* Whether url may be used as the base of an API: https, or plain http to a loopback host (localhost, 127.0.0.0/8, [::1]), since a token goes there;
 * without credentials, query or fragment. On false err (ERR_INPUT) says what is allowed. Pure. */
MUST_USE bool url_allowed(const char *url, struct err *err);

#endif
