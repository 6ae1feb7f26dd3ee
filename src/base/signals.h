#ifndef BASE_SIGNALS_H
#define BASE_SIGNALS_H

/* Ends the program on request, in order: SIGINT and SIGTERM interrupt the clock's sleepers
 * (base/clock.h), and the program ends when it has saved its work. A second signal ends the
 * process at once. */

/* If a signal ends a process, its exit status is this plus the signal's number (POSIX shell,
 * 2.8.2). */
#define SIGNALS_EXIT 128

/* Starts handling signals. SIGPIPE is ignored, so that writing into a closed pipe is an ordinary
 * error. The first signal writes the words to standard error at once; they must live as long as
 * the process. */
void signals_catch(const char *words);

/* The signal that arrived, 0: none. */
int signals_caught(void);

/* Keeps the tokens inside the process's memory: a crash leaves no core file, other programs of
 * the same user can neither trace the process nor read its memory and variables, and
 * SSLKEYLOGFILE does not make a library write down the keys of its connections. Call it first. */
void process_guard(void);

#endif
