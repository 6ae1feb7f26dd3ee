#include "config/config.h"

#include <string.h>

#include "config/config_p.h"

static void
missing_input(struct input_reader *reader, const struct input *input)
{
    struct arena *arena = reader->arena;
    const char *variable = input_variable(arena, input);

    if (reader->config->in_actions)
        problem_add(
            reader, input->name, NULL,
            "required, but empty: give it under \"with:\"; is the secret or variable set that "
            "stands there?");
    else if (input->variable != NULL)
        problem_add(reader, input->name, NULL, "required: set %s or %s", variable, input->variable);
    else
        problem_add(reader, input->name, NULL, "required: set %s or give --%s", variable,
                    input_flag(arena, input));
}

static void
read_inputs(struct input_reader *reader)
{
    for (size_t i = 0; i < input_count; i++) {
        const struct input *input = &input_table[i];
        const char *text = input_text(reader, input);

        if (text != NULL)
            input->parse(reader, input, text);
        else if (input->required)
            missing_input(reader, input);
    }
}

/* Flags give none. */
static void
collect_secrets(struct input_reader *reader)
{
    reader->secrets = arena_array(reader->arena, input_count, sizeof(*reader->secrets));
    for (size_t i = 0; i < input_count; i++) {
        const char *secret = input_table[i].secret ? input_text(reader, &input_table[i]) : NULL;

        if (secret != NULL)
            reader->secrets[reader->n_secrets++] = secret;
    }
}

enum config_result
config_read(struct arena *arena, int argc, char **argv, struct config *config,
            const struct config_problem **problems, size_t *n_problems)
{
    const char *actions = environment_text("GITHUB_ACTIONS");
    struct input_reader reader = {.arena = arena, .target = config, .config = config};
    enum config_result result;

    *config = (struct config){.in_actions = actions != NULL && strcmp(actions, "true") == 0};
    reader.flags = arena_array(arena, input_count, sizeof(*reader.flags));
    collect_secrets(&reader);
    result = flags_read(&reader, argc, argv);
    read_inputs(&reader);
    environment_read(&reader);
    *n_problems = reader.problems.len;
    *problems = NULL;
    if (*n_problems > 0)
        *problems = arena_memdup(arena, reader.problems.items,
                                 *n_problems * sizeof(*reader.problems.items));
    vec_free(&reader.problems);
    if (result != CONFIG_OK)
        return result;
    if (*n_problems > 0)
        return CONFIG_BAD;
    config->fingerprint = config_fingerprint(&reader);
    seal_init(&config->seal, "notion-sync marker", config->notion_token);
    return CONFIG_OK;
}
