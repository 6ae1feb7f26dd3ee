#include <ctype.h>
#include <string.h>

#include "base/utf8.h"
#include "config/config_p.h"

/* Who and what takes part: the inputs that leave something out, or add to it. */

#define MARKER_MAX ((size_t)50)

/* One word: what follows it in a comment is told apart by white space. */
void
parse_comment_marker(struct input_reader *reader, const struct input *input, const char *text)
{
    if (*text == '\0')
        return;
    for (const char *c = text; *c != '\0'; c++)
        if (isspace((unsigned char)*c) || iscntrl((unsigned char)*c)) {
            problem_add(reader, input->name, text, "one word without white space, as /github");
            return;
        }
    if (utf8_length(text) > MARKER_MAX) {
        problem_add(reader, input->name, text, "a word of at most %zu characters", MARKER_MAX);
        return;
    }
    reader->config->comment_marker = text;
}
