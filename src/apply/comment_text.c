#include "apply/comment_text.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/url.h"
#include "base/utf8.h"
#include "model/conversation.h"
#include "model/notion_id.h"
#include "model/status.h"
#include "reconcile/comment.h"
#include "reconcile/shown.h"

/* GitHub accepts comments of 65,536 characters. A conflict's values share that with the words
 * around them. */
#define COMMENT_MAX ((size_t)60 * 1024)
/* With less room than this, a value begins in the next comment. */
#define COMMENT_LEAST ((size_t)1024)
/* The size of a fence besides its text: the shortest runs of backticks, "text" and line ends. */
#define FENCE_FRAME ((size_t)16)
#define WORDS_MAX   ((size_t)8 * 1024)
#define SPAN_MAX    ((size_t)300)
#define URL_MAX     ((size_t)2000)

/* A code span, cut to a readable length. */
static char *
code_span(struct arena *arena, const char *text)
{
    char *cut = arena_strdup(arena, text);
    struct buf out;
    size_t ticks;

    utf8_cut(cut, SPAN_MAX);
    for (char *c = cut; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20)
            *c = ' ';
    if (*cut == '\0')
        return arena_strdup(arena, "*(empty)*");
    ticks = longest_run(cut, strlen(cut), '`') + 1;
    buf_init(&out, 4 * SPAN_MAX);
    buf_repeat(&out, '`', ticks);
    buf_printf(&out, ticks > 1 ? " %s " : "%s", cut);
    buf_repeat(&out, '`', ticks);
    return buf_take(&out, arena);
}

/* A text that may take several comments. */
struct comment_pieces {
    struct arena *arena;
    struct buf out; /* the one being filled */
    SMALL_VEC(const char *) texts;
};

static void
pieces_close(struct comment_pieces *pieces)
{
    small_push(&pieces->texts, pieces->arena, arena_strdup(pieces->arena, buf_text(&pieces->out)));
    buf_clear(&pieces->out);
}

/* Puts all of the text in fences, in this comment and, if needed, in more. */
static void
add_fenced(struct comment_pieces *pieces, const char *text)
{
    do {
        struct arena *scratch = arena_new();
        size_t left = pieces->out.len < COMMENT_MAX ? COMMENT_MAX - pieces->out.len : 0;
        size_t length, fence;
        char *piece;

        if (left < COMMENT_LEAST) {
            pieces_close(pieces);
            buf_str(&pieces->out, "What follows belongs to the comment before.\n\n");
            left = COMMENT_MAX - pieces->out.len;
        }
        piece = arena_strndup(scratch, text, strnlen(text, left));
        /* Cuts at a whole character. Long runs of backticks need fences of the same length. */
        utf8_cut(piece, left - FENCE_FRAME);
        if (strlen(piece) + 2 * longest_run(piece, strlen(piece), '`') + FENCE_FRAME > left)
            utf8_cut(piece, (left - FENCE_FRAME) / 3);
        length = strlen(piece);
        fence = longest_run(piece, length, '`') + 1;
        fence = fence < 3 ? 3 : fence;
        buf_repeat(&pieces->out, '`', fence);
        buf_printf(&pieces->out, "text\n%s\n", piece);
        buf_repeat(&pieces->out, '`', fence);
        buf_str(&pieces->out, "\n");
        text += length;
        arena_free(scratch);
    } while (*text != '\0');
}

/* A URL that a link can hold. Other URLs leave the words without a link. */
static bool
url_is_plain(const char *url)
{
    return url != NULL && strlen(url) <= URL_MAX && url_web(url) > 0 &&
           strpbrk(url, " \t\r\n()<>\"'`\\[]") == NULL;
}

static char *
page_link(struct arena *arena, const char *words, const char *url)
{
    return url_is_plain(url) ? arena_printf(arena, "[%s](%s)", words, url)
                             : arena_strdup(arena, words);
}

