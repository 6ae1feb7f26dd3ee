#ifndef NOTION_NOTION_P_H
#define NOTION_NOTION_P_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/json.h"
#include "base/url.h"
#include "notion/notion.h"

/* Shared by the files of this room; no other room includes it. */

/* The dialect of content, for requests and answers. */
#define NOTION_MARKDOWN "v2"

/* The bindings that were set. */
struct bound {
    char data_source[NOTION_ID_SIZE];  /* "" before */
    struct binding fields[FIELD_ROOM]; /* id NULL: not used */
    struct binding github_id, task;    /* the same */
    const char *repository;            /* NULL: pages are not filtered by it */
    bool repository_queryable;
    atomic_bool
        by_name; /* queries use names of properties, because Notion did not find one by its id */
    atomic_bool
        shows_all; /* pages come with all their properties, because Notion refused a list of them */
    VEC(const char *) former; /* names that the repository had */
};

/* A user that was asked for; name NULL: it may not be read. */
struct user {
    const char *id, *name;
};

struct notion {
    struct http_service *service;
    struct arena *arena; /* the bindings; under the lock also the users */
    struct bound bound;
    pthread_mutex_t lock;
    VEC(struct user) users;
    atomic_bool no_dialect; /* Notion refused NOTION_MARKDOWN */
    bool hides;             /* see notion_hide_quotes */
    /* The token's own user and, if it is a personal access token, its person, because Notion may
     * report that person as the author of what the token writes; "" if there is none, or before
     * they were asked for. */
    char self[NOTION_ID_SIZE], person[NOTION_ID_SIZE];
};

/* The capability that a request needs, for the message if it is refused. */
enum need {
    NEED_READ,
    NEED_UPDATE,
    NEED_INSERT,
    NEED_USERS,
    NEED_READ_COMMENTS,
    NEED_INSERT_COMMENTS,
};

struct ask {
    enum http_method method;
    const char *path;         /* "/v1/…" */
    struct json_object *body; /* or NULL; notion_exchange takes ownership */
    const char *what;         /* "reading the page …" */
    enum need need;
    enum retry_safety safety;
    bool writes;
};

struct reply {
    int status;
    /* NULL if the body is not a JSON object; free with notion_reply_release. */
    struct json_object *json;
};

/* Sends a request; true for a final answer of any status. */
MUST_USE bool
notion_exchange(struct notion *notion, const struct ask *ask, struct reply *reply, struct err *err);
/* The same, but true only for a good answer that holds a JSON object; otherwise reply is empty. */
MUST_USE bool
notion_ask(struct notion *notion, const struct ask *ask, struct reply *reply, struct err *err);
/* The same as notion_exchange, for a page with only its bound properties; if Notion does not find
 * one of those, the page comes with all properties. */
MUST_USE bool notion_exchange_only(struct notion *notion, const struct ask *ask,
                                   struct reply *reply, struct err *err);
/* A path that asks for the bound properties only, in the arena. */
const char *notion_only(const struct notion *notion, const char *path, struct arena *arena);
/* Whether a refusal means that a named property does not exist. */
bool notion_finds_no_property(const char *message);
void notion_reply_release(struct reply *reply);
/* Whether the answer is a good one (2xx). */
bool notion_is_good(const struct reply *reply);
/* Whether a write was done: a good answer, or one that it was saved (notion_saved). */
bool notion_was_done(const struct reply *reply);
/* Where a list continues after this answer: *cursor, lent; NULL after the last one. Returns false
 * if there is more and the answer does not say where. */
MUST_USE bool notion_next_cursor(struct json_object *answer, const char **cursor);

/* Asks for page after page of a list, up to a maximum, and passes each one's results to take. If
 * take returns false, the answer is not what was asked for. The answer to a POST continues by
 * its body. *cut: there are more; NULL: that is a failure. */
MUST_USE bool notion_list(struct notion *notion, const struct ask *ask, size_t most,
                          bool (*take)(void *context, struct json_object *results), void *context,
                          bool *cut, struct err *err);

/* content.c: whether a failure means that Notion refuses the dialect. Remembers that, and reports
 * it once. */
bool notion_refuses_dialect(struct notion *notion, const struct err *err);

