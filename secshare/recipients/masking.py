"""Addresses and numbers as they are shown when only recognising them matters."""

from __future__ import annotations

from typing import Final

from secshare.recipients.names import reads_as_nir

__all__ = ["masked_email", "masked_phone"]

# `<number>@patient.mssante.fr`: the part before the @ is the social-security number (ANS, MSSanté).
_PATIENT_DOMAIN: Final = "patient.mssante.fr"


def masked_email(email: str) -> str:
    """Return `j***@orange.fr`, and nothing of a name that is a social-security number."""
    local, _, domain = email.rpartition("@")
    host = domain.lower().rstrip(".")
    if host == _PATIENT_DOMAIN or host.endswith(f".{_PATIENT_DOMAIN}") or reads_as_nir(local):
        return f"***@{domain}"
    return f"{local[:1]}***@{domain}"


def masked_phone(phone: str) -> str:
    """Return `** ** ** ** 78`: the last two digits, and not even how many came before."""
    return f"** ** ** ** {phone[-2:]}"
