#include "state_test.h"

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "state/record.h"
#include "state/store.h"

/* Steps of a save that touch the disk: this one kills the program, or fails; 0: none does. */
static int step_that_kills;
static int step_that_fails;
static int steps;

static bool
step_fails(void)
{
    steps++;
    if (steps == step_that_kills)
        raise(SIGKILL);
    return steps == step_that_fails;
}

/* These replace the C library's. */
int
fsync(int fd)
{
    if (step_fails())
        return -1;
    return (int)syscall(SYS_fsync, fd);
}

int
renameat(int from_root, const char *from, int to_root, const char *to)
{
    if (step_fails())
        return -1;
    return (int)syscall(SYS_renameat2, from_root, from, to_root, to, 0);
}

int
unlinkat(int root, const char *path, int flags)
{
    if (step_fails())
        return -1;
    return (int)syscall(SYS_unlinkat, root, path, flags);
}

struct place {
    struct arena *arena;
    char root[64];
    char *folder;
};

static int
place_make(void **state)
{
    struct place *place = calloc(1, sizeof(*place));

    if (place == NULL)
        return -1;
    place->arena = arena_new();
    strcpy(place->root, "/tmp/notion-sync-test-XXXXXX");
    if (mkdtemp(place->root) == NULL)
        return -1;
    place->folder = arena_printf(place->arena, "%s/deep/state", place->root);
    steps = step_that_kills = step_that_fails = 0;
    *state = place;
    return 0;
}

static int
place_delete_entry(const char *path, const struct stat *about, int kind, struct FTW *at)
{
    (void)about;
    (void)kind;
    (void)at;
    return remove(path);
}

static int
place_delete(void **state)
{
    struct place *place = *state;
    int failed = nftw(place->root, place_delete_entry, 16, FTW_DEPTH | FTW_PHYS);

    arena_free(place->arena);
    free(place);
    return failed;
}

static struct store *
open_store(struct place *place)
{
    struct store *store;
    struct err err;

    if (!store_open_folder(place->folder, place->arena, &store, &err))
        fail_msg("%s", err.text);
    return store;
}

static bool
save(struct store *store, const char *path, const char *text, struct err *err)
{
    const struct store_file file = {path, text};

    return store_save(store, &file, 1, "a message", err);
}

static void
saves(struct store *store, const char *path, const char *text)
{
    struct err err;

    if (!save(store, path, text, &err))
        fail_msg("%s", err.text);
}

static const char *
load(struct place *place, struct store *store, const char *path)
{
    struct store_file file = {path, "not filled in"};
    struct err err;

    if (!store_load(store, &file, 1, place->arena, &err))
        fail_msg("%s", err.text);
    return file.text;
}

static bool
exists(struct place *place, const char *path)
{
    return access(arena_printf(place->arena, "%s/%s", place->folder, path), F_OK) == 0;
}

