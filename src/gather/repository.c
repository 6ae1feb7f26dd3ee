#include <string.h>

#include "base/log.h"
#include "base/utf8.h"
#include "gather/gather_p.h"
#include "model/issue_url.h"

void
gather_bind_repository(struct gather *gather, const struct schema *schema,
                       const struct binding *binding)
{
    const char *name = gather->overview.repository;

    if (name == NULL)
        return;
    notion_bind_repository(gather->notion, name,
                           binding->id != NULL &&
                               (!notion_makes_options(binding->type) ||
                                property_option(schema_find(schema, binding->name), name) != NULL));
}

/* The name of the other repository that the row belongs to. */
static const char *
foreign_name(const struct gather *gather, const struct page *page, int64_t *number)
{
    const char *name = NULL;

    if (!page->foreign_by_url)
        return value_of(&page->values, FIELD_REPOSITORY)->text;
    return issue_url_read(gather->arena, value_of(&page->values, FIELD_URL)->text, &name, number)
               ? name
               : "";
}

bool
gather_check_foreign(struct gather *gather, struct page *page, struct err *err)
{
    const struct value asked = value_set(gather->foreign.items, gather->foreign.len);
    const char *shown;
    const char *now;
    int64_t number = 0;

    if (!page->foreign ||
        (!page->foreign_by_url && world_page(gather->world, page->id)->linked == 0))
        return true;
    shown = foreign_name(gather, page, &number);
    if (!notion_is_repository(gather->notion, shown)) {
        if (value_has(&asked, shown))
            return true;
        if (!github_repository_name(gather->github, shown, gather->arena, &now, err))
            return false;
        if (now == NULL || utf8_casecmp(now, gather->overview.repository) != 0) {
            small_push(&gather->foreign, gather->arena, shown);
            return true;
        }
        log_info("%s is now called %s: its pages are kept", shown, now);
        notion_also_repository(gather->notion, shown);
    }
    page->foreign = page->foreign_by_url = false;
    page->named = number;
    return true;
}

bool
gather_see_pages(struct gather *gather, const struct page_list *pages, bool focus, struct err *err)
{
    for (size_t i = 0; i < pages->len; i++) {
        const struct page *page = pages->items[i];
        struct page own = *page;

        if (page->foreign && !gather_check_foreign(gather, &own, err))
            return false;
        if (page->foreign)
            world_see_page(gather->world, &own);
        else
            world_see_packed_page(gather->world, page);
        if (focus)
            world_page(gather->world, page->id)->focus = true;
    }
    return true;
}
