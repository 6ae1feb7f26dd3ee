#include "markdown/mention.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/vec.h"
#include "markdown/reference.h"

/* U+2060 */
#define JOINER        "\xe2\x81\xa0"
#define JOINER_LENGTH (sizeof(JOINER) - 1)

struct markdown_mentions {
    VEC(const char *) names; /* with their "@", in order */
};

static int
by_name(const void *a, const void *b)
{
    return strcasecmp(*(const char *const *)a, *(const char *const *)b);
}

/* The length of the mention that GitHub may see at text[at]; 0: none. The text before it may be
 * shown separately, so only a letter or digit there reliably prevents a mention. */
static size_t
mention_at(const char *text, size_t at)
{
    size_t length = 1;

    if (text[at] != '@' || !isalnum((unsigned char)text[at + 1]) ||
        (at > 0 && isalnum((unsigned char)text[at - 1])))
        return 0;
    while (isalnum((unsigned char)text[at + length]) || text[at + length] == '-')
        length++;
    if (text[at + length] != '/' || !isalnum((unsigned char)text[at + length + 1]))
        return length;
    length++;
    while (isalnum((unsigned char)text[at + length]) ||
           (text[at + length] != '\0' && strchr("-_.", text[at + length]) != NULL))
        length++;
    while (strchr("_.", text[at + length - 1]) != NULL)
        length--;
    return length;
}

static void
collect(struct arena *arena, const struct node *node, struct markdown_mentions *mentions)
{
    const char *text = node->kind == NODE_TEXT ? node->text : "";

    if (node->kind == NODE_LINK)
        return;
    for (size_t at = 0; text[at] != '\0'; at++) {
        size_t length = mention_at(text, at);

        if (length > 0)
            vec_push(&mentions->names, arena_strndup(arena, text + at, length));
    }
    for (const struct node *child = node->first; child != NULL; child = child->next)
        collect(arena, child, mentions);
}

const struct markdown_mentions *
markdown_mentions(struct arena *arena, const char *github)
{
    struct markdown_mentions found = {0};
    struct markdown_mentions *mentions = arena_alloc(arena, sizeof(*mentions));

    if (github != NULL && strchr(github, '@') != NULL) {
        char *copy = arena_strdup(arena, github);

        /* Mentions with a word joiner notify nobody. */
        for (char *at = copy; (at = strstr(at, "@" JOINER)) != NULL;)
            *at = ' ';
        collect(arena, read_tree(arena, MARKDOWN_GITHUB, copy), &found);
    }
    if (found.names.len > 0)
        qsort(found.names.items, found.names.len, sizeof(*found.names.items), by_name);
    vec_take(&found.names, arena, mentions->names.items, mentions->names.len);
    return mentions;
}

bool
mention_is_known(const struct markdown_context *context, const char *mention, size_t length)
{
    const struct markdown_mentions *mentions = context != NULL ? context->mentions : NULL;
    struct arena *scratch;
    const char *name;
    bool known;

    if (context == NULL)
        return false;
    scratch = arena_new();
    name = arena_strndup(scratch, mention, length);
    known =
        (context->is_login != NULL && context->is_login(context->data, name + 1)) ||
        (mentions != NULL && mentions->names.len > 0 &&
         bsearch(&name, mentions->names.items, mentions->names.len, sizeof(name), by_name) != NULL);
    arena_free(scratch);
    return known;
}

static const char *
part_text(struct arena *arena, const char *text, const char *after,
          const struct markdown_context *context)
{
    /* A letter of another look or color goes on with the name, as GitHub shows neither. */
    bool goes_on = isalnum((unsigned char)*after) || *after == '-' || *after == '/';
    struct buf out;

    if (strchr(text, '@') == NULL)
        return text;
    buf_init(&out, SIZE_MAX / 4);
    for (size_t at = 0; text[at] != '\0'; at++) {
        size_t length = mention_at(text, at);
        bool ends = text[at] == '@' && text[at + (length > 0 ? length : 1)] == '\0';

        buf_char(&out, text[at]);
        if ((ends && goes_on) || (length > 0 && !mention_is_known(context, text + at, length)))
            buf_str(&out, JOINER);
    }
    return buf_take(&out, arena);
}

/* after: the text that is shown next. Returns the text that is shown first from here on. */
static const char *
part(struct arena *arena, struct node *node, const char *after,
     const struct markdown_context *context)
{
    const char *next = node_is_inline(node->kind) ? after : "";
    VEC(struct node *) children = {0};

    /* In a link and in code nothing is a mention. */
    if (node->kind == NODE_LINK || node->kind == NODE_CODE_BLOCK || node->kind == NODE_CODE)
        return "";
    for (struct node *child = node->first; child != NULL; child = child->next)
        vec_push(&children, child);
    while (children.len > 0)
        next = part(arena, children.items[--children.len], next, context);
    vec_free(&children);
    if (!node_is_inline(node->kind))
        return "";
    if (node->text == NULL || *node->text == '\0')
        return next;
    node->text = part_text(arena, node->text, next, context);
    return node->text;
}

void
mentions_part(struct arena *arena, struct node *root, const struct markdown_context *context)
{
    (void)part(arena, root, "", context);
}

static const char *
join_text(struct arena *arena, const char *text)
{
    const char *found = strstr(text, "@" JOINER);
    char *joined;
    char *to;

    if (found == NULL)
        return text;
    joined = arena_strdup(arena, text);
    to = joined + (found - text);
    for (; *found != '\0'; found++) {
        *to++ = *found;
        if (*found == '@' && strncmp(found + 1, JOINER, JOINER_LENGTH) == 0)
            found += JOINER_LENGTH;
    }
    *to = '\0';
    return joined;
}

void
mentions_join(struct arena *arena, struct node *root)
{
    if (root->text != NULL && node_is_inline(root->kind) && root->kind != NODE_CODE)
        root->text = join_text(arena, root->text);
    for (struct node *child = root->first; child != NULL; child = child->next)
        mentions_join(arena, child);
}
