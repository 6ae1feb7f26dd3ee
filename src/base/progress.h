#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stddef.h>
#include <stdint.h>

/*
 * How far the work is, for people who wait for it: on a terminal one line on standard error that
 * changes, otherwise a line of the log every 15 seconds by clock_now(). It shows the current phase,
 * how much is done and how fast, how long the rest will take, and what the pass waits for.
 * Thread-safe. Before progress_start and after progress_stop nothing is shown.
 */

enum progress_mode {
    PROGRESS_LOG,  /* lines of the log */
    PROGRESS_LINE, /* a line of a terminal that is written over */
};

/* The mode for standard error as it is. */
enum progress_mode progress_mode_now(void);

/* Begins; call it after clock_init and before any thread. */
void progress_start(enum progress_mode mode);

/* Ends, and removes the terminal's line. */
void progress_stop(void);

/* Starts a phase with its name ("Reading"; own words, a literal) and the number of things to do;
 * 0: unknown. */
void progress_phase(const char *what, size_t total);

/* One more is done. */
void progress_step(void);

/* Sets what the work waits for besides answers, in own words that follow "waiting": "for …"; a
 * literal. NULL: nothing any longer. */
void progress_wait(const char *what);

/* A request to a service begins (1) or ends (-1). name lives until progress_stop. */
void progress_request(const char *name, int change);

/* A service asks to wait until clock_now() is this. name as above. */
void progress_hold(const char *name, int64_t until);

/* Shows what is due. Code that waits calls it now and then: the clock's sleepers do. */
void progress_tick(void);

/* Removes the terminal's line until the next tick, because something else is about to be
 * written. */
void progress_hide(void);

#endif
