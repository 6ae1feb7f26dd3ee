#!/bin/sh
# exec: the program is process 1 and gets the signals itself.
if [ "${1:-}" = webhook ]; then
    shift
    exec /usr/local/bin/notion-sync-webhook "$@"
fi
exec /usr/local/bin/notion-sync "$@"
