"""Mötesklar tells whether this computer can join web meetings, and what to do if not."""

__version__ = "0.1.0"
