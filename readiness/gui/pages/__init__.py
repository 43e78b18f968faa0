"""The pages of the window, one file each; the texts of a page stand beside it."""
