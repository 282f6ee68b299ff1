# SPDX-License-Identifier: MIT
"""Small trees of files for tests of the checks."""

import contextlib
import tempfile
from pathlib import Path


@contextlib.contextmanager
def temporary_tree(files):
    """A folder that holds `files`, {path: text}, while the block runs."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        yield Path(folder)
