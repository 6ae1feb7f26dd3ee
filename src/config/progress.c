#include <string.h>

#include "base/buf.h"
#include "config/config_p.h"
#include "model/status.h"

/* progress_map: which status a page gets at each stage of its pull requests. */

static const char *
stage_names(struct arena *arena)
{
    const char *names = "";

    for (enum stage stage = STAGE_DRAFT; stage < STAGE_COUNT; stage++)
        names = arena_printf(arena, "%s%s, ", names, stage_name(stage));
    return arena_printf(arena, "%s%s and %s", names, stage_name(STAGE_MERGED),
                        stage_name(STAGE_CLOSED));
}

static void
unknown_stage(struct input_reader *reader, const struct input *input, const char *entry,
              const char *name)
{
    struct nearest nearest = nearest_to(name);

    for (enum stage stage = STAGE_FIRST; stage < STAGE_COUNT; stage++)
        nearest_offer(&nearest, stage_name(stage));
    problem_say(reader, input->name, entry, "no stage has this name. %sThe stages are %s.",
                problem_guess(reader->arena, &nearest), stage_names(reader->arena));
}

static void
read_stage(struct input_reader *reader, const struct input *input, const char *entry)
{
    const char *option;
    const char *name = list_pair(reader->arena, entry, strchr(entry, '='), &option);
    enum stage stage = stage_by_name(name);

    if (*name == '\0' || *option == '\0') {
        problem_add(reader, input->name, entry,
                    "\"stage = Notion status\" with one of the stages %s",
                    stage_names(reader->arena));
        return;
    }
    if (stage < STAGE_FIRST) {
        unknown_stage(reader, input, entry, name);
        return;
    }
    if (reader->config->progress[stage] != NULL)
        problem_say(reader, input->name, entry, "%s has several lines. Use one line for a stage.",
                    stage_name(stage));
    reader->config->progress[stage] = option;
    reader->config->follows_progress = true;
}

void
parse_progress_map(struct input_reader *reader, const struct input *input, const char *text)
{
    const char *entry;

    while ((entry = list_next(reader->arena, &text)) != NULL)
        read_stage(reader, input, entry);
}

/* Only stages that end a pull request may mean done. */
static void
check_meaning(struct input_reader *reader, enum stage stage)
{
    const struct config *config = reader->config;
    const char *option = config->progress[stage];

    for (size_t i = 0; option != NULL && !stage_is_over(stage) && i < config->n_statuses; i++)
        if (strcmp(config->statuses[i].option, option) == 0 &&
            strcmp(config->statuses[i].state, STATUS_OPEN) != 0)
            problem_say(reader, "progress_map",
                        arena_printf(reader->arena, "%s = %s", stage_name(stage), option),
                        "status_map says that this status is %s, and only merged and closed may "
                        "name a closed one. Use a status that means open.",
                        config->statuses[i].state);
}

void
check_progress(struct input_reader *reader)
{
    const struct config *config = reader->config;

    for (enum stage stage = STAGE_FIRST; stage < STAGE_COUNT; stage++)
        check_meaning(reader, stage);
    if (config->follows_progress && config->directions[FIELD_STATUS] == TO_GITHUB)
        problem_say(reader, "progress_map", NULL,
                    "It sets the status in Notion, but `directions` has \"status = to_github\". "
                    "Take one of them away.");
    if (config->follows_progress && config->properties[FIELD_STATUS].off)
        problem_say(reader, "progress_map", NULL,
                    "It sets the status in Notion, but property_map turns the status off. Take one "
                    "of them away.");
}
