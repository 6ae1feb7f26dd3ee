#include "markdown/words.h"

#include <stdint.h>
#include <string.h>

#include "markdown/diff.h"
#include "markdown/html.h"
#include "markdown/work.h"

struct word {
    const char *text;
    size_t length;
    uint32_t name;
    bool comment; /* inside of one */
};
VEC_TYPE(word_list, struct word);

struct splitter {
    struct arena *arena;
    struct diff_names *names;
    struct word_list words;
};

/* The length of text that is not words: the number of a list item, the label of a definition or of
 * a reference to it. */
static size_t
label_length(const char *at, bool starts)
{
    const char *digits = at + strspn(at, "0123456789"), *close = strchr(at, ']');

    if (starts && digits > at && (*digits == '.' || *digits == ')') && digits[1] == ' ')
        return (size_t)(digits - at);
    if (close == NULL || memchr(at, '\n', (size_t)(close - at)) != NULL)
        return 0;
    if (strncmp(at, "][", 2) == 0) {
        close = strchr(at + 1, ']');
        return close != NULL ? (size_t)(close - at) : 0;
    }
    return *at == '[' && (at[1] == '^' || (starts && close[1] == ':')) ? (size_t)(close - at) : 0;
}

static void
split_plain(struct splitter *splitter, const char *text, size_t length, bool comment, bool starts)
{
    const char *at = html_text(splitter->arena, text, length);

    work_add(length);
    while (*at != '\0') {
        struct word word = {.comment = comment};

        at += comment ? 0 : label_length(at, starts);
        starts = starts && strchr(" \t>", *at) != NULL;
        starts |= *at == '\n';
        word.text = at;
        word.length = diff_word(at);
        at += word.length > 0 ? word.length : *at != '\0';
        if (word.length == 0)
            continue;
        word.name = diff_name(splitter->names, word.text, word.length);
        vec_push(&splitter->words, word);
    }
}

static struct word_list
split(struct arena *arena, struct diff_names *names, const char *text)
{
    struct splitter splitter = {.arena = arena, .names = names};
    const char *start = text, *name, *value;
    size_t name_length, value_length;
    struct html_token token;

    while (html_next(&text, &token)) {
        const char *attrs = token.attrs;

        if (token.kind != HTML_OPEN && token.kind != HTML_CLOSE)
            split_plain(&splitter, token.text, token.length, token.kind == HTML_COMMENT,
                        token.text == start || token.text[-1] == '\n');
        while (token.kind == HTML_OPEN &&
               html_next_attribute(&attrs, token.attrs + token.attrs_length, &name, &name_length,
                                   &value, &value_length))
            split_plain(&splitter, value != NULL ? value : name,
                        value != NULL ? value_length : name_length, false, false);
    }
    return splitter.words;
}

struct keys
words_lost(struct arena *arena, const struct words_change *change)
{
    struct arena *scratch = arena_new();
    struct diff_names *names = diff_names_new(scratch);
    struct word_list words[4];
    struct keys lost = {0};
    size_t(*count)[4];

    for (int i = 0; i < 4; i++) {
        const char *text = i < 2 ? change->text[i] : change->shown[i - 2];

        words[i] = split(scratch, names, text != NULL ? text : "");
    }
    count = arena_array(scratch, diff_name(names, "", 0), sizeof(*count));
    for (int i = 0; i < 4; i++)
        for (size_t k = 0; k < words[i].len; k++)
            count[words[i].items[k].name][i]++;
    for (size_t k = 0; k < words[0].len; k++) {
        size_t *of_word = count[words[0].items[k].name];

        /* More of it was removed than disappeared from what the other side shows. */
        if (of_word[0] > of_word[1] + (of_word[2] > of_word[3] ? of_word[2] - of_word[3] : 0))
            vec_push(&lost, arena_strndup(arena, words[0].items[k].text, words[0].items[k].length));
        of_word[0] = 0;
    }
    for (int i = 0; i < 4; i++)
        vec_free(&words[i]);
    arena_free(scratch);
    return lost;
}

struct keys
words_beside(struct arena *arena, const struct words_change *change, const char *gone)
{
    struct arena *scratch = arena_new();
    struct diff_names *names = diff_names_new(scratch);
    struct word_list marks = split(scratch, names, gone);
    uint32_t known = diff_name(names, "", 0);
    struct word_list words[2];
    uint32_t *list[2];
    const size_t *match;
    struct keys beside = {0};

    for (int i = 0; i < 2; i++) {
        words[i] = split(scratch, names, change->text[i]);
        list[i] = arena_array(scratch, words[i].len, sizeof(*list[i]));
        for (size_t k = 0; k < words[i].len; k++)
            list[i][k] = words[i].items[k].name;
    }
    match = diff_match(scratch, list[0], words[0].len, list[1], words[1].len);
    for (size_t start = 0, end; start < words[0].len; start = end + 1) {
        bool with = false;

        for (end = start; end < words[0].len && match[end] == DIFF_NONE; end++)
            with |= list[0][end] < known;
        for (size_t k = start; with && k < end; k++)
            if (!words[0].items[k].comment)
                vec_push(&beside,
                         arena_strndup(arena, words[0].items[k].text, words[0].items[k].length));
    }
    vec_free(&marks);
    vec_free(&words[0]);
    vec_free(&words[1]);
    arena_free(scratch);
    return beside;
}

bool
words_have(const struct keys *list, const char *word)
{
    for (size_t i = 0; i < list->len; i++)
        if (strcmp(list->items[i], word) == 0)
            return true;
    return false;
}
