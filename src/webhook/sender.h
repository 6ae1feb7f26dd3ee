#ifndef WEBHOOK_SENDER_H
#define WEBHOOK_SENDER_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "http/http.h"
#include "webhook/settings.h"

/*
 * Tells GitHub: one repository_dispatch a call, one try. An account is what shares a rate limit:
 * the token, or an App's installation with an owner, for which a token is minted and kept until
 * shortly before it expires. At most one call an account may be under way; the accounts are
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
    SENT_DONE,    /* GitHub took it */
    SENT_LATER,   /* to be tried again: network, 5xx, a rate limit */
    SENT_DENIED,  /* the repository is not there, or the credentials may not do this */
    SENT_REFUSED, /* GitHub says no to what was sent */
    SENT_STOPPED, /* interrupted */
};

struct sent_result {
    enum sent sent;
    bool limited; /* LATER: a rate limit, which the whole account shares */
    int64_t wait; /* LATER: ms that GitHub asks to wait; 0: it did not say */
};

/* Sends `notion-sync` with the pages to a repository. err says why it is not SENT_DONE. */
struct sent_result sender_send(struct sender *sender, const char *repository,
                               const char *const *pages, size_t n_pages, struct err *err);

#endif
