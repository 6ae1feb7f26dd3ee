#ifndef CONFIG_CONFIG_P_H
#define CONFIG_CONFIG_P_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/vec.h"
#include "config/config.h"

/* What the files of this room share. An input is a row of input_table: parsing, flags and --help
 * follow from it. */

struct input;

/* One reading of flags and environment. */
struct reader {
    struct arena *arena;
    struct config *config;
    const char **flags; /* by index of input_table; NULL where no flag gave the input */
    VEC(struct config_problem) problems;
};

/* Puts an input's text (trimmed, the default where none was given) into the config, or adds
 * problems. */
typedef void input_parser(struct reader *reader, const struct input *input, const char *text);

/* A word that an input allows, and the enum's value. Tables end with a NULL name. */
struct choice {
    const char *name;
    unsigned value;
};

struct input {
    const char *name;     /* "max_runtime": the flag, and INPUT_MAX_RUNTIME */
    const char *fallback; /* the default's text; NULL: none */
    const char *variable; /* stands in for INPUT_…: for a secret outside Actions only; NULL: none */
    const char *shown;    /* --help's default where it is no fixed text; NULL: the fallback */
    const char *help;     /* the meaning, one line */
    input_parser *parse;
    size_t at;                    /* member of struct config */
    const struct choice *choices; /* of parse_choice */
    int64_t min, max;             /* of parse_number */
    bool required, secret;
    bool compared; /* its text is part of the fingerprint */
};

extern const struct input input_table[];
extern const size_t input_count;

/* The text of an input, by flag, variable or default and trimmed; NULL where there is none. */
const char *input_text(const struct reader *reader, const struct input *input);

/* The variable of an input: "INPUT_MODE". */
const char *input_variable(struct arena *arena, const struct input *input);

/* The input's name as a flag is usually written: "dry-run". */
const char *input_flag(struct arena *arena, const struct input *input);

input_parser parse_secret, parse_boolean, parse_choice, parse_number, parse_url, parse_database,
    parse_repository, parse_state_ref, parse_filter, parse_labels, parse_property_map,
    parse_directions, parse_status_map, parse_people_map;

/* Puts "0" to "9223372036854775807" into *number; false for anything else and for what is not in
 * min..max. */
MUST_USE bool number_read(const char *text, int64_t min, int64_t max, int64_t *number);

/* A base URL without trailing slashes, or a problem of `name` and NULL. */
const char *url_read(struct reader *reader, const char *name, const char *text);

/* The first length bytes of text without white space at both ends. */
const char *text_trim(struct arena *arena, const char *text, size_t length);

/* An environment variable; NULL where it is not set or empty. */
const char *environment_text(const char *name);

/* Reads flags into reader->flags; CONFIG_HELP or CONFIG_VERSION where one asks for it, else
 * CONFIG_OK, problems or not. argv is not changed. */
enum config_result flags_read(struct reader *reader, int argc, char **argv);

/* Reads the runner's variables into the config. */
void environment_read(struct reader *reader);

/* Hash of everything that decides what is compared, 16 hex digits. */
const char *config_fingerprint(const struct reader *reader);

/* Foreign text made fit for a log: secrets hidden, one line, at most 80 characters. */
const char *problem_text(const struct reader *reader, const char *text);

/* Adds a problem. input lives as long as the arena; given goes through problem_text (NULL is kept);
 * what is allowed comes printf style and holds no foreign text. */
void problem_add(struct reader *reader, const char *input, const char *given, const char *allowed,
                 ...) PRINTF_LIKE(4, 5);

#endif
