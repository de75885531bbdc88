"""Hosts of common providers, so that `gmial.com` is seen for what it is.

Source: the access providers of France and its overseas territories, present and former, whose
addresses live on; La Poste; the services that everybody has heard of; completed from the public
list of popular domains of the Mailcheck project. A host of this list is never asked about, however
near another of them it is (gmail.com and ymail.com, gmx.fr and gmx.de).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from secshare.recipients.skeleton import core_and_ending, latin, pretends, skeleton

__all__ = ["PROVIDERS", "imitated"]

_COUNTRIES: Final = ("com", "fr", "be", "ch", "ca", "co.uk", "de", "es", "it", "nl", "lu", "pt")

# The most common first: a host that is near two of them is said to be like the first.
_FIRST: Final = (
    "gmail.com orange.fr wanadoo.fr free.fr sfr.fr laposte.net icloud.com neuf.fr bbox.fr"
)
_FRANCE: Final = """
    numericable.fr numericable.com club-internet.fr cegetel.net aliceadsl.fr noos.fr voila.fr
    9online.fr 9business.fr libertysurf.fr tele2.fr infonie.fr freesbee.fr worldonline.fr online.fr
    evhr.net estvideo.fr nordnet.fr akeonet.com sosh.fr mailo.com mailo.fr netcourrier.com netc.fr
    netc.eu net-c.fr net-c.com mail.fr caramail.com caramail.fr lilo.org mailoo.org dbmail.com ik.me
"""
_OVERSEAS: Final = "mediaserv.net only.fr zeop.re canl.nc lagoon.nc nautile.nc mls.nc mail.pf"
_WORLD: Final = """
    googlemail.com me.com mac.com msn.com ymail.com rocketmail.com gmx.fr gmx.com gmx.net gmx.de
    gmx.at gmx.ch aol.com aol.fr aol.de mail.com email.com web.de proton.me protonmail.com
    protonmail.ch pm.me tutanota.com tutanota.de tuta.io tuta.com posteo.net posteo.de zoho.com
    zoho.eu fastmail.com fastmail.fm hey.com inbox.com t-online.de freenet.de mail.ru list.ru bk.ru
    inbox.ru yandex.com yandex.ru ya.ru rambler.ru qq.com 163.com 126.com naver.com att.net
    comcast.net verizon.net sbcglobal.net bellsouth.net yahoo.com.br yahoo.co.jp yahoo.co.in
    yahoo.gr yahoo.ie yahoo.ro yahoo.pl riseup.net
"""
_NEIGHBOURS: Final = """
    skynet.be telenet.be proximus.be voo.be scarlet.be bluewin.ch hispeed.ch sunrise.ch vtxnet.ch
    pt.lu internet.lu sympatico.ca videotron.ca bell.net btinternet.com sky.com libero.it
    virgilio.it alice.it tiscali.it tin.it sapo.pt telefonica.net
"""
_STATE: Final = "patient.mssante.fr"

PROVIDERS: Final = (
    *_FIRST.split(),
    *(
        f"{name}.{ending}"
        for ending in _COUNTRIES
        for name in ("hotmail", "yahoo", "outlook", "live")
    ),
    *f"{_FRANCE} {_OVERSEAS} {_WORLD} {_NEIGHBOURS} {_STATE}".split(),
)

# Companies whose own host is one letter from a provider's: an insurer, a broker, an optician ...
_GENUINE: Final = frozenset(("gmf.fr", "aon.com", "atol.fr", "ge.com"))

_KNOWN: Final = frozenset(PROVIDERS) | _GENUINE
_SHORTEST: Final = 3
"""Letters of a provider's name for which another ending says something: `qq.fr` says nothing."""

_MOST: Final = 4096
"""Hosts remembered: a directory of 20,000 people has some hundreds."""


@lru_cache(maxsize=_MOST)
def imitated(host: str) -> str | None:
    """Return the common provider that a host may be a slip or a mask of, None where it is none.

    A host that mixes scripts, or passes for a Latin one, is a mask of whatever it reads as, be that
    a provider or not.

    Args:
        host: in lower case, IDNA decoded.
    """
    from rapidfuzz.distance import OSA

    if host in _KNOWN:
        return None
    if found := _skeletons().get(_flat(host)):
        return found
    core, ending = core_and_ending(host)
    if ending and (found := _names().get(_flat(core))):
        return found
    for provider in PROVIDERS:
        if OSA.distance(host, provider, score_cutoff=1) <= 1:
            return provider
    return latin(host) if pretends(host) else None


@lru_cache(maxsize=1)
def _skeletons() -> dict[str, str]:
    return {_flat(provider): provider for provider in reversed(PROVIDERS)}


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    named = ((core_and_ending(provider)[0], provider) for provider in reversed(PROVIDERS))
    return {_flat(core): provider for core, provider in named if len(core) >= _SHORTEST}


def _flat(host: str) -> str:
    return skeleton(host).replace(".", "")
