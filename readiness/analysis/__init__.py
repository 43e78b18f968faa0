"""Arrays in, figures with units out; no devices, no opinions."""
