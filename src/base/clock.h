#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

/*
 * This machine's time, in milliseconds. It serves waiting, ageing and deadlines only: times that
 * are stored or compared with the services' come from their Date headers.
 *
 * If the environment variable NOTION_SYNC_CLOCK names a file of 8 bytes (little-endian milliseconds
 * since the epoch), that file is the clock, and sleeping moves it forward instead of waiting. Tests
 * use this to let hours pass.
 */

struct err;

/* Reads the environment; call once, before any thread is started. Fails if the file cannot be
 * used. */
MUST_USE bool clock_init(struct err *err);

/* The time now. It never goes back and may start at any value. */
int64_t clock_now(void);

/* Milliseconds since the epoch by this machine's clock, for things that outlive the process
 * (ages in the receiver's spool) and for the claims of a GitHub App. It may jump. */
int64_t clock_wall(void);

/* Real time since some moment, even if a test has its own clock: measures how long others take. */
int64_t clock_real(void);

/* True if the clock is a test's file: real waiting must then be short. */
bool clock_is_virtual(void);

/* clock_interrupt asks sleepers to wake up and not to sleep again (async-signal-safe).
 * clock_interrupted returns whether that was asked for. clock_resume lets them sleep again, so that
 * the pass can still save in order. */
void clock_interrupt(void);
bool clock_interrupted(void);
void clock_resume(void);

/* A descriptor that is readable while an interruption is asked for: for loops that wait for more
 * than time. */
int clock_interrupt_fd(void);

/* Sleeps until clock_now() >= deadline. Returns false if it was interrupted before. */
bool clock_sleep_until(int64_t deadline);

/* From now on sleepers call tick every so many ms of their sleep, in their own thread; 0: no
 * longer. Call it while no thread sleeps. */
void clock_on_sleep(int64_t every, void (*tick)(void));

/* How far this process's sleepers have moved a virtual clock forward, in ms; 0 if the clock is
 * real. To measure how long something else takes, read clock_now() first and subtract this. */
int64_t clock_slept(void);

/* Milliseconds since the epoch <-> "2026-03-11T09:00:00.000Z" (RFC 3339; reading takes fractions
 * of any length, Z and offsets) and reading an HTTP date (RFC 9110, 5.6.7: IMF-fixdate). Readers
 * return false for anything else; writing stays within the years 0 to 9999. */
#define CLOCK_TEXT_SIZE 32
void clock_format(int64_t time, char text[CLOCK_TEXT_SIZE]);
MUST_USE bool clock_parse(const char *text, int64_t *time);
MUST_USE bool clock_parse_http(const char *text, int64_t *time);

#endif
