"""``python -m phasor``."""

import sys

from .command import main

sys.exit(main())
