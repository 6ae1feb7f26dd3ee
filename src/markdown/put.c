#include "markdown/put.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "markdown/align.h"
#include "markdown/diff.h"
#include "markdown/work.h"

/* How often a result may be written in plainer form. */
#define MAX_ROUNDS 12

/* Whether the result says in a slot what the other side does, and leaves no tag open that was
 * closed. */
static bool
agrees(struct put *put, size_t slot)
{
    const size_t *from = put->from_bounds + slot, *made = put->made_bounds + slot;
    const size_t *old = put->to_bounds + slot;

    if (put->made->dialect == MARKDOWN_GITHUB && put->slot[slot].form != PUT_PLAIN &&
        put_open_tags(put->to, old[0], old[1]) != put_open_tags(put->made, made[0], made[1]))
        return false;
    if (put->made->dialect == MARKDOWN_NOTION)
        return align_agree(put->from, from, put->made, made, put->to);
    return align_agree(put->made, made, put->from, from, NULL) || put_says_change(put, slot);
}

/* Whether a slot that was kept still says what it said. */
static bool
is_kept(const struct put *put, size_t slot)
{
    const size_t *old = put->to_bounds + slot, *now = put->made_bounds + slot;

    return put->to->dialect == MARKDOWN_GITHUB ? align_same(put->to, old, put->made, now)
                                               : align_equal(put->to, old, put->made, now);
}

/* A tab or a line end in the text would end the field. */
static void
add_field(struct buf *out, const char *text, char end)
{
    for (; text != NULL && *text != '\0'; text++)
        buf_char(out, (unsigned char)*text < ' ' ? ' ' : *text);
    buf_char(out, end);
}

/* The images within links of a text, of which Notion shows no address, one line for each, with the
 * text that shows there and the address of the link. */
static void
list_hidden(struct arena *arena, struct buf *out, const struct node *node)
{
    const struct node *link = node->parent;

    for (const struct node *child = node->first; child != NULL; child = child->next)
        list_hidden(arena, out, child);
    while (link != NULL && link->kind != NODE_LINK)
        link = link->parent;
    /* An image that is all of a link in a paragraph is a block in Notion, with both addresses. */
    if (node->kind != NODE_IMAGE || link == NULL ||
        (node->parent == link && link->first == link->last &&
         link->parent->kind == NODE_PARAGRAPH && link->parent->parent->kind != NODE_TOGGLE))
        return;
    buf_char(out, '\n');
    add_field(out, node_plain(arena, node), '\t');
    add_field(out, node->url, '\t');
    add_field(out, link->url, '\n');
}

static size_t
count_in(struct arena *arena, struct buf *list, const char *from, const char *to)
{
    const char *what = arena_strndup(arena, from, (size_t)(to - from));
    size_t count = 0;

    work_add(list->len);
    for (const char *at = buf_text(list); (at = strstr(at, what)) != NULL; at++)
        count++;
    return count;
}

/* Whether images that the other side does not show are still with the text that it shows, or with
 * the part of that text that no other image has. */
static bool
keeps_hidden(const struct put *put, size_t slot)
{
    const size_t *old = put->to_bounds + slot, *now = put->made_bounds + slot;
    struct arena *arena;
    struct buf was, is, all;
    bool keeps = true;

    if (put->to->dialect != MARKDOWN_GITHUB || put->slot[slot].form == PUT_PLAIN)
        return true;
    arena = arena_new();
    buf_init(&was, SIZE_MAX / 4);
    buf_init(&is, SIZE_MAX / 4);
    buf_init(&all, SIZE_MAX / 4);
    list_hidden(arena, &is,
                read_tree(arena, MARKDOWN_GITHUB, put_written(arena, put->made, now[0], now[1])));
    if (is.len > 0) {
        list_hidden(arena, &was,
                    read_tree(arena, MARKDOWN_GITHUB, put_written(arena, put->to, old[0], old[1])));
        list_hidden(arena, &all, read_tree(arena, MARKDOWN_GITHUB, put->text));
        work_add(strlen(put->text));
    }
    for (const char *at = buf_text(&is); keeps && *at != '\0'; at = strchr(at + 1, '\n') + 1) {
        const char *url = strchr(at, '\t'), *link = strchr(url + 1, '\t');
        const char *end = strchr(link, '\n') + 1;
        bool named = url > at + 1 && count_in(arena, &all, at, url + 1) == 1;
        bool linked = count_in(arena, &all, link, end) == 1;

        keeps = !work_is_spent() && (count_in(arena, &was, at, end) > 0 ||
                                     (named && count_in(arena, &was, at, link + 1) > 0) ||
                                     (linked && count_in(arena, &was, url, end) > 0));
    }
    buf_release(&was);
    buf_release(&is);
    buf_release(&all);
    arena_free(arena);
    return keeps;
}

static bool
write_again(struct put *put, size_t slot)
{
    if (slot >= put->slots || slot % 2 == 0 || put->slot[slot].act != PUT_KEEP ||
        put->to_bounds[slot] == put->to_bounds[slot + 1])
        return false;
    put->slot[slot].form = PUT_PLAIN;
    put->slot[slot].act = PUT_AGAIN;
    return true;
}

