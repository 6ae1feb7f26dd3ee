#include "base/log.h"
#include "gather/gather_p.h"
#include "github/github.h"

void
gather_event(struct gather *gather)
{
    struct github_event event;
    struct err err;

    if (gather->config->event_file == NULL)
        return;
    if (!github_read_event(gather->config->event_file, gather->overview.repository, gather->arena,
                           &event, &err)) {
        log_warning("%s: the run continues without it", err.text);
        return;
    }
    gather->deleted = event.deleted;
    for (size_t i = 0; i < event.n_numbers; i++)
        world_issue(gather->world, event.numbers[i])->focus = true;
    for (size_t i = 0; i < event.n_pages; i++)
        world_page(gather->world, event.pages[i])->focus =
            world_page(gather->world, event.pages[i])->named = true;
}
