#ifndef BASE_SIGNALS_H
#define BASE_SIGNALS_H

/* Ending on request, in order: SIGINT and SIGTERM interrupt the clock's sleepers (base/clock.h),
 * and the program ends when it has saved what was done. A second one ends the process at once. */

/* The exit status of a process that a signal ended is this and the signal's number (POSIX shell,
 * 2.8.2). */
#define SIGNALS_EXIT 128

/* From now on; SIGPIPE is ignored, so that writing into a closed pipe is an error like others. The
 * first signal writes the words to standard error at once; they live as long as the process. */
void signals_catch(const char *words);

/* The signal that came, 0: none. */
int signals_caught(void);

/* What keeps the tokens in the process's memory there: a crash leaves no core file, other programs
 * of the same user can neither trace it nor read its memory and variables, and SSLKEYLOGFILE makes
 * nobody write down the keys of its connections. Call it first of all. */
void process_guard(void);

#endif
