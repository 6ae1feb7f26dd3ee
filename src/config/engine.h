#ifndef CONFIG_ENGINE_H
#define CONFIG_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/nearest.h"
#include "base/vec.h"
#include "config/config.h"

/* How a table of inputs is read: each row names an input, its default, its meaning and a parser.
 * The action's inputs and the receiver's settings are such tables. */

struct input;

/* One reading of settings. */
struct input_reader {
    struct arena *arena;
    void *target;          /* what the table's rows are members of */
    struct config *config; /* for the action's inputs: the target; otherwise NULL */
    const char **flags;    /* by index of input_table; NULL if no flag gave the input */
    const char **secrets;  /* texts that no problem may show */
    size_t n_secrets;
    VEC(struct config_problem) problems;
};

/* Puts an input's text (trimmed, the default if none was given) into the target, or adds
 * problems. */
typedef void input_parser(struct input_reader *reader, const struct input *input, const char *text);

/* A row of a table: of the action's inputs (input_table) or of the receiver's settings. */
struct input {
    const char *name; /* "max_runtime": the flag, and INPUT_MAX_RUNTIME; or the variable itself */
    const char *fallback; /* the default's text; NULL: none */
    const char *variable; /* instead of INPUT_…: for a secret outside Actions only; NULL: none */
    const char *shown;    /* what --help shows as default if it is not a fixed text, NULL: the
                             fallback; for a required setting: what to give */
    const char *help;     /* the meaning, one line */
    const char *group;    /* --help's heading above this row; NULL: the row belongs to the last */
    input_parser *parse;
    size_t at;           /* member of the target */
    const char *choices; /* of parse_choice: words in the order of the enum's values */
    int64_t min, max;    /* of parse_number; min of parse_secret: bytes */
    bool required, secret;
    bool list;         /* a flag that is given several times adds a line each time */
    bool command_line; /* a flag only: no input of the action */
    bool compared;     /* its text counts in the fingerprint */
    bool file;         /* a setting that NAME_FILE may give as well */
    bool empties;      /* a setting that counts as given even if it is empty */
};

/* Parsers for members of simple types, at input->at. */
input_parser parse_secret, parse_text, parse_boolean, parse_choice, parse_create_issues,
    parse_number, parse_url;

/* The words of enum log_level. */
#define LOG_LEVELS "error warning info debug"

/* The place of a word among others, which are separated by spaces; -1: it is none of them. */
int word_place(const char *words, const char *word);

/* Puts "0" to "9223372036854775807" into *number. Returns false for anything else and for
 * numbers outside min..max. */
MUST_USE bool number_read(const char *text, int64_t min, int64_t max, int64_t *number);

/* Whether the text is "owner/name" as GitHub allows them. */
MUST_USE bool repository_valid(const char *text);

/* A base URL without trailing slashes, or NULL and a problem of `name`. */
const char *url_read(struct input_reader *reader, const char *name, const char *text);

/* The first length bytes of text without white space at both ends. */
const char *text_trim(struct arena *arena, const char *text, size_t length);

/* Makes foreign text fit for a log: secrets hidden, one line, at most 80 characters. */
const char *problem_text(const struct input_reader *reader, const char *text);

/* Adds the problem `"given" is not valid. Use ALLOWED.` input lives as long as the arena; given
 * goes through problem_text (NULL is not shown); what is allowed is printf style, has no period
 * at its end, and holds no foreign text. */
void problem_add(struct input_reader *reader, const char *input, const char *given,
                 const char *allowed, ...) PRINTF_LIKE(4, 5);

/* The same in own words: `"given": WHAT`, or only WHAT if nothing is shown; whole sentences. */
void problem_say(struct input_reader *reader, const char *input, const char *given,
                 const char *what, ...) PRINTF_LIKE(4, 5);

/* `Did you mean "name"? `, or "" if no name is near. */
const char *problem_guess(struct arena *arena, const struct nearest *nearest);

/* Adds a problem and returns true if the token is one of the other service's. */
bool token_refused(struct input_reader *reader, const char *input, const char *token,
                   const char *wanted);

#endif
