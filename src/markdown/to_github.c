#include <ctype.h>
#include <string.h>

#include "base/url.h"
#include "markdown/mention.h"
#include "markdown/reference.h"
#include "markdown/tree.h"

/* Changes a tree of Notion's text so that GitHub can express everything in it. */

struct to_github {
    struct arena *arena;
    const struct markdown_context *context;
};

static const char *
page_url(const struct to_github *to)
{
    return to->context != NULL ? to->context->page_url : NULL;
}

/* Turns a node into a link that holds its children, or the given words if it has none. */
static void
become_link(struct to_github *to, struct node *node, const char *url, const char *words)
{
    if (node->first == NULL)
        node_append(node, node_text(to->arena, NODE_TEXT, words));
    node->url = url;
    node->title = NULL;
    node->kind = url != NULL ? NODE_LINK : NODE_SPAN;
}

/* The same for a block: its inlines go into a link in a paragraph. */
static void
become_link_block(struct to_github *to, struct node *node, enum node_kind kind, const char *url,
                  const char *words)
{
    struct node *link = node_new(to->arena, kind);

    node_move_children(node, link);
    if (link->first == NULL && words != NULL)
        node_append(link, node_text(to->arena, NODE_TEXT, words));
    link->url = url;
    node->kind = NODE_PARAGRAPH;
    node_append(node, link);
    if (url == NULL)
        node_dissolve(link);
}

static void
translate_media(struct to_github *to, struct node *node)
{
    bool image = strcmp(node->text, "image") == 0;
    bool web = strcmp(node->text, "bookmark") == 0 || strcmp(node->text, "embed") == 0;
    const char *slash = node->url != NULL && !web ? strrchr(node->url, '/') : NULL;

    if (node->url == NULL || url_is_signed(node->url) || !reference_allowed(node->url))
        become_link_block(to, node, NODE_LINK, page_url(to),
                          arena_printf(to->arena, "%s in Notion", node->text));
    else if (image)
        become_link_block(to, node, NODE_IMAGE, node->url, NULL);
    else
        become_link_block(to, node, NODE_LINK, node->url,
                          slash != NULL && slash[1] != '\0' ? slash + 1 : node->url);
}

static void
translate_opaque(struct to_github *to, struct node *node)
{
    if (strcmp(node->text, "table-of-contents") == 0) {
        node_unlink(node);
        return;
    }
    become_link_block(to, node, NODE_LINK, page_url(to),
                      strcmp(node->text, "unknown") == 0
                          ? "a part that only Notion shows"
                          : arena_printf(to->arena, "%s in Notion", node->text));
}

static void
translate_mention(struct to_github *to, struct node *node)
{
    const char *url = node->url != NULL ? node->url : "";
    const char *login = NULL;
    /* "@octo" before "cat" is another person. */
    const char *next = node->next != NULL && node->next->kind == NODE_TEXT ? node->next->text : "";
    bool goes_on = isalnum((unsigned char)*next) || (unsigned char)*next >= 0x80 ||
                   (*next != '\0' && strchr("-_/", *next) != NULL) ||
                   (node->next != NULL && node->next->kind == NODE_MENTION);

    if (strncmp(url, "user://", 7) == 0 && !goes_on && to->context != NULL &&
        to->context->login_of != NULL)
        login = to->context->login_of(to->context->data, url + 7);
    if (login != NULL) {
        node->first = node->last = NULL;
        node->kind = NODE_TEXT;
        node->text = arena_printf(to->arena, "@%s", login);
    } else if (url_web(url) > 0) {
        become_link(to, node, url, url);
    } else {
        if (node->first == NULL)
            node_append(node, node_text(to->arena, NODE_TEXT, "someone"));
        node_dissolve(node);
    }
}

static void
translate_date(struct to_github *to, struct node *node)
{
    const char *names[] = {"start", "start-time", "end", "end-time"};
    const char *marks[] = {"", " ", " → ", " "};
    const char *text = "";

    for (size_t i = 0; i < 4; i++) {
        const char *value = attribute(to->arena, node->attrs, names[i]);

        if (value != NULL && value[0] != '\0')
            text = arena_printf(to->arena, "%s%s%s", text, marks[i], value);
    }
    node->kind = NODE_TEXT;
    node->text = text;
}

