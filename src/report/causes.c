#include "report/report_p.h"

#include <ctype.h>
#include <string.h>

#include "base/hash.h"

/* The most reasons to compare: beyond that, each failure is listed by itself. */
#define CAUSES_COMPARED ((size_t)200)
#define OTHERS_SHOWN    ((size_t)20)

/* The hash of an error without the ids and numbers in it, so that it does not depend on which
 * record failed. */
static uint64_t
hash_of(const char *text)
{
    static const char id[] = "0123456789abcdefABCDEF-";
    uint64_t hash = HASH_START;

    while (*text != '\0') {
        size_t length = strspn(text, id);
        size_t digits = 0;

        for (size_t i = 0; i < length; i++)
            digits += isdigit((unsigned char)text[i]) != 0;
        if (length == 0 || digits == 0)
            length = length > 0 ? length : 1;
        if (digits == 0)
            hash = hash_bytes(hash, text, length);
        text += length;
    }
    return hash;
}

size_t
report_causes(const struct pass_report *report, struct arena *arena, struct cause **causes)
{
    const struct result_list *results = &report->results;
    size_t n = 0;

    *causes = arena_array(arena, results->len, sizeof(**causes));
    for (size_t i = 0; i < results->len; i++) {
        const struct result *result = results->items[i];
        struct cause *like;
        uint64_t hash;

        if (result->done != DONE_FAILED)
            continue;
        hash = hash_of(result->err.text);
        like = NULL;
        for (size_t k = n > CAUSES_COMPARED ? n - CAUSES_COMPARED : 0; k < n && like == NULL; k++)
            if ((*causes)[k].hash == hash)
                like = &(*causes)[k];
        if (like == NULL) {
            like = &(*causes)[n++];
            *like = (struct cause){.first = result, .hash = hash};
            continue;
        }
        if (like->n_others < OTHERS_SHOWN) {
            if (like->others == NULL)
                like->others = arena_array(arena, OTHERS_SHOWN, sizeof(*like->others));
            like->others[like->n_others] = result;
        }
        like->n_others++;
    }
    return n;
}

void
report_put_others(struct buf *out, const struct cause *cause, enum quoting how)
{
    size_t shown = cause->n_others < OTHERS_SHOWN ? cause->n_others : OTHERS_SHOWN;

    if (cause->n_others == 0)
        return;
    buf_printf(out, " (and %zu more for the same reason: ", cause->n_others);
    for (size_t i = 0; i < shown; i++) {
        buf_str(out, i > 0 ? ", " : "");
        report_subject(out, cause->others[i], how);
    }
    buf_str(out, shown < cause->n_others ? ", …)" : ")");
}
