"""Addresses and numbers as they are shown when only recognising them matters."""

from __future__ import annotations

from typing import Final

from secshare.recipients.names import reads_as_nir

__all__ = ["is_mssante", "is_patient_mssante", "masked_email", "masked_phone", "shown_email"]

# The secure mail of French health care. `<number>@patient.mssante.fr`: the part before the @ is
# the social-security number (ANS, MSSanté).
_DOMAIN: Final = "mssante.fr"
_PATIENT_DOMAIN: Final = "patient.mssante.fr"


def is_mssante(email: str) -> bool:
    """Return whether an address belongs to MSSanté, which ordinary mail does not reach."""
    return _under(email, _DOMAIN)


def is_patient_mssante(email: str) -> bool:
    """Return whether an address is a patient's MSSanté mailbox, and so holds their number."""
    return _under(email, _PATIENT_DOMAIN)


def masked_email(email: str) -> str:
    """Return `j***@orange.fr`, and nothing of a name that is a social-security number."""
    local, _, domain = email.rpartition("@")
    return f"***@{domain}" if _is_number(email) else f"{local[:1]}***@{domain}"


def shown_email(email: str) -> str:
    """Return an address to read aloud: whole, but for one that is a social-security number."""
    return masked_email(email) if _is_number(email) else email


def masked_phone(phone: str) -> str:
    """Return `** ** ** ** 78`: the last two digits, and not even how many came before."""
    return f"** ** ** ** {phone[-2:]}"


def _is_number(email: str) -> bool:
    return is_patient_mssante(email) or reads_as_nir(email.rpartition("@")[0])


def _under(email: str, domain: str) -> bool:
    host = email.rpartition("@")[2].lower().rstrip(".")
    return host == domain or host.endswith(f".{domain}")
