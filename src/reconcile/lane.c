#include <string.h>

#include "model/lens.h"
#include "model/status.h"
#include "reconcile/item.h"
#include "reconcile/own.h"
#include "reconcile/reconcile.h"

/*
 * Lanes: labels that status_map names in addition to a state. The status row has already decided
 * the status. This finds the lane that both sides should have, a status option that shows both, and
 * the label for it.
 */

/* The facts behind a decision about a lane. */
struct lane_view {
    enum field field;
    const struct status_map *map;
    const char *github, *notion; /* the label that each side has, "": none */
    const char *state;           /* GitHub's, after the status was written */
    const char *option, *now;    /* of the page: after that, and before */
    const char *before;          /* the option that it had before it was closed, or NULL */
    bool to_github, to_notion;   /* whether changes go there */
    const struct value *base[SIDE_COUNT];
};

static const char *
text_of(const struct value *value)
{
    return value->kind == VALUE_TEXT ? value->text : "";
}

static bool
was_moved(const struct lane_view *lanes, enum side side)
{
    const char *now = side == SIDE_GITHUB ? lanes->github : lanes->notion;
    bool based = lanes->base[SIDE_GITHUB]->kind == VALUE_TEXT &&
                 lanes->base[SIDE_NOTION]->kind == VALUE_TEXT;

    return based ? strcmp(now, lanes->base[side]->text) != 0 : *now != '\0';
}

static enum side
winner_of(const struct lane_view *lanes, const struct item *item)
{
    return !lanes->to_github ? SIDE_GITHUB : !lanes->to_notion ? SIDE_NOTION : item_winner(item);
}

/* The lane that both sides should have. *conflict: both were moved, to different lanes. */
static const char *
choose(const struct lane_view *lanes, const struct item *item, bool *conflict)
{
    bool github = was_moved(lanes, SIDE_GITHUB);
    bool notion = was_moved(lanes, SIDE_NOTION);

    *conflict = github && notion && strcmp(lanes->github, lanes->notion) != 0;
    if (*conflict)
        return winner_of(lanes, item) == SIDE_GITHUB ? lanes->github : lanes->notion;
    if (github && lanes->to_notion)
        return lanes->github;
    return notion && lanes->to_github ? lanes->notion : status_lane(lanes->map, lanes->option);
}

/* Both sides stay different: the page's status does not go to GitHub, or GitHub does not merge. The
 * page follows only if GitHub alone decides and somebody moved the label there. */
static bool
stays_different(const struct lane_view *lanes, const struct field_plan *status)
{
    bool same = status_is_closed(lanes->state) ==
                (status_meaning(lanes->map, lanes->option) != MEANING_OPEN);

    return !same &&
           !(status->row == ROW_F9_ONE_WAY && lanes->to_notion && was_moved(lanes, SIDE_GITHUB));
}

static void
write_status(struct item *item, const char *option)
{
    struct field_plan *plan = &item->fields[FIELD_STATUS];

    if (plan->row == ROW_F1_SAME || plan->row == ROW_F4_AGREE || plan->row == ROW_F9_ONE_WAY)
        plan->row = ROW_F2_TO_NOTION;
    plan->write[SIDE_NOTION] = true;
    plan->value[SIDE_NOTION] = value_text(option);
    plan->settles = true;
}

static void
note_several(struct item *item, const struct value *labels, struct arena *arena)
{
    item_note(item,
              arena_printf(arena,
                           "the issue has several labels that stand for a status (%s), so the page "
                           "keeps its status; choose one there, or leave one of the labels",
                           lens_several_text(labels, arena)),
              arena);
}

static void
mark_conflict(struct item *item, enum field lane, enum side winner)
{
    struct field_plan *plan = &item->fields[winner == SIDE_GITHUB ? FIELD_STATUS : lane];

    plan->row = ROW_F7_CONFLICT;
    plan->conflict = true;
    plan->winner = winner;
}

/* Whether the issue's labels stand for a status. */
static bool
has_lane(const struct item *item)
{
    const struct rules *rules = item->rules;

    return rules->lane != 0 && rules->on[rules->lane] && rules->on[FIELD_STATUS] &&
           value_of(&item->issue->values, rules->lane)->kind != VALUE_ABSENT;
}

static bool
takes_part(const struct item *item)
{
    return has_lane(item) && value_of(&item->page->values, FIELD_STATUS)->kind == VALUE_TEXT;
}

static struct lane_view
lane_view_of(const struct item *item, bool several)
{
    static const struct value absent;
    const struct rules *rules = item->rules;
    const struct field_plan *status = &item->fields[FIELD_STATUS];
    struct lane_view lanes = {.field = rules->lane, .map = &rules->status};

    for (enum side s = 0; s < SIDE_COUNT; s++)
        lanes.base[s] = item->known != NULL && !field_moved(item->known, rules->lane, rules)
                            ? value_of(&item->known->base[s], rules->lane)
                            : &absent;
    lanes.now = value_of(&item->page->values, FIELD_STATUS)->text;
    lanes.option = status->write[SIDE_NOTION] ? status->value[SIDE_NOTION].text : lanes.now;
    lanes.state = status->write[SIDE_GITHUB]
                      ? status->value[SIDE_GITHUB].text
                      : text_of(value_of(&item->issue->values, FIELD_STATUS));
    lanes.before = item->known != NULL ? item->known->open_option : NULL;
    lanes.notion = status_lane(lanes.map, lanes.now);
    lanes.github = !several ? value_of(&item->issue->values, rules->lane)->text
                   : lanes.base[SIDE_GITHUB]->kind == VALUE_TEXT ? lanes.base[SIDE_GITHUB]->text
                                                                 : lanes.notion;
    lanes.to_github = direction_reaches(rules->direction[FIELD_STATUS], SIDE_GITHUB);
    lanes.to_notion = direction_reaches(rules->direction[FIELD_STATUS], SIDE_NOTION);
    return lanes;
}