/* Gives up the original form and place of the blocks in a slot, and sets them apart; false: that is
 * already done. */
static bool
make_plain(struct put *put, size_t slot)
{
    struct put_slot *of = &put->slot[slot];
    bool any = of->act == PUT_TAKE && of->form < PUT_PLAIN;

    of->form = PUT_PLAIN;
    for (size_t i = put->from_bounds[slot]; i < put->from_bounds[slot + 1]; i++) {
        any |= put->moved[i] != 0;
        put->moved[i] = 0;
    }
    any |= !of->apart;
    of->apart = true;
    return any;
}

/* The next plainer form, for what is read in another way than it is meant. */
static bool
retreat(struct put *put, const bool *wrong)
{
    bool any = false;

    for (size_t k = 0; k < put->slots; k++)
        if (wrong[k] && put->slot[k].act == PUT_TAKE && put->slot[k].form < PUT_PLAIN) {
            put->slot[k].form++;
            any = true;
        }
    if (any)
        return true;
    for (size_t k = 0; k < put->slots; k++)
        for (size_t i = k < 2 ? 0 : k - 2; wrong[k] && i <= k + 2 && i < put->slots; i++)
            any |= make_plain(put, i);
    if (any)
        return true;
    /* If two were joined, rewriting the later one is enough. */
    for (size_t k = put->slots; !any && k-- > 0;)
        any = wrong[k] && write_again(put, k);
    for (size_t k = 0; !any && k < put->slots; k++)
        if (wrong[k]) {
            any = write_again(put, k - (k % 2) - 1);
            any |= write_again(put, k + 1 + (k % 2));
        }
    return any;
}

/* Blocks that the other side moved: they also stay as they were written. */
static void
find_moved(struct put *put)
{
    struct diff_names *names = diff_names_new(put->arena);
    size_t *slots = arena_array(put->arena, put->slots + 1, sizeof(*slots));
    uint32_t none = diff_name(names, "", 0), last = none;

    put->moved = arena_array(put->arena, put->from->list.len, sizeof(*put->moved));
    for (size_t k = 1; k < put->slots; k += 2)
        if (put->slot[k].act == PUT_TAKE && !put->slot[k].met &&
            put->from_bounds[k] == put->from_bounds[k + 1] &&
            put->base_bounds[k + 1] - put->base_bounds[k] == 1 &&
            put->to_bounds[k + 1] - put->to_bounds[k] == 1) {
            const char *key = put->base->list.items[put->base_bounds[k]].key;
            uint32_t name = diff_name(names, key, strlen(key));

            slots[name - none] = k;
            last = name > last ? name : last;
        }
    for (size_t k = 0; last > none && k < put->slots; k++) {
        size_t from = put->from_bounds[k], len = put->from_bounds[k + 1] - from;
        const size_t *origin = put->slot[k].act == PUT_TAKE ? put_origins(put, k) : NULL;

        for (size_t i = 0; origin != NULL && i < len; i++) {
            const char *key = put->from->list.items[from + i].key;
            uint32_t name = diff_name(names, key, strlen(key));

            if (origin[i] != DIFF_NONE || name > last)
                continue;
            put->moved[from + i] = slots[name - none];
            slots[name - none] = 0;
        }
    }
}

static bool
has_changes(struct put *put)
{
    bool any = false;

    for (size_t k = 0; k < put->slots; k++) {
        struct put_slot *of = &put->slot[k];

        any |= of->act != PUT_KEEP;
        if (k % 2 == 0 || put->base_bounds[k] == put->base_bounds[k + 1] ||
            put->to_bounds[k] == put->to_bounds[k + 1] ||
            put->from_bounds[k] == put->from_bounds[k + 1])
            of->form = PUT_PLAIN;
    }
    return any;
}

bool
put_run(struct put *put)
{
    bool *wrong = arena_array(put->arena, put->slots, sizeof(*wrong));

    if (!has_changes(put)) {
        put->made = put->to;
        put->made_bounds = put->to_bounds;
        return true;
    }
    find_moved(put);
    for (int round = 0;; round++) {
        const char *text = put_write(put);
        bool right = true, rest = true;

        for (size_t k = 0; k < put->slots; k++) {
            enum put_act act = put->slot[k].act;

            if (act == PUT_TAKE)
                wrong[k] = !agrees(put, k) || !keeps_hidden(put, k);
            else if (act == PUT_TEXT)
                wrong[k] = align_count(put->made, put->made_bounds + k) !=
                           align_count(put->to, put->to_bounds + k);
            else
                wrong[k] = !is_kept(put, k);
            right &= !wrong[k];
            rest &= !wrong[k] || act == PUT_TAKE;
        }
        if (!right && round < MAX_ROUNDS && !work_is_spent() && retreat(put, wrong)) {
            units_free(&put->own);
            continue;
        }
        for (size_t k = 0; k < put->slots; k++)
            put->slot[k].unsure = wrong[k];
        put->text = text;
        return rest;
    }
}
