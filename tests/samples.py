"""Documents of the French digital health agency, which are not ours to copy: used where they are.

The environment variable SECSHARE_SAMPLES names the folder that holds `cda/`; without it, that is
`../shared/data` beside the repository.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.tools import ROOT


def samples() -> Path:
    """Return the folder of the sample documents, there or not."""
    return Path(os.environ.get("SECSHARE_SAMPLES") or ROOT.parent / "shared" / "data")


def cda_samples() -> list[Path]:
    """Return the CDA documents with test identities; skip the test where they are absent."""
    found = sorted((samples() / "cda").glob("*.xml"))
    if not found:
        pytest.skip("the sample CDA documents are not here (SECSHARE_SAMPLES names their folder)")
    return found
