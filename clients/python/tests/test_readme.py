"""The pages' blocks run as they stand there, one behind the other."""

import contextlib
import io
import os
import re
import tempfile
import unittest
from pathlib import Path

from .service import SPEECH, URL

ROOT = Path(__file__).parents[3]


class ReadmeTest(unittest.TestCase):
    def printed(self, blocks):
        before = os.getcwd()
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as printed:
            Path(folder, "speech.wav").symlink_to(SPEECH)
            Path(folder, "examples").symlink_to(ROOT / "examples")
            os.chdir(folder)
            try:
                names = {"__name__": "readme"}
                for block in blocks:
                    exec(compile(block.replace("http://127.0.0.1:8080", URL), "README.md", "exec"), names)
            finally:
                os.chdir(before)
        return printed.getvalue(), names

    def test_the_client(self):
        blocks = re.findall("```python\n(.*?)```", (ROOT / "clients/python/README.md").read_text(), re.DOTALL)
        with_torch = [block for block in blocks if "import torch" in block]
        printed, names = self.printed(block for block in blocks if block not in with_torch)
        names["client"].close()
        self.assertIn("(513, 444) True", printed)
        self.assertIn("[(1025, 222), (1025, 222)]", printed)
        try:
            import torch  # noqa: F401
        except ImportError:
            self.skipTest("torch is not installed: the block of PyTorch was not run")
        _, names = self.printed(blocks)
        names["client"].close()
        self.assertTrue(names["torch"].isfinite(names["torch"].view_as_real(names["leaf"].grad)).all())

    def test_the_project(self):
        page = (ROOT / "README.md").read_text()
        block = re.search("### With the package.*?```python\n(.*?)```", page, re.DOTALL)
        printed, names = self.printed([block.group(1)])
        names["client"].close()
        self.assertRegex(printed, r"^\(513, 444\) -[0-9.]+ True\n$")


if __name__ == "__main__":
    unittest.main()
