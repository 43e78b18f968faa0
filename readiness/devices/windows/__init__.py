"""What Windows tells of its devices: MMDevice, the registry, device notifications. Not run on Windows yet."""
