"""Every published vector of the age format is opened or refused by the page's own engine, in a real
browser, as it is by the command; a refused one gives nothing out."""

from __future__ import annotations

from tests.age.vectors import NAMES_EXPECTED, Vector, load

# The kinds of failure of the vectors, and the page's reasons.
REASONS = {
    "armor failure": {"damaged", "cut"},
    "header failure": {"damaged", "cut"},
    "HMAC failure": {"damaged"},
    "no match": {"words_wrong", "identity_wrong"},
    "payload failure": {"damaged", "cut"},
}
# Refused all the same, with a reason that says more than the vector's kind.
FINER = {
    "empty": "not_age",
    "scrypt_uppercase": "needs_card",  # a stanza of an unknown type: no words open it
    "scrypt_work_factor_23": "too_much_work",  # our limit is 2^20, as the command's
    "scrypt_work_factor_overflow": "too_much_work",
}
# Vectors that the engine treats otherwise than the command, with the reason. None.
DIVERGENCES: dict[str, str] = {}


def requests(vector: Vector) -> list[dict]:
    """One request for each thing that may open the file: the page takes one at a time."""
    asked = [{"identity": text} for text in vector.identities]
    if vector.passphrases:
        asked.append({"words": list(vector.passphrases)})
    return asked or [{"words": ["nothing is said to open it"]}]


def test_every_vector_ends_as_it_must_and_a_refused_one_gives_nothing_out(engine) -> None:
    vectors = load()
    assert len(vectors) == NAMES_EXPECTED
    asked = [(vector, request) for vector in vectors.values() for request in requests(vector)]
    answers = engine.open_all([(v.file, {"name": v.name, **request}) for v, request in asked])
    outcomes: dict[str, list] = {}
    for (vector, _), answer in zip(asked, answers, strict=True):
        outcomes.setdefault(vector.name, []).append(answer)
    wrong = [fault for name, vector in vectors.items() if (fault := judged(vector, outcomes[name]))]
    assert not wrong, "\n".join(wrong)


def judged(vector: Vector, answers: list) -> str | None:
    opened = [answer for answer in answers if answer.kind == "opened"]
    reasons = {answer.reason for answer in answers if answer.kind == "failed"}
    if len(opened) + sum(answer.kind == "failed" for answer in answers) != len(answers):
        return f"{vector.name}: something else was answered"
    if vector.expect == "success":
        if len(opened) < 1 or not reasons <= {"identity_wrong", "words_wrong"}:
            return f"{vector.name}: not opened, {reasons}"
        digests = [document.digest for answer in opened for document in answer.documents]
        return None if digests == [vector.payload] * len(opened) else f"{vector.name}: other bytes"
    if opened:
        return f"{vector.name}: opened"
    if vector.name in FINER:
        return None if reasons == {FINER[vector.name]} else f"{vector.name}: {reasons}"
    allowed = REASONS[vector.expect]
    # Of several keys, those that are not the file's say so.
    known = reasons & allowed and reasons <= allowed | {"identity_wrong"}
    return None if known else f"{vector.name}: {reasons} for {vector.expect}"
