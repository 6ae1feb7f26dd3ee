#!/bin/sh
# exec: the program is process 1 and gets the signals itself.
exec /usr/local/bin/notion-sync "$@"
