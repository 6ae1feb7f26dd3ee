#ifndef WEBHOOK_SETTINGS_P_H
#define WEBHOOK_SETTINGS_P_H

#include "config/engine.h"
#include "webhook/settings.h"

/* Private to settings*.c: parsers for the table's rows, with the settings as the target. Each takes
 * "" if its setting is not given. */

#define METRICS_DEFAULT "127.0.0.1:9090"

input_parser parse_secrets, parse_bot, parse_token, parse_app_id, parse_app_key, parse_routes,
    parse_rest, parse_listen, parse_metrics_listen, parse_spool, parse_proxies;

/* The whole of a small file, trimmed; NULL if it cannot be read, which is noted. */
const char *settings_file(struct input_reader *reader, const char *name, const char *path);

#endif
