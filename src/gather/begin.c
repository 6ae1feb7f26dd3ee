#include "gather/gather_p.h"

void
gather_begin(struct gather *gather, const struct config *config, struct github *github,
             struct notion *notion)
{
    *gather = (struct gather){.config = config, .github = github, .notion = notion};
    gather->fields = config->fields;
    gather->rules.fields = &gather->fields;
    gather->arena = arena_new();
    gather->aside = arena_new();
    for (size_t i = 0; i < GATHER_LANES; i++)
        gather->lanes[i] = arena_new();
    gather->world = world_new(gather->arena);
}

void
gather_restart(struct gather *gather)
{
    const struct config *config = gather->config;
    struct github *github = gather->github;
    struct notion *notion = gather->notion;

    gather_end(gather);
    gather_begin(gather, config, github, notion);
}

void
gather_end(struct gather *gather)
{
    if (gather->arena == NULL)
        return;
    vec_free(&gather->overview.touched);
    world_free(gather->world);
    for (size_t i = 0; i < GATHER_LANES; i++)
        arena_free(gather->lanes[i]);
    arena_free(gather->aside);
    arena_free(gather->arena);
    *gather = (struct gather){0};
}
