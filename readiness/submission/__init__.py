"""Sending reports: a durable queue on disk, and the way to IT's collector."""
