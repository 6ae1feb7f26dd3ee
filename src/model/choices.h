#ifndef MODEL_CHOICES_H
#define MODEL_CHOICES_H

#include <stddef.h>
#include <stdint.h>

/* The values that GitHub can give an issue. Other names cannot be written there. */
struct milestone {
    const char *title;
    int64_t number;
};

struct choices {
    const struct milestone *milestones; /* open and closed */
    size_t n_milestones;
    const char *const *types; /* enabled issue types; none if the owner has none */
    size_t n_types;
    const char *const *labels; /* only if requested */
    size_t n_labels;
};

/* people_map: one person on both sides. */
struct person {
    const char *login;
    const char *user; /* id in Notion */
};

#endif
