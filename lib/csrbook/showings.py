"""How records of the library look in a notebook: small tables, every word of a document escaped, the quotation marked in its sentence.

    register(get_ipython())          done by `import csrbook` in a notebook; then a Claim, a Document, a run ... show themselves

In      a record: Corpus, Document, Claim, Extraction, Relation, Outcome, OpenRun; an Exploration.
Out     HTML as text, of some kilobytes whatever the size of the record.
Never   lets a document's words become markup, or imports what makes a record before one is shown.
Needs   displays, escapes, filters, labels.  Used by explorer, and by the package itself in a notebook.
"""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

__all__ = [
    "first_rows", "register", "remember", "show_claim", "show_corpus", "show_document", "show_extraction", "show_outcome", "show_relation",
    "show_run",
]  # fmt: skip

ROWS = 20  # of a table
FIRST = 10  # rows of the explorer where no kernel runs
AROUND = 160  # code points of a sentence beside a figure
WORDS = 60  # code points beside a figure of a relation
KEPT = 64  # documents whose text is kept at hand, so that a claim can be shown in its sentence
BAR, WIDE = "\u2588", 24
CELL = 'style="text-align:left;vertical-align:top"'
SHY = "opacity:.75"
_texts: dict[str, str] = {}


def register(shell: Any) -> None:
    """Tell a notebook's kernel how records are shown; none of their modules is imported by that."""
    formatter = shell.display_formatter.formatters["text/html"]
    for module, name, show in (
        ("csrbook.documents", "Corpus", show_corpus), ("csrbook.documents", "Document", show_document),
        ("csrbook.claims", "Claim", show_claim), ("csrbook.claims", "Extraction", show_extraction),
        ("csrbook.reconcile", "Relation", show_relation), ("csrbook.runner", "Outcome", show_outcome),
        ("csrbook.opened", "OpenRun", show_run),
    ):  # fmt: skip
        formatter.for_type_by_name(module, name, show)


def remember(document: Any) -> None:
    """Keep the text of a document at hand; of more than KEPT the oldest goes."""
    _texts.pop(document.doc, None)
    _texts[document.doc] = document.text
    if len(_texts) > KEPT:
        del _texts[next(iter(_texts))]


def show_corpus(corpus: Any) -> str:
    """Return what a folder held: the first documents, then the first files that were set aside, with what to do about each."""
    rows = [
        (_text(one.doc), _text(one.title), _text(one.language), _text(one.date), f"{len(one.text):,}") for one in corpus.documents[:ROWS]
    ]
    aside = [(_text(one.path), _text(one.reason), _text(one.advice)) for one in corpus.unread[:ROWS]]
    heads = ("document", "title", "language", "date", "code points")
    shown = _table(_counted(len(corpus.documents), "document"), heads, rows, len(corpus.documents))
    heading = f"{_counted(len(corpus.unread), 'file')} set aside"
    return shown + (_table(heading, ("file", "why", "what to do"), aside, len(corpus.unread)) if aside else "")


def show_document(document: Any) -> str:
    """Return a document as its facts and its first words."""
    told = {
        "title": document.title, "publisher": document.publisher, "date": document.date, "language": document.language,
        "kind": document.kind, "file": f"{document.path}, {document.format}", "length": f"{len(document.text):,} code points",
        "begins": " ".join(document.text[:AROUND].split()) + ("\u2026" if len(document.text) > AROUND else ""),
    }  # fmt: skip
    remember(document)
    return _pairs(f"Document {document.doc}", told)


def show_claim(claim: Any) -> str:
    """Return a claim: its quotation, in its sentence where the document is at hand; value, unit, time, body and the rules that set them."""
    from csrbook.displays import format_when
    from csrbook.labels import load_labels

    labels = load_labels()
    told = {
        "read as": _figure(claim), "when": format_when(claim.when), "body": claim.actor, "programme": claim.programme,
        "theme": labels.name("theme", claim.theme), "measure": labels.name("indicator", claim.indicator) if claim.indicator else "",
        "said as": "promise or forecast" if claim.target else "result", "place": f"{claim.doc}, code points {claim.start} to {claim.end}",
        "rules": ", ".join(f"{name}: {rule}" for name, rule in sorted(claim.rule.items()) if rule != "none"),
    }  # fmt: skip
    return f"<blockquote>{_sentence(claim)}</blockquote>" + _pairs(f"Claim {claim.claim_id}", told)


def show_extraction(extraction: Any) -> str:
    """Return what a document yields: the first claims, each in its sentence, and how many there are."""
    remember(extraction.document)
    rows = [(_text(_figure(one)), _sentence(one), _text(one.when), _text(one.actor or one.programme)) for one in extraction.claims[:ROWS]]
    heading = f"{extraction.document.doc}: {_counted(len(extraction.claims), 'claim')}, {len(extraction.skipped):,} numerals set aside"
    return _table(heading, ("read as", "in its sentence", "when", "body"), rows, len(extraction.claims))


