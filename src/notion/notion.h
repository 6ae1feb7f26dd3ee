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
 * The Notion client: its JSON on one side, the model on the other. API version 2026-03-11
 * (developers.notion.com/reference/versioning).
 *
 * Functions are safe to call from several threads once notion_bind is done; each call uses the
 * caller's arena. Writes to one page must not overlap: Notion answers those with 409.
 *
 * Failures, besides what http_call tells (a 409 that stays is its ERR_SERVER):
 *   ERR_NOT_FOUND  404: does not exist or is not shared with the integration
 *   ERR_ACCESS     401, 403, an integration that is blocked or may not read content
 *   ERR_REFUSED    400: Notion says no to the request
 *   ERR_DATA       an answer that does not have the documented form, a 404 of something else than
 *                  Notion's API included
 */
struct notion;

/* Where an option of a status property stands; GROUP_NONE for those of other types. */
enum group { GROUP_NONE, GROUP_TODO, GROUP_IN_PROGRESS, GROUP_COMPLETE };

struct option {
    const char *name;
    enum group group;
    const char *color; /* "red", …; NULL: not told */
};

/* How Notion's property takes part. */
struct binding {
    const char *id;   /* property id as Notion gives it; NULL: the field takes no part */
    const char *name; /* its name, for people */
    const char *type; /* "status", "multi_select", …; without id: it is still to be added and reads
                         as empty */
    bool verbatim;    /* a select's options are Notion's own, and no names from GitHub with commas
                            in them (notion_option_from_label) */
    /* Its value is not the option but the label that stands for it; NULL: it is the option. */
    const struct status_map *lanes;
    bool links;                   /* a text of links to pull requests, which are its values */
    const struct option *options; /* those that exist: Notion tells options apart without regard to
                                     case, and is given the name that it has; or NULL */
    size_t n_options;
};

/* A property of the data source. */
struct property {
    const char *id, *name, *type;
    const struct option *options; /* of select, status and multi_select, in Notion's order; those
                                     of a status group by group */
    size_t n_options;
    const char *prefix; /* of unique_id: "TASK", NULL: it has none */
};

/* Of types of properties: whether Notion fills them in itself, and whether it makes an option that
 * a write names (a query may not name one that does not exist then). */
bool notion_is_computed(const char *type);
bool notion_makes_options(const char *type);

struct schema {
    const char *title; /* of the data source, "" where it has none */
    const char *url;   /* where people see it, or NULL */
    const struct property *properties;
    size_t n_properties;
};

VEC_TYPE(page_list, const struct page *);

/*
 * Makes the client and its service at the API's base URL (e.g. "https://api.notion.com"); the
 * strings are copied. It must not outlive http. Returns NULL with ERR_INPUT for a URL or token that
 * cannot be used. notion_free takes NULL; the service stays until http_stop.
 */
MUST_USE struct notion *
notion_new(struct http *http, const char *api_url, const char *token, struct err *err);
void notion_free(struct notion *notion);

struct http_service *notion_service(struct notion *notion);

/*
 * Finds the data source of an id that names a database or a data source, by at most 2 requests;
 * input is the one that gave it, for messages.
 * ERR_INPUT: the database has several data sources (the message lists names and ids) or none; or
 * the id is a page's. ERR_NOT_FOUND: the message says how to share the database.
 * Source: developers.notion.com/guides/get-started/upgrade-guide-2025-09-03.
 */
MUST_USE bool notion_resolve(struct notion *notion, const char *id, const char *input,
                             char data_source[NOTION_ID_SIZE], struct err *err);

/* Reads the properties of a data source into the arena. ERR_NOT_FOUND also for one in the trash.
 * Source: developers.notion.com/reference/retrieve-a-data-source. */
MUST_USE bool notion_read_schema(struct notion *notion, const char *data_source,
                                 struct arena *arena, struct schema *schema, struct err *err);

