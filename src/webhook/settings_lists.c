#include <string.h>

#include "model/notion_id.h"
#include "webhook/settings_p.h"

/* The next line of a list without its comment, trimmed; NULL at the end. Several entries may share
 * a line with commas between them, since some places cannot hold line breaks. */
static const char *
next_entry(struct arena *arena, const char **text)
{
    while (**text != '\0') {
        size_t length = strcspn(*text, "\n,#");
        const char *entry = text_trim(arena, *text, length);

        *text += length;
        if (**text == '#')
            *text += strcspn(*text, "\n");
        if (**text != '\0')
            (*text)++;
        if (*entry != '\0')
            return entry;
    }
    return NULL;
}

static size_t
count_entries(struct arena *arena, const char *text)
{
    size_t n = 0;

    while (next_entry(arena, &text) != NULL)
        n++;
    return n;
}

static void
parse_route(struct input_reader *reader, const struct input *input, const char *entry)
{
    struct routes *routes = &((struct settings *)reader->target)->routes;
    const char *equals = strrchr(entry, '=');
    const char *repository = NULL;
    struct route route;
    bool ok = equals != NULL;

    if (ok) {
        const char *source = text_trim(reader->arena, entry, (size_t)(equals - entry));

        repository = text_trim(reader->arena, equals + 1, strlen(equals + 1));
        ok = notion_id_from_url(source, route.source) && repository_valid(repository);
    }
    if (!ok) {
        problem_add(reader, input->name, entry,
                    "the id or URL of a data source or database, `=`, owner/name");
        return;
    }
    route.target = route_repository(routes, repository);
    routes->items[routes->n_items++] = route;
}

void
parse_routes(struct input_reader *reader, const struct input *input, const char *text)
{
    struct routes *routes = &((struct settings *)reader->target)->routes;
    size_t n = count_entries(reader->arena, text);
    const char *entry;

    /* One more for GITHUB_REPOSITORY. */
    routes->repositories = arena_array(reader->arena, n + 1, sizeof(*routes->repositories));
    routes->items = arena_array(reader->arena, n, sizeof(*routes->items));
    while ((entry = next_entry(reader->arena, &text)) != NULL)
        parse_route(reader, input, entry);
}

void
parse_rest(struct input_reader *reader, const struct input *input, const char *text)
{
    struct routes *routes = &((struct settings *)reader->target)->routes;

    if (*text == '\0')
        return;
    if (!repository_valid(text)) {
        problem_add(reader, input->name, NULL, "owner/name of a repository");
        return;
    }
    if (routes->repositories == NULL)
        routes->repositories = arena_array(reader->arena, 1, sizeof(*routes->repositories));
    routes->rest = route_repository(routes, text);
    routes->has_rest = true;
}

void
parse_proxies(struct input_reader *reader, const struct input *input, const char *text)
{
    struct settings *settings = reader->target;
    const char *separators = ", \t\r\n";
    size_t room = strlen(text) / 2 + 1;

    settings->proxies = arena_array(reader->arena, room, sizeof(*settings->proxies));
    for (text += strspn(text, separators); *text != '\0'; text += strspn(text, separators)) {
        size_t length = strcspn(text, separators);

        if (!network_read(text, length, &settings->proxies[settings->n_proxies])) {
            problem_add(reader, input->name, NULL,
                        "addresses or networks like 10.0.0.0/8, fd00::/8");
            return;
        }
        settings->n_proxies++;
        text += length;
    }
}
