#include "state/store.h"

bool
store_load(struct store *store, struct store_file *files, size_t n, struct arena *arena,
           struct err *err)
{
    return store->load(store, files, n, arena, err);
}

bool
store_save(struct store *store, const struct store_file *files, size_t n, const char *message,
           struct err *err)
{
    return store->save(store, files, n, message, err);
}

bool
store_restart(struct store *store, const struct store_file *files, size_t n, const char *message,
              struct err *err)
{
    return store->restart(store, files, n, message, err);
}
