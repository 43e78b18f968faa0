"""The vocabulary and the rules; imports nothing else of the project."""
