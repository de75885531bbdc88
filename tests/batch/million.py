"""How fast a manifest is read, and in how much memory: `python -m tests.batch.million`.

Ten thousand rows and a million, each in a process of its own; the second may take no more memory
than the first, but for the cache of the spool (`profiles.SPOOL_CACHE`).
"""

from __future__ import annotations

import csv
import json
import resource
import subprocess
import sys
import time
from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from secshare.batch.manifest import read_manifest
from secshare.errors import ManifestInvalid
from secshare.store.spool import Spool
from tests.batch.people import invented

SIZES = (10_000, 1_000_000)
HEADER = ("fichier", "nom", "email", "téléphone", "date de naissance", "voie")


def write(path: Path, count: int, *, wrong: bool) -> None:
    """Write a manifest of so many rows; with an error in each, or with none."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADER)
        for number in range(count):
            name, email, phone, born = invented(number)
            day = f"{born:%d/%m/%Y}"
            phone = phone[1:] if wrong else phone
            document = f"2026-11-22/resultat-{number:07d}-{'x' * 40}.pdf"
            writer.writerow((document, name, email, phone, day, "sms"))


def measured(path: Path, count: int) -> dict[str, float]:
    """Read it, and return what that took."""
    started, worked, errors = time.perf_counter(), time.process_time(), 0
    with Spool.create(path.parent) as spool:
        try:
            read = read_manifest(path, spool, region="FR", today=date(2026, 11, 22)).rows
        except ManifestInvalid as error:
            read, errors = count, int(str(error.fields["count"]))
        seconds, cpu = time.perf_counter() - started, time.process_time() - worked
        size = spool.path.stat().st_size
    return {
        "rows": read,
        "errors": errors,
        "seconds": seconds,
        "cpu_seconds": cpu,
        "rows_a_second": read / cpu,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "manifest_mb": path.stat().st_size / 1e6,
        "spool_mb": size / 1e6,
    }


def main() -> None:
    """Measure each size in a process of its own."""
    if len(sys.argv) > 2:
        print(json.dumps(measured(Path(sys.argv[1]), int(sys.argv[2]))))
        return
    with TemporaryDirectory() as folder, suppress(KeyboardInterrupt):
        for wrong in (False, True):
            for count in SIZES:
                path = Path(folder) / "manifest.csv"
                write(path, count, wrong=wrong)
                child = [sys.executable, "-m", "tests.batch.million", str(path), str(count)]
                done = subprocess.run(child, check=True, capture_output=True, text=True)
                found = json.loads(done.stdout)
                print(
                    f"{found['rows']:>9,.0f} rows, {found['errors']:>9,.0f} errors:"
                    f" {found['seconds']:6.1f} s, {found['rows_a_second']:7,.0f} rows a second of"
                    f" one processor,"
                    f" peak {found['peak_mib']:5.1f} MiB"
                    f" (manifest {found['manifest_mb']:.0f} MB, spool {found['spool_mb']:.0f} MB)"
                )


if __name__ == "__main__":
    main()
