#include <string.h>

#include "base/buf.h"
#include "config/config_p.h"

/* Longer names and defaults push their meaning to the right. */
#define MEANING_COLUMN 36

static const char help_usage[] =
    "Usage: notion-sync [--INPUT VALUE]...\n"
    "       notion-sync check [--INPUT VALUE]...\n"
    "       notion-sync --help | --version\n"
    "\n"
    "Keeps a Notion database and a repository's issues and pull requests equal, both ways:\n"
    "one run is one pass. check only looks whether a pass could do its work.\n"
    "\n"
    "An input is given as a variable (INPUT_MAX_RUNTIME=10) or as a flag (--max-runtime 10,\n"
    "--max_runtime=10), which wins; the tokens as variables only. A boolean's flag needs no\n"
    "value (--dry-run, --dry-run=false). Values are trimmed; an empty one is not given. In a\n"
    "list each line is an entry, and # starts a comment (at the start or after a space).\n"
    "\n"
    "Inputs:\n";

static const char help_end[] =
    "\n"
    "Addresses of GitHub: GITHUB_API_URL, GITHUB_GRAPHQL_URL, GITHUB_SERVER_URL.\n"
    "\n"
    "Exit status:\n"
    "  0    done (conflicts are no failures)\n"
    "  1    some records failed; the others were done and saved\n"
    "  2    nothing was done: bad input, no access, or refused by a guard\n"
    "  130  stopped by SIGINT, 143 by SIGTERM; what was done is saved\n";

static const char *
help_default(struct arena *arena, const struct input *input)
{
    if (input->shown != NULL)
        return arena_printf(arena, "(default: %s)", input->shown);
    if (input->fallback == NULL)
        return "(required)";
    return arena_printf(arena, "(default: %s)",
                        *input->fallback != '\0' ? input->fallback : "empty");
}

char *
config_help(struct arena *arena)
{
    struct buf out;
    char *text;

    buf_init(&out, (size_t)64 << 10);
    buf_str(&out, help_usage);
    for (size_t i = 0; i < input_count; i++) {
        const struct input *input = &input_table[i];
        const char *left = arena_printf(arena, "%s %s", input->name, help_default(arena, input));

        buf_printf(&out, "  %-*s  %s\n", MEANING_COLUMN, left, input->help);
    }
    buf_str(&out, help_end);
    text = arena_strdup(arena, buf_text(&out));
    buf_release(&out);
    return text;
}
