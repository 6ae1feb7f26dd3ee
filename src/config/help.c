#include <string.h>

#include "base/buf.h"
#include "config/config_p.h"

/* Longer names and defaults push their meaning to the right. */
#define MEANING_COLUMN ((size_t)34)
#define LINE_MAX_HELP  ((size_t)80)

static const char help_usage[] =
    "Usage: notion-sync [run] [--INPUT VALUE]...\n"
    "       notion-sync check [--INPUT VALUE]...\n"
    "       notion-sync cleanup [--columns] [--yes] [--INPUT VALUE]...\n"
    "       notion-sync help | -h | --help | -V | --version\n"
    "\n"
    "Keeps a Notion database and the issues and pull requests of a GitHub repository\n"
    "in sync, both ways.\n"
    "\n"
    "  run      do it once (what happens without a command)\n"
    "  check    only look: report what works, each problem and its cure\n"
    "  cleanup  list what the action made, ask, and remove it: its comments and its\n"
    "           state; with --columns its columns in Notion, too\n"
    "\n"
    "Examples:\n"
    "  export NOTION_TOKEN=ntn_... GITHUB_TOKEN=github_pat_...\n"
    "  notion-sync check --repository octo/site --notion-database URL\n"
    "  notion-sync --repository octo/site --notion-database URL --dry-run\n"
    "  notion-sync --repository octo/site --notion-database URL \\\n"
    "      --status-map 'Shipped = closed' --status-map 'Idea = open' --json\n"
    "\n"
    "Give an input as a flag (--max-runtime 10, --max_runtime=10) or as a variable\n"
    "(INPUT_MAX_RUNTIME=10). Flags win. Tokens are variables only. true and false\n"
    "need an equals sign (--dry-run=false); --dry-run alone means true. An empty\n"
    "value counts as not given. In a list each line is an entry, and # starts a\n"
    "comment; a list's flag may be repeated, an entry each time.\n";

static const char help_end[] =
    "\n"
    "Addresses of GitHub Enterprise Server: GITHUB_API_URL, GITHUB_GRAPHQL_URL,\n"
    "GITHUB_SERVER_URL.\n"
    "\n"
    "Exit status:\n"
    "  0    done (conflicts are not failures)\n"
    "  1    some pages or issues failed; the others were done and saved\n"
    "  2    nothing was done: bad input, no access, or refused by a limit\n"
    "  130  stopped by SIGINT (Ctrl-C), 143 by SIGTERM; what was done is saved\n";

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

/* Appends the words. Lines after the first begin at MEANING_COLUMN; column: where the first
 * begins. */
static void
put_wrapped(struct buf *out, size_t column, const char *words)
{
    while (*words != '\0') {
        size_t length = strcspn(words, " ");

        if (column > MEANING_COLUMN && column + 1 + length > LINE_MAX_HELP) {
            buf_printf(out, "\n%*s", (int)MEANING_COLUMN, "");
            column = MEANING_COLUMN;
        } else if (column > MEANING_COLUMN) {
            buf_char(out, ' ');
            column++;
        }
        buf_add(out, words, length);
        column += length;
        words += length;
        words += strspn(words, " ");
    }
    buf_char(out, '\n');
}

static void
put_input(struct buf *out, struct arena *arena, const struct input *input)
{
    const char *left = input->command_line ? arena_printf(arena, "  --%s", input_flag(arena, input))
                                           : arena_printf(arena, "  %s %s", input->name,
                                                          help_default(arena, input));
    size_t length = strlen(left);

    if (length + 2 <= MEANING_COLUMN) {
        buf_printf(out, "%-*s", (int)MEANING_COLUMN, left);
        put_wrapped(out, MEANING_COLUMN, input->help);
    } else {
        buf_printf(out, "%s ", left);
        put_wrapped(out, length + 1, input->help);
    }
}

char *
config_help(struct arena *arena)
{
    struct buf out;

    buf_init(&out, (size_t)64 << 10);
    buf_str(&out, help_usage);
    for (size_t i = 0; i < input_count; i++) {
        if (input_table[i].group != NULL)
            buf_printf(&out, "\n%s:\n", input_table[i].group);
        put_input(&out, arena, &input_table[i]);
    }
    buf_str(&out, help_end);
    return buf_take(&out, arena);
}
