"""Incidents: what went wrong with a share, and the document that has to be written about it.

`facts` collects what the register knows, `telling` puts it into sentences in the order of articles
33 and 34 of the GDPR, and `markdown` and `html` write the same document in two forms. What the
register cannot know is a marked question, of a type of its own; nothing else is left open.
"""

from secshare.sharing.incidents.clock import Clock, clock, parse_found, shown_moment
from secshare.sharing.incidents.facts import Facts, collect, incidents_of
from secshare.sharing.incidents.html import html
from secshare.sharing.incidents.markdown import markdown
from secshare.sharing.incidents.pieces import Ask, Document, questions
from secshare.sharing.incidents.recording import record
from secshare.sharing.incidents.telling import document
from secshare.sharing.incidents.untouched import is_untouched, with_digest
from secshare.sharing.incidents.voice import masked

__all__ = [
    "Ask",
    "Clock",
    "Document",
    "Facts",
    "clock",
    "collect",
    "document",
    "html",
    "incidents_of",
    "is_untouched",
    "markdown",
    "masked",
    "parse_found",
    "questions",
    "record",
    "shown_moment",
    "with_digest",
]
