#include "reconcile/body_limits.h"

#include <stdbool.h>
#include <string.h>

/* Half of the payload: an edit holds what was there as well, and JSON makes text longer. */
#define NOTION_BYTES  ((size_t)240 * 1000)
#define NOTION_BLOCKS 1000

/* The fence that a line of Notion's dialect opens or closes, 0: none. */
static size_t
fence_of(const char *line)
{
    size_t indent = strspn(line, " \t");
    size_t ticks = strspn(line + indent, "`");

    return ticks >= 3 ? ticks : 0;
}

size_t
body_notion_max(const char *text)
{
    size_t blocks = 0;
    size_t open = 0;

    for (const char *line = text; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        size_t fence = fence_of(line);

        if (open == 0 && length > 0 && ++blocks > NOTION_BLOCKS)
            return (size_t)(line - text);
        if (open == 0)
            open = fence;
        else if (fence >= open && strspn(line, " \t`") == length)
            open = 0;
        line += length + (line[length] == '\n');
        if ((size_t)(line - text) > NOTION_BYTES)
            break;
    }
    return NOTION_BYTES;
}