void
lane_decide(struct item *item, struct arena *arena)
{
    const struct rules *rules = item->rules;
    const struct field_plan *status = &item->fields[FIELD_STATUS];
    struct field_plan *plan = &item->fields[rules->lane];
    const struct value *labels;
    struct lane_view lanes;
    const char *lane, *option;
    bool several, conflict;

    if (item->issue == NULL || !takes_part(item))
        return;
    labels = value_of(&item->issue->values, rules->lane);
    several = lens_is_several(labels);
    lanes = lane_view_of(item, several);
    *plan = (struct field_plan){.value = {value_text(lanes.github), value_text(lanes.notion)}};
    if (stays_different(&lanes, status))
        return;
    lane = choose(&lanes, item, &conflict);
    option = status_option_in_lane(lanes.map, lanes.state, lane, lanes.option, lanes.before);
    if (option == NULL) {
        /* One side closed or reopened it. That counts more than a move on the other side. */
        conflict = false;
        option = lanes.option;
        lane = status_lane(lanes.map, option);
    }
    if (status->row == ROW_F9_ONE_WAY && lanes.to_notion && strcmp(option, lanes.now) != 0)
        conflict = true;
    if (several && strcmp(lane, lanes.github) == 0 && strcmp(option, lanes.now) == 0) {
        note_several(item, labels, arena);
        return;
    }
    if (conflict)
        mark_conflict(item, rules->lane, winner_of(&lanes, item));
    if (strcmp(option, lanes.option) != 0 && lanes.to_notion)
        write_status(item, option);
    if (!lanes.to_notion && strcmp(option, lanes.now) != 0)
        return;
    plan->settles = true;
    plan->value[SIDE_NOTION] = value_text(lane);
    if ((several || strcmp(lane, lanes.github) != 0) && lanes.to_github) {
        plan->row = plan->conflict ? ROW_F7_CONFLICT : ROW_F3_TO_GITHUB;
        plan->write[SIDE_GITHUB] = true;
        plan->value[SIDE_GITHUB] = value_text(lane);
    } else if (strcmp(lane, lanes.github) != 0) {
        plan->settles = false;
    }
}

void
lane_for_page(struct item *item, struct arena *arena)
{
    const struct rules *rules = item->rules;
    struct field_plan *status = &item->fields[FIELD_STATUS];
    const struct value *labels =
        rules->lane != 0 ? value_of(&item->issue->values, rules->lane) : NULL;
    const char *option;

    if (labels == NULL || labels->kind == VALUE_ABSENT || !rules->on[rules->lane] ||
        !status->write[SIDE_NOTION])
        return;
    if (lens_is_several(labels)) {
        note_several(item, labels, arena);
        return;
    }
    option =
        status_option_in_lane(&rules->status, value_of(&item->issue->values, FIELD_STATUS)->text,
                              labels->text, status->value[SIDE_NOTION].text, NULL);
    if (option != NULL)
        status->value[SIDE_NOTION] = value_text(option);
    item->fields[rules->lane] = (struct field_plan){
        .row = ROW_F8_NO_BASE, .value = {*labels, *labels}, .settles = option != NULL};
}

void
lane_for_issue(struct item *item)
{
    const struct rules *rules = item->rules;
    const struct value *status = value_of(&item->page->values, FIELD_STATUS);
    struct value lane;

    if (rules->lane == 0 || !rules->on[rules->lane] || status->kind != VALUE_TEXT)
        return;
    lane = value_text(status_lane(&rules->status, status->text));
    item->fields[rules->lane] = (struct field_plan){.row = ROW_F8_NO_BASE,
                                                    .value = {lane, lane},
                                                    .settles = true,
                                                    .write = {!value_is_empty(&lane), false}};
}

void
lane_leave(struct item *item)
{
    const struct rules *rules = item->rules;
    struct field_plan *plan = &item->fields[rules->lane];

    if (rules->lane == 0 || !takes_part(item))
        return;
    *plan = (struct field_plan){
        .value = {*value_of(&item->issue->values, rules->lane), plan->value[SIDE_NOTION]}};
}

bool
lane_was_moved(const struct item *item)
{
    const struct value *now, *base;

    if (item->page == NULL || item->known == NULL || !takes_part(item))
        return false;
    now = value_of(&item->issue->values, item->rules->lane);
    base = value_of(&item->known->base[SIDE_GITHUB], item->rules->lane);
    return base->kind == VALUE_TEXT && !lens_is_several(now) && !value_equal(now, base);
}

void
lane_follow(struct item *item, const char *option)
{
    const struct rules *rules = item->rules;
    struct field_plan *plan = &item->fields[rules->lane];
    struct value lane;

    if (!has_lane(item) || !direction_reaches(rules->direction[FIELD_STATUS], SIDE_GITHUB))
        return;
    lane = value_text(status_lane(&rules->status, option));
    *plan = (struct field_plan){.row = ROW_F3_TO_GITHUB, .value = {lane, lane}, .settles = true};
    plan->write[SIDE_GITHUB] = !value_equal(&lane, value_of(&item->issue->values, rules->lane));
}
