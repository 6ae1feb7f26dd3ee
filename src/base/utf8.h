#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

/* UTF-8 as of RFC 3629: no surrogates, nothing over U+10FFFF, no overlong forms. */

/* Reads the code point at *text (at most end - *text bytes) into *point and moves *text past it. An
 * ill-formed byte yields U+FFFD and moves one byte. Returns false at the end. */
MUST_USE bool utf8_next(const char **text, const char *end, uint32_t *point);

/* Writes a code point to out (room for 4 bytes) and returns the number of bytes, 1 to 4. */
size_t utf8_put(char *out, uint32_t point);

/* Number of code points of a string. */
size_t utf8_length(const char *text);

/* Number of UTF-16 units of a string: the unit in which web services usually count. */
size_t utf8_length16(const char *text);

/* Cuts text to at most size bytes, at a code point boundary. */
void utf8_cut(char *text, size_t size);

/* Byte offset of the code point with the given index (the length if there are fewer). */
size_t utf8_offset(const char *text, size_t points);

/* Simple case folding of one code point (Unicode, CaseFolding.txt): ASCII, Latin-1, Latin
 * Extended-A, Greek and Coptic up to U+03CE, Cyrillic with its supplement. Others are returned as
 * they are. */
uint32_t utf8_fold(uint32_t point);

/* Compares two strings without regard to case (utf8_fold); orders like strcmp. */
int utf8_casecmp(const char *a, const char *b);

#endif
