"""Leave out of a run's texts all but the sentences around their figures, for pages that are shown to everybody.

    abridge(read_run(folder)).sources["letter"].passages    # the stretches left out are among them

In      a Run as `evidence.read_run` gives it.
Out     the same Run, in which stretches of text and the numerals set aside inside them are marked as left out.
Never   moves a span, drops a claim, or changes a text: places, ids and the fingerprint stay what they are.
Needs   evidence.  Used by publishing.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from csrbook.evidence import Run, Source, quoted_span

__all__ = ["abridge"]

Span = tuple[int, int]


def abridge(run: Run) -> Run:
    """Return the run with everything marked as left out that no figure, and no telling of a programme, stands in.

    What is kept of a sentence is what the evidence of a figure shows: see `evidence.quoted_span`.
    """
    kept = defaultdict(list)
    for row in (*run.claims.values(), *run.tellings.values()):
        kept[row["doc"]].append(quoted_span(row, run.sources[row["doc"]].text or ""))
    gaps = {doc: list(_gaps(source.text or "", kept[doc])) for doc, source in run.sources.items()}
    sources = {doc: dataclasses.replace(source, passages=_passages(source, gaps[doc])) for doc, source in run.sources.items()}
    return dataclasses.replace(run, sources=sources, skipped=tuple(_mark(run.skipped, gaps)))


def _gaps(text: str, kept: Iterable[Span]) -> Iterator[Span]:
    """Yield what lies between the kept spans, in order, without the white space at its ends, so that paragraphs stay apart."""
    here = 0
    for first, last in (*sorted(kept), (len(text), len(text))):
        words = text[here:first]
        if words.strip():
            yield here + len(words) - len(words.lstrip()), here + len(words.rstrip())
        here = max(here, last)


def _passages(source: Source, gaps: list[Span]) -> tuple[Mapping[str, Any], ...]:
    """Return the gaps, and what is left between them of the passages told apart before."""
    left = [{"start": first, "end": last, "left_out": True} for first, last in gaps]
    for passage in source.passages:
        here = passage["start"]
        for first, last in (*gaps, (passage["end"], passage["end"])):
            if here < min(first, passage["end"]):
                left.append({**passage, "start": here, "end": min(first, passage["end"])})
            here = max(here, last)
    return tuple(sorted(left, key=lambda one: (one["start"], one["end"])))


def _mark(skipped: Iterable[Mapping[str, Any]], gaps: Mapping[str, list[Span]]) -> Iterator[Mapping[str, Any]]:
    """Yield every numeral set aside, in order of doc and start; one that reaches into a gap says so."""
    for doc, rows in _by_doc(skipped):
        here, every = 0, gaps[doc]
        for row in rows:
            while here < len(every) and every[here][1] <= row["start"]:
                here += 1
            inside = here < len(every) and every[here][0] < row["end"]
            yield {**row, "left_out": True} if inside else row


def _by_doc(rows: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, list[Mapping[str, Any]]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["doc"], []).append(row)
    return found.items()
