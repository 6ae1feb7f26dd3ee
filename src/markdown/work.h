#ifndef MARKDOWN_WORK_H
#define MARKDOWN_WORK_H

#include <stdbool.h>
#include <stddef.h>

/*
 * How much work the texts of one record may take. The time of readers and printers depends only on
 * a text's length. Code that reads texts repeatedly (to compare, merge, or join them) counts here
 * how many bytes it reads. The allowance depends on the length of the texts, so the same texts have
 * the same result on any machine.
 *
 * After the allowance is used up, all work ends soon and its result is unusable: call work_end
 * before you use a result. Each thread has its own count. Outside of work_begin and work_end
 * nothing is limited.
 */

/* Longer texts are not processed at all. */
#define WORK_LENGTH_MAX ((size_t)4 * 1024 * 1024)

/* length: of all the texts. */
void work_begin(size_t length);
/* Returns false if the allowance was not enough. */
bool work_end(void);

void work_add(size_t bytes);
bool work_is_spent(void);

#endif
