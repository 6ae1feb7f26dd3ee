/* What texts cost by their length: there, back, and merged, for what people write and for what is
 * made to waste time. Each line has the time of a text and of one twice as long, and the ratio,
 * which is about 2 if time grows with the text. `make bench`. */

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "markdown/lens.h"
#include "markdown/markdown.h"

#define SIZE 32768
#define RUNS 5

static const struct markdown_context context = {
    .server_url = "https://github.com", .owner = "octo", .repository = "hello"};

static const struct {
    const char *what, *start, *piece;
} samples[] = {
    {"paragraphs", "",
     "Text of *usual* length with `code`, a [link](https://x.org), @octo, #12.\n\n"},
    {"task lists", "", "- [ ] something **to do**\n  - [x] done by @octo\n"},
    {"tables", "| A | B |\n| --- | --- |\n", "| one cell | another `a \\| b` |\n"},
    {"code", "", "```c\nint main(void)\n{\n    return 0;\n}\n```\n\n"},
    {"details", "", "<details><summary>Log</summary>\n\n> a line\n\n</details>\n\n"},
    {"cells of one row", "", "a|b"},
    {"empty cells", "a|b\n-|-\n", "|"},
    {"mentions", "", "@a"},
    {"quotes", "", "> "},
    {"brackets", "", "["},
    {"links in marks", "", "_[a](b)"},
    {"instructions", "", "x <?"},
    {"unclosed tags", "", "<b></p>"},
};

static double
milliseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static char *
text_of(struct arena *arena, size_t sample, size_t size)
{
    struct buf out;
    char *text;

    buf_init(&out, SIZE_MAX / 4);
    buf_str(&out, samples[sample].start);
    while (out.len < size)
        buf_str(&out, samples[sample].piece);
    text = arena_strdup(arena, buf_text(&out));
    buf_release(&out);
    return text;
}

static void
run(const char *text, double took[3])
{
    struct arena *arena = arena_new();
    double start = milliseconds();
    const char *notion = markdown_to_notion(arena, text, &context);
    const char *more = arena_printf(arena, "%s\n\nmore", text);

    took[0] = milliseconds() - start;
    start = milliseconds();
    markdown_to_github(arena, notion, &context);
    took[1] = milliseconds() - start;
    start = milliseconds();
    lens_merge(arena, &context, &(struct lens_texts){{text, notion}, {more, notion}, 0});
    took[2] = milliseconds() - start;
    arena_free(arena);
}

static void
measure(const char *text, double shortest[3])
{
    for (int i = 0; i < RUNS; i++) {
        double took[3];

        run(text, took);
        for (int step = 0; step < 3; step++)
            if (i == 0 || took[step] < shortest[step])
                shortest[step] = took[step];
    }
}

int
main(void)
{
    static const char *const steps[] = {"to Notion", "to GitHub", "merge"};

    printf("%-18s%-12s%10s%10s%8s\n", "Markdown", "ms", "32 KiB", "64 KiB", "ratio");
    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        struct arena *arena = arena_new();
        double small[3], large[3];

        measure(text_of(arena, i, SIZE), small);
        measure(text_of(arena, i, (size_t)2 * SIZE), large);
        for (int step = 0; step < 3; step++)
            printf("%-18s%-12s%10.1f%10.1f%8.1f\n", step == 0 ? samples[i].what : "", steps[step],
                   small[step], large[step], small[step] > 0 ? large[step] / small[step] : 0);
        arena_free(arena);
    }
    return 0;
}
