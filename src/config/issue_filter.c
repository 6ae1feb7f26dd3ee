#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/nearest.h"
#include "base/utf8.h"
#include "config/config_p.h"
#include "model/issue_filter.h"
#include "model/login.h"

/* issue_filter: search terms as GitHub's search has them (docs.github.com, "Searching issues and
 * pull requests"). */

#define DAY        ((int64_t)24 * 60 * 60 * 1000)
#define FILTER_MAX ((size_t)2000)

/* A word as it stands in the text: `-label:"good first issue",bug`. */
struct filter_word {
    const char *given; /* the whole word */
    bool negated;
    const char *name; /* "label"; NULL: there is no colon */
    const char **values;
    bool *quoted;
    size_t n_values;
};

/* One reading of the input. */
struct filter_reader {
    struct input_reader *reader;
    const char *input;
    VEC(struct issue_term) terms;
    bool bad;
};

/* Words, in the order of enum trait. */
#define QUALIFIERS "label author assignee milestone type created"
#define KINDS      "issue pr open closed merged draft bot"

#define WORDS \
    "label:, author:, assignee:, milestone:, type:, created:, is: and no:, each also with -"

/* The place of a word among others, ignoring case; -1: it is none of them. */
static int
find(struct arena *arena, const char *words, const char *name)
{
    char *word = arena_strdup(arena, name);

    for (char *c = word; *c != '\0'; c++)
        *c = (char)tolower((unsigned char)*c);
    return word_place(words, word);
}

static void
offer_all(struct arena *arena, struct nearest *nearest, const char *words)
{
    for (size_t length; *words != '\0'; words += length + (words[length] == ' ')) {
        length = strcspn(words, " ");
        nearest_offer(nearest, arena_strndup(arena, words, length));
    }
}

#define BAD(filter, word, ...)                                                   \
    (problem_say((filter)->reader, (filter)->input, (word)->given, __VA_ARGS__), \
     (filter)->bad = true)

/* Reads a value up to a comma or white space. Quoted text is taken as it is. */
static const char *
read_value(struct arena *arena, const char **at, bool *quoted, bool *open)
{
    char *value = arena_alloc(arena, strlen(*at) + 1);
    size_t length = 0;
    bool inside = false;

    *quoted = false;
    for (; **at != '\0' && (inside || (!isspace((unsigned char)**at) && **at != ',')); ++*at) {
        if (**at == '"') {
            inside = !inside;
            *quoted = true;
            continue;
        }
        if (inside && **at == '\\' && ((*at)[1] == '"' || (*at)[1] == '\\'))
            ++*at;
        value[length++] = **at;
    }
    value[length] = '\0';
    *open = inside;
    return value;
}

/* Reads the next word; false at the end. *open: a quotation mark is missing. */
static bool
read_word(struct arena *arena, const char **text, struct filter_word *word, bool *open)
{
    const char *start = *text + strspn(*text, " \t\r\n\v\f");
    const char *at = start;
    size_t name;

    *open = false;
    *word = (struct filter_word){0};
    if (*start == '\0')
        return false;
    word->negated = *at == '-';
    at += word->negated;
    name = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_.");
    if (at[name] == ':') {
        word->name = arena_strndup(arena, at, name);
        at += name + 1;
    }
    word->values = arena_array(arena, strlen(at) + 1, sizeof(*word->values));
    word->quoted = arena_array(arena, strlen(at) + 1, sizeof(*word->quoted));
    for (;;) {
        word->values[word->n_values] = read_value(arena, &at, &word->quoted[word->n_values], open);
        word->n_values++;
        if (*at != ',')
            break;
        at++;
    }
    word->given = arena_strndup(arena, start, (size_t)(at - start));
    *text = at;
    return true;
}

static void
add_term(struct filter_reader *filter, const struct filter_word *word, struct issue_term term)
{
    term.negated = term.negated != word->negated;
    vec_push(&filter->terms, term);
}

/* "2026-01-31" or a date with a time; *length: how long that is (ms). */
static bool
read_date(struct arena *arena, const char *text, int64_t *time, int64_t *length)
{
    bool day = strlen(text) == strlen("2026-01-31");

    *length = day ? DAY : 1000;
    return clock_parse(day ? arena_printf(arena, "%sT00:00:00Z", text) : text, time);
}

/* "2026-01-01..2026-01-31"; "*" leaves an end open. */
static bool
read_range(struct arena *arena, const char *text, const char *dots, struct issue_term *term)
{
    const char *first = arena_strndup(arena, text, (size_t)(dots - text));
    const char *last = dots + strlen("..");
    int64_t time = 0;
    int64_t length = 0;

    if (strcmp(first, "*") != 0 && !read_date(arena, first, &term->from, &length))
        return false;
    if (strcmp(last, "*") == 0)
        return true;
    if (!read_date(arena, last, &time, &length))
        return false;
    term->until = time + length;
    return true;
}

static bool
read_created(struct arena *arena, const char *text, struct issue_term *term)
{
    const char *dots = strstr(text, "..");
    size_t sign = strspn(text, "<>=");
    int64_t time, length;

    *term = (struct issue_term){.trait = TRAIT_CREATED, .from = INT64_MIN, .until = INT64_MAX};
    if (dots != NULL)
        return read_range(arena, text, dots, term);
    if (!read_date(arena, text + sign, &time, &length))
        return false;
    if (*text == '>')
        term->from = sign == 1 ? time + length : time;
    else
        term->until = *text == '<' && sign == 1 ? time : time + length;
    if (sign == 0)
        term->from = time;
    return sign < 2 ? *text != '=' : sign == 2 && *text != '=' && text[1] == '=';
}

