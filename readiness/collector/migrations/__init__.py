"""Every change of the tables, in order. Applied when the collector starts."""

NEWEST = "0006"
"""The revision that this version of the program works with."""
