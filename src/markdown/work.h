#ifndef MARKDOWN_WORK_H
#define MARKDOWN_WORK_H

#include <stdbool.h>
#include <stddef.h>

/*
 * What the texts of one record may cost. Readers and printers take time that grows with a text's
 * length alone; what goes over texts again and again (comparing, merging, putting together) counts
 * here how many bytes it goes over. The allowance follows from the length of the texts, so the
 * same texts come to the same end on any machine.
 *
 * Once it is used up, everything comes to an end soon, and what it came to is worth nothing: ask
 * work_end before it is used. Each thread has its own count. Outside of work_begin and work_end
 * nothing is bounded.
 */

/* Texts that are longer are not worked on at all. */
#define WORK_LENGTH_MAX ((size_t)4 * 1024 * 1024)

/* length: of all the texts. */
void work_begin(size_t length);
/* Returns false where the allowance did not suffice. */
bool work_end(void);

void work_add(size_t bytes);
bool work_is_spent(void);

#endif
