#ifndef HTTP_RETRY_H
#define HTTP_RETRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Whether, and when, a request is sent again: pure functions of what happened. The vendors'
 * classify functions say what an answer means; retry_next decides what to do about it.
 */

/* Whether it is harmless to repeat a request. */
enum retry_safety {
    RETRY_SAFE,       /* reads, and writes that set a value: repeating is harmless */
    RETRY_LOOK_FIRST, /* creates: after a lost answer the caller must look before sending it again
                       */
};

enum retry_meaning {
    RETRY_DONE,      /* a good answer */
    RETRY_FINAL,     /* a refusal; repeating would not help */
    RETRY_LIMITED,   /* the service asks to wait; no effect (429, 529, rate limits) */
    RETRY_TRANSIENT, /* surely without effect, worth another try (a lock conflict, unsent) */
    RETRY_UNCLEAR,   /* failed, perhaps after it took effect (500, 502, 504, no or broken answer) */
};

/* One answer, as a classify function sees it. Times: ms since the epoch by the server's clock. */
struct retry_seen {
    int status;              /* 0: there was no answer */
    bool sent;               /* status 0: whether the request may have reached the server */
    bool writes;             /* the request was meant to change something */
    bool json;               /* the body is well-formed JSON (or empty) */
    const char *body;        /* NUL-terminated, never NULL */
    size_t body_length;      /* in bytes */
    int64_t now;             /* server time of the answer (Date), or the best guess */
    int64_t retry_after;     /* Retry-After as an absolute time (RFC 9110, 10.2.3), 0: none */
    int64_t limit_remaining; /* x-ratelimit-remaining, -1: none */
    int64_t limit_reset;     /* x-ratelimit-reset as ms since the epoch, 0: none */
};

struct retry_verdict {
    enum retry_meaning meaning;
    int64_t wait; /* ms from now that the service asks for; 0: it did not say */
};

/* Says what an answer means. Pure; called from several threads at once, and never for an answer
 * that was lost, cut, or should be JSON and is not (http_call knows what those mean). */
typedef struct retry_verdict retry_classify(const struct retry_seen *seen);

enum retry_action { RETRY_RETURN, RETRY_AGAIN, RETRY_GIVE_UP };

struct retry_decision {
    enum retry_action action;
    int64_t delay;      /* RETRY_AGAIN: ms to wait first */
    bool holds_service; /* RETRY_AGAIN: the other requests of the service wait as well */
    bool out_of_time;   /* RETRY_GIVE_UP: only because the delay goes beyond the time left */
};

/* Limits of one request: tries that fail, and how often the service may ask it to wait. */
#define RETRY_ATTEMPTS 6
#define RETRY_WAITS    10

/*
 * Decides what to do after a verdict. attempt counts the answers of this kind, starting from 1 (the
 * answer in hand): either those that were RETRY_LIMITED, or all others, so that requests to wait do
 * not use up the attempts. left: ms until the deadline; jitter: 0..999, a random number of ms.
 *
 *   DONE, FINAL          RETURN
 *   LIMITED              AGAIN after max(wait, 1 s), without a hint 60 s doubling each time; holds
 *                        the service; GIVE_UP at the 10th
 *   TRANSIENT            AGAIN after max(wait, min(2^attempt, 30) s); GIVE_UP at the 6th
 *   UNCLEAR, SAFE        as TRANSIENT
 *   UNCLEAR, LOOK_FIRST  GIVE_UP
 *
 * Jitter is added to every delay; a delay of left or more becomes GIVE_UP with out_of_time.
 */
struct retry_decision retry_next(const struct retry_verdict *verdict, enum retry_safety safety,
                                 int attempt, int64_t left, int jitter);

/* Retry-After as an absolute time: seconds or an HTTP date (RFC 9110, 10.2.3); 0 if it is
 * neither. now: ms since the epoch. */
int64_t retry_parse_after(const char *value, int64_t now);

#endif
