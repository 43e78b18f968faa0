"""What Linux tells of its devices: PulseAudio or PipeWire, ALSA, V4L2, /proc and /sys."""