/* The message of a refusal without the texts that it quotes, except names of members (in the
 * arena). */
char *notion_unquoted(const char *message, struct arena *arena);
/* Fills err with what a refusal means for the user; returns false. */
bool notion_refused(const struct ask *ask, const struct reply *reply, struct err *err);
/* Whether a refused write was done anyway (503, "the change was saved"). */
bool notion_saved(int status, struct json_object *body);
/* Whether a page, database or data source is in the trash. */
bool notion_in_trash(struct json_object *json);
/* Fills err: the database is in the trash; returns false, as the next function does. */
bool notion_trashed(struct err *err);
/* Fills err: the integration sees only stubs of the objects. */
bool notion_no_content(const char *what, struct err *err);

/* Parses an id that goes into a URL (notion_id_parse); ERR_DATA for anything else. */
MUST_USE bool notion_check_id(const char *text, char id[NOTION_ID_SIZE], struct err *err);

/* A type of property. */
struct property_type {
    const char *name;
    enum value_kind kind; /* of its values */
    /* Translate its value to the model's terms (raw is NULL for null) and back (NULL writes null).
     * Both NULL: no field can have this type. */
    struct value (*decode)(struct arena *arena, struct json_object *raw);
    struct json_object *(*encode)(const struct value *value, struct arena *arena);
    /* Makes the configuration of a new property; NULL: it needs none. The caller owns the
     * result. */
    struct json_object *(*configure)(const struct new_property *property, const char *data_source);
    bool is_list;       /* a page may show a part of it */
    bool is_computed;   /* Notion fills it in itself */
    bool makes_options; /* Notion makes an option that a write names; a query may not name one that
                           does not exist */
};

/* The type of that name; an inert one if no field can have it. */
const struct property_type *property_type_find(const char *name);
/* The type that a property is read and written as. */
const struct property_type *binding_type(const struct binding *binding);

/* The plain text of an array of rich text items; NULL if an item has none. NULs are dropped. */
char *notion_rich_text(struct arena *arena, struct json_object *items);
/* A JSON string in the arena, without NULs. */
char *notion_string(struct arena *arena, struct json_object *string);
/* The value of the property in entry; VALUE_ABSENT if it does not have the bound type. */
struct value
notion_decode_value(const struct binding *binding, struct json_object *entry, struct arena *arena);
/* The entry of a page's properties that has the binding's id, or NULL. Lent. */
struct json_object *notion_entry(struct json_object *page, const struct binding *binding);
/* Translates a page object to the model; NULL if it has no usable id. `direct` and `read_at` stay
 * 0. */
struct page *
notion_decode_page(const struct bound *bound, struct json_object *json, struct arena *arena);
/* Whether a page's text or list may have been cut (developers.notion.com/reference/retrieve-a-page:
 * over 25 references). */
bool notion_is_cut(const struct binding *binding, struct json_object *entry);
void notion_decode_schema(struct json_object *json, struct arena *arena, struct schema *schema);

/* The text without what Notion never accepts: ill-formed UTF-8 and control characters. */
char *notion_clean(struct arena *arena, const char *text);

/* Translates a page object to the model, and reads cut values whole. asked_at: clock_now() before
 * the request. */
MUST_USE bool notion_take_page(struct notion *notion, struct json_object *json, int64_t asked_at,
                               struct arena *arena, struct page **page, struct err *err);

/* The `properties` object of a write. The caller owns it. */
struct json_object *
notion_encode(const struct bound *bound, const struct page_change *change, struct arena *arena);

/* One request of a listing. */
struct query_part {
    int64_t edited_since;
    const int64_t *numbers;
    size_t n_numbers;           /* at most 100 */
    struct json_object *filter; /* the user's, lent; or NULL */
    bool unnumbered, archived;
    bool tasks;                /* the numbers are those of unique_id */
    const char *created_since; /* created_time of the page to continue from, or NULL */
    bool created_later;        /* only pages created after that */
    const char *cursor;        /* or NULL */
    int page_size;
};

/* The body of a query. The caller owns it. */
struct json_object *notion_query_body(const struct bound *bound, const struct query_part *part);

/* Appends the page to the list, or overwrites the one with the same id, which the set finds. */
void page_set_put(struct table *set, struct page_list *list, struct page *page);

#endif
