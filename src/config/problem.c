#include <stdarg.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "config/engine.h"

#define GIVEN_MAX   80
#define SECRET_MIN  4 /* shorter ones occur in any text */
#define HIDDEN      "***"
#define ELLIPSIS    "\xe2\x80\xa6"
#define REPLACEMENT 0xfffd

/* C0, DEL and C1, line and paragraph separators, and characters that change the direction of the
 * text around them. */
static bool
is_control(uint32_t point)
{
    return point < 0x20 || (point >= 0x7f && point <= 0x9f) || point == 0x200e || point == 0x200f ||
           (point >= 0x2028 && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
}

/* The forms of tokens (developers.notion.com/page/changelog; docs.github.com, "About
 * authentication to GitHub"). */
static const struct {
    const char *prefix, *kind;
} token_kinds[] = {
    {"ntn_", "Notion"}, {"secret_", "Notion"}, {"ghp_", "GitHub"}, {"gho_", "GitHub"},
    {"ghu_", "GitHub"}, {"ghs_", "GitHub"},    {"ghr_", "GitHub"}, {"github_pat_", "GitHub"},
};

#define TOKEN_KINDS (sizeof(token_kinds) / sizeof(token_kinds[0]))

bool
token_refused(struct input_reader *reader, const char *input, const char *token, const char *wanted)
{
    const char *kind = NULL;

    for (size_t i = 0; i < TOKEN_KINDS && kind == NULL; i++)
        if (strncmp(token, token_kinds[i].prefix, strlen(token_kinds[i].prefix)) == 0)
            kind = token_kinds[i].kind;
    if (kind == NULL || strcmp(kind, wanted) == 0)
        return false;
    if (strcmp(wanted, "Notion") == 0)
        problem_say(reader, input, NULL,
                    "this is a token of GitHub. Give the token of your Notion connection; it "
                    "begins with \"ntn_\" or \"secret_\".");
    else
        problem_say(reader, input, NULL,
                    "this is a token of Notion. Give a token of GitHub; it begins with \"ghs_\", "
                    "\"ghp_\" or \"github_pat_\".");
    return true;
}

/* Hides "user:password" before an @, and the query of a URL. */
static const char *
hide_credentials(struct arena *arena, const char *text)
{
    const char *scheme = strstr(text, "://");
    const char *host = strrchr(text, '@');
    const char *shown = scheme != NULL ? scheme + strlen("://") : text;
    int kept = (int)(shown - text);
    /* "author:@me" has no password. */
    bool credentials = host != NULL && memchr(text, ':', (size_t)(host - text)) != NULL &&
                       (scheme != NULL || host[-1] != ':');
    size_t length;

    if (credentials)
        shown = host;
    length = scheme != NULL ? strcspn(shown, "?") : strlen(shown);
    return arena_printf(arena, "%.*s%s%.*s%s", kept, text, credentials ? HIDDEN : "", (int)length,
                        shown, shown[length] == '?' ? "?" HIDDEN : "");
}

static const char *
one_line(struct arena *arena, const char *text)
{
    const char *end = text + strlen(text);
    bool cut = utf8_length(text) > GIVEN_MAX;
    uint32_t point;
    struct buf out;

    buf_init(&out, (size_t)4 * GIVEN_MAX);
    for (size_t n = cut ? 1 : 0; n < GIVEN_MAX && utf8_next(&text, end, &point); n++) {
        char bytes[4];

        buf_add(&out, bytes, utf8_put(bytes, is_control(point) ? REPLACEMENT : point));
    }
    if (cut)
        buf_str(&out, ELLIPSIS);
    return buf_take(&out, arena);
}

const char *
problem_text(const struct input_reader *reader, const char *text)
{
    /* People often put a secret into the wrong input. It is recognized if it holds a token's
     * value, or has the form of a token. */
    for (size_t i = 0; i < TOKEN_KINDS; i++)
        if (strstr(text, token_kinds[i].prefix) != NULL)
            return HIDDEN;
    for (size_t i = 0; i < reader->n_secrets; i++)
        if (strlen(reader->secrets[i]) >= SECRET_MIN && strstr(text, reader->secrets[i]) != NULL)
            return HIDDEN;
    return one_line(reader->arena, hide_credentials(reader->arena, text));
}

static void
problem_push(struct input_reader *reader, const char *input, const char *given, const char *between,
             const char *message)
{
    struct config_problem problem = {.input = input, .message = message};

    if (given != NULL) {
        problem.given = problem_text(reader, given);
        problem.message =
            arena_printf(reader->arena, "\"%s\"%s%s", problem.given, between, message);
    }
    vec_push(&reader->problems, problem);
}

void
problem_add(struct input_reader *reader, const char *input, const char *given, const char *allowed,
            ...)
{
    const char *use;
    va_list args;

    va_start(args, allowed);
    use = arena_vprintf(reader->arena, allowed, args);
    va_end(args);
    problem_push(reader, input, given, " is ",
                 arena_printf(reader->arena, "not valid. Use %s.", use));
}

void
problem_say(struct input_reader *reader, const char *input, const char *given, const char *what,
            ...)
{
    va_list args;

    va_start(args, what);
    problem_push(reader, input, given, ": ", arena_vprintf(reader->arena, what, args));
    va_end(args);
}

const char *
problem_guess(struct arena *arena, const struct nearest *nearest)
{
    if (nearest->name == NULL)
        return "";
    return arena_printf(arena, "Did you mean \"%s\"? ", nearest->name);
}
