#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "github/github.h"
#include "github/github_p.h"

#define MARKER_OPEN  "<!-- notion-sync "
#define MARKER_CLOSE " -->"
#define PAGE_KEY     "page="
#define TAG_KEY      " tag="
#define TAG_DIGITS   16

/* A code fence that is open at some line (CommonMark 0.31, 4.5); length 0: none. */
struct open_fence {
    char mark;
    size_t length;
};

/* One line, without its end. */
struct body_line {
    const char *start;
    size_t length;
};

static bool
line_next(const char **text, struct body_line *line)
{
    if (**text == '\0')
        return false;
    line->start = *text;
    line->length = strcspn(*text, "\r\n");
    *text += line->length;
    if (**text != '\0')
        (*text)++;
    return true;
}

static bool
is_blank(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] != ' ' && text[i] != '\t')
            return false;
    return true;
}

static void
fence_pass(struct open_fence *fence, const struct body_line *line)
{
    const char *end = line->start + line->length;
    const char *at = line->start;
    const char *run;
    size_t length;

    while (at < end && *at == ' ' && at - line->start < 3)
        at++;
    run = at;
    while (at < end && *at == *run)
        at++;
    length = (size_t)(at - run);
    if (length < 3 || (*run != '`' && *run != '~'))
        return;
    if (fence->length > 0) {
        if (*run == fence->mark && length >= fence->length && is_blank(at, (size_t)(end - at)))
            fence->length = 0;
    } else if (*run == '~' || memchr(at, '`', (size_t)(end - at)) == NULL) {
        *fence = (struct open_fence){.mark = *run, .length = length};
    }
}

/* The last line that is not blank, and the fence that is open there. */
static struct body_line
last_line(const char *body, struct open_fence *open)
{
    struct open_fence fence = {0};
    struct body_line line;
    struct body_line last = {.start = body};

    *open = fence;
    while (line_next(&body, &line)) {
        if (!is_blank(line.start, line.length)) {
            last = line;
            *open = fence;
        }
        fence_pass(&fence, &line);
    }
    return last;
}

char *
github_find_marker(struct arena *arena, const char *body)
{
    const size_t open = strlen(MARKER_OPEN);
    const size_t close = strlen(MARKER_CLOSE);
    struct open_fence fence;
    struct body_line line;
    char *marker;

    if (body == NULL)
        return NULL;
    line = last_line(body, &fence);
    while (line.length > 0 && is_blank(line.start + line.length - 1, 1))
        line.length--;
    if (fence.length > 0 || line.length <= open + close ||
        memcmp(line.start, MARKER_OPEN, open) != 0 ||
        memcmp(line.start + line.length - close, MARKER_CLOSE, close) != 0)
        return NULL;
    marker = arena_strndup(arena, line.start + open, line.length - open - close);
    if (strstr(marker, "--") != NULL || marker[0] == ' ' || marker[strlen(marker) - 1] == ' ')
        return NULL;
    return marker;
}

/* The text that the tag signs: W, or W#number, a blank, and the text. */
static void
marker_tag(const struct marker_key *key, int64_t number, const char *text, char tag[SEAL_SIZE])
{
    struct arena *scratch = arena_new();
    const char *place = number > 0
                            ? arena_printf(scratch, "%" PRId64 "#%" PRId64, key->repository, number)
                            : arena_printf(scratch, "%" PRId64, key->repository);

    seal_text(&key->seal, arena_printf(scratch, "%s %s", place, text), tag);
    arena_free(scratch);
}

char *
marker_sign(const struct marker_key *key, int64_t number, const char *text, struct arena *arena)
{
    char tag[SEAL_SIZE];

    marker_tag(key, number, text, tag);
    return arena_printf(arena, "%s" TAG_KEY "%.*s", text, TAG_DIGITS, tag);
}

bool
marker_read(const struct marker_key *key, int64_t number, const char *marker, struct arena *arena,
            const char **text)
{
    const size_t size = strlen(TAG_KEY) + TAG_DIGITS;
    size_t length = strlen(marker);
    const char *tag = length > size ? marker + length - size : "";
    char right[SEAL_SIZE];

    if (strncmp(tag, TAG_KEY, strlen(TAG_KEY)) != 0 ||
        strspn(tag + strlen(TAG_KEY), "0123456789abcdef") != TAG_DIGITS) {
        *text = arena_strdup(arena, marker);
        return false;
    }
    *text = arena_strndup(arena, marker, length - size);
    marker_tag(key, number, *text, right);
    return seal_same(right, tag + strlen(TAG_KEY), TAG_DIGITS);
}

char *
marker_strip(struct arena *arena, const char *body)
{
    struct open_fence fence;
    size_t length = strlen(body);
    char *text = arena_alloc(arena, length + 1);
    size_t n = 0;

    if (github_find_marker(arena, body) != NULL) {
        length = (size_t)(last_line(body, &fence).start - body);
        /* The blank line above it is its own. */
        for (int i = 0; i < 2 && length > 0 && body[length - 1] == '\n'; i++)
            length -= length > 1 && body[length - 2] == '\r' ? 2 : 1;
    }
    if (strspn(body, " \t\r\n") >= length)
        length = 0;
    for (size_t i = 0; i < length; i++)
        if (body[i] != '\r' || body[i + 1] != '\n')
            text[n++] = body[i];
    return text;
}

char *
marker_defuse(struct arena *arena, const char *body)
{
    struct open_fence fence;
    const char *line;

    if (github_find_marker(arena, body) == NULL)
        return arena_strdup(arena, body);
    line = last_line(body, &fence).start;
    return arena_printf(arena, "%.*s %s", (int)(line - body), body, line);
}

const char *
marker_page(const char *marker)
{
    char id[NOTION_ID_SIZE];

    if (marker == NULL || strncmp(marker, PAGE_KEY, strlen(PAGE_KEY)) != 0)
        return NULL;
    marker += strlen(PAGE_KEY);
    return notion_id_parse(marker, id) && strcmp(marker, id) == 0 ? marker : NULL;
}

char *
marker_append(struct arena *arena, const char *body, const char *marker)
{
    const char *line = arena_printf(arena, MARKER_OPEN "%s" MARKER_CLOSE, marker);
    const char *rest = body != NULL ? body : "";
    struct open_fence fence = {0};
    struct body_line each;
    struct buf text;

    assert(*marker != '\0' && strstr(marker, "--") == NULL && strpbrk(marker, "\r\n") == NULL);
    if (rest[strspn(rest, " \t\r\n")] == '\0')
        return arena_strdup(arena, line);
    while (line_next(&rest, &each))
        fence_pass(&fence, &each);
    buf_init(&text, SIZE_MAX / 4);
    buf_str(&text, body);
    if (fence.length > 0)
        buf_char(&text, '\n');
    for (size_t i = 0; i < fence.length; i++)
        buf_char(&text, fence.mark);
    buf_printf(&text, "\n\n%s", line);
    return buf_take(&text, arena);
}
