#include "model/glob.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

enum kind { END, ANY, ONE, POINT };

/* The first element of a glob or text. */
struct glob_piece {
    enum kind kind;
    uint32_t point; /* POINT, folded */
    const char *rest;
};

static struct glob_piece
piece_of(const char *text, bool literal)
{
    struct glob_piece piece = {.kind = END, .rest = text};

    if (*text == '\0')
        return piece;
    if (!literal && (*text == '*' || *text == '?'))
        return (struct glob_piece){*text == '*' ? ANY : ONE, 0, text + 1};
    piece.kind = POINT;
    piece.rest += !literal && *text == '\\' && text[1] != '\0';
    (void)!utf8_next(&piece.rest, piece.rest + strnlen(piece.rest, 4), &piece.point);
    piece.point = utf8_fold(piece.point);
    return piece;
}

bool
glob_valid(const char *glob)
{
    for (const char *c = glob; *c != '\0'; c++)
        if (*c == '\\' && *++c == '\0')
            return false;
    return *glob != '\0' && utf8_length(glob) <= GLOB_MAX;
}

bool
glob_matches(const char *glob, const char *text)
{
    const char *star = NULL;  /* after the last "*" that was found */
    const char *taken = NULL; /* the end of what that "*" matches */

    for (;;) {
        struct glob_piece want = piece_of(glob, false);
        struct glob_piece have = piece_of(text, true);

        if (want.kind == ANY) {
            star = glob = want.rest;
            taken = text;
        } else if (want.kind == have.kind ? want.point == have.point
                                          : want.kind == ONE && have.kind == POINT) {
            if (want.kind == END)
                return true;
            glob = want.rest;
            text = have.rest;
        } else {
            if (star == NULL || *taken == '\0')
                return false;
            glob = star;
            text = taken = piece_of(taken, true).rest;
        }
    }
}

static size_t
split(const char *glob, struct glob_piece pieces[GLOB_MAX])
{
    size_t n = 0;

    for (struct glob_piece piece = piece_of(glob, false); piece.kind != END && n < GLOB_MAX;
         piece = piece_of(piece.rest, false))
        pieces[n++] = piece;
    return n;
}

bool
glob_meets(const char *a, const char *b)
{
    struct glob_piece x[GLOB_MAX];
    struct glob_piece y[GLOB_MAX];
    size_t n = split(a, x);
    size_t m = split(b, y);
    /* Whether the rest of a from i on and the rest of b from j on have a match in common. */
    bool meets[GLOB_MAX + 1][GLOB_MAX + 1] = {{false}};

    for (size_t i = n + 1; i-- > 0;)
        for (size_t j = m + 1; j-- > 0;) {
            bool is_any = (i < n && x[i].kind == ANY) || (j < m && y[j].kind == ANY);

            if (i == n && j == m)
                meets[i][j] = true;
            else if (is_any)
                meets[i][j] = (i < n && meets[i + 1][j]) || (j < m && meets[i][j + 1]);
            else
                meets[i][j] = i < n && j < m && meets[i + 1][j + 1] &&
                              (x[i].kind == ONE || y[j].kind == ONE || x[i].point == y[j].point);
        }
    return meets[0][0];
}
