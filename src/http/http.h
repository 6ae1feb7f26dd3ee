#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/made.h"
#include "http/retry.h"

/*
 * HTTP for several threads over one libcurl multi handle: callers block in http_call, one thread of
 * the room drives all transfers, so requests to one host share an HTTP/2 connection. The room knows
 * hosts, methods, headers and retries, but no vendor: the service's classify function decides what
 * an answer means.
 *
 * A service is one API at one base URL with its own credentials, pace and limits. Its Authorization
 * header goes to that URL's origin and nowhere else; redirects to another origin are not followed
 * (RFC 9110, 15.4).
 *
 * Limits of one transfer: 15 s to connect, 60 s in all (the slowest service gives up by itself
 * within 60 s), 64 KiB of headers, and max_answer bytes of body after decompression.
 */
struct http;
struct http_service;

enum http_method { HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE };

struct http_service_config {
    const char *name;          /* for messages: "GitHub" */
    const char *base_url;      /* see http_url_allowed; a trailing slash is dropped */
    const char *authorization; /* the whole header value, "Bearer …"; a secret; NULL: none */
    /* "Name: value" sent with every request, NULL-terminated, or NULL. */
    const char *const *headers;
    int64_t write_spacing; /* ms from the end of one write to the start of the next; 0: none */
    /* Another API of the same vendor, for the same client: their writes keep the spacing together,
     * and if one asks to slow down, both do; NULL: none. */
    struct http_service *with;
    int max_in_flight;        /* requests under way at once, at least 1; with a write_spacing
                                   writes go one at a time anyway */
    retry_classify *classify; /* decides what an answer means; pure */
    int patience; /* how often it may ask the client to slow down in one run (including through
                     those `with` it) before nothing more is sent to it; 0: any number of times */
};

/* What a request makes, if the service limits how many of those it allows. */
enum http_makes {
    HTTP_MAKES_NOTHING,
    HTTP_MAKES_CONTENT, /* counted */
    HTTP_MAKES_NEWS,    /* counted, and people are notified: spaced once there were many */
};

struct http_request {
    enum http_method method;
    const char *path; /* "/…", appended to the base URL; or an absolute URL of the same origin */
    const char *body; /* JSON text or NULL; must stay until the call returns */
    const char *accept; /* replaces the service's Accept header, or NULL; a type whose name lacks
                           "json" also waives the check that a good answer is JSON */
    const char *what;   /* for messages and the log: "creating the issue for page …" */
    enum retry_safety safety; /* whether repeating it after a lost answer can do harm */
    bool writes; /* a write for write_spacing and the statistics (a GraphQL query is not) */
    enum http_makes makes;
    bool no_redirect; /* a GET; the caller wants to see the redirect itself */
    bool once; /* the caller repeats by itself: one try, whose answer is final with any status and
                  holds up no other request */
    size_t max_answer; /* bytes; 0: 16 MiB */
};

struct http_answer {
    int status;
    struct buf body; /* NUL-terminated, data is never NULL */
    int64_t date;    /* the Date header in ms since the epoch, 0 if there is none */
    char *location;  /* Location header, or NULL */
    char *link_next; /* target of Link: <…>; rel="next" (RFC 8288) as an absolute URL, or NULL */
    char *permissions;            /* X-Accepted-GitHub-Permissions, or NULL */
    int attempts;                 /* how many times the request was sent, redirects included */
    struct retry_verdict verdict; /* classify's verdict; once: wait is at least Retry-After */
};

struct http_stats {
    int requests, writes;      /* sent so far; of those writes */
    int retries, rate_limited; /* repeated; asked to wait */
    int64_t waited;            /* ms for which the service asked everybody to hold */
    int64_t limit, remaining;  /* last x-ratelimit-limit and -remaining seen; -1: none */
    int64_t reset;             /* last x-ratelimit-reset seen: epoch seconds; -1: none */
};

/* Whether url may be used as a base URL: url_allowed accepts it, and libcurl can read it.
 * Otherwise err says what is allowed. Pure. */
MUST_USE bool http_url_allowed(const char *url, struct err *err);

