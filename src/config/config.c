#include "config/config.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/hash.h"
#include "config/config_p.h"

static void
missing_input(struct input_reader *reader, const struct input *input)
{
    struct arena *arena = reader->arena;
    const char *variable = input_variable(arena, input);

    if (reader->config->in_actions)
        problem_say(reader, input->name, NULL,
                    "required, but empty. Give it under \"with:\", and check that the secret or "
                    "variable that you name there exists.");
    else if (input->secret)
        problem_say(reader, input->name, NULL, "required, but missing. Set %s or %s.", variable,
                    input->variable);
    else
        problem_say(reader, input->name, NULL, "required, but missing. Set %s or give --%s.",
                    input->variable != NULL ? input->variable : variable, input_flag(arena, input));
}

/* A variable INPUT_… that no input has: somebody's typing error would go unnoticed. */
static const char *
unknown_variable(struct input_reader *reader, const char *name)
{
    struct arena *arena = reader->arena;
    struct nearest nearest = nearest_to(name);

    for (size_t i = 0; i < input_count; i++)
        if (!input_table[i].command_line) {
            if (strcasecmp(input_table[i].name, name) == 0)
                return NULL;
            nearest_offer(&nearest, input_table[i].name);
        }
    name = arena_strdup(arena, name);
    for (char *c = (char *)name; *c != '\0'; c++)
        *c = (char)tolower((unsigned char)*c);
    return arena_printf(arena,
                        "%s: there is no such input; it is ignored. %sThe documentation "
                        "lists all inputs.",
                        problem_text(reader, name), problem_guess(arena, &nearest));
}

static void
look_for_unknown(struct input_reader *reader)
{
    static const char prefix[] = "INPUT_";
    VEC(const char *) warnings = {0};

    for (char **variable = environ; variable != NULL && *variable != NULL; variable++) {
        const char *name = *variable + (sizeof(prefix) - 1);
        const char *warning;

        if (strncmp(*variable, prefix, sizeof(prefix) - 1) != 0)
            continue;
        name = arena_strndup(reader->arena, name, strcspn(name, "="));
        /* What the runner adds to an action in a container by itself. */
        if (strcmp(name, "ARGS") == 0 || strcmp(name, "ENTRYPOINT") == 0)
            continue;
        warning = unknown_variable(reader, name);
        if (warning != NULL)
            vec_push(&warnings, warning);
    }
    vec_take(&warnings, reader->arena, reader->config->warnings, reader->config->n_warnings);
}

/* Each text with the zero behind it, so that no two lists of texts look alike; an absent one as a
 * byte that no text holds. */
static uint64_t
hash_choice(uint64_t hash, const char *text)
{
    return text != NULL ? hash_bytes(hash, text, strlen(text) + 1) : hash_item(hash, "");
}

/* Of everything that decides what is compared, 16 hex digits. */
static const char *
fingerprint(const struct input_reader *reader)
{
    const struct config *config = reader->config;
    uint64_t hash = HASH_START;

    hash = hash_choice(hash, config->database);
    hash = hash_choice(hash, config->owner);
    hash = hash_choice(hash, config->repository);
    for (size_t i = 0; i < input_count; i++)
        if (input_table[i].compared) {
            hash = hash_choice(hash, input_table[i].name);
            hash = hash_choice(hash, input_text(reader, &input_table[i]));
        }
    for (enum field f = 0; f < config->fields.n; f++) {
        hash = hash_choice(hash, config->fields.items[f].name);
        hash = hash_choice(hash, config->properties[f].property);
    }
    for (size_t i = 0; i < config->n_statuses; i++) {
        hash = hash_choice(hash, config->statuses[i].option);
        hash = hash_choice(hash, config->statuses[i].state);
        hash = hash_choice(hash, config->statuses[i].label);
    }
    return arena_printf(reader->arena, "%016" PRIx64, hash);
}

enum config_result
config_read(struct arena *arena, int argc, char **argv, struct config *config,
            const struct config_problem **problems, size_t *n_problems)
{
    const char *actions = environment_text("GITHUB_ACTIONS");
    struct input_reader reader = {.arena = arena, .target = config, .config = config};
    enum config_result result;
    bool flags_are_wrong;

    *config = (struct config){.in_actions = actions != NULL && strcmp(actions, "true") == 0};
    fields_init(&config->fields);
    reader.flags = arena_array(arena, input_count, sizeof(*reader.flags));
    /* Flags give none. */
    reader.secrets = arena_array(arena, input_count, sizeof(*reader.secrets));
    for (size_t i = 0; i < input_count; i++) {
        const char *secret = input_table[i].secret ? input_text(&reader, &input_table[i]) : NULL;

        if (secret != NULL)
            reader.secrets[reader.n_secrets++] = secret;
    }
    result = flags_read(&reader, argc, argv);
    flags_are_wrong = reader.problems.len > 0;
    for (size_t i = 0; i < input_count; i++) {
        const char *text = input_text(&reader, &input_table[i]);

        if (text != NULL)
            input_table[i].parse(&reader, &input_table[i], text);
        else if (input_table[i].required && !flags_are_wrong) /* one of them may have meant it */
            missing_input(&reader, &input_table[i]);
    }
    check_taking_part(&reader);
    check_progress(&reader);
    environment_read(&reader);
    repository_check_host(&reader);
    look_for_unknown(&reader);
    vec_take(&reader.problems, arena, *problems, *n_problems);
    if (result != CONFIG_OK)
        return result;
    if (*n_problems > 0)
        return CONFIG_BAD;
    config->fingerprint = fingerprint(&reader);
    seal_init(&config->seal, "notion-sync marker", config->notion_token);
    return CONFIG_OK;
}
