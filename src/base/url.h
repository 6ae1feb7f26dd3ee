#ifndef BASE_URL_H
#define BASE_URL_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"

/* Whether url may be used as the base of an API, to which a token is sent: https, or plain http to
 * a loopback host (localhost, 127.0.0.0/8, [::1]); absolute, without credentials, query or fragment
 * (RFC 3986). A port and a path are fine. On false err (ERR_INPUT) says what is allowed, never what
 * was given. Pure. */
MUST_USE bool url_allowed(const char *url, struct err *err);

/* Whether the host of a URL is this machine by its very name: localhost, 127.0.0.0/8, [::1]. */
bool url_host_is_loopback(const char *host);

/* Percent-encodes all but the unreserved characters (RFC 3986, 2.3), and but those in keep. */
char *url_encode(struct arena *arena, const char *text, const char *keep);

#endif
