#ifndef WEBHOOK_SETTINGS_P_H
#define WEBHOOK_SETTINGS_P_H

#include "webhook/settings.h"

/* Private to settings*.c. */

#define METRICS_DEFAULT "127.0.0.1:9090"

struct settings_reader {
    struct arena *arena;
    struct settings *settings;
    struct settings_problems *problems;
};

/* Notes a problem of a setting. */
void settings_refuse(struct settings_reader *reader, const char *name, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* Each takes the trimmed value of one setting, "" where it is not given. */
void parse_secrets(struct settings_reader *reader, const char *name, const char *text);
void parse_bot(struct settings_reader *reader, const char *name, const char *text);
void parse_token(struct settings_reader *reader, const char *name, const char *text);
void parse_app_id(struct settings_reader *reader, const char *name, const char *text);
void parse_app_key(struct settings_reader *reader, const char *name, const char *text);
void parse_routes(struct settings_reader *reader, const char *name, const char *text);
void parse_rest(struct settings_reader *reader, const char *name, const char *text);
void parse_api_url(struct settings_reader *reader, const char *name, const char *text);
void parse_listen(struct settings_reader *reader, const char *name, const char *text);
void parse_metrics_listen(struct settings_reader *reader, const char *name, const char *text);
void parse_spool(struct settings_reader *reader, const char *name, const char *text);
void parse_coalesce(struct settings_reader *reader, const char *name, const char *text);
void parse_rate(struct settings_reader *reader, const char *name, const char *text);
void parse_connections(struct settings_reader *reader, const char *name, const char *text);
void parse_proxies(struct settings_reader *reader, const char *name, const char *text);
void parse_log_level(struct settings_reader *reader, const char *name, const char *text);

/* The whole of a small file, trimmed; NULL where it cannot be read, which is noted. */
const char *settings_file(struct settings_reader *reader, const char *name, const char *path);
/* A copy without white space at its ends. */
const char *settings_trim(struct arena *arena, const char *text, size_t length);

#endif
