"""The machine's own parts, behind the Protocols of `ports`."""
