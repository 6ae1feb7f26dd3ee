#include <strings.h>

#include "base/json.h"
#include "github/github_p.h"

#define BATCH_NUMBERS 50
#define BATCH_FILES   100

/* One request's part of a batch. */
struct slice {
    const int64_t *numbers; /* those that can be asked for */
    size_t n_numbers;
    struct issue ***issues; /* where to put each of them */
    struct store_file *files;
    size_t n_files;
};

static size_t
at_most(size_t n, size_t limit)
{
    return n < limit ? n : limit;
}

bool
read_issue(struct github *github, const struct query_answer *answer, struct json_object *node,
           bool keep_body, struct arena *arena, struct issue **issue, struct err *err)
{
    struct value labels;
    bool labels_cut;
    const struct identity self = {answer->viewer, &github->key};

    if (!decode_issue(node, &self, arena, issue, &labels_cut, err))
        return false;
    (*issue)->read_at = answer->read_at;
    if (field_set_has(github->selected.fields, FIELD_BODY))
        decode_body(node, keep_body, arena, *issue);
    labels = *value_of(&(*issue)->values, FIELD_LABELS);
    if (labels_cut && !labels_read(github, (*issue)->number, arena, &labels, err))
        return false;
    labels_take(github, labels, *issue, arena);
    decode_own(github, node, false, arena, *issue);
    return true;
}

bool
take_issue(const struct github *github, struct json_object *tree, const char *what,
           struct arena *arena, struct issue **issue, struct err *err)
{
    if (!decode_rest_issue(tree, arena, issue, err))
        return err_context(err, "%s", what);
    labels_take(github, *value_of(&(*issue)->values, FIELD_LABELS), *issue, arena);
    if (field_set_has(github->selected.fields, FIELD_BODY))
        decode_body(tree, true, arena, *issue);
    decode_own(github, tree, true, arena, *issue);
    return true;
}

static bool
slice_issue(struct github *github, const struct query_answer *answer, int64_t number,
            struct arena *arena, struct issue **issue, struct err *err)
{
    struct json_object *node;
    const char *here, *there;

    if (!query_node(answer, number, &node, err))
        return false;
    if (node == NULL)
        return true;
    if (!read_issue(github, answer, node, true, arena, issue, err))
        return false;
    here = json_string(answer->repository, "nameWithOwner");
    there = value_text_of(&(*issue)->values, FIELD_REPOSITORY);
    /* Transferred: it is now an issue of another repository, even if the number is the same. */
    if ((*issue)->number != number ||
        (here != NULL && there != NULL && strcasecmp(here, there) != 0))
        *issue = NULL;
    return true;
}

static bool
slice_take(struct github *github, const struct slice *slice, const struct query_answer *answer,
           struct arena *arena, struct err *err)
{
    for (size_t i = 0; i < slice->n_numbers; i++)
        if (!slice_issue(github, answer, slice->numbers[i], arena, slice->issues[i], err))
            return false;
    for (size_t i = 0; i < slice->n_files; i++) {
        struct store_file *file = &slice->files[i];
        char alias[ALIAS_SIZE];

        alias_of_object(alias, i);
        if (!json_has(answer->repository, alias))
            return err_set(err, ERR_DATA, "an answer without %s of the state", file->path);
        if (!state_file_text(github, json_get(answer->repository, alias), file->path, arena,
                             &file->text, err))
            return false;
    }
    return true;
}

/* The next part of the batch, at most limit numbers and twice as many files. */
static struct slice
slice_next(const struct github_batch *batch, size_t numbers_done, size_t files_done, size_t limit,
           struct arena *scratch)
{
    size_t left = batch->commit != NULL ? batch->n_files - files_done : 0;
    size_t n = at_most(batch->n_numbers - numbers_done, limit);
    int64_t *numbers = arena_array(scratch, n, sizeof(*numbers));
    struct issue ***issues = arena_array(scratch, n, sizeof(struct issue **));
    struct slice slice = {.numbers = numbers,
                          .issues = issues,
                          .files = batch->files + files_done,
                          .n_files = at_most(left, limit * (BATCH_FILES / BATCH_NUMBERS))};

    for (size_t i = numbers_done; i < numbers_done + n; i++) {
        batch->issues[i] = NULL;
        if (!number_askable(batch->numbers[i]))
            continue;
        numbers[slice.n_numbers] = batch->numbers[i];
        issues[slice.n_numbers++] = &batch->issues[i];
    }
    return slice;
}

static bool
slice_read(struct github *github, const struct slice *slice, const char *commit,
           struct arena *arena, struct arena *scratch, struct query_answer *answer, struct err *err)
{
    const char *what = "reading issues and what is remembered of them";
    struct json_object *variables;
    bool ok;

    if (slice->n_numbers + slice->n_files == 0)
        return true;
    variables = json_new_object();
    for (size_t i = 0; i < slice->n_files; i++) {
        char alias[ALIAS_SIZE];

        alias_of_object(alias, i);
        json_add_string(variables, alias,
                        arena_printf(scratch, "%s:%s", commit, slice->files[i].path));
    }
    if (!query_run(github, what,
                   batch_query(scratch, slice->numbers, slice->n_numbers, slice->n_files,
                               &github->selected),
                   variables, answer, err))
        return false;
    ok = slice_take(github, slice, answer, arena, err) || err_context(err, "%s", what);
    query_release(answer);
    return ok;
}

bool
github_read_batch(struct github *github, struct github_batch *batch, struct arena *arena,
                  struct err *err)
{
    struct err ignored;
    struct arena *scratch = arena_new();
    size_t limit = BATCH_NUMBERS;
    size_t numbers_done = 0;
    size_t files_done = 0;
    bool ok = true;

    if (err == NULL)
        err = &ignored;
    for (size_t i = 0; i < batch->n_files; i++)
        batch->files[i].text = NULL;
    while (ok && (numbers_done < batch->n_numbers ||
                  (batch->commit != NULL && files_done < batch->n_files))) {
        struct slice slice = slice_next(batch, numbers_done, files_done, limit, scratch);
        struct query_answer answer;

        if (slice_read(github, &slice, batch->commit, arena, scratch, &answer, err)) {
            numbers_done += at_most(batch->n_numbers - numbers_done, limit);
            files_done += slice.n_files;
        } else {
            ok = query_halve(&limit, err);
        }
    }
    arena_free(scratch);
    return ok;
}

bool
github_read_issue(struct github *github, int64_t number, struct arena *arena, struct issue **issue,
                  struct err *err)
{
    struct github_batch batch = {.numbers = &number, .n_numbers = 1, .issues = issue};

    return github_read_batch(github, &batch, arena, err);
}
