#include "markdown/tree.h"

#include <ctype.h>
#include <string.h>

static const struct {
    const char *alias, *name;
} languages[] = {
    {"cpp", "c++"},     {"cs", "c#"},         {"csharp", "c#"},      {"golang", "go"},
    {"hs", "haskell"},  {"js", "javascript"}, {"jsx", "javascript"}, {"kt", "kotlin"},
    {"md", "markdown"}, {"plain", ""},        {"plaintext", ""},     {"plain_text", ""},
    {"py", "python"},   {"rb", "ruby"},       {"rs", "rust"},        {"sh", "shell"},
    {"text", ""},       {"ts", "typescript"}, {"tsx", "typescript"}, {"txt", ""},
    {"yml", "yaml"},
};

const char *
language_name(struct arena *arena, const char *name)
{
    size_t length = name != NULL ? strlen(name) : 0;
    char *lower = arena_alloc(arena, 5 * length + 1), *to = lower;

    for (size_t i = 0; i < length; i++) {
        if (name[i] == '\\')
            *to++ = '\\';
        *to++ = name[i] == '`' ? '\'' : (char)tolower((unsigned char)name[i]);
        if (name[i] == '&')
            to = stpcpy(to, "amp;");
    }
    for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++)
        if (strcmp(languages[i].alias, lower) == 0)
            return languages[i].name;
    return lower;
}
