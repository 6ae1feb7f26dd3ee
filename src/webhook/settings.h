#ifndef WEBHOOK_SETTINGS_H
#define WEBHOOK_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/log.h"
#include "config/config.h"
#include "webhook/address.h"
#include "webhook/event.h"

/* Several subscriptions, or an old and a new token while one replaces the other. */
#define SECRETS_MAX 8

/* All settings of the receiver, read once. */
struct settings {
    const char *secrets[SECRETS_MAX]; /* verification tokens; none before the handshake */
    size_t n_secrets;
    const char *bot; /* the integration's own user id in Notion's form, or NULL */
    struct routes routes;
    const char *github_token;   /* or NULL: then the App's id and key */
    const char *app_id;         /* decimal digits */
    const char *app_key;        /* PEM text */
    const char *github_api_url; /* without a trailing slash */
    const char *listen;         /* as given */
    struct sockaddr_storage address;
    const char *metrics_listen; /* as given; "": off */
    struct sockaddr_storage metrics_address;
    bool metrics_asked; /* METRICS_LISTEN is set, so the address must be available */
    const char *spool;  /* path of the SQLite file */
    int64_t coalesce;   /* ms */
    int64_t rate;       /* requests a second per address that are not valid events; 0: any number */
    int64_t connections;
    struct network *proxies;
    size_t n_proxies;
    enum log_level log_level;
};

/* The value of an environment variable, or NULL; lives as long as the settings. */
typedef const char *settings_lookup(void *context, const char *name);

/*
 * Reads all settings; empty values count as not given. Returns false if there are problems;
 * *problems has all of them. Reads the files that NAME_FILE variables and GITHUB_APP_PRIVATE_KEY
 * name. Everything lives in the arena.
 */
MUST_USE bool settings_read(struct arena *arena, settings_lookup *lookup, void *context,
                            struct settings *settings, const struct config_problem **problems,
                            size_t *n_problems);

/* The text of --help: every setting with its default. */
const char *settings_help(struct arena *arena);

#endif
