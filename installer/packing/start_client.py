"""What the packaged program starts with."""

import sys

from readiness.__main__ import main

sys.exit(main())
