#include "notion/notion_p.h"

#include <string.h>

#include "base/hash.h"

static uint64_t
page_hash(const void *entry)
{
    const struct page *page = entry;

    return hash_text(HASH_START, page->id);
}

static bool
page_equal(const void *a, const void *b)
{
    const struct page *x = a;
    const struct page *y = b;

    return strcmp(x->id, y->id) == 0;
}

void
page_set_put(struct table *set, struct page_list *list, struct page *page)
{
    static const struct table_kind kind = {page_hash, page_equal};
    struct page *found = table_find(set, &kind, page);

    if (found != NULL) {
        *found = *page;
        return;
    }
    table_add(set, &kind, page);
    vec_push(list, page);
}
