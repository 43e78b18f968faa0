"""What macOS tells of its devices: Core Audio, CoreMediaIO, AVFoundation. Not run on macOS yet."""
