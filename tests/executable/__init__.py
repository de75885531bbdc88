"""The single-file `secshare-open`, as `.ci/executable` builds it."""
