#include "model/field.h"

bool
direction_reaches(enum direction direction, enum side to)
{
    return direction == BOTH_WAYS || (direction == TO_NOTION) == (to == SIDE_NOTION);
}

const char *
side_name(enum side side)
{
    return side == SIDE_GITHUB ? "GitHub" : "Notion";
}

enum side
side_other(enum side side)
{
    return side == SIDE_GITHUB ? SIDE_NOTION : SIDE_GITHUB;
}
