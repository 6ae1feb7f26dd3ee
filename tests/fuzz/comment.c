/* Longer than a comment may be. */
#define FUZZ_LONG ((size_t)300)

#include "markdown.h"

#include "../unit/fields_test.h"
#include "apply/comment_text.h"
#include "github/github_p.h"
#include "model/status.h"
#include "reconcile/rules.h"

/* "Body is too long (maximum is 65536 characters)". */
#define COMMENT_MAX 65536

#define PAGE_ID "2f1c8a3e-0b4d-4c5e-9f60-718293a4b5c6"

/* Texts from outside, and harmless ones of the same emptiness in their places. */
struct foreign {
    const char *text[2];
};

enum { HOSTILE, HARMLESS };

static struct foreign
take_foreign(struct bytes *bytes, struct arena *arena)
{
    const char *text = take_unicode(bytes, arena);

    return (struct foreign){{text, text[0] != '\0' ? "x" : ""}};
}

struct scene {
    struct foreign title[SIDE_COUNT], status[SIDE_COUNT], label[SIDE_COUNT], before, who, reason;
    const char *url;
    bool conflict[FIELD_BUILTINS];
    enum side winner;
    bool has_record, has_who, merged, closes;
    int64_t when;
};

static struct scene
take_scene(struct bytes *bytes, struct arena *arena)
{
    struct scene scene = {.winner = take_flag(bytes) ? SIDE_NOTION : SIDE_GITHUB};
    unsigned flags = take_byte(bytes);

    scene.has_record = (flags & 1) != 0;
    scene.has_who = (flags & 2) != 0;
    scene.merged = (flags & 4) != 0;
    scene.closes = (flags & 8) != 0;
    scene.when = (flags & 16) != 0 ? take_number(bytes) : 0;
    scene.conflict[FIELD_TITLE] = (flags & 32) != 0;
    scene.conflict[FIELD_STATUS] = (flags & 64) != 0;
    scene.conflict[FIELD_LABELS] = (flags & 128) != 0;
    for (size_t side = 0; side < SIDE_COUNT; side++) {
        scene.title[side] = take_foreign(bytes, arena);
        scene.status[side] = take_foreign(bytes, arena);
        scene.label[side] = take_foreign(bytes, arena);
    }
    scene.before = take_foreign(bytes, arena);
    scene.who = take_foreign(bytes, arena);
    scene.reason = take_foreign(bytes, arena);
    scene.url = take_text(bytes, arena);
    return scene;
}

static void
fill_values(const struct scene *scene, size_t side, int kind, struct arena *arena,
            struct values *values)
{
    const char **labels = arena_array(arena, 2, sizeof(*labels));

    labels[0] = scene->label[side].text[kind];
    labels[1] = "plain";
    values_put(values, FIELD_TITLE, value_text(scene->title[side].text[kind]), arena);
    values_put(values, FIELD_STATUS, value_text(scene->status[side].text[kind]), arena);
    values_put(values, FIELD_LABELS, value_set(labels, 2), arena);
}

static const struct item *
make_item(const struct scene *scene, int kind, struct arena *arena)
{
    static struct rules rules;
    struct item *item = arena_alloc(arena, sizeof(*item));
    struct issue *issue = arena_alloc(arena, sizeof(*issue));
    struct page *page = arena_alloc(arena, sizeof(*page));
    struct record *record = arena_alloc(arena, sizeof(*record));

    fill_values(scene, SIDE_GITHUB, kind, arena, &issue->values);
    fill_values(scene, SIDE_NOTION, kind, arena, &page->values);
    page->id = item->page_id = PAGE_ID;
    page->url = scene->url;
    values_put(&record->base[SIDE_NOTION], FIELD_STATUS, value_text(scene->before.text[kind]),
               arena);
    item->title = scene->title[SIDE_GITHUB].text[kind];
    item->issue = issue;
    item->page = page;
    item->record = scene->has_record ? record : NULL;
    rules.fields = all_fields();
    item->rules = &rules;
    item->fields = arena_array(arena, FIELD_BUILTINS, sizeof(*item->fields));
    for (enum field f = 0; f < FIELD_BUILTINS; f++) {
        item->fields[f].conflict = scene->conflict[f];
        item->fields[f].winner = scene->winner;
    }
    item->fields[FIELD_STATUS].value[SIDE_GITHUB] =
        value_text(scene->closes ? STATUS_CLOSED : STATUS_OPEN);
    return item;
}