/* The property of that name (NULL: the one of type title), NULL where there is none. Lent. */
const struct property *schema_find(const struct schema *schema, const char *name);

/* The property's option of exactly that name, NULL if it has none. Lent. */
const struct option *property_option(const struct property *property, const char *name);

/* Tells the client which properties carry the fields and GitHub ID; strings are copied. All later
 * calls decode and encode by it. Call before other threads start. github_id may be NULL (a dry run
 * on a database that lacks it). */
void notion_bind(struct notion *notion, const char *data_source,
                 const struct binding fields[FIELD_ROOM], const struct binding *github_id);

/* Tells the client which property is the page's unique_id, for page->task and queries by it. Call
 * after notion_bind. */
void notion_bind_task(struct notion *notion, const struct binding *task);

/* Rows whose property Repository names another repository than these ("owner/name", without regard
 * to case) do not belong to the pass: queries leave them out, and a page read by its id is
 * page->foreign. So is one whose GitHub URL names another one, but queries give those too. The
 * first is the repository itself; `queryable` tells whether a query may name it (Notion refuses the
 * name of an option that a select does not have). More names are those that it had. Call after
 * notion_bind, and before other threads start. */
void notion_bind_repository(struct notion *notion, const char *name, bool queryable);
void notion_also_repository(struct notion *notion, const char *name);
/* Whether the name is one of them. */
bool notion_is_repository(const struct notion *notion, const char *name);

/* A property to add to a data source. */
struct new_property {
    const char *name, *type;    /* "select", …; a relation is one to the data source itself */
    const char *const *options; /* names, of a select or multi_select; NULL: none */
    size_t n_options;
};

/*
 * Adds properties in one request; *schema is the data source afterwards, in the arena. It must have
 * no properties of these names: Notion would change their types. ERR_REFUSED where Notion does not
 * make one of them (status properties could not be made in earlier years): none is made then.
 * Source: developers.notion.com/reference/update-a-data-source.
 */
MUST_USE bool notion_add_properties(struct notion *notion, const char *data_source,
                                    const struct new_property *added, size_t n, struct arena *arena,
                                    struct schema *schema, struct err *err);

/*
 * Adds options to a status property, where it lacks them, each to its group; where Notion does not
 * take groups, people move them. Since Notion takes the whole list of
 * options, those that exist are read again right before and sent along. ERR_INPUT where Notion does
 * not take them (not all versions of its documentation say that it does): the message says how to
 * add them by hand. Source: developers.notion.com/reference/update-data-source-properties.
 */
MUST_USE bool
notion_add_status_options(struct notion *notion, const char *data_source, const char *property,
                          const struct option *added, size_t n, struct err *err);

/* What to ask for: pages that meet all that is given. */
struct page_query {
    int64_t edited_since;   /* ms; pages last edited then or later; 0: whenever */
    const int64_t *numbers; /* pages whose GitHub ID is one of these (100 a request); NULL: any */
    size_t n_numbers;
    bool tasks;         /* … or whose unique_id has one of these numbers */
    const char *filter; /* a filter of the user's, a JSON object, NULL: none; not with numbers */
    bool unnumbered;    /* only pages whose GitHub ID is empty; not with numbers */
    bool archived;      /* those that are archived, which no other query shows */
    int max_pages; /* stop after so many rows, 0: never; *complete is false where there are more */
};

/*
 * Runs a query to its end and appends the pages, oldest first, to list; a page that the listing
 * holds twice is there once, as it came last. Past 10,000 rows it goes on by windows of
 * created_time (developers.notion.com/guides/data-apis/query-large-data-sources), and likewise
 * where a cursor is refused. Text with 25 or more parts is read whole. *complete tells whether
 * every matching row was seen; a failure in the middle leaves what was read so far in list and
 * returns false. Numbers match nothing while no GitHub ID is bound. Rows of other repositories are
 * left out. ERR_REFUSED where Notion refuses the filter, which may have two levels
 * (developers.notion.com/reference/post-database-query-filter).
 */
