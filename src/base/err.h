#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>

#include "base/attr.h"

/*
 * Failures as values. A function that can fail returns bool (true: done) and takes a `struct err *`
 * last; to fail, it sets what and why in one statement:
 *
 *     return err_set(err, ERR_REFUSED, "issue #%d: %s", number, message);
 *
 * Kinds are ordered by how far the failure reaches: up to ERR_AMBIGUOUS only the record in hand is
 * concerned, ERR_STOPPED and ERR_WAIT end the pass early but in order, from ERR_STATE on the pass
 * cannot continue.
 */
enum err_kind {
    ERR_NONE,
    ERR_NOT_FOUND, /* the thing asked for does not exist, or is not visible to the token */
    ERR_GONE,      /* it did exist and was deleted */
    ERR_REFUSED,   /* the service understood the request and says no (validation, rules) */
    ERR_CONFLICT,  /* somebody else changed the thing meanwhile */
    ERR_DATA,      /* an answer that does not have the documented form */
    ERR_NETWORK,   /* no answer, and the request surely had no effect or was safe to repeat */
    ERR_SERVER,    /* the service failed, repeatedly */
    ERR_AMBIGUOUS, /* a write whose answer was lost: it may have been done */
    ERR_STOPPED,   /* a signal came or the time for the pass is up */
    ERR_WAIT,      /* a service asks to wait for longer than this pass may last */
    ERR_STATE,     /* the state cannot be read or written, or somebody else holds it */
    ERR_ACCESS,    /* the token may not do what the pass needs */
    ERR_INPUT,     /* an input is wrong or does not fit the database */
};

/* Room for one message; longer ones are cut at a character boundary. */
#define ERR_TEXT_SIZE 1024

struct err {
    enum err_kind kind;
    bool undone;              /* surely nothing that was asked for was done */
    char text[ERR_TEXT_SIZE]; /* what failed and how to fix it; no newline, never a secret */
};

/* How to fix a refusal if only the service knows its reason. */
#define ERR_CURE_REFUSED                                                                        \
    "correct what it names, or, if nothing there is wrong, open an issue with this message in " \
    "the "                                                                                      \
    "repository of this action"

/* How much of a message to print ("%.*s") if another cure follows it: all but ERR_CURE_REFUSED. */
int err_reason_length(const struct err *err);

/* Sets kind and message (printf style), and that it may have been done. Returns false, so that a
 * caller can return it at once. err may be NULL if the caller does not need it. Control
 * characters in the message become spaces. */
bool err_set(struct err *err, enum err_kind kind, const char *format, ...) PRINTF_LIKE(3, 4);

/* Puts context ("reading the state") and ": " before the message of a failure; returns false. */
bool err_context(struct err *err, const char *format, ...) PRINTF_LIKE(2, 3);

/* Whether the failure ends the pass in order: the next pass continues. */
static inline bool
err_is_stop(const struct err *err)
{
    return err->kind == ERR_STOPPED || err->kind == ERR_WAIT;
}

/* Resets err to no failure. */
void err_clear(struct err *err);

#endif
