#include "apply/comment_text.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "model/notion_id.h"
#include "model/status.h"
#include "reconcile/shown.h"

/* GitHub takes comments of 65,536 characters; the values of a conflict share that with the words
 * around them. */
#define COMMENT_MAX ((size_t)60 * 1024)
#define WORDS_MAX   ((size_t)8 * 1024)
#define SPAN_MAX    ((size_t)300)
#define URL_MAX     ((size_t)2000)

static size_t
longest_run(const char *text, char c)
{
    size_t longest = 0;
    size_t run = 0;

    for (; *text != '\0'; text++) {
        run = *text == c ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

static void
repeat(struct buf *out, char c, size_t n)
{
    while (n-- > 0)
        buf_char(out, c);
}

/* A code span, cut to a readable length. */
static char *
code_span(struct arena *arena, const char *text)
{
    char *cut = arena_strdup(arena, text);
    struct buf out;
    char *span;
    size_t ticks;

    utf8_cut(cut, SPAN_MAX);
    for (char *c = cut; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20)
            *c = ' ';
    if (*cut == '\0')
        return arena_strdup(arena, "*(empty)*");
    ticks = longest_run(cut, '`') + 1;
    buf_init(&out, 4 * SPAN_MAX);
    repeat(&out, '`', ticks);
    buf_printf(&out, ticks > 1 ? " %s " : "%s", cut);
    repeat(&out, '`', ticks);
    span = arena_strdup(arena, buf_text(&out));
    buf_release(&out);
    return span;
}

/* In at most room bytes, fences included: where long runs of backticks ask for as long fences, less
 * of the text is kept. */
static void
add_fenced(struct buf *out, char *text, size_t room)
{
    size_t length = strlen(text);
    size_t fence;

    utf8_cut(text, room);
    if (strlen(text) + 2 * longest_run(text, '`') > room)
        utf8_cut(text, room / 3);
    fence = longest_run(text, '`') + 1;
    fence = fence < 3 ? 3 : fence;
    repeat(out, '`', fence);
    buf_printf(out, "text\n%s\n", text);
    repeat(out, '`', fence);
    buf_str(out, "\n");
    if (strlen(text) < length)
        buf_str(out, "\nThe text is cut here; the report of the run has all of it.\n");
}

/* A URL that a link can hold; else the words stand alone. */
static bool
url_is_plain(const char *url)
{
    return url != NULL && strlen(url) <= URL_MAX &&
           (strncmp(url, "https://", 8) == 0 || strncmp(url, "http://", 7) == 0) &&
           strpbrk(url, " \t\r\n()<>\"'`\\[]") == NULL;
}

static char *
page_link(struct arena *arena, const char *words, const char *url)
{
    return url_is_plain(url) ? arena_printf(arena, "[%s](%s)", words, url)
                             : arena_strdup(arena, words);
}

/* The page's address without its title; "" where there is none. */
static const char *
bare_link(struct arena *arena, const char *url)
{
    const char *bare = notion_bare_url(arena, url);

    return url_is_plain(bare) ? bare : "";
}

/* The words, linked to the item's page; where its title may not be said, its bare address. */
static const char *
item_link(struct arena *arena, const struct item *item)
{
    const char *url = item->page != NULL ? item->page->url : NULL;
    const char *bare = bare_link(arena, url);

    if (!item_is_secret(item, FIELD_TITLE))
        return page_link(arena, "Notion page", url);
    return *bare != '\0' ? arena_printf(arena, "Notion page %s", bare) : "Notion page";
}

static enum direction
direction_of(const struct rules *rules, enum field field)
{
    if (field != FIELD_BODY)
        return rules->direction[field];
    return !rules->body_to[SIDE_GITHUB]   ? TO_NOTION
           : !rules->body_to[SIDE_NOTION] ? TO_GITHUB
                                          : BOTH_WAYS;
}

/* "Changes to title, text and labels <what becomes of them>. " for the fields that go that way. */
static void
add_fields(struct buf *out, const struct rules *rules, enum direction direction, const char *what)
{
    static const char *const names[FIELD_BASED] = {
        [FIELD_TITLE] = "title",         [FIELD_STATUS] = "status",
        [FIELD_LABELS] = "labels",       [FIELD_ASSIGNEES] = "assignees",
        [FIELD_MILESTONE] = "milestone", [FIELD_ISSUE_TYPE] = "type",
        [FIELD_PARENT] = "parent",       [FIELD_BODY] = "text",
    };
    const char *listed[FIELD_BASED];
    size_t n = 0;

    for (enum field f = 0; f < FIELD_BASED; f++)
        if (rules->on[f] && direction_of(rules, f) == direction)
            listed[n++] = names[f];
    for (size_t i = 0; i < n; i++)
        buf_printf(out, "%s%s", i == 0 ? "Changes to " : i < n - 1 ? ", " : " and ", listed[i]);
    if (n > 0)
        buf_printf(out, " %s. ", what);
}

char *
comment_text_link(struct arena *arena, const char *title, const char *page_url,
                  const struct rules *rules)
{
    struct buf out;
    char *text;

    buf_init(&out, WORDS_MAX);
    buf_printf(&out, "This is kept in step with the Notion page %s.\n\n",
               rules->secret[FIELD_TITLE] ? bare_link(arena, page_url)
                                          : page_link(arena, code_span(arena, title), page_url));
    add_fields(&out, rules, BOTH_WAYS, "on either side show up on the other at the next sync");
    add_fields(&out, rules, TO_NOTION, "go from here to the page, not back");
    add_fields(&out, rules, TO_GITHUB, "come here from the page, and do not go back");
    buf_str(&out, "To end the link, clear **GitHub ID** on the page.");
    text = arena_strdup(arena, buf_text(&out));
    buf_release(&out);
    return text;
}

static const char *
when_text(struct arena *arena, int64_t when)
{
    char text[CLOCK_TEXT_SIZE];

    if (when == 0)
        return "";
    clock_format(when, text);
    return arena_printf(arena, " on %.10s at %.5s UTC", text, text + 11);
}

/* The option's name or, where that may not be said, what it means. */
static const char *
option_shown(struct arena *arena, const struct item *item, const char *option)
{
    if (!item_is_secret(item, FIELD_STATUS))
        return code_span(arena, option);
    return status_meaning(&item->rules->status, option) == MEANING_OPEN ? "open" : "closed";
}

char *
comment_text_status(struct arena *arena, const struct item *item,
                    const struct comment_change *change, bool merged)
{
    const struct value *before =
        item->record != NULL ? &item->record->base[SIDE_NOTION][FIELD_STATUS] : NULL;
    const struct value *now = &item->page->values[FIELD_STATUS];
    const char *from =
        before != NULL && before->kind == VALUE_TEXT
            ? arena_printf(arena, " from %s", option_shown(arena, item, before->text))
            : "";
    const char *by =
        change->who != NULL ? arena_printf(arena, " by %s", code_span(arena, change->who)) : "";
    bool close = status_is_closed(item->fields[FIELD_STATUS].value[SIDE_GITHUB].text);

    return arena_printf(arena, "%s: the status of its %s was changed%s to %s%s%s.",
                        merged  ? "Merged"
                        : close ? "Closed"
                                : "Reopened",
                        item_link(arena, item), from, option_shown(arena, item, now->text), by,
                        when_text(arena, change->when));
}

/* A body is too long for a line; of one that was merged only the places that met are quoted. */
static void
add_body(struct buf *out, const struct item *item, struct arena *arena, size_t room)
{
    const struct field_plan *plan = &item->fields[FIELD_BODY];
    enum side loser = side_other(plan->winner);
    const struct value *whole =
        loser == SIDE_NOTION ? &item->page->values[FIELD_BODY] : &item->issue->values[FIELD_BODY];

    if (plan->stays) {
        buf_str(out, "\n**body**: the change is one of a block in which the page has what Markdown "
                     "cannot carry. Both stay as they are: please change the page by hand.\n");
        return;
    }
    buf_printf(out,
               plan->alone ? "\n**body**: what %s says now has been taken; %s had\n\n"
               : plan->lost != NULL
                   ? "\n**body**: where both changed the same block, that of %s has been "
                     "kept; %s had\n\n"
                   : "\n**body**: the text of %s has been kept; %s had\n\n",
               side_name(plan->winner), side_name(loser));
    add_fenced(out,
               plan->lost != NULL ? arena_strdup(arena, plan->lost) : value_display(arena, whole),
               room);
}

static char *
display(struct arena *arena, const struct item *item, enum field field, enum side side)
{
    const struct value *value =
        side == SIDE_NOTION ? &item->page->values[field] : &item->issue->values[field];
    struct value shown = shown_value(item, field, side, value, arena);

    return value_display(arena, &shown);
}

/* What is true of all that follows. */
static void
add_conflict_start(struct buf *out, const struct item *item, struct arena *arena)
{
    const struct field_plan *body = &item->fields[FIELD_BODY];
    const char *page = item_link(arena, item);

    if (item_conflicts(item) > 1 || !(body->stays || body->alone))
        buf_printf(out,
                   "This and its %s were changed at the same time. What did not win is kept here:"
                   "\n",
                   page);
    else if (body->stays)
        buf_printf(out, "A change of this text was not brought to its %s:\n", page);
    else
        buf_printf(out,
                   "The text of this or of its %s was changed in a way that could not be told from "
                   "the text around it. What was replaced is kept here:\n",
                   page);
}

char *
comment_text_conflict(struct arena *arena, const struct item *item)
{
    size_t n = item_conflicts(item);
    size_t room = (COMMENT_MAX - WORDS_MAX) / (n > 0 ? n : 1);
    struct buf out;
    char *text;

    buf_init(&out, COMMENT_MAX);
    add_conflict_start(&out, item, arena);
    for (enum field f = 0; f < FIELD_COUNT; f++) {
        const struct field_plan *plan = &item->fields[f];
        enum side loser = side_other(plan->winner);

        if (!plan->conflict)
            continue;
        if (f == FIELD_BODY) {
            add_body(&out, item, arena, room);
            continue;
        }
        buf_printf(&out, "\n**%s**: %s has been kept from %s; %s had\n\n", field_table[f].name,
                   code_span(arena, display(arena, item, f, plan->winner)), side_name(plan->winner),
                   side_name(loser));
        add_fenced(&out, display(arena, item, f, loser), room);
    }
    text = arena_strdup(arena, buf_text(&out));
    buf_release(&out);
    return text;
}

char *
comment_text_refused(struct arena *arena, const struct item *item, const char *reason)
{
    return arena_printf(arena,
                        "The status of its %s says that this pull request is done, but GitHub does "
                        "not merge it: %s\n\n"
                        "Nothing was forced. It is tried again when the pull request changes.",
                        item_link(arena, item), code_span(arena, reason));
}

char *
comment_text_ended(struct arena *arena, const struct item *item)
{
    return arena_printf(arena, "This is no longer kept in step with Notion: %s.",
                        item->because != NULL ? item->because : "the link was ended");
}
