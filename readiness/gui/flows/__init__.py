"""The ways through the window: each connects a few pages with the session."""
