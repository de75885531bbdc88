"""Photographs of codes as people take them, made by a program: the same ones every time.

`python -m tests.photos` reads all of them and says how many were read.
"""