def show_relation(relation: Any) -> str:
    """Return what claims are to one another, with the arithmetic that decided, and each figure among its words."""
    from csrbook.displays import format_test, name_measure
    from csrbook.labels import load_labels

    told = {
        "what": name_measure(relation.measure, load_labels()), "kind": relation.kind if relation.kind != relation.verdict else "",
        "decided by": format_test(relation.test, [relation.measure.rpartition(", ")[2]]),
    }  # fmt: skip
    rows = [(_text(one.doc), _among_words(one.doc, one.start, one.end), _text(one.claim_id)) for one in relation.members[:ROWS]]
    heading = _counted(len(relation.members), "claim")
    return _pairs(f"Relation: {relation.verdict}", told) + _table(heading, ("document", "figure", "claim"), rows, len(relation.members))


def show_outcome(outcome: Any) -> str:
    """Return what a run did."""
    told = {
        "folder": outcome.folder, "page to open": outcome.page, "ran": ", ".join(outcome.ran) or "nothing: all was up to date",
        "copied": ", ".join(outcome.copied), "seconds": f"{outcome.seconds:.1f}",
    }  # fmt: skip
    return _pairs("Run", told)


def show_run(run: Any) -> str:
    """Return the tables of an opened run by step."""
    rows = [(_text(run.step(name)), f"<code>{_text(name)}</code>", f"{run.rows(name):,}") for name in run.tables]
    return _table(f"Run {run.folder.resolve().name}", ("step", "table", "rows"), rows, len(rows), most=len(rows))


def first_rows(exploration: Any) -> str:
    """Return what is seen of an explorer where no kernel runs: figures by theme, and the first rows."""
    from csrbook.filters import Query

    _, told = exploration.answer(Query())
    most = max((results + promises for *_, results, promises in told["charts"]["theme"]), default=1)
    bars = [(_text(name), BAR * max(1, round(WIDE * (a + b) / most)), f"{a + b:,}") for _, name, a, b in told["charts"]["theme"]]
    rows = [tuple(_text(row[key]) for key in ("shown", "text", "when", "who", "theme", "doc")) for row in told["rows"][:FIRST]]
    heads = ("read as", "printed", "when", "body and programme", "theme", "document")
    return _table("Figures by theme", ("theme", "", "figures"), bars, len(bars)) + _table("The first figures", heads, rows, told["total"])


def _sentence(claim: Any) -> str:
    """Return the figure, marked, in its sentence as far as that is at hand."""
    text = _texts.get(claim.doc, "")
    if text[claim.start : claim.end] != claim.text:
        return f"<bdi><mark>{_text(claim.text)}</mark></bdi>"
    return _marked(text, claim.start, claim.end, within=(claim.sentence_start, claim.sentence_end), around=AROUND)


def _among_words(doc: str, start: int, end: int) -> str:
    """Return a figure, marked, with some words of its line on both sides, as far as the document is at hand."""
    text = _texts.get(doc, "")
    line = (text.rfind("\n", 0, start) + 1, text.find("\n", end) if "\n" in text[end:] else len(text))
    return _marked(text, start, end, within=line, around=WORDS) if text[start:end] else ""


def _marked(text: str, start: int, end: int, *, within: tuple[int, int], around: int) -> str:
    """Return a figure, marked, with so many code points of a passage on both sides, and an ellipsis where more of it is left out."""
    first, last = max(within[0], start - around), min(within[1], end + around)
    cut = ("\u2026" if first > within[0] else "", "\u2026" if last < within[1] else "")
    return f"<bdi>{cut[0]}{_text(text[first:start])}<mark>{_text(text[start:end])}</mark>{_text(text[end:last])}{cut[1]}</bdi>"


def _figure(claim: Any) -> str:
    from csrbook.displays import format_value

    return format_value({key: getattr(claim, key) for key in ("value", "value_max", "qualifier", "unit")})


def _text(value: Any) -> str:
    """Return a value as HTML text; marks of direction are shown, so that they turn nothing around."""
    from csrbook.escapes import name_controls

    return "" if value is None else escape(name_controls(value))


def _pairs(heading: str, told: Mapping[str, Any]) -> str:
    rows = "".join(f"<tr><th {CELL} scope='row'>{name}</th><td {CELL}>{_text(value)}</td></tr>" for name, value in told.items() if value)
    return f"<table><caption {CELL}><b>{_text(heading)}</b></caption><tbody>{rows}</tbody></table>"


def _table(heading: str, heads: Iterable[str], rows: Iterable[tuple[str, ...]], total: int, *, most: int = ROWS) -> str:
    """Return a table of cells that are HTML already."""
    rows = list(rows)
    head = "".join(f"<th {CELL} scope='col'>{name}</th>" for name in heads)
    body = "".join("<tr>" + "".join(f"<td {CELL}>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    more = f"<p style='{SHY}'>{len(rows)} of {total:,}</p>" if len(rows) < total else ""
    return f"<table><caption {CELL}><b>{_text(heading)}</b></caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
