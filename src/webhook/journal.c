#include "webhook/journal.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/json.h"

static enum log_level journal_level = LOG_INFO;

void
journal_init(enum log_level level)
{
    journal_level = level;
}

static void
write_entry(const char *level, const char *event, const struct journal_field *fields)
{
    struct json_object *entry = json_add_time(json_new_object(), "time", clock_wall());
    struct arena *scratch = arena_new();
    char *line;

    json_add_string(entry, "level", level);
    json_add_string(entry, "event", event);
    for (; fields->name != NULL; fields++) {
        if (fields->text != NULL)
            json_add_string(entry, fields->name, fields->text);
        else
            json_add_int(entry, fields->name, fields->number);
    }
    line = json_finish(scratch, entry);
    log_redact(line);
    /* One call per line, so lines of several threads do not mix. */
    fprintf(stderr, "%s\n", line);
    arena_free(scratch);
}

void
journal_write(enum log_level level, const char *event, const struct journal_field *fields)
{
    static const char *const names[] = {"error", "warning", "info", "debug"};

    if (level <= journal_level)
        write_entry(names[level], event, fields);
}

void
journal_notice(const char *event, const struct journal_field *fields)
{
    write_entry("notice", event, fields);
}