static void
write_file(struct place *place, const char *path, const char *text, size_t length)
{
    FILE *file = fopen(arena_printf(place->arena, "%s/%s", place->folder, path), "we");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

/* A dry run reads, and leaves nothing behind. */
static void
test_reading_makes_nothing(void **state)
{
    struct place *place = *state;
    struct store *store = open_store(place);
    const char *const *paths;
    struct err err;
    size_t n;

    assert_null(load(place, store, STATE_CURSOR));
    assert_true(store_folder_records(store, place->arena, &paths, &n, &err));
    assert_int_equal(n, 0);
    assert_int_not_equal(access(place->folder, F_OK), 0);
}

static void
test_save_and_load(void **state)
{
    struct place *place = *state;
    struct store *store = open_store(place);
    const struct store_file saved[] = {{"records/0/12.json", "{\"a\":\"\xe2\x82\xac\"}\n"},
                                       {STATE_CURSOR, ""},
                                       {"pages/2f/x.json", NULL}};
    struct store_file loaded[] = {
        {STATE_CURSOR, NULL}, {"records/0/13.json", "x"}, {"records/0/12.json", NULL}};
    struct err err;

    assert_true(store_save(store, saved, COUNT(saved), "message", &err));
    for (int again = 0; again < 2; again++) {
        assert_true(store_load(store, loaded, COUNT(loaded), place->arena, &err));
        assert_string_equal(loaded[0].text, "");
        assert_null(loaded[1].text);
        assert_string_equal(loaded[2].text, saved[0].text);
        store = open_store(place);
    }
    assert_false(exists(place, "records/0/12.json.tmp"));
}

static void
test_save_again_and_delete(void **state)
{
    struct place *place = *state;
    struct store *store = open_store(place);

    saves(store, STATE_LOCK, "mine");
    saves(store, STATE_LOCK, "still mine, and longer");
    saves(store, STATE_LOCK, "mine again");
    assert_string_equal(load(place, store, STATE_LOCK), "mine again");
    saves(store, STATE_LOCK, NULL);
    assert_null(load(place, store, STATE_LOCK));
    saves(store, STATE_LOCK, NULL);
}

/* Of two that read the same version one saves, whatever they save. */
static void
test_two_stores(void **state)
{
    struct place *place = *state;

    for (int round = 0; round < 3; round++) {
        struct store *first = open_store(place);
        struct store *second = open_store(place);
        const char *const *paths;
        struct store_file file = {STATE_CURSOR, NULL};
        struct err err;
        size_t n;

        saves(first, STATE_LOCK, "first");
        assert_false(save(second, "records/0/1.json", "second", &err));
        test_failed(&err, ERR_CONFLICT, place->folder);
        assert_false(exists(place, "records/0/1.json"));
        assert_string_equal(load(place, first, STATE_LOCK), "first");
        assert_false(store_load(second, &file, 1, place->arena, &err));
        test_failed(&err, ERR_CONFLICT, "meanwhile");
        assert_false(store_folder_records(second, place->arena, &paths, &n, &err));
        test_failed(&err, ERR_CONFLICT, "meanwhile");
        saves(open_store(place), STATE_LOCK, NULL);
        assert_false(save(first, STATE_LOCK, "first", &err));
        test_failed(&err, ERR_CONFLICT, "meanwhile");
    }
}

static void
test_records(void **state)
{
    static const char *const expected[] = {"records/0/2.json", "records/0/12.json",
                                           "records/3/345.json"};
    static const char *const others[] = {"records/0/x.json", "records/0/012.json",
                                         "records/0/2.json.tmp", "records/1/2.json",
                                         "records/x/7.json"};
    struct place *place = *state;
    struct store *store = open_store(place);
    const char *const *paths;
    struct err err;
    size_t n;

    saves(store, STATE_CURSOR, "{}");
    assert_true(store_folder_records(store, place->arena, &paths, &n, &err));
    assert_int_equal(n, 0);
    for (size_t i = COUNT(expected); i-- > 0;)
        saves(store, expected[i], "{}");
    for (size_t i = 0; i < COUNT(others); i++)
        saves(store, others[i], "{}");
    assert_true(store_folder_records(store, place->arena, &paths, &n, &err));
    assert_int_equal(n, COUNT(expected));
    for (size_t i = 0; i < n; i++)
        assert_string_equal(paths[i], expected[i]);
}

static void
test_paths_are_checked(void **state)
{
    static const char *const paths[] = {
        "",      "/etc/passwd", "../x", "records/../../x",  "a//b", "a/",   "./a",    "generation",
        ".lock", "a/.b",        "..",   "records/./1.json", "/",    "a/..", ".lock/x"};
    struct place *place = *state;
    struct store *store = open_store(place);

    saves(store, STATE_CURSOR, "{}");
    for (size_t i = 0; i < COUNT(paths); i++) {
        const struct store_file written[] = {{"records/0/1.json", "x"}, {paths[i], "x"}};
        struct store_file read = {paths[i], NULL};
        struct err err;

        err_clear(&err);
        if (store_save(store, written, 2, "message", &err))
            fail_msg("saved: %s", paths[i]);
        test_failed(&err, ERR_STATE, "no path");
        assert_false(store_load(store, &read, 1, place->arena, &err));
        test_failed(&err, ERR_STATE, "no path");
    }
    assert_false(exists(place, "records/0/1.json"));
}

#define LONG_OLD "old: some text that is neither short nor the same as the other"
#define LONG_NEW "new: the text that comes instead of it, of quite another length, with more in it"

/* The save that is killed or fails at every step: one file new, one changed, one deleted. */
static bool
save_many(struct store *store, struct err *err)
{
    static const struct store_file files[] = {
        {"records/0/1.json", LONG_NEW},
        {"records/9/900.json", LONG_NEW},
        {STATE_LOCK, NULL},
        {STATE_CURSOR, LONG_NEW},
    };

    steps = 0;
    return store_save(store, files, COUNT(files), "message", err);
}

static void
save_before(struct store *store)
{
    steps = step_that_kills = step_that_fails = 0;
    saves(store, "records/0/1.json", LONG_OLD);
    saves(store, "records/9/900.json", NULL);
    saves(store, STATE_LOCK, LONG_OLD);
    saves(store, STATE_CURSOR, LONG_OLD);
}

/* Each file as it was or as it should become; and the cursor is
 * never ahead of what it speaks of. */
static void
assert_whole(struct place *place)
{
    static const struct {
        const char *path, *before, *after;
    } cases[] = {
        {"records/0/1.json", LONG_OLD, LONG_NEW},
        {"records/9/900.json", NULL, LONG_NEW},
        {STATE_LOCK, LONG_OLD, NULL},
        {STATE_CURSOR, LONG_OLD, LONG_NEW},
    };
    struct store *store = open_store(place);
    bool before = false;

    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *text = load(place, store, cases[i].path);
        const char *wanted = before ? cases[i].before : cases[i].after;

        if (!before && (text == NULL) != (wanted == NULL)) {
            before = true;
            wanted = cases[i].before;
        } else if (!before && text != NULL && strcmp(text, wanted) != 0) {
            before = true;
            wanted = cases[i].before;
        }
        assert_int_equal(text == NULL, wanted == NULL);
        if (text != NULL)
            assert_string_equal(text, wanted);
    }
}

