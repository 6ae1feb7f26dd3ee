#include "model/sealed.h"

#include <string.h>

bool
sealed_is(const char *text)
{
    const char *digits;

    if (text == NULL || strncmp(text, SEALED_MARK, strlen(SEALED_MARK)) != 0)
        return false;
    digits = text + strlen(SEALED_MARK);
    return *digits == '\0' ||
           (strlen(digits) == SEALED_DIGITS && strspn(digits, "0123456789abcdef") == SEALED_DIGITS);
}

const char *
sealed_digits(const char *text)
{
    return strcmp(text, SEALED_LOST) == 0 ? NULL : text + strlen(SEALED_MARK);
}

bool
value_is_lost(const struct value *value)
{
    if (value->kind == VALUE_TEXT)
        return strcmp(value->text, SEALED_LOST) == 0;
    for (size_t i = 0; value->kind == VALUE_SET && i < value->len; i++)
        if (strcmp(value->items[i], SEALED_LOST) == 0)
            return true;
    return false;
}