/* The page's address without its title; "" if there is none. */
static const char *
bare_link(struct arena *arena, const char *url)
{
    const char *bare = notion_bare_url(arena, url);

    return url_is_plain(bare) ? bare : "";
}

/* The words, linked to the item's page. If its title may not be shown, the bare address instead. */
static const char *
item_link(struct arena *arena, const struct item *item)
{
    const char *url = item->page != NULL ? item->page->url : NULL;
    const char *bare = bare_link(arena, url);

    if (!item_is_secret(item, FIELD_TITLE))
        return page_link(arena, "Notion page", url);
    return *bare != '\0' ? arena_printf(arena, "Notion page %s", bare) : "Notion page";
}

static const char *
noun_of(const struct item *item)
{
    bool is_pull =
        item->issue != NULL ? item->issue->is_pull : item->record != NULL && item->record->is_pull;

    return is_pull ? "pull request" : "issue";
}

/* "Changes to title, description and labels <what happens to them>. " for the fields that go that
 * way. */
static void
add_fields(struct buf *out, const struct rules *rules, enum direction direction, const char *what)
{
    const char *listed[FIELD_ROOM];
    size_t n = 0;

    FIELD_EACH(f, rules->fields->based)
    if (rules->on[f] && direction == (f != FIELD_BODY                ? rules->direction[f]
                                      : !rules->body_to[SIDE_GITHUB] ? TO_NOTION
                                      : !rules->body_to[SIDE_NOTION] ? TO_GITHUB
                                                                     : BOTH_WAYS))
        listed[n++] = fields_words(rules->fields, f);
    for (size_t i = 0; i < n; i++)
        buf_printf(out, "%s%s", i == 0 ? "Changes to " : i < n - 1 ? ", " : " and ", listed[i]);
    if (n > 0)
        buf_printf(out, " %s. ", what);
}