/*
 * Starts the room's thread; call after clock_init. user_agent goes with every request. ca_file
 * (PEM) may be NULL: then the file named by SSL_CERT_FILE in the environment, otherwise libcurl's
 * own bundle, otherwise the first of the usual places. deadline: the value of clock_now() after
 * which nothing is started and nothing waits. Returns NULL with ERR_NETWORK if libcurl lacks
 * something that is needed.
 */
MUST_USE struct http *
http_start(const char *user_agent, const char *ca_file, int64_t deadline, struct err *err);

/* Ends the thread and frees everything, including services. No call may be under way. Accepts
 * NULL. */
void http_stop(struct http *http);

/* Moves the deadline (saving the state gets some time after max_runtime). Thread-safe. */
void http_set_deadline(struct http *http, int64_t deadline);

/* For a pass that was asked to end and still has to save: after `ms` nothing is started. An
 * eighth of that later (in real time) requests under way are cut off as if interrupted, no
 * matter what a service does. Thread-safe. */
void http_hurry(struct http *http, int64_t ms);

/* Makes a service; the strings are copied. It lives as long as http. Fails with ERR_INPUT for a
 * base URL that is not allowed, and for line breaks in a header or in the token. */
MUST_USE struct http_service *
http_service_new(struct http *http, const struct http_service_config *config, struct err *err);

/* Replaces the Authorization header of a service (see authorization above). The service must
 * have no call under way. Fails with ERR_INPUT for line breaks in the header; then the old one
 * stays. */
MUST_USE bool
http_service_authorize(struct http_service *service, const char *authorization, struct err *err);

/*
 * Sends a request and waits for a final answer, repeating as retry_next decides. While a service
 * asks for a pause, all its requests wait. So do those of the services `with` it, unless only this
 * service's own budget is spent (x-ratelimit-remaining: 0). A GET follows up to 3 redirects (301,
 * 302, 307, 308) within the service's origin unless no_redirect; any other redirect is an ordinary
 * answer. Thread-safe.
 *
 * Returns true for a final answer of any status that classify calls RETRY_FINAL or RETRY_DONE, and
 * for any whole answer to a request that is sent once (the caller looks at answer->status); false
 * otherwise, with kind:
 *   ERR_NETWORK    never reached the server, or no answer to a request that is safe to repeat
 *   ERR_AMBIGUOUS  the answer to a RETRY_LOOK_FIRST request was lost: it may have been done
 *   ERR_SERVER     the service kept failing, or kept asking to wait
 *   ERR_DATA       the answer is not JSON, cut, or larger than max_answer; the path is not a path
 *   ERR_STOPPED    interrupted (clock_interrupted) while waiting or before sending, or the deadline
 *                  is too near
 *   ERR_WAIT       the service asks to wait until after the deadline, or has lost its patience
 * A transfer under way when the interruption comes gets 2 s to end. On true the caller frees answer
 * with http_answer_release; on false it is empty.
 */
MUST_USE bool http_call(struct http_service *service, const struct http_request *request,
                        struct http_answer *answer, struct err *err);

/* Frees the contents of an answer and empties it. Accepts an empty one. */
void http_answer_release(struct http_answer *answer);

/* The server's clock in ms since the epoch: the largest Date seen from this service plus the time
 * passed since. Never goes back. 0 before the first answer. Thread-safe. */
int64_t http_server_time(struct http_service *service);

/* Forgets how often the service asked the client to slow down, so that what was done can be
 * saved. Thread-safe. */
void http_take_breath(struct http_service *service);

/* Reports what was made on this service, and on those `with` it, in the last hour: up to
 * MADE_MINUTES entries, in order. Returns how many. Thread-safe. */
size_t http_made(struct http_service *service, struct made made[MADE_MINUTES]);

/* Adds what earlier runs made. Thread-safe. */
void http_add_made(struct http_service *service, const struct made *made, size_t n);

/* Returns when fewer than `most` contents of the last hour are left, by the service's clock; 0:
 * now. Thread-safe. */
int64_t http_made_fewer(struct http_service *service, int most);

/* Reports the requests to this service and its answers so far. Thread-safe. */
struct http_stats http_service_stats(struct http_service *service);

#endif
