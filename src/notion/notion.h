#ifndef NOTION_NOTION_H
#define NOTION_NOTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/vec.h"
#include "http/http.h"
#include "model/conversation.h"
#include "model/notion_id.h"
#include "model/snapshot.h"
#include "model/status.h"

/*
 * The Notion client: translates between Notion's JSON and the model. API version 2026-03-11
 * (developers.notion.com/reference/versioning).
 *
 * Functions are safe to call from several threads once notion_bind is done; each call uses the
 * caller's arena. Writes to one page must not overlap: Notion answers those with 409.
 *
 * Failures, besides what http_call reports (a persistent 409 is its ERR_SERVER):
 *   ERR_NOT_FOUND  404: does not exist or is not shared with the integration
 *   ERR_ACCESS     401, 403, an integration that is blocked or may not read content
 *   ERR_REFUSED    400: Notion says no to the request
 *   ERR_DATA       an answer that does not have the documented form, a 404 of something else than
 *                  Notion's API included
 */
struct notion;

/* The group of a status property's option; GROUP_NONE for options of other types. */
enum group { GROUP_NONE, GROUP_TODO, GROUP_IN_PROGRESS, GROUP_COMPLETE };

struct option {
    const char *name;
    enum group group;
    const char *color; /* "red", …; NULL: not known */
};

/* How a property of Notion is used. */
struct binding {
    const char *id;   /* property id as Notion gives it; NULL: the field is not used */
    const char *name; /* its name, for people */
    const char *type; /* "status", "multi_select", …; without id: the property does not exist yet
                         and reads as empty */
    bool days;        /* only the day of a date counts */
    bool verbatim;    /* a select's options are Notion's own, not names from GitHub that may contain
                         commas (notion_option_from_label) */
    /* Its value is not the option but the label that is mapped to it; NULL: it is the option. */
    const struct status_map *lanes;
    bool links;                   /* a text of links to pull requests, which are its values */
    const struct option *options; /* those that exist, or NULL: Notion ignores case in the names of
                                     options, so writes use the existing spelling */
    size_t n_options;
};

/* A property of the data source. */
struct property {
    const char *id, *name, *type;
    const struct option *options; /* of select, status and multi_select, in Notion's order; those of
                                     a status are ordered by group */
    size_t n_options;
    const char *prefix; /* of unique_id: "TASK"; NULL: none */
};

/* Whether Notion itself fills in properties of a type, and whether Notion makes an option that a
 * write names (then a query may not name one that does not exist). */
bool notion_is_computed(const char *type);
bool notion_makes_options(const char *type);

struct schema {
    const char *title; /* of the data source; "" if it has none */
    const char *url;   /* where people see it, or NULL */
    const struct property *properties;
    size_t n_properties;
};

VEC_TYPE(page_list, const struct page *);

/*
 * Makes the client and its service at the API's base URL (e.g. "https://api.notion.com"); the
 * strings are copied. It must not outlive http. Returns NULL with ERR_INPUT if the URL or token
 * cannot be used. notion_free accepts NULL; the service stays until http_stop.
 */
MUST_USE struct notion *
notion_new(struct http *http, const char *api_url, const char *token, struct err *err);
void notion_free(struct notion *notion);

struct http_service *notion_service(struct notion *notion);

/*
 * Finds the data source of an id that names a database or a data source, with at most 2 requests;
 * input: the input that the id comes from, for messages. ERR_INPUT: the database has several data
 * sources (the message lists names and ids) or none; or the id is a page's. ERR_NOT_FOUND: the
 * message says how to share the database. Source:
 * developers.notion.com/guides/get-started/upgrade-guide-2025-09-03.
 */
MUST_USE bool notion_resolve(struct notion *notion, const char *id, const char *input,
                             char data_source[NOTION_ID_SIZE], struct err *err);

/* Reads the properties of a data source into the arena. ERR_NOT_FOUND also for one in the trash.
 * Source: developers.notion.com/reference/retrieve-a-data-source. */
