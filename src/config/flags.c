#include <getopt.h>
#include <string.h>

#include "config/config_p.h"

/* Values of getopt_long beyond any character: of the input with index i, FLAG_INPUT + i. */
enum { FLAG_ARGUMENT = 1, FLAG_HELP = 256, FLAG_VERSION, FLAG_INPUT };

/* Each input twice, as it is named and with dashes. */
static struct option *
flags_table(struct arena *arena)
{
    struct option *options = arena_array(arena, 2 * input_count + 3, sizeof(*options));
    size_t n = 0;

    options[n++] = (struct option){"help", no_argument, NULL, FLAG_HELP};
    options[n++] = (struct option){"version", no_argument, NULL, FLAG_VERSION};
    for (size_t i = 0; i < input_count; i++) {
        const struct input *input = &input_table[i];
        struct option option = {
            .name = input->name,
            .has_arg = input->parse == parse_boolean ? optional_argument : required_argument,
            .val = FLAG_INPUT + (int)i,
        };

        options[n++] = option;
        option.name = input_flag(arena, input);
        if (strcmp(option.name, input->name) != 0)
            options[n++] = option;
    }
    return options;
}

static void
unknown_flag(struct input_reader *reader, const char *flag)
{
    size_t name = strcspn(flag, "=");

    problem_add(reader, problem_text(reader, arena_strndup(reader->arena, flag, name)), NULL,
                "a flag that --help lists, written out");
}

/* What stands there may be a token that follows a misspelt flag: only its place is told. */
static void
stray_argument(struct input_reader *reader, int at)
{
    problem_add(reader, arena_printf(reader->arena, "argument %d", at), NULL,
                "flags only: --name value or --name=value (a boolean takes its value by = only)");
}

/* "notion-sync check" reads better than a flag for something that is no pass. */
static bool
is_check(struct input_reader *reader, int at, const char *argument)
{
    if (at != 1 || strcmp(argument, "check") != 0)
        return false;
    for (size_t i = 0; i < input_count; i++)
        if (strcmp(input_table[i].name, "check") == 0)
            reader->flags[i] = "true";
    return true;
}

static void
read_input(struct input_reader *reader, const struct input *input, bool complete, const char *value)
{
    if (input->secret)
        problem_add(reader, input->name, NULL,
                    "a variable only, since every user of the machine can see flags: use %s",
                    input_variable(reader->arena, input));
    else if (!complete)
        problem_add(reader, input->name, NULL, "a value: --%s VALUE",
                    input_flag(reader->arena, input));
    else
        reader->flags[input - input_table] = value != NULL ? value : "true";
}

/* getopt_long takes unambiguous beginnings of names: what they mean would change with the next
 * input. */
static bool
written_out(const char *flag, const struct option *option)
{
    return strcspn(flag + 2, "=") == strlen(option->name);
}

enum config_result
flags_read(struct input_reader *reader, int argc, char **argv)
{
    struct option *options = flags_table(reader->arena);
    enum config_result result = CONFIG_OK;
    int last_unknown = 0;
    int at = 1;
    int index = -1;
    int flag;

    optind = 0; /* begin anew, in glibc and musl */
    opterr = 0;
    for (; (flag = getopt_long(argc, argv, "-:", options, &index)) != -1; at = optind, index = -1) {
        bool missing = flag == ':';

        if (missing)
            flag = optopt;
        if (flag == FLAG_ARGUMENT) {
            if (!is_check(reader, at, optarg))
                stray_argument(reader, at);
        } else if (flag == '?' || (index >= 0 && !written_out(argv[at], &options[index]))) {
            if (at != last_unknown)
                unknown_flag(reader, argv[at]);
            last_unknown = at;
        } else if (flag == FLAG_HELP || flag == FLAG_VERSION) {
            if (result == CONFIG_OK)
                result = flag == FLAG_HELP ? CONFIG_HELP : CONFIG_VERSION;
        } else {
            read_input(reader, &input_table[flag - FLAG_INPUT], !missing, optarg);
        }
    }
    for (at = optind; at < argc; at++)
        stray_argument(reader, at);
    return result;
}
