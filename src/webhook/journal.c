#include "webhook/journal.h"

#include <stdio.h>

#include "base/json.h"
#include "webhook/wall.h"

static enum log_level journal_level = LOG_INFO;

void
journal_init(enum log_level level)
{
    journal_level = level;
}

static const char *
level_name(enum log_level level)
{
    static const char *const names[] = {[LOG_ERROR] = "error",
                                        [LOG_WARNING] = "warning",
                                        [LOG_INFO] = "info",
                                        [LOG_DEBUG] = "debug"};

    return names[level];
}

static void
write_entry(const char *level, const char *event, const struct journal_field *fields)
{
    struct json_object *entry;
    struct arena *scratch;
    char time[CLOCK_TEXT_SIZE];
    char *line;

    scratch = arena_new();
    clock_format(wall_now(), time);
    entry = json_new_object();
    json_add_string(entry, "time", time);
    json_add_string(entry, "level", level);
    json_add_string(entry, "event", event);
    for (; fields->name != NULL; fields++) {
        if (fields->text != NULL)
            json_add_string(entry, fields->name, fields->text);
        else
            json_add_int(entry, fields->name, fields->number);
    }
    line = json_write(scratch, entry);
    json_object_put(entry);
    log_redact(line);
    /* One call a line: lines of several threads do not mix. */
    fprintf(stderr, "%s\n", line);
    arena_free(scratch);
}

void
journal_write(enum log_level level, const char *event, const struct journal_field *fields)
{
    if (level <= journal_level)
        write_entry(level_name(level), event, fields);
}

void
journal_notice(const char *event, const struct journal_field *fields)
{
    write_entry("notice", event, fields);
}
