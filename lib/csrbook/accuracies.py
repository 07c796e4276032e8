"""What the front page says of how well the texts were read: shares with their intervals, or that nothing was measured.

    describe_accuracy(run)["rows"][0] -> {"name": "All", "documents": 5, "figures": 378, "cells": [{"share": "99.6%", ...}, ...]}

In      a Run with the rows of the accuracy card (02-extract/score); an older run has none.
Out     names and shares for the template index.html.j2.
Never   judges: the notebook does, where there are figures enough.
Needs   evidence, labels.  Used by share.
"""

from collections.abc import Mapping
from typing import Any

from csrbook.evidence import Run
from csrbook.labels import load_labels

__all__ = ["describe_accuracy"]

LEVELS = {"mention": "Found", "value": "With its number", "unit": "With its unit"}  # each asks more than the one before


def describe_accuracy(run: Run) -> dict[str, Any]:
    """Return a row for all documents and one a language, what is measured in each column, and the claims as a whole.

    A language of the run of which no document is annotated has a row without shares.
    """
    told = {(row["by"], str(row["group"]), row["level"]): row for row in run.scores}
    if ("all", "all", "mention") not in told:
        return {"rows": [], "levels": [], "claim": None}
    labels, whole = load_labels(), ("all", "all")
    languages = sorted({source.language for source in run.sources.values() if source.text is not None} - {""})
    groups = [(whole, "All")] + [(("language", code), labels.name("language", code)) for code in languages]
    claim = told.get((*whole, "claim"))
    return {
        "levels": list(LEVELS.values()),
        "rows": [_row(name, [told.get((*group, level)) for level in LEVELS]) for group, name in groups],
        "claim": claim and {rate: _share(claim, rate) for rate in ("precision", "recall")},
    }


def _row(name: str, scores: list[Mapping[str, Any] | None]) -> dict[str, Any]:
    first = scores[0]
    counts = {"documents": int(first["documents"]), "figures": int(first["gold"])} if first else {"documents": 0, "figures": 0}
    return {"name": name, **counts, "cells": [_share(score, "f1") for score in scores if score] if first else []}


def _share(score: Mapping[str, Any], rate: str) -> dict[str, str]:
    """Return a share with both ends of its interval, in percent with one decimal."""
    return {key: f"{100 * float(score[rate + end]):.1f}%" for key, end in (("share", ""), ("low", "_low"), ("high", "_high"))}