MUST_USE bool notion_read_schema(struct notion *notion, const char *data_source,
                                 struct arena *arena, struct schema *schema, struct err *err);

/* The property of that name (NULL: the one of type title); NULL if there is none. Lent. */
const struct property *schema_find(const struct schema *schema, const char *name);

/* The property's option of exactly that name; NULL if it has none. Lent. */
const struct option *property_option(const struct property *property, const char *name);

/* Sets which properties hold the fields and GitHub ID; strings are copied. All later calls use them
 * to decode and encode. Call before other threads start. github_id may be NULL (a dry run on a
 * database that lacks it). */
void notion_bind(struct notion *notion, const char *data_source,
                 const struct binding fields[FIELD_ROOM], const struct binding *github_id);

/* Sets which property is the page's unique_id, for page->task and for queries by it. Call after
 * notion_bind. */
void notion_bind_task(struct notion *notion, const struct binding *task);

/* Sets the names of the repository ("owner/name", ignoring case). Pages whose property Repository
 * has a different name do not belong to the pass: queries leave them out, and if such a page is
 * read by its id, page->foreign is set. page->foreign is also set if the page's GitHub URL has a
 * different name, but queries return those pages. notion_bind_repository sets the current name;
 * `queryable`: whether a query may use it (Notion refuses the name of an option that a select does
 * not have). notion_also_repository adds a former name. Call after notion_bind, and before other
 * threads start. */
void notion_bind_repository(struct notion *notion, const char *name, bool queryable);
void notion_also_repository(struct notion *notion, const char *name);
/* Whether the name is one of them. */
bool notion_is_repository(const struct notion *notion, const char *name);

/* A property to add to a data source. */
struct new_property {
    const char *name, *type;    /* "select", …; a relation points to the data source itself */
    const char *const *options; /* names, of a select or multi_select; NULL: none */
    size_t n_options;
};

/*
 * Adds properties in one request; *schema is the data source afterwards, in the arena. It must not
 * have properties of these names: Notion would change their types. ERR_REFUSED if Notion does not
 * make one of them (in earlier years it could not make status properties): then it makes none.
 * Source: developers.notion.com/reference/update-a-data-source.
 */
MUST_USE bool notion_add_properties(struct notion *notion, const char *data_source,
                                    const struct new_property *added, size_t n, struct arena *arena,
                                    struct schema *schema, struct err *err);

/*
 * Adds the options that a status property lacks, each to its group; if Notion does not accept
 * groups, people have to move them. Notion takes the whole list of options, so those that exist are
 * read again right before the write and included. ERR_INPUT if Notion does not accept the options
 * (not all versions of its documentation say that it does): the message says how to add them by
 * hand. Source: developers.notion.com/reference/update-data-source-properties.
 */
MUST_USE bool
notion_add_status_options(struct notion *notion, const char *data_source, const char *property,
                          const struct option *added, size_t n, struct err *err);

/* What to query: pages that meet all conditions that are set. */
struct page_query {
    int64_t edited_since;   /* ms; pages last edited then or later; 0: at any time */
    const int64_t *numbers; /* pages whose GitHub ID is one of these (100 a request); NULL: any */
    size_t n_numbers;
    bool tasks;         /* the numbers are those of unique_id instead */
    const char *filter; /* the user's filter, a JSON object; NULL: none; not with numbers */
    bool unnumbered;    /* only pages whose GitHub ID is empty; not with numbers */
    bool archived;      /* archived pages, which no other query shows; if Notion does not support
                         * archives, there are none */
    int max_pages; /* stop after so many pages, 0: never; *complete is false if there are more */
};

/*
 * Runs a query to its end and appends the pages, oldest first, to list; if Notion lists a page
 * twice, the list holds only the later copy. After 10,000 pages, or if a cursor is refused, it
 * continues by windows of created_time
 * (developers.notion.com/guides/data-apis/query-large-data-sources). Text with 25 or more parts is
 * read whole. *complete: whether every matching page was seen; a failure in the middle leaves what
 * was read so far in list and returns false. If no GitHub ID is bound, numbers match nothing. Pages
 * of other repositories are left out. ERR_REFUSED if Notion refuses the filter, which may have two
 * levels (developers.notion.com/reference/post-database-query-filter).
 */
