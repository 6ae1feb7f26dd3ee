#include "state/limits.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "state/record.h"

/* More in one minute was never made. */
#define COUNT_MAX 10000

char *
limits_write(struct arena *arena, const struct made *made, size_t n)
{
    struct json_object *json = json_new_object();
    struct json_object *minutes = json_new_array();
    char *text;

    for (size_t i = 0; i < n; i++) {
        struct json_object *minute = json_new_object();
        char time[CLOCK_TEXT_SIZE];

        clock_format(made[i].minute, time);
        json_add_string(minute, "minute", time);
        json_push(minutes, json_add_int(minute, "count", made[i].count));
    }
    json_add_int(json, "version", STATE_VERSION);
    json_add(json, "made", minutes);
    text = arena_printf(arena, "%s\n", json_write_pretty(arena, json));
    json_object_put(json);
    return text;
}

size_t
limits_read(const char *text, struct made made[MADE_MINUTES])
{
    struct json_object *json;
    struct json_object *minutes;
    size_t n = 0;

    if (text == NULL || !json_read(text, strlen(text), &json, NULL))
        return 0;
    minutes = json_array(json, "made");
    for (size_t i = 0; i < json_len(minutes) && n < MADE_MINUTES; i++) {
        const char *time = json_string(json_at(minutes, i), "minute");
        int64_t count = json_int(json_at(minutes, i), "count", 0);

        if (time != NULL && clock_parse(time, &made[n].minute) && count > 0 && count <= COUNT_MAX)
            made[n++].count = (int)count;
    }
    json_object_put(json);
    return n;
}