MUST_USE bool
notion_query(struct notion *notion, const struct page_query *query, struct arena *arena,
             struct page_list *list, bool *complete, struct err *err);

/* Reads one page. page->gone where it is trashed or has another parent than the bound data source;
 * ERR_NOT_FOUND where Notion says 404: it does not exist, or is not shared. */
MUST_USE bool notion_get_page(struct notion *notion, const char *id, struct arena *arena,
                              struct page **page, struct err *err);

/* What to write. Absent values and fields that are not bound are left alone. */
struct page_change {
    struct values values; /* in Notion's terms, labels as GitHub's names */
    bool sets_number;
    int64_t number; /* 0 clears GitHub ID */
    /* Content of a page that is created, in Notion's Markdown v2; NULL: none. */
    const char *markdown;
};

/* Creates a page in the bound data source in one request, GitHub ID included. ERR_AMBIGUOUS where
 * the answer was lost or is unusable: look by number before repeating. A 503 that says the change
 * was saved is resolved by reading the page. */
MUST_USE bool notion_create_page(struct notion *notion, const struct page_change *change,
                                 struct arena *arena, struct page **page, struct err *err);

/* Writes all changes of a page in one request; *page is the page as Notion answered it. */
MUST_USE bool
notion_update_page(struct notion *notion, const char *id, const struct page_change *change,
                   struct arena *arena, struct page **page, struct err *err);

/* Moves a page to the trash; one that is there already, or elsewhere, stays there. */
MUST_USE bool notion_trash_page(struct notion *notion, const char *id, struct err *err);

/*
 * Content of pages as Markdown v2, which is asked for by name in every request.
 * Source: developers.notion.com/guides/data-apis/working-with-markdown-content.
 */

/* Reads a page's content: text and what is known of it, for values[FIELD_BODY] and `content` of its
 * page. */
MUST_USE bool notion_read_content(struct notion *notion, const char *id, struct arena *arena,
                                  struct value *text, struct content *content, struct err *err);

/*
 * Brings a page's content from *text, as it was just read, to `wanted` by edits of the blocks that
 * differ; as a whole only where it is empty or has nothing but what Markdown carries. Child pages
 * and databases are never deleted. Edits that were made in part are noticed and completed, a lost
 * answer is looked after. On success text and content are what Notion answered last; content->mixed
 * says that somebody else's edit is in it. ERR_CONFLICT: nothing, or not all, was written, because
 * the content is not what it was. ERR_REFUSED: Notion does not take it, or it needs a change of
 * what Markdown cannot carry.
 */
MUST_USE bool
notion_write_content(struct notion *notion, const char *id, const char *wanted, struct arena *arena,
                     struct value *text, struct content *content, struct err *err);

/* Whom the token belongs to. Source: developers.notion.com/reference/get-self. */
struct notion_self {
    const char *name;      /* of the integration, or "" */
    const char *workspace; /* NULL where it is not told */
    bool of_user;          /* a person's token and not an integration's */
};
MUST_USE bool notion_read_self(struct notion *notion, struct arena *arena, struct notion_self *self,
                               struct err *err);

/* Whether the integration may read user information. */
MUST_USE bool notion_may_read_users(struct notion *notion, bool *may, struct err *err);

/* A person to look for. */
struct notion_person {
    const char *email; /* whatever its case */
    const char *id;    /* out, in the arena; NULL: not among the members */
};

/* Finds the members of the workspace that have these e-mail addresses, 100 a request. Guests are
 * not listed. ERR_ACCESS where the integration may not read e-mail addresses: the message names the
 * capability. Source: developers.notion.com/reference/get-users. */
MUST_USE bool notion_find_people(struct notion *notion, struct notion_person *people, size_t n,
                                 struct arena *arena, struct err *err);

/* A row of people_database, as it stands there. */
struct directory_row {
    const char *login;         /* whatever its text column holds */
    const char *const *people; /* ids of users */
    size_t n_people;
};

