#include "report/report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "report/report_p.h"

#define REPORT_NAME "notion-sync-report.json"
#define PLAIN_SIZE  ((size_t)16 * 1024 * 1024)

static bool
write_all(int fd, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, text, length);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        text += written;
        length -= (size_t)written;
    }
    return true;
}

MUST_USE static bool
append_file(const char *path, const char *text, struct err *err)
{
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    bool written;
    int why;

    if (fd < 0)
        return err_set(err, ERR_INPUT, "open %s: %s", path, strerror(errno));
    written = write_all(fd, text, strlen(text));
    why = errno;
    if (close(fd) != 0 && written) {
        written = false;
        why = errno;
    }
    return written || err_set(err, ERR_INPUT, "write %s: %s", path, strerror(why));
}

/* Later steps run as a different user than the container. Elsewhere only the owner can read the
 * report. */
static bool
fill_file(int fd, const struct pass_report *report)
{
    FILE *out = fdopen(fd, "w");
    bool good;

    if (out == NULL) {
        close(fd);
        return false;
    }
    report_json_print(out, report);
    good = !ferror(out);
    if (good && report->config->in_actions)
        good = fchmod(fd, 0644) == 0;
    return fclose(out) == 0 && good;
}

/* Writes the JSON report and returns the name of the file; NULL if it fails. If somebody else's
 * file or folder has the usual name (in a shared /tmp anyone may make one), uses a name that
 * nobody could foresee. Links are replaced, not followed. */
MUST_USE static const char *
write_json(struct arena *arena, const struct pass_report *report)
{
    char *path = arena_printf(arena, "%s/" REPORT_NAME, report->config->temp_folder);
    char *temporary = arena_printf(arena, "%s.XXXXXX", path);
    int fd = mkstemp(temporary);
    const char *does = "create";

    if (fd >= 0) {
        does = "write";
        errno = 0;
        if (fill_file(fd, report))
            return rename(temporary, path) == 0 ? path : temporary;
    }
    log_warning("the JSON report is missing: %s %s: %s (RUNNER_TEMP names its folder)", does, path,
                strerror(errno));
    if (fd >= 0)
        unlink(temporary);
    return NULL;
}

static void
print_plain(const struct pass_report *report)
{
    bool colour = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL;
    struct buf out;

    buf_init(&out, PLAIN_SIZE);
    report_plain(&out, report, colour);
    fputs(buf_text(&out), stdout);
    if (fflush(stdout) != 0)
        log_warning("the summary could not be printed: %s", strerror(errno));
    buf_release(&out);
}

void
report_add_summary(const char *path, const char *text)
{
    struct err err;

    if (!append_file(path, text, &err))
        log_warning("the job summary is missing: %s", err.text);
}

void
report_write(const struct pass_report *report)
{
    const struct config *config = report->config;
    struct arena *arena = arena_new();
    /* Outside Actions bad inputs are reported to the person who typed them, and there is no
     * report. */
    bool typed = report->problems.n > 0 && !config->in_actions;
    const char *path = typed ? NULL : write_json(arena, report);
    struct err err = {0};

    if (config->output_file != NULL &&
        !append_file(config->output_file, report_outputs(arena, report, path), &err))
        log_warning("the step's outputs are missing: %s", err.text);
    if (config->json) {
        report_json_print(stdout, report);
        if (fflush(stdout) != 0)
            log_warning("the report could not be printed: %s", strerror(errno));
    }
    if (config->summary_file == NULL && !config->json && !typed)
        print_plain(report);
    if (config->summary_file != NULL)
        report_add_summary(config->summary_file, report_summary(arena, report));
    report_log(report);
    arena_free(arena);
}

char *
report_outputs(struct arena *arena, const struct pass_report *report, const char *report_path)
{
    struct report_counts counts = report_count(report);
    struct buf out;

    buf_init(&out, (size_t)64 * 1024);
    for (size_t i = 0; i < n_count_kinds; i++)
        if (count_kinds[i].is_output)
            buf_printf(&out, "%s=%zu\n", count_kinds[i].name, count_of(&counts, &count_kinds[i]));
    buf_printf(&out, "changed=%s\n", counts.changed ? "true" : "false");
    /* A line break in a value would add another line, and a line without "=" fails the step. */
    for (const char *c = report_path; report_path != NULL && *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            report_path = NULL;
    buf_printf(&out, "report=%s\n", report_path != NULL ? report_path : "");
    return buf_take(&out, arena);
}
