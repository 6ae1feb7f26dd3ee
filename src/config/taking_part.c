#include <ctype.h>
#include <string.h>

#include "base/utf8.h"
#include "config/config_p.h"
#include "model/glob.h"

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

void
parse_label_ignore(struct input_reader *reader, const struct input *input, const char *text)
{
    VEC(const char *) globs = {0};
    const char *entry;

    while ((entry = list_next(reader->arena, &text)) != NULL)
        if (glob_valid(entry))
            vec_push(&globs, entry);
        else
            problem_add(reader, input->name, entry,
                        "a label, or labels by * (anything) and ? (one character), of at most %d "
                        "characters; \\ before a character takes it as it is",
                        GLOB_MAX);
    reader->config->n_label_ignore = globs.len;
    if (globs.len > 0)
        reader->config->label_ignore =
            arena_memdup(reader->arena, globs.items, globs.len * sizeof(*globs.items));
    vec_free(&globs);
}

void
check_ignored(struct input_reader *reader, const char *input, const char *entry, const char *labels,
              bool is_group)
{
    const struct config *config = reader->config;

    for (size_t i = 0; i < config->n_label_ignore; i++)
        if (is_group ? glob_meets(config->label_ignore[i], labels)
                     : glob_matches(config->label_ignore[i], labels)) {
            problem_add(reader, input, entry,
                        "a label that is carried over, but label_ignore covers it: take it out of "
                        "one of the two");
            return;
        }
}
