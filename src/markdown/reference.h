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

/* The first reference of a text, or NULL; *length is its length. */
const char *reference_find(const char *text, size_t *length);

/* The address of a reference; NULL where the context does not tell it. */
char *
reference_url(struct arena *arena, const char *reference, const struct markdown_context *context);

/* Whether url is the address of the reference; an issue's may be that of a pull request. */
bool reference_is(const char *reference, const char *url, const struct markdown_context *context);

/* A link's or image's address as an absolute one; as it is where it is or where that is not
 * known. */
const char *reference_absolute(struct arena *arena, const char *url, bool image,
                               const struct markdown_context *context);

#endif
