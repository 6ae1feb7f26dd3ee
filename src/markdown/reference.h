#ifndef MARKDOWN_REFERENCE_H
#define MARKDOWN_REFERENCE_H

#include <stddef.h>

#include "markdown/markdown.h"

/*
 * What GitHub makes links of: "#12", "GH-12", "owner/name#12", "@login", "@org/team".
 * https://docs.github.com/get-started/writing-on-github, "Autolinked references and URLs",
 * "Mentioning people and teams".
 */

/* The length of the reference that starts at text (what stands before it does not matter), 0: none
 * does. */
size_t reference_length(const char *text);

/* The first reference to an issue in a text, or NULL; *length is its length. Whether "@name" is
 * somebody ("@media", "@scope/package") the text does not tell. */
const char *reference_find(const char *text, size_t *length);

/* The address of a reference; NULL where the context does not tell it. */
char *
reference_url(struct arena *arena, const char *reference, const struct markdown_context *context);

/* Whether url is the address of the reference; an issue's may be that of a pull request. However
 * either is spelled, they are compared by repository and number. */
bool reference_is(const char *reference, const char *url, const struct markdown_context *context);

/* Whether an address may become a link or an image: one of http, https or mailto, or one without a
 * scheme. What others do is the reader's program's business ("javascript:", "data:", "file:"). */
bool reference_allowed(const char *url);

/* A link's or image's address as an absolute one; as it is where it is or where that is not
 * known. */
const char *reference_absolute(struct arena *arena, const char *url, bool image,
                               const struct markdown_context *context);

#endif