MUST_USE bool
notion_query(struct notion *notion, const struct page_query *query, struct arena *arena,
             struct page_list *list, bool *complete, struct err *err);

/* Reads one page. Sets page->gone if it is in the trash or not in the bound data source.
 * ERR_NOT_FOUND if Notion says 404: it does not exist, or is not shared. */
MUST_USE bool notion_get_page(struct notion *notion, const char *id, struct arena *arena,
                              struct page **page, struct err *err);

/* Changes to write. Absent values and fields that are not bound stay as they are. */
struct page_change {
    struct values values; /* in Notion's terms, labels as GitHub's names */
    bool sets_number;
    int64_t number; /* 0 clears GitHub ID */
    /* Content of a new page, in Notion's Markdown v2; NULL: none. */
    const char *markdown;
};

/* Creates a page in the bound data source in one request, GitHub ID included. ERR_AMBIGUOUS if the
 * answer was lost or is unusable: look by number before trying again. After a 503 that says the
 * change was saved, reads the page. */
MUST_USE bool notion_create_page(struct notion *notion, const struct page_change *change,
                                 struct arena *arena, struct page **page, struct err *err);

/* Writes all changes of a page in one request; *page is the page as Notion answered it. */
MUST_USE bool
notion_update_page(struct notion *notion, const char *id, const struct page_change *change,
                   struct arena *arena, struct page **page, struct err *err);

/* Moves a page to the trash. Also succeeds if Notion refuses that and the page is gone
 * (page->gone). */
MUST_USE bool notion_trash_page(struct notion *notion, const char *id, struct err *err);

/*
 * Content of pages as Markdown v2, which every request names. Source:
 * developers.notion.com/guides/data-apis/working-with-markdown-content.
 */

/* Reads a page's content: the text and what is known about it, for values[FIELD_BODY] and `content`
 * of its page. */
MUST_USE bool notion_read_content(struct notion *notion, const char *id, struct arena *arena,
                                  struct value *text, struct content *content, struct err *err);

/*
 * Brings a page's content from *text, as it was just read, to `wanted` by edits of the blocks that
 * differ. Replaces it as a whole only if it is empty or holds only what Markdown can carry. Never
 * deletes child pages and databases. Detects and completes edits that were only partly made; after
 * a lost answer, reads the page. On success text and content are what Notion answered last;
 * content->mixed: they include somebody else's edit. ERR_CONFLICT: nothing, or only a part, was
 * written, because the content has changed. ERR_REFUSED: Notion does not accept it, or it would
 * change what Markdown cannot carry.
 */
MUST_USE bool
notion_write_content(struct notion *notion, const char *id, const char *wanted, struct arena *arena,
                     struct value *text, struct content *content, struct err *err);

/* The owner of the token. Source: developers.notion.com/reference/get-self. */
struct notion_self {
    const char *name;      /* of the integration, or "" */
    const char *workspace; /* NULL if Notion does not report it */
    bool of_user;          /* a person's token, not an integration's */
};
MUST_USE bool notion_read_self(struct notion *notion, struct arena *arena, struct notion_self *self,
                               struct err *err);

/* Whether the integration may read user information. */
MUST_USE bool notion_may_read_users(struct notion *notion, bool *may, struct err *err);

/* A person to look for. */
struct notion_person {
    const char *email; /* its case does not matter */
    const char *id;    /* out, in the arena; NULL: not among the members */
};

/* Finds the members of the workspace that have these e-mail addresses, 100 a request. Guests are
 * not listed. ERR_ACCESS if the integration may not read e-mail addresses: the message names the
 * capability. Source: developers.notion.com/reference/get-users. */
MUST_USE bool notion_find_people(struct notion *notion, struct notion_person *people, size_t n,
                                 struct arena *arena, struct err *err);

