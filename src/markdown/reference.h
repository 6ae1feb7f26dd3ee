#ifndef MARKDOWN_REFERENCE_H
#define MARKDOWN_REFERENCE_H

#include <stddef.h>

#include "markdown/markdown.h"

/*
 * The texts that GitHub turns into links: "#12", "GH-12", "owner/name#12", "@login", "@org/team".
 * https://docs.github.com/get-started/writing-on-github, "Autolinked references and URLs",
 * "Mentioning people and teams".
 */

/* The first reference to an issue in a text, or NULL; *length is its length. The text does not show
 * whether "@name" is a person ("@media", "@scope/package"). */
const char *reference_find(const char *text, size_t *length);

/* The address of a reference; NULL if the context does not determine it. */
char *
reference_url(struct arena *arena, const char *reference, const struct markdown_context *context);

/* Whether url is the address of the reference; an issue's may be that of a pull request. Compares
 * them by repository and number, regardless of spelling. */
bool reference_is(const char *reference, const char *url, const struct markdown_context *context);

/* Whether an address may become a link or an image: one of http, https or mailto, or one without a
 * scheme. Other schemes ("javascript:", "data:", "file:") could do anything in the reader's
 * program. */
bool reference_allowed(const char *url);

/* Whether an address begins with one of these schemes. In rich text Notion refuses a link without a
 * scheme, and with it the whole comment. */
bool reference_is_whole(const char *url);

/* A link's or image's address as an absolute one; unchanged if it is already absolute or if the
 * absolute one is not known. */
const char *reference_absolute(struct arena *arena, const char *url, bool image,
                               const struct markdown_context *context);

#endif
