"""What the packaged collector starts with."""

import sys

from readiness.collector.__main__ import main

sys.exit(main())
