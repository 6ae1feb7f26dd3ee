#ifndef WEBHOOK_EVENT_H
#define WEBHOOK_EVENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "model/notion_id.h"

/*
 * What Notion sends, reduced to what a pass can use. An event is only a signal: the pass reads
 * everything again, so only ids are kept. Source: developers.notion.com/reference/webhooks, "Event
 * types & delivery".
 */
enum event_kind {
    EVENT_HANDSHAKE, /* {"verification_token": …}, sent once when a subscription is made */
    EVENT_HEEDED,    /* something a pass should look at */
    EVENT_IGNORED,   /* a type that changes nothing a pass compares, or an unknown one */
    EVENT_OWN,       /* the integration itself is its only author */
};

/* Bytes of an event id or type, the final NUL included; Notion's are UUIDs and dotted words. */
#define EVENT_ID_SIZE   65
#define EVENT_TYPE_SIZE 65
/* Bytes of a verification token: "secret_" and 32 to 128 letters, digits, - and _. The
 * documented one has 43 letters and digits. */
#define EVENT_TOKEN_SIZE 136

/* Ids beyond what one dispatch can carry are not read. */
#define EVENT_PAGES_MAX   1000
#define EVENT_SOURCES_MAX 3

struct event {
    enum event_kind kind;
    const char *token; /* handshake: the verification token; else NULL */
    const char *id;    /* else: the event's own id, printable ASCII without spaces */
    const char *type;
    bool from_comment; /* it does not name its page's data source */
    /* The database and data source it belongs to, as far as the event says (comments do not). */
    char sources[EVENT_SOURCES_MAX][NOTION_ID_SIZE];
    size_t n_sources;
    const char *const *pages; /* distinct ids in Notion's form; may be none */
    size_t n_pages;
};

/* Reads a request's body. own: the integration's own user id in Notion's form, or NULL. Strings
 * live in the arena. Fails with ERR_DATA if it is neither a handshake nor an event. */
MUST_USE bool event_read(const char *body, size_t length, const char *own, struct arena *arena,
                         struct event *event, struct err *err);

/*
 * Whether the sender of a request knows the secret: the header X-Notion-Signature is "sha256=" and
 * the HMAC-SHA256 of the raw body in hex, keyed with the subscription's verification token. The
 * comparison takes the same time no matter where the two differ. header may be NULL (absent).
 * Source: developers.notion.com/reference/webhooks, "Validating event payloads".
 */
MUST_USE bool
signature_valid(const char *header, const void *body, size_t length, const char *secret);

/* Whether the header, which may be NULL, has the form of a signature. */
MUST_USE bool signature_well_formed(const char *header);

/* Decides which repositories an event is for. */
struct route {
    char source[NOTION_ID_SIZE]; /* a data source, or a database with all of its data sources */
    size_t target;               /* index into repositories */
};

struct routes {
    const char **repositories; /* "owner/name", each once, ignoring case */
    size_t n_repositories;
    struct route *items;
    size_t n_items;
    bool has_rest;
    size_t rest; /* the repository for events that match no route */
};

/* Events that do not name their data source (comments) go to every repository, up to this many. */
#define ROUTE_EVERYWHERE_MAX 10

/* Returns the index of a repository, and adds it if it is not there yet. The array must have
 * room for it, and the text must live as long as the routes. */
size_t route_repository(struct routes *routes, const char *repository);

/* Puts the repositories an event is for into targets, as indices into repositories (targets has
 * room for all of them). Returns how many. Pure. */
size_t route_event(const struct routes *routes, const struct event *event, size_t *targets);

#endif
