#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

#include "base/attr.h"

/*
 * The log on standard error and the workflow commands on standard output. Both are read by the
 * Actions runner, which obeys "::command::" at the start of a line and "##[command]" anywhere in
 * one: every message is one line and is disarmed, so text from issues and pages can be logged as it
 * is. Messages carry no newline. Thread-safe.
 * Source: actions/runner, ActionCommand.cs; docs.github.com, "Workflow commands".
 */
enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

/* The runner shows ten annotations of a kind. The tenth says how many more there are; those are
 * in the log as lines (log_end). */
#define LOG_ANNOTATIONS 9

/* Messages above the level are dropped (default: LOG_INFO). commands: whether errors, warnings and
 * notices become workflow commands (annotations) instead; true in Actions. Call it before any
 * thread. */
void log_init(enum log_level level, bool commands);
bool log_wants(enum log_level level);

/* Sets a function that is called before each line is written; NULL: none. */
void log_before(void (*clear)(void));

/* From now on workflow commands go to standard error as well (the runner reads both), because
 * something else uses standard output. */
void log_leave_stdout(void);

/* Counts the annotations that were not shown. Call it once, at the end. */
void log_end(void);

/* Makes every later message show "***" in place of the secret, and in Actions tells the runner to
 * do the same. */
void log_secret(const char *secret);

/* Ends that for a secret that is no longer valid. If it was registered several times, each
 * registration must be ended. */
void log_forget(const char *secret);

/* Overwrites the secrets in a text with "***", for text that goes elsewhere than to the log. */
void log_redact(char *text);

void log_error(const char *format, ...) PRINTF_LIKE(1, 2);
void log_warning(const char *format, ...) PRINTF_LIKE(1, 2);
void
log_notice(const char *format, ...) PRINTF_LIKE(1, 2); /* an annotation that is not a problem */
void log_info(const char *format, ...) PRINTF_LIKE(1, 2);
void log_debug(const char *format, ...) PRINTF_LIKE(1, 2);

#endif