/* Killed at every step: every file is whole, who read before cannot save over it, and the next pass
 * can continue. */
static void
test_killed_at_every_step(void **state)
{
    struct place *place = *state;
    bool killed = true;
    int step = 0;

    while (killed) {
        struct store *other;
        struct err err;
        int status;
        pid_t child;

        save_before(open_store(place));
        other = open_store(place);
        step++;
        child = fork();
        if (child == 0) {
            step_that_kills = step;
            _exit(save_many(open_store(place), &err) ? 0 : 1);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        killed = WIFSIGNALED(status);
        assert_true(killed ? WTERMSIG(status) == SIGKILL : WEXITSTATUS(status) == 0);
        assert_whole(place);
        if (strcmp(load(place, open_store(place), "records/0/1.json"), LONG_NEW) == 0) {
            assert_false(save(other, STATE_CURSOR, "stale", &err));
            test_failed(&err, ERR_CONFLICT, "meanwhile");
        }
    }
    assert_int_equal(step - 1, 3 + 2 + 4 + 1);
}

/* A disk that fails at any step: an error that names what and where, and the same store can try
 * again. */
static void
test_failing_at_every_step(void **state)
{
    struct place *place = *state;
    bool failed = true;
    int step;

    for (step = 1; failed; step++) {
        struct store *store = open_store(place);
        struct err err;

        save_before(store);
        step_that_fails = step;
        failed = !save_many(store, &err);
        step_that_fails = 0;
        if (failed)
            test_failed(&err, ERR_STATE, place->folder);
        assert_whole(place);
        assert_true(save_many(store, &err));
        assert_string_equal(load(place, store, STATE_CURSOR), LONG_NEW);
    }
    assert_int_equal(step - 2, 3 + 2 + 4 + 1);
}

static void
test_what_cannot_be_used(void **state)
{
    struct place *place = *state;
    struct store_file file = {"records/0/1.json", NULL};
    struct store *store;
    struct err err;

    saves(open_store(place), "records/0/1.json", "{}");
    store = open_store(place);
    assert_false(save(store, "records/0/1.json/2", "x", &err));
    test_failed(&err, ERR_STATE, "records/0/1.json/2");
    file.path = "records/0";
    assert_false(store_load(store, &file, 1, place->arena, &err));
    test_failed(&err, ERR_STATE, "state_ref");
    write_file(place, "records/1", "no folder", 9);
    assert_false(save(store, "records/1/100.json", "x", &err));
    test_failed(&err, ERR_STATE, "records/1/100.json");

    assert_false(store_open_folder("", place->arena, &store, &err));
    test_failed(&err, ERR_INPUT, "state_ref");
    place->folder = arena_printf(place->arena, "%s/records/1", place->folder);
    assert_false(store_open_folder(place->folder, place->arena, &store, &err));
    test_failed(&err, ERR_STATE, place->folder);
}

static void
test_damaged_generation(void **state)
{
    static const char *const texts[] = {"",  "x\n",  "-1\n",  "0\n",
                                        "3", "3 \n", "3\n\n", "99999999999999999999\n"};
    struct place *place = *state;

    saves(open_store(place), STATE_CURSOR, "{}");
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct store *store;
        struct err err;

        err_clear(&err);
        write_file(place, "generation", texts[i], strlen(texts[i]));
        if (store_open_folder(place->folder, place->arena, &store, &err))
            fail_msg("case %zu", i);
        test_failed(&err, ERR_STATE, "delete the folder");
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_reading_makes_nothing, place_make, place_delete),
        cmocka_unit_test_setup_teardown(test_save_and_load, place_make, place_delete),
        cmocka_unit_test_setup_teardown(test_save_again_and_delete, place_make, place_delete),
        cmocka_unit_test_setup_teardown(test_two_stores, place_make, place_delete),
        cmocka_unit_test_setup_teardown(test_records, place_make, place_delete),
        cmocka_unit_test_setup_teardown(test_paths_are_checked, place_make, place_delete),
        cmocka_unit_test_setup_teardown(test_killed_at_every_step, place_make, place_delete),
        cmocka_unit_test_setup_teardown(test_failing_at_every_step, place_make, place_delete),
        cmocka_unit_test_setup_teardown(test_what_cannot_be_used, place_make, place_delete),
        cmocka_unit_test_setup_teardown(test_damaged_generation, place_make, place_delete),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