/* is: and no: accept one of a few words. */
static void
take_one_of(struct filter_reader *filter, const struct filter_word *word, const char *words,
            bool lacks, const char *allowed)
{
    struct arena *arena = filter->reader->arena;
    int place = find(arena, words, word->values[0]);
    struct nearest nearest = nearest_to(word->values[0]);

    if (word->n_values == 1 && place >= 0) {
        enum trait trait = lacks ? (enum trait)find(arena, QUALIFIERS, word->values[0])
                                 : (enum trait)(TRAIT_ISSUE + place);

        add_term(filter, word, (struct issue_term){.trait = trait, .negated = lacks});
        return;
    }
    offer_all(arena, &nearest, words);
    BAD(filter, word, "%sAfter %s: use one of %s.", problem_guess(arena, &nearest),
        lacks ? "no" : "is", allowed);
}

/* A login in the form that GitHub's search uses, "app/NAME" for "NAME[bot]"; NULL: it is not
 * one. */
static const char *
login_of(struct arena *arena, const char *text)
{
    static const char app[] = "app/";
    bool is_app = strncmp(text, app, sizeof(app) - 1) == 0;

    text += is_app ? sizeof(app) - 1 : 0;
    text += !is_app && *text == '@';
    if (!login_valid(text) || strcmp(text, "me") == 0)
        return NULL;
    return is_app ? arena_printf(arena, "%s[bot]", text) : text;
}

static void
take_values(struct filter_reader *filter, const struct filter_word *word, enum trait trait)
{
    struct issue_term term = {.trait = trait, .values = word->values, .n_values = word->n_values};

    if (word->n_values == 1 && !word->quoted[0] && strcmp(word->values[0], "*") == 0 &&
        trait != TRAIT_AUTHOR)
        term.n_values = 0;
    for (size_t i = 0; i < term.n_values; i++) {
        if (trait == TRAIT_AUTHOR || trait == TRAIT_ASSIGNEE)
            word->values[i] = login_of(filter->reader->arena, word->values[i]);
        if (word->values[i] == NULL) {
            BAD(filter, word,
                "After author: and assignee: use logins: octocat, or app/dependabot for a bot.");
            return;
        }
        if (*word->values[i] == '\0') {
            BAD(filter, word,
                "A value is missing. Put one with spaces or commas in quotation marks: "
                "label:\"good first issue\".");
            return;
        }
    }
    add_term(filter, word, term);
}

static void
take_word(struct filter_reader *filter, const struct filter_word *word)
{
    struct arena *arena = filter->reader->arena;
    const char *name = word->name != NULL ? word->name : "";
    int qualifier = find(arena, QUALIFIERS, name);
    int kind = find(arena, "issue pr", word->values[0]);
    struct nearest nearest = nearest_to(word->name != NULL ? word->name : word->values[0]);
    struct issue_term created;

    if (strcasecmp(name, "is") == 0) {
        take_one_of(filter, word, KINDS, false, "issue, pr, open, closed, merged, draft and bot");
    } else if (strcasecmp(name, "no") == 0) {
        take_one_of(filter, word, "label assignee milestone type", true,
                    "label, assignee, milestone and type");
    } else if (qualifier < 0) {
        offer_all(arena, &nearest, QUALIFIERS " is no");
        BAD(filter, word,
            "%sThe words are " WORDS ". All of them must hold; text, AND and OR are "
            "not searched for.",
            problem_guess(arena, &nearest));
    } else if (qualifier == TRAIT_CREATED) {
        if (word->n_values == 1 && read_created(arena, word->values[0], &created))
            add_term(filter, word, created);
        else
            BAD(filter, word,
                "After created: use a date or time, such as 2026-01-31 or "
                "2026-01-31T08:00:00Z, with >, >=, < or <= before it, or two with .. between "
                "them.");
    } else if (qualifier == TRAIT_TYPE && word->n_values == 1 && !word->quoted[0] && kind >= 0) {
        /* type:issue and type:pr mean the same as is:issue and is:pr. */
        add_term(filter, word, (struct issue_term){.trait = (enum trait)(TRAIT_ISSUE + kind)});
    } else {
        take_values(filter, word, (enum trait)qualifier);
    }
}

void
parse_issue_filter(struct input_reader *reader, const struct input *input, const char *text)
{
    struct filter_reader filter = {.reader = reader, .input = input->name};
    struct issue_filter *made;
    struct filter_word word;
    bool open;

    if (utf8_length(text) > FILTER_MAX) {
        problem_add(reader, input->name, NULL, "at most %zu characters", FILTER_MAX);
        return;
    }
    while (read_word(reader->arena, &text, &word, &open)) {
        if (open)
            BAD(&filter, &word, "A quotation mark is missing at the end.");
        else
            take_word(&filter, &word);
    }
    if (filter.terms.len > 0 && !filter.bad) {
        made = arena_alloc(reader->arena, sizeof(*made));
        made->n_terms = filter.terms.len;
        made->terms = arena_memdup(reader->arena, filter.terms.items,
                                   filter.terms.len * sizeof(*filter.terms.items));
        reader->config->issue_filter = made;
    }
    vec_free(&filter.terms);
}
