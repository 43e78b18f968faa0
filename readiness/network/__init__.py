"""Instruments: they measure the network and have no opinions."""