/* A page of people_database, as it is. */
struct directory_row {
    const char *login;         /* the text column as it is */
    const char *const *people; /* ids of users */
    size_t n_people;
};

struct directory {
    const struct directory_row *rows;
    size_t n;
    bool cut; /* there are more pages than were read (10,000) */
};

/* Reads the pages (filled: only those with both a login and a person) of a data source. The id is
 * its own or that of a database with only this data source. Takes one request for the columns, up
 * to 3 more if the id is a database's, and one for each hundred pages. People are in the only
 * column of the type person. Logins are in the text column whose name contains "GitHub" or "login";
 * otherwise in the only text column besides the title; otherwise in the title. ERR_INPUT: it has no
 * such columns, or several. */
MUST_USE bool
notion_read_directory(struct notion *notion, const char *id, bool filled, struct arena *arena,
                      struct directory *directory, struct err *err);

/* The name of a user, in the arena; NULL if it may not be read or is not known now (which is not a
 * failure). Notion's answer is cached. */
const char *notion_user_name(struct notion *notion, const char *user_id, struct arena *arena);

/* The first property that a filter (JSON text) names, by name or id, and the schema lacks, in the
 * arena; NULL: none. */
const char *
notion_filter_unknown(const char *filter, const struct schema *schema, struct arena *arena);

/* Deletes properties of a data source, by their ids, with all their values. */
MUST_USE bool
notion_remove_properties(struct notion *notion, const char *data_source, const char *const *ids,
                         size_t n, struct arena *arena, struct err *err);

/*
 * Reads the comments on a page itself (not those on its blocks), oldest first, in the arena.
 * Comments of resolved discussions are not included. A copy that the token's own identity made is
 * recognized by its header; comments by other integrations are `apart`. Needs the capability "Read
 * comments". Source: developers.notion.com/reference/list-comments.
 */
MUST_USE bool notion_read_comments(struct notion *notion, const char *page_id, struct arena *arena,
                                   const struct remark **remarks, size_t *n, struct err *err);

/* Posts a comment of at most 100 texts on a page, in a discussion if thread is not NULL. *id and
 * *in_thread (NULL if Notion does not report it) are in the arena. ERR_AMBIGUOUS if the answer was
 * lost: look before trying again. Source: developers.notion.com/reference/create-a-comment. */
MUST_USE bool notion_post_comment(struct notion *notion, const char *page_id, const char *thread,
                                  const struct runs *text, struct arena *arena, const char **id,
                                  const char **in_thread, struct err *err);

/* Rewrites or deletes an own comment. If it is already gone, rewriting fails with ERR_NOT_FOUND and
 * deleting succeeds. Source: developers.notion.com/reference/update-a-comment and
 * /reference/delete-a-comment. */
MUST_USE bool notion_edit_comment(struct notion *notion, const char *id, const struct runs *text,
                                  struct err *err);
MUST_USE bool notion_delete_comment(struct notion *notion, const char *id, struct err *err);

/*
 * Translates GitHub's label name to an option name and back, in the arena. Options cannot contain
 * commas: a comma becomes U+FF0C, and a U+FF0C in the label is followed by U+FE0E. (If k U+FE0E
 * follow in the label itself, a comma becomes U+FF0C with 2k of them, and U+FF0C gets 2k + 1, so
 * that two labels never get the same name.)
 */
char *notion_option_from_label(struct arena *arena, const char *label);
char *notion_label_from_option(struct arena *arena, const char *option);

/* Classifies an answer from Notion (retry_classify). A 503 to a write that says the change was
 * saved is final: do not send the write again. Source: developers.notion.com/reference/errors and
 * /reference/request-limits. */
struct retry_verdict notion_classify(const struct retry_seen *seen);

/* If set, messages from Notion are shown without the texts that they quote, which may be values of
 * pages or names of options. Call before other threads start. */
void notion_hide_quotes(struct notion *notion, bool hides);

/* Whether Notion has refused the dialect of content, a preview, in this pass. Then content cannot
 * be read or written, and pages are created without it. */
bool notion_lacks_dialect(struct notion *notion);

#endif
