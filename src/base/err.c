#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

static void
err_tidy(char *text, size_t size)
{
    utf8_cut(text, size - 1);
    for (char *c = text; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = ' ';
}

bool
err_set(struct err *err, enum err_kind kind, const char *format, ...)
{
    va_list args;

    if (err == NULL)
        return false;
    err->kind = kind;
    va_start(args, format);
    vsnprintf(err->text, sizeof(err->text), format, args);
    va_end(args);
    err_tidy(err->text, sizeof(err->text));
    return false;
}

bool
err_context(struct err *err, const char *format, ...)
{
    char context[ERR_TEXT_SIZE / 2];
    char whole[ERR_TEXT_SIZE + sizeof(context) + 2];
    va_list args;

    if (err == NULL)
        return false;
    va_start(args, format);
    vsnprintf(context, sizeof(context), format, args);
    va_end(args);
    snprintf(whole, sizeof(whole), "%s: %s", context, err->text);
    memcpy(err->text, whole, sizeof(err->text) - 1);
    err->text[sizeof(err->text) - 1] = '\0';
    err_tidy(err->text, sizeof(err->text));
    return false;
}

void
err_clear(struct err *err)
{
    if (err == NULL)
        return;
    err->kind = ERR_NONE;
    err->text[0] = '\0';
}
