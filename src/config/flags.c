#include <string.h>

#include "config/config_p.h"

/* The command line: at most one command, flags --name VALUE and --name=VALUE in any order. An
 * unknown argument may be a token after a misspelled flag, so it is not shown. */

struct command_line {
    struct input_reader *reader;
    char **arguments;
    int n, at;
    const char *command;
    bool skips;                 /* the argument after an unknown flag may be its value */
    const struct input *before; /* the last argument, if it was a boolean flag; NULL: it was not */
    enum config_result result;
};

static const struct {
    const char *name;
    const char *input; /* set to true; NULL: none */
} commands[] = {{"run", NULL}, {"check", "check"}, {"cleanup", "cleanup"}, {"help", NULL}};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void
set_flag(struct command_line *line, const struct input *input, const char *value)
{
    const char **flag = &line->reader->flags[input - input_table];

    if (*flag != NULL && input->list)
        *flag = arena_printf(line->reader->arena, "%s\n%s", *flag, value);
    else
        *flag = value;
}

/* The first one given counts. */
static void
ask(struct command_line *line, enum config_result result)
{
    if (line->result == CONFIG_OK)
        line->result = result;
}

static bool
take_command(struct command_line *line, const char *word)
{
    size_t i = 0;

    while (i < COMMANDS && strcmp(commands[i].name, word) != 0)
        i++;
    if (i == COMMANDS)
        return false;
    if (strcmp(word, "help") == 0) {
        ask(line, CONFIG_HELP);
        return true;
    }
    if (line->command != NULL && strcmp(line->command, word) != 0)
        problem_say(line->reader, word, NULL,
                    "a second command: \"%s\" was given already. Use one of them.", line->command);
    line->command = word;
    for (size_t k = 0; commands[i].input != NULL && k < input_count; k++)
        if (strcmp(input_table[k].name, commands[i].input) == 0)
            set_flag(line, &input_table[k], "true");
    return true;
}

/* A word that is neither a command nor a flag's value. */
static void
take_word(struct command_line *line, const char *word)
{
    struct arena *arena = line->reader->arena;
    struct nearest nearest = nearest_to(word);
    const char *before = line->before != NULL ? input_flag(arena, line->before) : NULL;

    if (take_command(line, word))
        return;
    for (size_t i = 0; i < COMMANDS; i++)
        nearest_offer(&nearest, commands[i].name);
    if (before != NULL)
        problem_say(line->reader, arena_printf(arena, "argument %d", line->at), NULL,
                    "--%s takes its value after \"=\". Use --%s=true or --%s=false.", before,
                    before, before);
    else
        problem_say(line->reader, arena_printf(arena, "argument %d", line->at), NULL,
                    "neither a command nor a flag. %sUse \"run\", \"check\", \"cleanup\" or "
                    "\"help\", and flags "
                    "as --name VALUE or --name=VALUE.",
                    problem_guess(arena, &nearest));
}

static void
unknown_flag(struct command_line *line, const char *flag)
{
    struct arena *arena = line->reader->arena;
    const char *name = arena_strndup(arena, flag, strcspn(flag, "="));
    struct nearest nearest = nearest_to(name + strspn(name, "-"));

    for (size_t i = 0; i < input_count; i++)
        nearest_offer(&nearest, input_flag(arena, &input_table[i]));
    nearest_offer(&nearest, "help");
    nearest_offer(&nearest, "version");
    if (nearest.name != NULL)
        nearest.name = arena_printf(arena, "--%s", nearest.name);
    problem_say(line->reader, problem_text(line->reader, name), NULL,
                "unknown flag. %s\"notion-sync --help\" lists all flags.",
                problem_guess(arena, &nearest));
    line->skips = flag[strlen(name)] == '\0';
}

static void
take_input(struct command_line *line, const struct input *input, const char *value)
{
    struct input_reader *reader = line->reader;
    bool boolean = input->parse == parse_boolean;

    if (value == NULL && !boolean && line->at + 1 < line->n)
        value = line->arguments[++line->at];
    if (input->secret)
        problem_say(reader, input->name, NULL,
                    "every user of the machine can read flags. Give it as the variable %s.",
                    input_variable(reader->arena, input));
    else if (value == NULL && !boolean)
        problem_say(reader, input->name, NULL, "the flag lacks its value. Use --%s VALUE.",
                    input_flag(reader->arena, input));
    else
        set_flag(line, input, value != NULL ? value : "true");
    line->before = boolean && value == NULL ? input : NULL;
}

/* Whether the argument is "--name" or "--name=…", with "-" or "_"; *value is the rest. */
static bool
is_flag(const char *argument, const char *name, const char **value)
{
    if (strncmp(argument, "--", 2) != 0)
        return false;
    for (argument += 2; *name != '\0'; argument++, name++)
        if (*argument != *name && !(*argument == '-' && *name == '_'))
            return false;
    *value = *argument == '=' ? argument + 1 : NULL;
    return *argument == '\0' || *argument == '=';
}

static void
take_flag(struct command_line *line, const char *argument)
{
    const char *value;

    for (size_t i = 0; i < input_count; i++)
        if (is_flag(argument, input_table[i].name, &value)) {
            take_input(line, &input_table[i], value);
            return;
        }
    if (strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0)
        ask(line, CONFIG_HELP);
    else if (strcmp(argument, "--version") == 0 || strcmp(argument, "-V") == 0)
        ask(line, CONFIG_VERSION);
    else
        unknown_flag(line, argument);
}

enum config_result
flags_read(struct input_reader *reader, int argc, char **argv)
{
    struct command_line line = {
        .reader = reader, .arguments = argv, .n = argc, .result = CONFIG_OK};

    for (line.at = 1; line.at < argc; line.at++) {
        const char *argument = argv[line.at];
        bool skips = line.skips;

        line.skips = false;
        if (argument[0] == '-' && argument[1] != '\0' && strcmp(argument, "--") != 0) {
            line.before = NULL;
            take_flag(&line, argument);
        } else if (!skips) {
            take_word(&line, argument);
        } else {
            (void)!take_command(&line, argument);
        }
        if (strcmp(argument, "--") == 0)
            break;
    }
    return line.result;
}
