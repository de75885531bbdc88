"""A labelled corpus of documents that a practice seals, for the right person and for the wrong one.

`python -m tests.corpus` builds it from a seed, runs the preflight over it, and prints recall and
false stops by rule and by format. Everybody in it is invented: surnames that nobody bears, numbers
of a commune 999, telephones and a bank kept for fiction. The documents are written as the programs
of practices, laboratories and hospitals print them, not as the readers of `secshare.preflight`
would like them: nothing here looks at how those work.
"""
