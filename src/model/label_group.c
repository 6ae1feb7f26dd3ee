#include "model/label_group.h"

#include <assert.h>
#include <string.h>

#include "base/utf8.h"

static bool
is_separator(uint32_t point)
{
    return point > ' ' && point < 0x7f && strchr("!#$%&()+,-./:;=?@[]^_|~", (int)point) != NULL;
}

static bool
is_blank(uint32_t point)
{
    return point == ' ' || point == '\t';
}

/* The next code point, folded. Skips blanks after a separator. last: the code point before it, 0 at
 * the start. False at the end. */
static bool
next_point(const char **text, uint32_t *last)
{
    const char *end = *text + strlen(*text);
    uint32_t point;

    do {
        if (!utf8_next(text, end, &point))
            return false;
    } while (is_blank(point) && is_separator(*last));
    *last = utf8_fold(point);
    return true;
}

/* The rest of text after the beginning, without blanks that have no meaning there. NULL: text
 * begins differently. */
static const char *
behind(const char *text, const char *beginning)
{
    uint32_t a = 0;
    uint32_t b = 0;

    while (next_point(&beginning, &b))
        if (!next_point(&text, &a) || a != b)
            return NULL;
    while (is_separator(a) && is_blank((unsigned char)*text))
        text++;
    return text;
}

bool
label_same(const char *a, const char *b)
{
    const char *rest = behind(a, b);

    return rest != NULL && *rest == '\0';
}

bool
label_group_read(struct arena *arena, const char *text, struct label_group *group)
{
    const char *star = strchr(text, '*');
    size_t length = star != NULL ? (size_t)(star - text) : strlen(text);

    *group = (struct label_group){.before = arena_strndup(arena, text, length)};
    if (star != NULL)
        group->after = arena_strdup(arena, star + 1);
    return (*group->before != '\0' || (group->after != NULL && *group->after != '\0')) &&
           (star == NULL || strchr(star + 1, '*') == NULL);
}

/* Length of the text before its ending; of the whole text if the ending differs. */
static size_t
before_ending(const char *text, const char *ending)
{
    size_t length = strlen(text);

    for (size_t at = 0; at < length; at++)
        if (((unsigned char)text[at] & 0xc0) != 0x80 && utf8_casecmp(text + at, ending) == 0)
            return at;
    return *ending == '\0' ? length : 0;
}

/* The start and length of a value; NULL: the label is not in the group. */
static const char *
find_value(const struct label_group *group, const char *label, size_t *length)
{
    const char *rest = behind(label, group->before);

    *length = 0;
    if (rest == NULL || group->after == NULL)
        return rest != NULL && *rest == '\0' ? rest : NULL;
    *length = before_ending(rest, group->after);
    while (*length > 0 && is_blank((unsigned char)*rest)) {
        rest++;
        --*length;
    }
    while (*length > 0 && is_blank((unsigned char)rest[*length - 1]))
        --*length;
    return *length > 0 ? rest : NULL;
}

bool
label_group_has(const struct label_group *group, const char *label)
{
    size_t length;

    return find_value(group, label, &length) != NULL;
}

const char *
label_group_value(struct arena *arena, const struct label_group *group, const char *label)
{
    size_t length;
    const char *value = find_value(group, label, &length);

    return value != NULL ? arena_strndup(arena, value, length) : NULL;
}

const char *
label_group_label(struct arena *arena, const struct label_group *group, const char *value)
{
    return group->after == NULL ? group->before
                                : arena_printf(arena, "%s%s%s", group->before, value, group->after);
}

static bool
endings_meet(const char *a, const char *b)
{
    size_t length_a = strlen(a);
    size_t length_b = strlen(b);
    const char *longer = length_a > length_b ? a : b;
    const char *shorter = length_a > length_b ? b : a;

    return utf8_casecmp(longer + strlen(longer) - strlen(shorter), shorter) == 0;
}

bool
label_groups_meet(const struct label_group *a, const struct label_group *b)
{
    assert(a->before != NULL && b->before != NULL);
    if (a->after == NULL)
        return label_group_has(b, a->before);
    if (b->after == NULL)
        return label_group_has(a, b->before);
    return (behind(a->before, b->before) != NULL || behind(b->before, a->before) != NULL) &&
           endings_meet(a->after, b->after);
}
