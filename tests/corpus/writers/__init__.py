"""Documents as files: one module a format, each in the ways that real programs write it."""
