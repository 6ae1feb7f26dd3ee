#ifndef CONFIG_CONFIG_P_H
#define CONFIG_CONFIG_P_H

#include "config/engine.h"

/* Shared by the files of this room. An input is a row of input_table: parsing, flags and --help
 * follow from it. */

extern const struct input input_table[];
extern const size_t input_count;

/* The text of an input, by flag, variable or default and trimmed; NULL if there is none. */
const char *input_text(const struct input_reader *reader, const struct input *input);

/* The variable of an input: "INPUT_MODE". */
const char *input_variable(struct arena *arena, const struct input *input);

/* The input's name as a flag is usually written: "dry-run". */
const char *input_flag(struct arena *arena, const struct input *input);

input_parser parse_database, parse_repository, parse_state_ref, parse_filter, parse_labels,
    parse_property_map, parse_fields, parse_directions, parse_status_map, parse_people_map,
    parse_comment_marker, parse_label_ignore, parse_new_issue_labels, parse_new_issue_type,
    parse_issue_filter, parse_people_database, parse_progress_map;

/* Whether name is a full ref name, "refs/<namespace>/<name>", that git accepts
 * (git-check-ref-format(1)). */
bool git_ref_valid(const char *name);

/* The property that holds the number of the issue or pull request; no field may write it. */
#define LINK_PROPERTY "GitHub ID"

/* Adds a problem if a label of status_map is not a possible label, or belongs to a column. */
void lane_check(struct input_reader *reader, const struct input *input, const char *line,
                const char *label);

/* The next entry of a list, without comment and white space around; NULL at the end. */
const char *list_next(struct arena *arena, const char **text);

/* The text before and after an =, without white space around it; equals NULL: all of it is
 * before. */
const char *
list_pair(struct arena *arena, const char *entry, const char *equals, const char **value);

/* Adds a problem for inputs that leave something out while others ask for it. */
void check_taking_part(struct input_reader *reader);

/* Checks that progress_map fits the other inputs. Call it after all were read. */
void check_progress(struct input_reader *reader);

/* Reads the command line into reader->flags; CONFIG_HELP or CONFIG_VERSION if it asks for it,
 * otherwise CONFIG_OK, even if there are problems. argv is not changed. */
enum config_result flags_read(struct input_reader *reader, int argc, char **argv);

/* Whether a repository given as a URL is on the server that the runner's variables name;
 * otherwise adds a problem. Call it after environment_read. */
void repository_check_host(struct input_reader *reader);

#endif
