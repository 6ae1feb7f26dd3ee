#include "base/decimal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

char *
decimal_text(struct arena *arena, double number)
{
    char *text = NULL;

    if (!isfinite(number))
        return NULL;
    if (number == 0)
        return arena_strdup(arena, "0");
    for (int digits = 15; digits <= 17; digits++) {
        text = arena_printf(arena, "%.*g", digits, number);
        if (strtod(text, NULL) == number)
            break;
    }
    return text;
}

bool
decimal_read(const char *text, double *number)
{
    static const char blanks[] = " \t\r\n";
    char *end;

    text += strspn(text, blanks);
    /* strtod also takes hexadecimal numbers, "inf" and "nan". */
    if (text[strspn(text, "+-0123456789.eE \t\r\n")] != '\0')
        return false;
    *number = strtod(text, &end);
    return end != text && end[strspn(end, blanks)] == '\0' && isfinite(*number);
}
