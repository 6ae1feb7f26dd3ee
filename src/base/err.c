#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
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
    char text[ERR_TEXT_SIZE];
    va_list args;

    if (err == NULL)
        return false;
    /* The arguments may be parts of *err itself. */
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    /* Errors quote what servers say, and are shown in the summary and the report too. */
    log_redact(text);
    err_tidy(text, sizeof(text));
    err->kind = kind;
    err->undone = false;
    memcpy(err->text, text, strlen(text) + 1);
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
    utf8_cut(context, sizeof(context) - 1);
    snprintf(whole, sizeof(whole), "%s: %s", context, err->text);
    err_tidy(whole, sizeof(err->text));
    memcpy(err->text, whole, strlen(whole) + 1);
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

int
err_reason_length(const struct err *err)
{
    const char *cure = strstr(err->text, "; " ERR_CURE_REFUSED);

    return (int)(cure != NULL ? (size_t)(cure - err->text) : strlen(err->text));
}
