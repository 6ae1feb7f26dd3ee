#ifndef HTTP_HTTP_P_H
#define HTTP_HTTP_P_H

#include <curl/curl.h>
#include <pthread.h>

#include "base/arena.h"
#include "http/http.h"

/*
 * Private to the http room. A call (call.c) passes the service's gate (gate.c), hands a transfer
 * (transfer.c) to the loop (loop.c), and judges the answer.
 */

/* url.c: pure; returned strings are freed by the caller. */

/* "scheme://host:port" in lower case, or NULL if url is not an http(s) URL or has credentials. */
char *http_url_origin(const char *url);
/* The host of a URL for messages (with brackets for IPv6), or NULL. */
char *http_url_host(const char *url);
/* A URL reference resolved against the URL it was found under (RFC 3986, 5), or NULL. */
char *http_url_resolve(const char *base, const char *reference);

/* head.c: the headers of an answer that are used. */

enum head_name {
    HEAD_DATE,
    HEAD_LOCATION,
    HEAD_LINK,
    HEAD_RETRY_AFTER,
    HEAD_LIMIT,
    HEAD_REMAINING,
    HEAD_RESET,
    HEAD_PERMISSIONS,
    HEAD_COUNT
};

struct head {
    char *value[HEAD_COUNT]; /* NULL: absent; the last one if a header is repeated */
    size_t size;             /* bytes of all header lines so far */
    bool complete; /* the empty line after the headers of a final (not 1xx) answer has arrived */
    int status;
};

/* Takes one header line from libcurl. Returns false if there are too many bytes of them. */
MUST_USE bool head_line(struct head *head, const char *line, size_t length);
void head_release(struct head *head);
/* The header as a number that is not negative, or the fallback. */
int64_t head_number(const struct head *head, enum head_name name, int64_t fallback);
/* The header as an HTTP date in ms since the epoch, or 0. */
int64_t head_date(const struct head *head);
/* The target of rel="next" in the Link header, resolved against url; the caller frees it. */
char *head_next(const struct head *head, const char *url);

/* transfer.c: one request on its way. */

struct transfer {
    struct transfer *next; /* in the queue, then in the loop's list */
    CURL *easy;
    struct curl_slist *lines; /* header lines to send */
    pthread_cond_t ended;     /* with the room's lock */
    bool done;                /* guarded by it; the rest is the caller's again once it is true */
    bool once;                /* libcurl must not send it again by itself */
    int64_t expires;          /* loop time at which it is cut off */
    int64_t grace;            /* real time in ms at which it is cut off after an interruption; 0 */
    int sends;                /* how often libcurl was about to send it */
    CURLcode code;
    bool too_large, timed_out, interrupted;
    struct head head;
    struct buf body;
    char detail[CURL_ERROR_SIZE];
};

/* Prepares everything for sending; url and request->body must outlive the transfer. Returns
 * false if libcurl lacks something that is needed. Release it in either case. */
MUST_USE bool transfer_init(struct transfer *transfer, const struct http_service *service,
                            const struct http_request *request, const char *url);
void transfer_release(struct transfer *transfer);
/* "GET", "POST" and so on. */
const char *transfer_method(enum http_method method);
/* Whether the request may have reached the server. */
bool transfer_sent(const struct transfer *transfer);
/* Whether the whole answer arrived. */
bool transfer_whole(const struct transfer *transfer);
/* Whether another try cannot help, for example with wrong certificates or settings. */
bool transfer_hopeless(const struct transfer *transfer);
/* What went wrong and how to fix it, without the host. */
const char *transfer_fault(const struct transfer *transfer, char *text, size_t size);

/* loop.c: the thread that drives the transfers. */

MUST_USE bool loop_start(struct http *http, struct err *err);
void loop_stop(struct http *http);
/* Hands the loop a transfer and waits until it has ended, successfully or not. */
void loop_run(struct http *http, struct transfer *transfer);

/* gate.c: decides who may send when. */

/* Waits until a request may be sent to the service and takes a place. Returns false with
 * ERR_WAIT if the service asks to wait until after the deadline, and with ERR_STOPPED on an
 * interruption or if the deadline is too near for another reason. */
MUST_USE bool
gate_enter(struct http_service *service, const struct http_request *request, struct err *err);
/* Gives the place back. sends: how often the request was sent. */
void gate_leave(struct http_service *service, const struct http_request *request, int sends);
/* Counts a request to slow down, now and for delay ms. Returns whether that was once too often. */
bool gate_tires(struct http_service *service, int64_t delay);
/* Makes all requests of the service wait for delay ms; widely: also those of the services with
 * it. */
void gate_hold(struct http_service *service, int64_t delay, bool widely);
/* Learns the server's clock and limits from an answer. */
void gate_learn(struct http_service *service, const struct head *head);
/* Counts a repetition. */
void gate_repeats(struct http_service *service, bool limited);
/* ms until the deadline, not negative. */
int64_t gate_left(struct http *http);

struct http {
    CURLM *multi;
    char *user_agent;
    char *ca_file; /* NULL: libcurl's default */
    pthread_t thread;
    struct transfer *active; /* the loop's own */

    pthread_mutex_t lock;   /* guards the members below, and the second part of the services */
    pthread_cond_t changed; /* a place at a gate became free, or waiting is over */
    struct transfer *queue; /* handed in, but not yet taken by the loop */
    struct http_service *services;
    int64_t deadline;
    int64_t cut_off; /* clock_real() at which requests under way are cut off; 0: never */
    bool quit;
};

struct http_service {
    struct http_service *next;
    struct arena *arena; /* the service itself and what it holds, except for the next two lines */
    char *origin, *host;
    char *authorization; /* the whole header line, or NULL */
    struct http *http;
    char *name, *base_url;
    char **headers; /* NULL-terminated */
    bool loopback;
    int64_t write_spacing;
    int max_in_flight;
    retry_classify *classify;

    struct http_service *lead; /* the service whose pace counts: itself, or `with` */
    int patience;

    int in_flight;
    bool writing;                   /* a write is under way; only with a write_spacing */
    int64_t write_from;             /* clock_now() from which the next write may start */
    int64_t news_from;              /* the same for requests that notify people */
    int news;                       /* how often people were notified in this run */
    struct made made[MADE_MINUTES]; /* by minute, modulo their number */
    int slowed;                     /* how often the service asked to slow down */
    int64_t slowed_until;           /* clock_now() until which it asked for that */
    int64_t held_until;             /* clock_now() from which anything may start */
    int64_t server_time,
        server_time_at; /* the server's clock when clock_now() was server_time_at; 0: unknown */
    struct http_stats stats;
};

#endif
