#include "base/nearest.h"

#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

/* Longer names are not compared, because a long text is not a misspelled name. */
#define NAME_MAX_POINTS ((size_t)100)
#define FAR             SIZE_MAX
#define DISTANCE_MAX    ((size_t)3)
#define BEGINNING_MIN   ((size_t)3)

/* The letters of a name, folded; FAR if there are too many. */
static size_t
letters(const char *name, uint32_t points[NAME_MAX_POINTS])
{
    const char *end = name + strlen(name);
    uint32_t point;
    size_t n = 0;

    while (utf8_next(&name, end, &point)) {
        if (n == NAME_MAX_POINTS)
            return FAR;
        points[n++] = point == '-' || point == ' ' ? '_' : utf8_fold(point);
    }
    return n;
}

static size_t
least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: insertions, deletions, substitutions, swapped neighbors. */
static size_t
edits(const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b)
{
    size_t rows[3][NAME_MAX_POINTS + 1];

    for (size_t j = 0; j <= n_b; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= n_a; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3];

        row[0] = i;
        for (size_t j = 1; j <= n_b; j++) {
            row[j] = least(above[j - 1] + (a[i - 1] != b[j - 1]), least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], rows[(i + 1) % 3][j - 2] + 1);
        }
    }
    return rows[n_a % 3][n_b];
}

static size_t
distance(const char *given, const char *name)
{
    uint32_t a[NAME_MAX_POINTS], b[NAME_MAX_POINTS];
    size_t n_a = letters(given, a);
    size_t n_b = letters(name, b);
    size_t found;

    if (n_a == FAR || n_b == FAR || n_a == 0)
        return FAR;
    found = edits(a, n_a, b, n_b);
    if (found <= least(1 + n_a / 4, DISTANCE_MAX))
        return found;
    if (n_a >= BEGINNING_MIN && n_a < n_b && memcmp(a, b, n_a * sizeof(*a)) == 0)
        return DISTANCE_MAX + 1;
    return FAR;
}

struct nearest
nearest_to(const char *given)
{
    return (struct nearest){.given = given, .distance = FAR};
}

void
nearest_offer(struct nearest *nearest, const char *name)
{
    size_t found = name != NULL ? distance(nearest->given, name) : FAR;

    if (found >= nearest->distance)
        return;
    nearest->distance = found;
    nearest->name = name;
}
