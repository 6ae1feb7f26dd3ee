#ifndef WEBHOOK_SENDER_H
#define WEBHOOK_SENDER_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "http/http.h"
#include "webhook/settings.h"

/*
 * Sends GitHub one repository_dispatch per call, in one try. An account shares a rate limit: it is
 * the token, or an App's installation with an owner. For an installation a token is made and kept
 * until shortly before it expires. At most one call per account may be under way; accounts are
 * independent. Sources: docs.github.com, "Create a repository dispatch event", "Best practices for
 * using the REST API" (one write at a time, a second apart), "Generating an installation access
 * token".
 */
struct sender;

/* Sets up an account for each owner of the settings' repositories, or one for the token. The
 * settings must outlive it, http too. NULL with ERR_INPUT. */
MUST_USE struct sender *
sender_new(struct http *http, const struct settings *settings, struct err *err);
void sender_free(struct sender *sender); /* NULL is allowed */

size_t sender_accounts(const struct sender *sender);
/* The account of a repository "owner/name" of the settings. */
size_t sender_account(const struct sender *sender, const char *repository);

enum sent {
    SENT_DONE,    /* GitHub accepted it */
    SENT_LATER,   /* to be tried again: network, 5xx, a rate limit */
    SENT_DENIED,  /* the repository does not exist, or the credentials do not allow this */
    SENT_REFUSED, /* GitHub refuses the contents */
    SENT_STOPPED, /* interrupted */
};

struct sent_result {
    enum sent sent;
    bool limited; /* LATER: a rate limit, which the whole account shares */
    int64_t wait; /* LATER: ms that GitHub asks to wait; 0: it did not say */
};

/* Sends `notion-sync` with the pages to a repository. If the result is not SENT_DONE, err says
 * why. */
struct sent_result sender_send(struct sender *sender, const char *repository,
                               const char *const *pages, size_t n_pages, struct err *err);

#endif