static void
translate_link(struct to_github *to, struct node *node)
{
    bool image = node->kind == NODE_IMAGE;
    const struct node *only = node->first != NULL && node->first->next == NULL ? node->first : NULL;

    if (url_is_signed(node->url))
        become_link(to, node, page_url(to), image ? "image in Notion" : "file in Notion");
    else if (!image && only != NULL && only->kind == NODE_TEXT &&
             (only->text[0] != '@' ||
              mention_is_known(to->context, only->text, strlen(only->text))) &&
             reference_is(only->text, node->url, to->context))
        node_dissolve(node);
}

/* If a picture's caption is a link, the picture becomes the link. */
static void
turn_image_inside_out(struct node *image)
{
    struct node *link = image->first;
    const char *url = image->url;

    if (link == NULL || link->next != NULL || link->kind != NODE_LINK)
        return;
    image->kind = NODE_LINK;
    image->url = link->url;
    link->kind = NODE_IMAGE;
    link->url = url;
}

/* GitHub knows five alerts, at the top level only; other callouts become quotes that begin with the
 * alert's name or the icon. */
static void
translate_callout(struct to_github *to, struct node *node)
{
    static const char *const names[] = {"Note", "Tip", "Important", "Warning", "Caution"};
    const char *icon = attribute(to->arena, node->attrs, "icon");
    struct node *title = node->first;

    if (node->level != ALERT_OTHER && node->parent->kind == NODE_DOCUMENT)
        return;
    node->kind = NODE_QUOTE;
    if (title == NULL || title->kind != NODE_PARAGRAPH) {
        title = node_new(to->arena, NODE_PARAGRAPH);
        node_prepend(node, title);
    }
    if (node->level != ALERT_OTHER) {
        struct node *strong = node_new(to->arena, NODE_STRONG);

        node_append(strong, node_text(to->arena, NODE_TEXT, names[node->level]));
        node_prepend(title, node_new(to->arena, NODE_HARD));
        node_prepend(title, strong);
    } else if (icon != NULL && (unsigned char)icon[0] >= 0x80) {
        node_prepend(title, node_text(to->arena, NODE_TEXT, arena_printf(to->arena, "%s ", icon)));
    }
}

static void
translate_tag(struct to_github *to, struct node *node)
{
    struct node *title = node->header ? node->first : NULL;

    if (node->first == NULL) {
        translate_opaque(to, node);
        return;
    }
    if (title != NULL && title->kind == NODE_PARAGRAPH && strcmp(node->text, "tab") == 0) {
        struct node *strong = node_new(to->arena, NODE_STRONG);

        node_move_children(title, strong);
        node_append(title, strong);
    }
    for (struct node *child = node->first; child != NULL; child = child->next) {
        child->line = node->line;
        child->end_line = node->end_line;
    }
    node_dissolve(node);
}

static void
translate(struct to_github *to, struct node *node)
{
    const struct node *parent = node->parent; /* of the document: NULL */
    struct node *next;

    for (struct node *child = node->first; child != NULL; child = next) {
        next = child->next;
        translate(to, child);
    }
    switch (node->kind) {
    case NODE_MEDIA:
        translate_media(to, node);
        break;
    case NODE_CHILD:
        become_link_block(to, node, NODE_LINK, node->url != NULL ? node->url : page_url(to),
                          "Untitled");
        break;
    case NODE_OPAQUE:
        translate_opaque(to, node);
        break;
    case NODE_TAG:
        translate_tag(to, node);
        break;
    case NODE_CALLOUT:
        translate_callout(to, node);
        break;
    case NODE_SPAN:
        node_dissolve(node);
        break;
    case NODE_MENTION:
        translate_mention(to, node);
        break;
    case NODE_DATE:
        translate_date(to, node);
        break;
    case NODE_CITATION:
        node_insert_before(node, node_text(to->arena, NODE_TEXT, " "));
        become_link(to, node, node->url, node->url);
        break;
    case NODE_RAW:
        node->kind = NODE_TEXT;
        break;
    case NODE_LINK:
        translate_link(to, node);
        break;
    case NODE_IMAGE:
        translate_link(to, node);
        if (node->kind == NODE_IMAGE)
            turn_image_inside_out(node);
        break;
    case NODE_PARAGRAPH:
        if (node->first == NULL &&
            (node->prev != NULL || (parent->kind != NODE_ITEM && parent->kind != NODE_TOGGLE &&
                                    parent->kind != NODE_CALLOUT)))
            node_unlink(node);
        break;
    default:
        break;
    }
    node->attrs = NULL;
}

void
links_to_github(struct arena *arena, struct node *root, const struct markdown_context *context)
{
    struct to_github to = {.arena = arena, .context = context};

    translate(&to, root);
    tree_drop_links(arena, root);
    mentions_part(arena, root, context);
}