char *
comment_text_link(struct arena *arena, bool is_pull, const char *title, const char *page_url,
                  const char *author, const struct rules *rules)
{
    struct buf out;

    buf_init(&out, WORDS_MAX);
    if (author != NULL)
        buf_printf(&out, "Created in Notion by %s. ", code_span(arena, author));
    buf_printf(&out, "This %s is synced with the Notion page %s.\n\n",
               is_pull ? "pull request" : "issue",
               rules->secret[FIELD_TITLE] ? bare_link(arena, page_url)
                                          : page_link(arena, code_span(arena, title), page_url));
    add_fields(&out, rules, BOTH_WAYS, "on either side appear on the other after the next run");
    add_fields(&out, rules, TO_NOTION, "go from here to the page only");
    add_fields(&out, rules, TO_GITHUB, "come from the page only");
    buf_str(&out, "To end the link, clear **GitHub ID** on the page.");
    return buf_take(&out, arena);
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

/* The option's name. If the name may not be shown, its meaning. */
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
        item->record != NULL ? value_of(&item->record->base[SIDE_NOTION], FIELD_STATUS) : NULL;
    const struct value *now = value_of(&item->page->values, FIELD_STATUS);
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

char *
comment_text_closer(struct arena *arena, const struct pull_facts *pull)
{
    return arena_printf(arena, "Closed: pull request %s#%lld, which belongs to it, was merged%s.",
                        pull->repository != NULL ? pull->repository : "", (long long)pull->number,
                        when_text(arena, pull->merged_at));
}

static char *
display(struct arena *arena, const struct item *item, enum field field, enum side side)
{
    const struct value *value = side == SIDE_NOTION ? value_of(&item->page->values, field)
                                                    : value_of(&item->issue->values, field);
    struct value shown = shown_value(item, field, side, value, arena);

    return value_display(arena, &shown);
}

/* The losing value of a field in conflict. Of a merged body, only the overlapping parts. */
static const char *
loser_text(const struct item *item, enum field field, struct arena *arena)
{
    const struct field_plan *plan = &item->fields[field];

    return plan->lost != NULL ? plan->lost : display(arena, item, field, side_other(plan->winner));
}

/* Nothing was there in place of the parts of a body that are in conflict. */
static bool
lost_nothing(const struct field_plan *plan)
{
    return plan->lost != NULL && plan->lost[0] == '\0';
}

/* The outcome of a field in conflict, up to its quote. */
static void
add_fate(struct buf *out, const struct item *item, enum field field, bool secret,
         struct arena *arena)
{
    const struct field_plan *plan = &item->fields[field];
    const char *winner = side_name(plan->winner);
    const char *loser = side_name(side_other(plan->winner));
    struct value kept = plan->value[SIDE_GITHUB];

    if (field == FIELD_BODY)
        buf_printf(out,
                   lost_nothing(plan) && !plan->alone
                       ? "%s: both sides changed the same block. The block of %s was kept. %s had "
                         "deleted it."
                   : plan->alone ? "%s: the text that %s has now was taken. %s had:"
                   : plan->lost != NULL
                       ? "%s: both sides changed the same block. The block of %s was kept. %s had:"
                       : "%s: the text of %s was kept. %s had:",
                   fields_words(item->rules->fields, field), winner, loser);
    else
        buf_printf(out,
                   "%s: %s from %s was kept. %s had:", fields_words(item->rules->fields, field),
                   code_span(arena, secret && plan->winner == SIDE_NOTION
                                        ? value_display(arena, &kept)
                                        : display(arena, item, field, plan->winner)),
                   winner, loser);
}

/* How the two sides came to differ, for each case. */
static const char *
conflict_start(const struct item *item)
{
    const struct record *record = item->record;

    if (record == NULL)
        return "already had different values when they were linked";
    /* A column that was made again or mapped again has nothing that both sides agreed on. */
    for (enum field f = 0; f < item->rules->fields->n; f++)
        if (item->fields[f].conflict && f != FIELD_BODY &&
            value_of(&record->base[SIDE_GITHUB], f)->kind == VALUE_ABSENT)
            return "had different values";
    return "were both changed since they were last in sync";
}

/* A statement about everything that follows. */
static void
add_conflict_start(struct buf *out, const struct item *item, struct arena *arena)
{
    const struct field_plan *body = &item->fields[FIELD_BODY];
    const char *page = item_link(arena, item);

    if (item_conflicts(item) > 1 || !(body->stays || body->alone))
        buf_printf(
            out,
            "This %s and its %s %s. What was replaced is kept here. To use it instead, enter "
            "it again.\n",
            noun_of(item), page, conflict_start(item));
    else if (body->stays)
        buf_printf(out, "Its %s could not take a change of this description:\n", page);
    else
        buf_printf(
            out,
            "The text here or on its %s was changed in a way that could not be separated from "
            "the text around it. What was replaced is kept here. To use it instead, enter it "
            "again.\n",
            page);
}

const char **
comment_text_conflict(struct arena *arena, const struct item *item, size_t *n)
{
    struct field_set fields = item_quotes(item, SIDE_GITHUB);
    struct comment_pieces pieces = {.arena = arena};

    buf_init(&pieces.out, 2 * COMMENT_MAX);
    add_conflict_start(&pieces.out, item, arena);
    FIELD_EACH(f, fields)
    {
        struct buf fate;
        size_t name;

        if (item->fields[f].stays) {
            buf_str(
                &pieces.out,
                "\n**description**: the change is in a block that has on the page what Markdown "
                "cannot carry. Both sides stay as they are. To bring them together, change the "
                "page by hand, or take the change here back.\n");
            continue;
        }
        buf_init(&fate, WORDS_MAX);
        add_fate(&fate, item, f, item_is_secret(item, f), arena);
        name = strlen(fields_words(item->rules->fields, f));
        buf_printf(&pieces.out, "\n**%.*s**%s\n\n", (int)name, buf_text(&fate),
                   buf_text(&fate) + name);
        buf_release(&fate);
        if (!lost_nothing(&item->fields[f]))
            add_fenced(&pieces, loser_text(item, f, arena));
    }
    pieces_close(&pieces);
    buf_release(&pieces.out);
    *n = pieces.texts.len;
    return pieces.texts.items;
}

/* The runs that fit into a Notion comment: at most this many, of this many bytes (100 of 2,000
 * UTF-16 units: developers.notion.com/reference/request-limits). */
#define QUOTE_RUNS ((size_t)90)
#define RUN_MAX    ((size_t)1900)

struct quoting {
    struct arena *arena;
    const char *values;
    SMALL_VEC(struct runs) comments;
};

static void
quote_run(struct quoting *quoting, const char *text, bool bold, const char *link)
{
    unsigned n = quoting->comments.len;
    struct runs *last = n > 0 ? &quoting->comments.items[n - 1] : NULL;

    if (last == NULL || last->len == QUOTE_RUNS) {
        struct run *runs = arena_array(quoting->arena, QUOTE_RUNS, sizeof(*runs));

        runs[0] = (struct run){.text = quote_header(quoting->arena, quoting->values, n + 1),
                               .bold = true};
        small_push(&quoting->comments, quoting->arena, (struct runs){runs, 1});
        last = &quoting->comments.items[n];
    }
    ((struct run *)last->items)[last->len++] =
        (struct run){.text = text, .bold = bold, .link = link};
}

const struct runs *
comment_text_quote(struct arena *arena, const struct item *item, struct field_set fields, size_t *n)
{
    struct quoting quoting = {.arena = arena, .values = comment_values(item, fields, arena)};

    quote_run(&quoting, "\nThis page and ", false, NULL);
    quote_run(&quoting, "its issue", false, item->issue->url);
    quote_run(&quoting,
              arena_printf(
                  arena, " %s. What was replaced is kept here. To use it instead, enter it again.",
                  conflict_start(item)),
              false, NULL);
    FIELD_EACH(f, fields)
    {
        const char *rest = loser_text(item, f, arena);
        struct buf fate;

        buf_init(&fate, WORDS_MAX);
        add_fate(&fate, item, f, false, arena);
        quote_run(&quoting, arena_printf(arena, "\n\n%s\n", buf_text(&fate)), true, NULL);
        buf_release(&fate);
        while (*rest != '\0') {
            char *piece = arena_strndup(arena, rest, strnlen(rest, RUN_MAX + 8));

            utf8_cut(piece, RUN_MAX);
            quote_run(&quoting, piece, false, NULL);
            rest += strlen(piece);
        }
    }
    *n = quoting.comments.len;
    return quoting.comments.items;
}

char *
comment_text_refused(struct arena *arena, const struct item *item, const char *reason)
{
    return arena_printf(arena,
                        "The status of its %s says that this pull request is done, but %s: %s\n\n"
                        "Nothing was forced. When the pull request changes, the next run tries "
                        "again. To leave it open, set the page back to an open status.",
                        item_link(arena, item),
                        item->refused != NULL ? "this action does not merge it"
                                              : "GitHub does not merge it",
                        code_span(arena, reason));
}

char *
comment_text_ended(struct arena *arena, const struct item *item)
{
    return arena_printf(arena,
                        "This %s is no longer synced with Notion: %s. To link it again, enter its "
                        "number in **GitHub ID** on a page.",
                        noun_of(item),
                        item->because != NULL ? item->because : "the link was ended");
}

char *
comment_text_void(struct arena *arena, const struct item *item)
{
    return arena_printf(arena,
                        "This pull request was not merged, and its %s was set back to an open "
                        "status: %s.\n\nTo merge it as it is now, set the page to done again.",
                        item_link(arena, item), item->voided);
}

char *
comment_text_asked(struct arena *arena, const struct item *item)
{
    return arena_printf(arena,
                        "The status of its %s was changed in the same minute as the state here, so "
                        "nobody can know which came first. Nothing was done.\n\nTo sync the status "
                        "of the page, edit the page once more.",
                        item_link(arena, item));
}
