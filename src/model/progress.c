#include "model/progress.h"

#include <string.h>

#include "base/hash.h"
#include "base/utf8.h"

/* Every number of this many digits is exact. */
#define TASK_DIGITS 15

static const char *const names[STAGE_COUNT] = {
    [STAGE_NONE] = "none",         [STAGE_CLOSED] = "closed",
    [STAGE_MERGED] = "merged",     [STAGE_DRAFT] = "draft",
    [STAGE_OPEN] = "open",         [STAGE_CHANGES_REQUESTED] = "changes_requested",
    [STAGE_APPROVED] = "approved",
};

const char *
stage_name(enum stage stage)
{
    return names[stage];
}

enum stage
stage_by_name(const char *name)
{
    for (enum stage stage = STAGE_NONE; stage < STAGE_COUNT; stage++)
        if (strcmp(names[stage], name) == 0)
            return stage;
    return STAGE_UNKNOWN;
}

bool
stage_is_over(enum stage stage)
{
    return stage == STAGE_CLOSED || stage == STAGE_MERGED;
}

int64_t
page_key(const char *page_id)
{
    uint64_t hash = hash_bytes(HASH_START, page_id, strlen(page_id));

    return -(int64_t)(hash >> 2) - 1;
}

/* Beyond ASCII, every character is a letter unless it is punctuation, a space or a symbol of the
 * usual blocks. */
static bool
is_alphanumeric(uint32_t point)
{
    if (point < 0x80)
        return (point >= '0' && point <= '9') || (point >= 'A' && point <= 'Z') ||
               (point >= 'a' && point <= 'z');
    if (point <= 0xbf)
        return point == 0xaa || point == 0xb5 || point == 0xba;
    return point != 0xd7 && point != 0xf7 && !(point >= 0x2000 && point <= 0x2bff) &&
           !(point >= 0x3000 && point <= 0x303f && point != 0x3005 && point != 0x3006) &&
           !(point >= 0xfe10 && point <= 0xfe6f) && !(point >= 0xff00 && point <= 0xff0f) &&
           !(point >= 0xff1a && point <= 0xff20) && !(point >= 0xff3b && point <= 0xff40) &&
           !(point >= 0xff5b && point <= 0xff65) && point < 0xfff0;
}

/* The text after the prefix, regardless of case. NULL: the text does not begin with it. */
static const char *
behind(const char *text, const char *prefix)
{
    const char *text_end = text + strlen(text);
    const char *prefix_end = prefix + strlen(prefix);
    uint32_t wanted;
    uint32_t point;

    while (utf8_next(&prefix, prefix_end, &wanted))
        if (!utf8_next(&text, text_end, &point) || utf8_fold(point) != utf8_fold(wanted))
            return NULL;
    return text;
}

/* The 12 of "PREFIX-12" at this very place, with no letter or digit after it; 0: none. */
static int64_t
task_at(const char *text, const char *prefix)
{
    const char *at = behind(text, prefix);
    int64_t number = 0;
    uint32_t point;
    size_t n;

    if (at == NULL || *at++ != '-')
        return 0;
    n = strspn(at, "0123456789");
    if (n == 0 || n > TASK_DIGITS || *at == '0')
        return 0;
    for (size_t i = 0; i < n; i++)
        number = 10 * number + (at[i] - '0');
    at += n;
    return utf8_next(&at, at + strlen(at), &point) && is_alphanumeric(point) ? 0 : number;
}

int64_t
task_next(const char **text, const char *prefix)
{
    const char *end = *text + strlen(*text);
    bool inside = false;

    while (*text < end) {
        int64_t task = inside ? 0 : task_at(*text, prefix);
        uint32_t point;

        inside = utf8_next(text, end, &point) && is_alphanumeric(point);
        if (task != 0)
            return task;
    }
    return 0;
}

static bool
names_task(const char *text, const char *prefix, int64_t task)
{
    int64_t named;

    while ((named = task_next(&text, prefix)) != 0)
        if (named == task)
            return true;
    return false;
}

bool
task_is_named(const struct pull_facts *pull, const char *prefix, int64_t task)
{
    return names_task(pull->title, prefix, task) || names_task(pull->head, prefix, task);
}
