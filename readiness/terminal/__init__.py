"""The terminal: what each command does and prints. `commands/` reads what was typed; `readiness/cli.py` assembles."""