#define TEXTS 5

/* The comment about a conflict; NULL if it takes several, which are checked here. */
static char *
conflict_text(struct arena *arena, const struct item *item)
{
    size_t n;
    const char *const *parts = (const char *const *)comment_text_conflict(arena, item, &n);

    if (n == 1)
        return arena_strdup(arena, parts[0]);
    for (size_t i = 0; i < n; i++) {
        CHECK(strlen(marker_append(arena, parts[i], "page=" PAGE_ID)) <= COMMENT_MAX);
        CHECK(github_find_marker(arena, parts[i]) == NULL);
    }
    return NULL;
}

static void
write_texts(const struct scene *scene, int kind, struct arena *arena, char *texts[TEXTS])
{
    const struct item *item = make_item(scene, kind, arena);
    const struct comment_change change = {
        .who = scene->has_who ? scene->who.text[kind] : NULL,
        .when = scene->when,
    };
    const struct rules rules = {.fields = all_fields(),
                                .on = {[FIELD_TITLE] = true, [FIELD_LABELS] = scene->merged}};

    texts[0] = comment_text_link(arena, false, item->title, scene->url, change.who, &rules);
    texts[1] = comment_text_status(arena, item, &change, scene->merged);
    texts[2] = conflict_text(arena, item);
    texts[3] = comment_text_refused(arena, item, scene->reason.text[kind]);
    texts[4] = comment_text_ended(arena, item);
}

/* The value that lost is in the comment as it was, but for the very long. */
static void
check_loser(const struct scene *scene, const char *text)
{
    enum side loser = scene->winner == SIDE_GITHUB ? SIDE_NOTION : SIDE_GITHUB;
    const char *title = scene->title[loser].text[HOSTILE];

    if (scene->conflict[FIELD_TITLE] && strlen(title) <= 2000)
        CHECK(strstr(text, title) != NULL);
}

/* The lines outside of code; whether one says that a text was cut depends on the text. */
static char *
own_words(struct arena *arena, const char *text)
{
    const char *bare = markdown_bare(arena, text);
    char *out = arena_alloc(arena, strlen(bare) + 1);
    char *to = out;

    while (*bare != '\0') {
        size_t length = strcspn(bare, "\n") + 1;

        if (length > 1 && strncmp(bare, "The text is cut", 15) != 0) {
            memcpy(to, bare, length);
            to += length;
        }
        bare += length;
    }
    return out;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct bytes bytes = {data, size};
    struct scene scene = take_scene(&bytes, arena);
    char *hostile[TEXTS];
    char *harmless[TEXTS];

    write_texts(&scene, HOSTILE, arena, hostile);
    write_texts(&scene, HARMLESS, arena, harmless);
    for (size_t i = 0; i < TEXTS; i++) {
        const char *whole, *marker;

        if (hostile[i] == NULL || harmless[i] == NULL)
            continue;
        whole = marker_append(arena, hostile[i], "page=" PAGE_ID);
        marker = github_find_marker(arena, whole);
        CHECK(strcmp(own_words(arena, hostile[i]), own_words(arena, harmless[i])) == 0);
        CHECK(strlen(whole) <= COMMENT_MAX);
        CHECK(marker != NULL && strcmp(marker, "page=" PAGE_ID) == 0);
        CHECK(github_find_marker(arena, hostile[i]) == NULL);
    }
    if (hostile[2] != NULL)
        check_loser(&scene, hostile[2]);
    arena_free(arena);
    return 0;
}
