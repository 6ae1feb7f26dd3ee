#include <string.h>

#include "base/json.h"
#include "github/github_p.h"

/* The fields that Notion only shows, out of what both APIs say in different words. */

/* "owner/name" of ".../owner/name/issues/12". */
static struct value
repository_of(const char *url, struct arena *arena)
{
    const char *slash[4] = {NULL};

    for (const char *at = url; *at != '\0'; at++)
        if (*at == '/') {
            memmove(slash, slash + 1, 3 * sizeof(slash[0]));
            slash[3] = at;
        }
    if (slash[0] == NULL || slash[1] == slash[0] + 1)
        return (struct value){0};
    return value_text(arena_strndup(arena, slash[0] + 1, (size_t)(slash[2] - slash[0]) - 1));
}

/* REST names a bot "name[bot]", GraphQL "name"; a deleted account is nobody in one and ghost in the other. */
static struct value
author_of(const char *login, struct arena *arena)
{
    const char *suffix = login != NULL ? strstr(login, "[bot]") : NULL;

    if (login == NULL || *login == '\0')
        return value_text("ghost");
    return value_text(
        arena_strndup(arena, login, suffix != NULL ? (size_t)(suffix - login) : strlen(login)));
}

void
decode_shown(struct issue *issue, struct arena *arena)
{
    issue->values[FIELD_URL] = value_text(issue->url);
    issue->values[FIELD_TYPE] = value_text(issue->is_pull ? "Pull request" : "Issue");
    issue->values[FIELD_REPOSITORY] = repository_of(issue->url, arena);
    issue->values[FIELD_AUTHOR] = author_of(issue->author, arena);
}
