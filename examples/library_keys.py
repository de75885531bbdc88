"""Seal to keys: a colleague who has one needs no words, and one file may open for several people.

Run it with a folder to work in: `python library_keys.py FOLDER`.
"""

import sys
from pathlib import Path

from secshare import age, errors

folder = Path(sys.argv[1])
export = folder / "export.csv"
export.write_bytes(b"pseudonyme;valeur\r\nP1000;5,4\r\n")

# Each person draws an identity at home and gives only the recipient away. The hybrid kind holds
# against a quantum computer built later: ML-KEM-768 together with X25519.
laboratory = age.HybridIdentity.generate()
registry = age.HybridIdentity.generate()
recipients = [age.parse_recipient(str(identity.recipient())) for identity in (laboratory, registry)]
assert str(recipients[0]).startswith("age1pq1")

# Paths: written beside, synced, renamed. A failure or a killed process leaves no half file.
sealed = folder / "export.csv.age"
age.encrypt_file(export, sealed, recipients)

for name, identity in (("laboratory", laboratory), ("registry", registry)):
    opened = folder / f"{name}.csv"
    age.decrypt_file(sealed, opened, [identity])
    assert opened.read_bytes() == export.read_bytes()
    print(f"opened by the {name}")

with sealed.open("rb") as file:
    print("for", ", ".join(age.inspect(file).stanzas))

try:
    age.decrypt_file(sealed, folder / "nobody.csv", [age.X25519Identity.generate()])
except errors.IdentityMismatch as error:
    print("somebody else:", error)
assert not (folder / "nobody.csv").exists()
