/* Comments are foreign text on both sides: what is written must show just what was said, and name
 * nobody. */

#include "fuzz.h"

#include "markdown/rich.h"

#define JOINER "\xe2\x81\xa0"
#define NBSP   "\xc2\xa0"

static bool
is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The text without white space, joiners and what is not shown. */
static char *
bare(struct arena *arena, const char *text)
{
    char *out = arena_strdup(arena, text);
    char *to = out;

    while (*text != '\0') {
        if (strncmp(text, JOINER, 3) == 0)
            text += 3;
        else if (strncmp(text, NBSP, 2) == 0)
            text += 2;
        else if ((unsigned char)*text <= ' ' || *text == 0x7f)
            text++;
        else
            *to++ = *text++;
    }
    *to = '\0';
    return out;
}

static char *
joined(struct arena *arena, const struct runs *runs)
{
    size_t size = 1;
    char *text;

    for (size_t i = 0; i < runs->len; i++)
        size += strlen(runs->items[i].text);
    text = arena_alloc(arena, size);
    for (size_t i = 0; i < runs->len; i++)
        strcat(text, runs->items[i].text);
    return text;
}

/* Where a name could follow an "@", something parts them: a joiner, or the brackets of a URL or
 * code. */
static void
check_mentions(const char *markdown, const char *text)
{
    for (const char *at = text; (at = strchr(at, '@')) != NULL; at++)
        CHECK(markdown[0] != '\0');
    for (const char *at = markdown; (at = strchr(at, '@')) != NULL; at++) {
        const char *open = at;

        if (!is_alnum(at[1]) || (at > markdown && is_alnum(at[-1])))
            continue;
        while (open > markdown && *open != '<' && (unsigned char)*open > ' ')
            open--;
        CHECK(*open == '<');
    }
}

static void
check_plain(struct arena *arena, const char *text)
{
    const struct run run = {.text = text};
    const char *markdown = rich_to_markdown(arena, &(struct runs){&run, 1});
    const struct runs back = rich_from_markdown(arena, markdown);

    check_mentions(markdown, text);
    for (size_t i = 0; i < back.len; i++)
        CHECK(!back.items[i].bold && !back.items[i].italic && !back.items[i].strike &&
              !back.items[i].code);
    CHECK(strcmp(bare(arena, joined(arena, &back)), bare(arena, text)) == 0);
}

static void
check_runs(const struct runs *runs)
{
    for (size_t i = 0; i < runs->len; i++) {
        const struct run *run = &runs->items[i];

        CHECK(run->text[0] != '\0');
        if (run->link == NULL)
            continue;
        CHECK(strncasecmp(run->link, "http://", 7) == 0 ||
              strncasecmp(run->link, "https://", 8) == 0 ||
              strncasecmp(run->link, "mailto:", 7) == 0);
        for (const char *c = run->link; *c != '\0'; c++)
            CHECK((unsigned char)*c > ' ');
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct bytes bytes = {data, size};
    const char *text = take_unicode(&bytes, arena);
    const char *rest = take_rest(&bytes, arena);
    struct runs runs = rich_from_markdown(arena, rest);

    check_runs(&runs);
    rich_to_markdown(arena, &runs);
    check_plain(arena, text);
    arena_free(arena);
    return 0;
}
