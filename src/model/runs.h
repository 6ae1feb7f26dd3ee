#ifndef MODEL_RUNS_H
#define MODEL_RUNS_H

#include <stdbool.h>
#include <stddef.h>

/* Formatted text, in neither service's terms. Plain data in the arena it was made in. */

/* A piece of text with one formatting. Line breaks are "\n". */
struct run {
    const char *text;
    const char *link; /* URL, or NULL */
    bool bold, italic, strike, code;
    bool math; /* text is a formula in TeX */
};

struct runs {
    const struct run *items;
    size_t len;
};

struct arena;

/* The text without its formatting, in the arena. */
char *runs_text(const struct runs *runs, struct arena *arena);

#endif
