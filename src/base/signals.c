#include "base/signals.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"

static volatile sig_atomic_t signals_last;
static const char *signals_words;

static void
signals_on(int number)
{
    int kept = errno;

    if (signals_last != 0)
        _exit(SIGNALS_EXIT + number);
    signals_last = number;
    (void)!write(STDERR_FILENO, signals_words, strlen(signals_words));
    clock_interrupt();
    errno = kept;
}

void
signals_catch(const char *words)
{
    struct sigaction action = {.sa_handler = signals_on};

    signals_words = words;
    /* One after the other, even if both arrive at once. */
    sigaddset(&action.sa_mask, SIGINT);
    sigaddset(&action.sa_mask, SIGTERM);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
}

int
signals_caught(void)
{
    return signals_last;
}

void
process_guard(void)
{
    const struct rlimit none = {0};

    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0);
    unsetenv("SSLKEYLOGFILE");
}