struct directory {
    const struct directory_row *rows;
    size_t n;
    bool cut; /* there are more rows than were read (10,000) */
};

/* Reads the rows (filled: only those with both a login and a person) of the data source, or of the
 * only one of the database, that has the id: a request for its columns, up to 3 more if the id is a
 * database's, and one for each hundred rows. Its people stand in the only column of the type
 * person; their logins in the text column whose name has "GitHub" or "login" in it, else in the
 * only text column besides the title, else in the title. ERR_INPUT: it has no such columns, or
 * several. */
MUST_USE bool
notion_read_directory(struct notion *notion, const char *id, bool filled, struct arena *arena,
                      struct directory *directory, struct err *err);

/* The name of a user, in the arena; NULL where it may not be read or is not known now (which is no
 * failure). What Notion answered is remembered. */
const char *notion_user_name(struct notion *notion, const char *user_id, struct arena *arena);

/* The first property that a filter (JSON text) names and the schema lacks, by name or id, in the
 * arena; NULL: there is none. */
const char *
notion_filter_unknown(const char *filter, const struct schema *schema, struct arena *arena);

/* Deletes properties of a data source, by their ids, with all their values. */
MUST_USE bool
notion_remove_properties(struct notion *notion, const char *data_source, const char *const *ids,
                         size_t n, struct arena *arena, struct err *err);

/*
 * The comments that stand on a page itself (not those on its blocks), oldest first, in the arena;
 * those of a resolved discussion are not among them. A copy that the token's own identity made is
 * known by its header; comments by other integrations are `apart`. Needs the capability "Read
 * comments". Source: developers.notion.com/reference/list-comments.
 */
MUST_USE bool notion_read_comments(struct notion *notion, const char *page_id, struct arena *arena,
                                   const struct remark **remarks, size_t *n, struct err *err);

/* Posts a comment of at most 100 texts on a page, in a discussion where thread is not NULL. *id and
 * *in_thread (NULL where Notion does not tell) are in the arena. ERR_AMBIGUOUS where the answer was
 * lost: look before repeating. Source: developers.notion.com/reference/create-a-comment. */
MUST_USE bool notion_post_comment(struct notion *notion, const char *page_id, const char *thread,
                                  const struct runs *text, struct arena *arena, const char **id,
                                  const char **in_thread, struct err *err);

/* Writes an own comment anew, or deletes it; one that is gone already is ERR_NOT_FOUND for the
 * first and done for the second. Source: developers.notion.com/reference/update-a-comment and
 * /reference/delete-a-comment. */
MUST_USE bool notion_edit_comment(struct notion *notion, const char *id, const struct runs *text,
                                  struct err *err);
MUST_USE bool notion_delete_comment(struct notion *notion, const char *id, struct err *err);

/*
 * GitHub's label name -> option name and back, in the arena. Options cannot have commas: a comma
 * becomes U+FF0C, and a U+FF0C of the label is followed by U+FE0E. (Before k U+FE0E of the label
 * itself a comma becomes U+FF0C with 2k of them, U+FF0C gets 2k + 1, so that no two labels meet.)
 */
char *notion_option_from_label(struct arena *arena, const char *label);
char *notion_label_from_option(struct arena *arena, const char *option);

/* What an answer of Notion means (retry_classify). A 503 to a write that says the change was saved
 * is final: it must not be repeated.
 * Source: developers.notion.com/reference/errors and /reference/request-limits. */
struct retry_verdict notion_classify(const struct retry_seen *seen);

/* From now on messages of Notion's are shown without what they quote, which may be a value of a
 * page or the name of an option. Call before other threads start. */
void notion_hide_quotes(struct notion *notion, bool hides);

/* Whether Notion has refused the dialect of content, a preview, in this pass: then no content can
 * be read or written, and pages are created without. */
bool notion_lacks_dialect(struct notion *notion);

#endif
