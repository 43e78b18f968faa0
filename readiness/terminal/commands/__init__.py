"""Commands in groups of their own, read by typer; what they do is loaded only when one is given."""
