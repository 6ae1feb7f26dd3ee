#ifndef MARKDOWN_MARKDOWN_H
#define MARKDOWN_MARKDOWN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"

/*
 * Bodies: GitHub's Markdown (https://github.github.com/gfm/ and what GitHub adds to it) and
 * Notion's (https://developers.notion.com/guides/data-apis/notion-flavored-markdown, version v2),
 * read into one tree and printed as either. docs/markdown.md lists what becomes what.
 *
 * Every function here is pure and may run in several threads at once. No text is an error: what
 * cannot be read as markup is text, bytes that are not UTF-8 become U+FFFD, and the time grows with
 * the length. Results live as long as the arena, are never NULL, end lines with LF, and have
 * neither blank lines nor a line break at their ends.
 */

/* Where a text came from: what relative links and references mean. NULL strings are not known; text
 * that would need them stays as it is. */
struct markdown_context {
    const char *server_url, *owner, *repository; /* "https://github.com", "octo", "hello" */
    const char *page_url;  /* the Notion page, for what Markdown cannot carry */
    const char *issue_url; /* the issue, for what Notion cannot carry */
    /* The GitHub login of a person by what Notion's text says of the user: an id, with or without
     * dashes. NULL: not known. May be NULL itself. */
    const char *(*login_of)(const void *data, const char *user_id);
    /* Whether a text that comes from Notion may notify the person with the login. NULL: nobody. */
    bool (*is_login)(const void *data, const char *login);
    const void *data;
    const struct markdown_mentions *mentions; /* who may be notified as well; NULL: nobody */
};

/* Everybody that GitHub's text (NULL: there is none) already mentions. */
const struct markdown_mentions *markdown_mentions(struct arena *arena, const char *github);

enum markdown_dialect { MARKDOWN_GITHUB, MARKDOWN_NOTION };

/* Translate GitHub's text to Notion's dialect, and back. What the other side cannot show becomes
 * the closest thing that it can; if that loses content, the text links to the page or issue. */
char *
markdown_to_notion(struct arena *arena, const char *github, const struct markdown_context *context);
char *
markdown_to_github(struct arena *arena, const char *notion, const struct markdown_context *context);

/* The normal form of a side's text: two texts are equal if their normal forms are. It leaves out
 * the marker of the page ("<!-- notion-sync page=… -->") and does not depend on line endings,
 * signatures of file URLs, or what the service may write differently with the same meaning. It is
 * Markdown of the same dialect. */
char *markdown_normal_github(struct arena *arena, const char *text);
char *markdown_normal_notion(struct arena *arena, const char *text);

/* Whether GitHub's Markdown can carry everything that Notion's text holds. If it cannot (child
 * pages, databases, synced blocks, embeds, unknown blocks, files in Notion's storage, columns,
 * colors, comments…), the page must not be replaced as a whole. */
bool markdown_is_plain(const char *notion);

/* One pair of Notion's update_content: old_text occurs exactly once in the page's text.
 * https://developers.notion.com/guides/data-apis/working-with-markdown-content */
struct markdown_edit {
    const char *old_text, *new_text;
};

/* The edits, in the order of the text, that turn one Notion text into another, for the blocks that
 * differ; blocks that differ only in form are treated as the same. Applied to `now` in order, they
 * give `wanted` in that sense. If `now` holds no text, or if all of it changes, one edit replaces
 * everything. Returns false if a changed block holds what GitHub's Markdown cannot carry; then
 * *edits is unchanged. *n is 0 if the texts are equal. */
MUST_USE bool markdown_edits(struct arena *arena, const char *now, const char *wanted,
                             const struct markdown_edit **edits, size_t *n);

/* The beginning of a text, cut between two blocks so that with a last line that links the rest it
 * has at most max_chars UTF-16 units (GitHub), max_bytes bytes (Notion). *cut: whether anything was
 * left out; if not, the text is returned as it is. If rest_url is NULL, there is no link. */
char *markdown_cut_github(struct arena *arena, const char *text, size_t max_chars,
                          const char *rest_url, bool *cut);
char *markdown_cut_notion(struct arena *arena, const char *text, size_t max_bytes,
                          const char *rest_url, bool *cut);

#endif
