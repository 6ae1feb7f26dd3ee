#ifndef GITHUB_EVENT_H
#define GITHUB_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"

/*
 * What the event that started the workflow reports: the issues and pages to look at, whatever the
 * cursor and Notion's queries say. It is a hint: everything is read again, and a deletion still has
 * to be proved. Source: docs.github.com, "Webhook events and payloads"; the pages of a
 * repository_dispatch are in client_payload.pages.
 */
struct github_event {
    const int64_t *numbers;
    size_t n_numbers;
    const char *const *pages; /* ids in Notion's form */
    size_t n_pages;
    int64_t deleted; /* the issue that the event reports as deleted; 0: none */
};

/* Reads the payload in a file (GITHUB_EVENT_PATH). repository: the "owner/name" whose numbers to
 * take; events of other repositories give no hint. Fails with ERR_DATA if the file cannot be read
 * or is not an event; the pass continues without it. */
MUST_USE bool github_read_event(const char *path, const char *repository, struct arena *arena,
                                struct github_event *event, struct err *err);

#endif
