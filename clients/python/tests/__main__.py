"""All tests, and a closing line of how many passed."""

import sys
import unittest
from pathlib import Path

folder = Path(__file__).parent
suite = unittest.defaultTestLoader.discover(str(folder), top_level_dir=str(folder.parent))
result = unittest.TextTestRunner(verbosity=2).run(suite)
failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
skipped = len(result.skipped)
print(f"{result.testsRun - failed - skipped} passed, {failed} failed, {skipped} skipped", flush=True)
sys.exit(0 if result.wasSuccessful() and result.testsRun else 1)
