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
#include "model/snapshot.h"
#include "model/status.h"

/*
 * The Notion client: its JSON on one side, the model on the other. API version 2026-03-11.
 * Functions are safe to call from several threads once notion_bind is done; each call uses the caller's arena.
 * Failures: ERR_NOT_FOUND (404: does not exist or is not shared with the integration), ERR_ACCESS (401, 403), ERR_REFUSED (400), ERR_CONFLICT
 * (409 to the end), ERR_DATA, and what http_call tells.
 */
struct notion;

/* How Notion's property takes part. */
struct binding {
    const char *id;   /* property id as Notion gives it; NULL: the field takes no part */
    const char *name; /* its name, for people */
    const char *type; /* "status", "multi_select", … */
};

struct option {
    const char *name;
    enum { GROUP_NONE, GROUP_TODO, GROUP_IN_PROGRESS, GROUP_COMPLETE } group;
};

/* A property of the data source. */
struct property {
    const char *id, *name, *type;
    const struct option *
        options; /* of select, status and multi_select, in Notion's order; status: group by group */
    size_t n_options;
};

struct schema {
    const char *title; /* of the data source */
    const char *url;   /* of the database, or NULL */
    const struct property *properties;
    size_t n_properties;
};

VEC_TYPE(page_list, struct page *);

/* Makes the client's service at the API's base URL (e.g. "https://api.notion.com"). It lives as long as http. */
MUST_USE struct notion *
notion_new(struct http *http, const char *api_url, const char *token, struct err *err);
void notion_free(struct notion *notion);
struct http_service *notion_service(struct notion *notion);

/* Finds the data source of an id that names a database or a data source, by at most 2 requests. ERR_INPUT: the database has several data
 * sources (the message lists names and ids) or none; or the id is a page's. ERR_NOT_FOUND: the message says how to share the database with the integration. */
MUST_USE bool
notion_resolve(struct notion *notion, const char *id, char data_source[37], struct err *err);

/* Reads the properties of a data source. */
MUST_USE bool notion_read_schema(struct notion *notion, const char *data_source,
                                 struct arena *arena, struct schema *schema, struct err *err);

/* The property of that name (NULL: the one of type title), NULL where there is none. */
const struct property *schema_find(const struct schema *schema, const char *name);

/* Tells the client which properties carry the fields and GitHub ID; strings are copied. All later calls decode and encode by it. Call before other threads start.
 * github_id may be NULL (a dry run on a database that lacks it). */
void notion_bind(struct notion *notion, const char *data_source,
                 const struct binding fields[FIELD_COUNT], const struct binding *github_id);

/* Adds the number property "GitHub ID" to the data source and returns its id in the arena. */
MUST_USE bool
notion_create_github_id(struct notion *notion, const char *data_source, struct arena *arena,
                        struct binding *created, struct err *err);

/* What to ask for. */
struct page_query {
    int64_t edited_since;   /* ms; pages last edited then or later; 0: all */
    const int64_t *numbers; /* pages whose GitHub ID is one of these (100 a request); NULL: all */
    size_t n_numbers;
    int max_pages; /* stop after so many rows, 0: never (`complete` is then false where there are more) */
};

/*
 * Runs a query to its end and appends the pages to list. Past 10,000 rows it goes on by windows of created_time ascending (source: Notion,
 * "Query large data sources"). Values over 25 references are read whole. *complete tells whether every matching row was seen; a
 * failure in the middle leaves what was read so far in list and returns false.
 */
MUST_USE bool
notion_query(struct notion *notion, const struct page_query *query, struct arena *arena,
             struct page_list *list, bool *complete, struct err *err);

/* Reads one page. page->gone where it is trashed, archived or has another parent than the bound data source; ERR_NOT_FOUND on 404. */
MUST_USE bool notion_get_page(struct notion *notion, const char *id, struct arena *arena,
                              struct page **page, struct err *err);

/* What to write: the fields in the mask, each with its value in Notion's terms (labels as GitHub names: commas are replaced here). */
struct page_change {
    unsigned fields;            /* bits 1u << enum field */
    const struct value *values; /* FIELD_COUNT of them */
    bool sets_number;
    int64_t number; /* 0 clears GitHub ID */
};

/* Creates a page in the bound data source in one request, GitHub ID included. ERR_AMBIGUOUS where the answer was lost: look by number before repeating.
 * A 503 that says the change was saved is resolved by reading the page. */
MUST_USE bool notion_create_page(struct notion *notion, const struct page_change *change,
                                 struct arena *arena, struct page **page, struct err *err);

/* Writes all changes of a page in one request; the answer is the page as Notion has it now. */
MUST_USE bool
notion_update_page(struct notion *notion, const char *id, const struct page_change *change,
                   struct arena *arena, struct page **page, struct err *err);

MUST_USE bool notion_trash_page(struct notion *notion, const char *id, struct err *err);

/* The name of a user, in the arena; NULL where it may not be read (which is no failure). Remembered per client. */
const char *notion_user_name(struct notion *notion, const char *user_id, struct arena *arena);

/* GitHub label name -> option name and back: commas, which options cannot have, become U+FF0C; a U+FF0C of the label is followed by U+FE0E. */
char *notion_option_from_label(struct arena *arena, const char *label);
char *notion_label_from_option(struct arena *arena, const char *option);

/* What an answer of Notion means (retry_classify). Source: developers.notion.com/reference/errors and /request-limits. */
struct retry_verdict notion_classify(const struct retry_seen *seen);

#endif
