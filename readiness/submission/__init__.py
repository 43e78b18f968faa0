"""Reports on their way to IT: kept first, then sent."""
