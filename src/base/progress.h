#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stddef.h>
#include <stdint.h>

/*
 * How far the work is, for people who wait for it: on a terminal one line on standard error that
 * changes, otherwise a line of the log every 15 seconds by clock_now(). It says what is being done,
 * how much of it is, how fast that goes, how long it will take, and what is waited for.
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

/* Ends; takes the terminal's line away. */
void progress_stop(void);

/* What is done from now on ("Reading"; own words, a literal), and how many things there are to do;
 * 0: nobody knows. */
void progress_phase(const char *what, size_t total);

/* One more is done. */
void progress_step(void);

/* What the work waits for besides answers, in own words that follow "waiting": "for …"; a literal.
 * NULL: for nothing any more. */
void progress_wait(const char *what);

/* A request to a service begins (1) or ends (-1). name lives until progress_stop. */
void progress_request(const char *name, int change);

/* A service asks to wait until clock_now() is this. name as above. */
void progress_hold(const char *name, int64_t until);

/* Shows what is due. Whoever waits calls it now and then: sleepers of the clock do. */
void progress_tick(void);

/* Takes the terminal's line away until the next tick: something else is about to be written. */
void progress_hide(void);

#endif
