"""What a reader calls a document, a body or a programme: "The Post", "The Post, 1 June 2021", a name in the reader's own language.

    document_names(sources, labels=load_labels("en")) -> {"post-0601": "The Post, 1 June 2021", "guide": "The Guild"}

In      the sources of a run, the table of names of the lexicons, labels.
Out     a name for every document that tells it from all others; names of bodies and programmes in the language of the labels;
        labels that also know the nouns of a lexicon.
Never   translates a name: what no table has in a language keeps the name that it has.
Needs   citations, furniture, labels, lemmas, lexicon.  Used by brief, drawings, notebook 06.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from csrbook.citations import one_line
from csrbook.furniture import load_cues
from csrbook.labels import Labels, load_labels
from csrbook.lemmas import counted_forms
from csrbook.lexicon import Entry, Lexicons

__all__ = ["document_names", "own_names", "own_nouns"]

LONGEST = 60  # letters of a title in a sentence
CUT = "\u2026"


def document_names(sources: Any, *, labels: Labels | None = None) -> dict[str, str]:
    """Return the name of each document by its id: the shortest of these that no other document has.

    Publisher; publisher and date; title; title and date; the id. A publisher whose name stands in that of another
    ("News" beside "Evening News") does not tell its documents apart.

    Parameters
    ----------
    sources : DataFrame, or iterable of mapping
        With `doc`; `publisher`, `title` and `date` where they are known.
    """
    labels = labels or load_labels()
    rows = sources.to_dict("records") if hasattr(sources, "to_dict") else sources
    offers = {row["doc"]: _offers(row, labels) for row in rows if isinstance(row["doc"], str)}
    told = Counter(name.casefold() for names in offers.values() for name in {n for n in names if n})
    publishers = [names[0].casefold() for names in offers.values() if names[0]]

    def tells(place: int, name: str) -> bool:
        vague = place == 0 and any(name.casefold() in other and name.casefold() != other for other in publishers)
        return bool(name) and told[name.casefold()] == 1 and not vague

    return {doc: next((name for place, name in enumerate(names) if tells(place, name)), doc) for doc, names in offers.items()}


def _offers(row: Mapping[str, Any], labels: Labels) -> list[str]:
    """Return what a document may be called, the best first; "" where it lacks what the name is made of."""
    publisher, title, date = (one_line(row.get(name)) for name in ("publisher", "title", "date"))
    title = labels.text("naming.title", title=_cut(title)) if title else ""
    day = labels.time(date, "plain")
    dated = [labels.text("naming.dated", name=name, date=day) if name and day else "" for name in (publisher, title)]
    return [publisher, dated[0], title, dated[1]]


def _cut(title: str) -> str:
    if len(title) <= LONGEST:
        return title
    return (title[:LONGEST].rsplit(" ", 1)[0] if " " in title[:LONGEST] else title[:LONGEST]).rstrip(" ,;:") + CUT


def own_names(table: Mapping[str, Any], *, labels: Labels | None = None) -> dict[str, str]:
    """Return bodies and programmes by the names that they have in the language of the labels; others are left out.

    The first form of a body that is written in the letters of that language alone; of a programme the same, or else one in
    which they stand beside others. What is told in plain words (`weak`) has its name from the labels.

    Parameters
    ----------
    table : mapping
        The table of names, `lexicons.tables["names"]`, with those that a person confirmed.
    """
    labels = labels or load_labels()
    scripts = {script.language: script.letters for script in load_cues().scripts}
    own = scripts.pop(labels.language, None)
    if own is None:
        return {}
    names: dict[str, str] = {}
    for kind in ("actor", "programme"):
        for row in table.get(kind, ()):
            if own.search(row["name"]):
                continue
            forms = [form for form in row["forms"] if own.search(form)]
            pure = [form for form in forms if not any(other.search(form) for other in scripts.values())]
            found = (pure or forms if kind == "programme" else pure) if not row.get("weak") else []
            names |= {row["name"]: form if kind == "actor" else f"{form[0].upper()}{form[1:]}" for form in found[:1]}
    return names | {code: labels.name("programme", code) for code in labels.order("programme") if not own.search(code)}


def own_nouns(lexicons: Lexicons, units: Iterable[str], *, labels: Labels | None = None) -> Labels:
    """Return the labels with such of these units as they lack and the lexicon of their language counts, in the forms after numbers.

    The first form of a unit that is one word; where the language has measure words, with the one of its sample; where its
    nouns name the units, by its endings.
    """
    labels = labels or load_labels()
    lexicon, rule = lexicons[labels.language], labels.table["agreement"][labels.language]
    nouns: dict[str, tuple[str, ...]] = {}
    wanted = {unit for unit in units if not labels.knows(unit) and unit not in lexicons.units}  # a unit of measure is no noun
    for unit in wanted if "endings" in rule else ():
        end, many = next(pair for pair in rule["endings"] if unit.endswith(pair[0]))
        nouns[unit] = tuple(form.replace("_", " ") for form in (unit, unit.removesuffix(end) + many))
    for entry in lexicon.entries["noun"] if wanted - nouns.keys() else ():
        if entry.unit not in wanted or entry.unit in nouns:
            continue
        if "measure" in rule:
            nouns[entry.unit] = (_measure(entry, rule["measure"]) + entry.forms[0],)
        elif forms := next((forms for form in entry.forms if " " not in form and (forms := counted_forms(form, lexicon))), None):
            nouns[entry.unit] = forms
    return replace(labels, nouns=nouns)


def _measure(entry: Entry, usual: str) -> str:
    """Return the measure word that the sample of a noun has between its digits and the noun, else the usual one."""
    for quoted in entry.get("sample", "").split("[")[1:]:
        inner = quoted.partition("]")[0]
        form = next((form for form in sorted(entry.forms, key=len, reverse=True) if inner.endswith(form)), None)
        told = inner.removesuffix(form or "").lstrip("0123456789.,") if form else ""
        if len(told) == 1 and inner[:1].isdigit():
            return told
    return usual
