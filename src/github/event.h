#ifndef GITHUB_EVENT_H
#define GITHUB_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"

/*
 * What the event that started the workflow tells: whom to look at whatever the cursor and Notion's
 * queries say. It is a hint: everything is read anew, and a deletion still has to be proved.
 * Source: docs.github.com, "Webhook events and payloads"; the pages of a repository_dispatch stand
 * in client_payload.pages.
 */
struct github_event {
    const int64_t *numbers;
    size_t n_numbers;
    const char *const *pages; /* ids in Notion's form */
    size_t n_pages;
    int64_t deleted; /* the issue that was deleted, it says; 0: none */
};

/* Reads the payload in a file (GITHUB_EVENT_PATH). repository: "owner/name" whose numbers count;
 * what happened elsewhere is no hint. Fails with ERR_DATA where the file cannot be read or is no
 * event; the pass goes on without it. */
MUST_USE bool github_read_event(const char *path, const char *repository, struct arena *arena,
                                struct github_event *event, struct err *err);

#endif
