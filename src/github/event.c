#include "github/github.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/json.h"
#include "github/github_p.h"

/* GitHub's payloads have 25 MB at most; those of a dispatch 64 KB. */
#define EVENT_BYTES_MAX ((size_t)25 << 20)
#define EVENT_PAGES_MAX 1000

static bool
read_file(const char *path, struct buf *text, struct err *err)
{
    char block[16 * 1024];
    FILE *file = fopen(path, "re");
    size_t n;
    bool ok;

    if (file == NULL)
        return err_set(err, ERR_DATA, "the event file %s: %s", path, strerror(errno));
    while ((n = fread(block, 1, sizeof(block), file)) > 0 && buf_add(text, block, n))
        continue;
    ok = !ferror(file) && !text->full;
    (void)fclose(file);
    return ok || err_set(err, ERR_DATA, "the event file %s cannot be read whole", path);
}

bool
github_read_event(const char *path, const char *repository, struct arena *arena,
                  struct github_event *event, struct err *err)
{
    static const char *const things[] = {"issue", "pull_request"};
    struct json_object *json = NULL;
    const char *here;
    struct buf text;
    bool ok;

    *event = (struct github_event){0};
    buf_init(&text, EVENT_BYTES_MAX);
    ok = read_file(path, &text, err);
    if (ok && !json_read(buf_text(&text), text.len, &json, NULL))
        ok = err_set(err, ERR_DATA, "the event file %s is not JSON", path);
    if (ok && !json_object_is_type(json, json_type_object))
        ok = err_set(err, ERR_DATA, "the event file %s holds no event", path);
    here = json_string(json_get(json, "repository"), "full_name");
    if (ok && (here == NULL || strcasecmp(here, repository) == 0)) {
        struct json_object *list = json_array(json_get(json, "client_payload"), "pages");
        size_t n = json_len(list) < EVENT_PAGES_MAX ? json_len(list) : EVENT_PAGES_MAX;
        int64_t *numbers = arena_array(arena, 2, sizeof(*numbers));
        const char **pages = arena_array(arena, n, sizeof(*pages));

        for (size_t i = 0; i < 2; i++) {
            int64_t number = json_int(json_get(json, things[i]), "number", 0);

            if (number > 0)
                numbers[event->n_numbers++] = number;
        }
        event->numbers = numbers;
        /* Events about a comment name its issue as well. */
        if (json_is(json, "action", "deleted") && json_get(json, "comment") == NULL)
            event->deleted = json_int(json_get(json, "issue"), "number", 0);
        for (size_t i = 0; i < n; i++) {
            char id[NOTION_ID_SIZE];

            if (json_object_is_type(json_at(list, i), json_type_string) &&
                notion_id_parse(json_object_get_string(json_at(list, i)), id))
                pages[event->n_pages++] = arena_strdup(arena, id);
        }
        event->pages = pages;
    }
    json_object_put(json);
    buf_release(&text);
    return ok;
}
