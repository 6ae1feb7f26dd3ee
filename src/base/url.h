#ifndef BASE_URL_H
#define BASE_URL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"

/* A part of an address, lent from its text; at NULL: it is missing. */
struct url_part {
    const char *at;
    size_t length;
};

/* "scheme://user@host:port/path?query#fragment". */
struct url {
    struct url_part scheme, user, host, port; /* an IPv6 host in its brackets; port: its digits */
    const char *path;                         /* with everything after it; "": nothing follows */
};

/* Takes an address apart, valid or not. Returns false if the text does not begin with a scheme
 * and "://". All code that reads addresses uses it, except libcurl. */
bool url_split(const char *text, struct url *url);

/* Whether the part is this word, ignoring case. */
bool url_part_is(const struct url_part *part, const char *word);

/* The length of "https://" or "http://", in lower case, if the text begins with it; otherwise 0. */
size_t url_web(const char *text);

/* Whether url may be used as the base of an API, to which a token is sent: https, or plain http
 * to a loopback host (localhost, 127.0.0.0/8, [::1]); absolute, without credentials, query or
 * fragment (RFC 3986). A port and a path are fine. If it returns false, err (ERR_INPUT) says
 * what is allowed, never what was given. Pure. */
MUST_USE bool url_allowed(const char *url, struct err *err);

/* Whether the host of a URL is this machine by name: localhost, 127.0.0.0/8, [::1]. */
bool url_host_is_loopback(const char *host);

/* Percent-encodes all characters except the unreserved ones (RFC 3986, 2.3) and those in keep. */
char *url_encode(struct arena *arena, const char *text, const char *keep);

#endif
