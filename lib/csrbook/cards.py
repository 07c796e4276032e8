"""The accuracy card: how well a corpus is read, how sure that is, what was missed, and where the reader is unfit or untested.

    card = make_card(read_gold(["tests/gold"]), records, describe(documents))
    print(*card_lines(card), sep="\\n")

In      annotations, predicted records, and what is known of the documents (language, kind, format).
Out     Card: rows of scores with 95% intervals, of attributes, of misses, of fitness; sentences that sum them up.
Never   holds a number of its own but the bars below; gives other intervals for the same records.
Needs   errors, formats, furniture, intervals, labels, lexicon, scoring; numpy.  Used by notebook 02 and the command `score`.

A group is that of the annotation; a spurious figure stands in the group it was read as. How intervals are made is told in
intervals.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from csrbook.errors import UsageError
from csrbook.formats import FORMATS
from csrbook.furniture import load_cues
from csrbook.intervals import DRAWS, ENOUGH_DOCUMENTS, FEW_CASES, draw_sums, rate, resampled
from csrbook.labels import Sentence, sentence
from csrbook.lexicon import load_lexicons
from csrbook.scoring import COUNTS, LEVELS, Gold, Outcome, Score, score_records

__all__ = ["ATTRIBUTE", "FITNESS", "MISS", "SCORE", "Card", "card_lines", "describe", "make_card", "share"]

FEW_FIGURES = 30        # a group with fewer is not judged
FEW_DOCUMENTS = 3       # a group from fewer says nothing of the next document
UNFIT = 0.8             # F1 with unit below which a group is unfit
UNKNOWN = "not stated"
RATES = ("precision", "recall", "f1")
COUNTED = ("by", "group", "level", "documents", "right", "predicted", "gold")
SCORE = (*COUNTED, *(f"{rate}{end}" for rate in RATES for end in ("", "_low", "_high")), "resampled")
ATTRIBUTE = ("by", "group", "attribute", "right", "of", "accuracy", "accuracy_low", "accuracy_high")
MISS = ("miss", "language", "kind", "doc", "start", "end", "text", "gold", "read")
FITNESS = ("aspect", "group", "documents", "gold", "f1_unit", "verdict")
SCORED = ("all", "language", "kind", "document")
JUDGED = ("language", "figure kind", "language and kind", "theme", "document kind", "format")
VERDICTS = {  # in the order of the sentences
    "untested": "Untested, no annotated figure",
    "too few figures": f"Too few annotated figures to judge (under {FEW_FIGURES})",
    "unfit": f"Unfit (F1 with unit under {UNFIT})",
    "too few documents": f"Measured on too few documents to speak for the next one (under {FEW_DOCUMENTS})",
    "measured": "Measured",
}

About = Mapping[str, Mapping[str, str | None]]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Card:
    """Everything as rows: `scores` by group and level, `attributes`, `misses`, `fitness` by aspect; `statement` in words."""

    scores: tuple[Row, ...]
    attributes: tuple[Row, ...]
    misses: tuple[Row, ...]
    fitness: tuple[Row, ...]
    facts: Mapping[str, Any]
    statement: tuple[Sentence, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the card as JSON-able data."""
        rows = {name: list(getattr(self, name)) for name in ("scores", "attributes", "misses", "fitness")}
        return {"facts": dict(self.facts), **rows, "statement": [str(one) for one in self.statement]}


def describe(documents: Iterable[Any]) -> dict[str, dict[str, str | None]]:
    """Return {doc: language, kind and format} of documents that were read."""
    return {d.doc: {"language": d.language, "kind": d.kind, "format": d.format} for d in documents}


def make_card(gold: Gold, found: Sequence[Mapping[str, Any]], about: About | None = None) -> Card:
    """Measure predictions against annotations.

    Parameters
    ----------
    gold : Gold
        As `scoring.read_gold` gives it; without records, every table of the card is empty and the statement says so.
    found : sequence of records
        Predictions; those of documents that are not annotated are passed over.
    about : mapping of doc to language, kind and format
        As `describe` gives it. A document that it lacks takes the `language` of its predictions where they carry one,
        else that of the script of its annotated texts; its kind and format are then not known.

    Raises
    ------
    UsageError
        `about` describes none of the annotated documents.
    """
    if about and gold.records and not about.keys() & {g["doc"] for g in gold.records}:
        advice = "give the documents that were annotated"
        raise UsageError("the documents", "none of them is annotated", f"described are {', '.join(sorted(about)[:5])}", advice)
    score = score_records(gold.records, found, scopes=gold.scopes)
    about = _known(gold, found, about or {})
    grouped = [(outcome, _groups(outcome, about)) for outcome in score.outcomes]
    facts = _facts(gold, found, score, about)
    fitness = _fitness(grouped, about) if gold.records else ()
    statement = _statement(facts, fitness)
    return Card(_scores(grouped), _attributes(grouped), _misses(grouped), fitness, facts, statement)


# ---- groups ------------------------------------------------------------------------------------------------------------


def _known(gold: Gold, found: Sequence[Mapping[str, Any]], about: About) -> dict[str, Row]:
    """Return language, kind and format of every annotated document, as far as they can be known."""
    texts, told, known = defaultdict(list), {}, {}
    for record in gold.records:
        texts[record["doc"]].append(str(record.get("text", "")))
    for record in found:
        told.setdefault(record["doc"], record.get("language"))
    for doc in sorted(texts):
        row = about.get(doc, {})
        written, weight = next(iter(load_cues().weigh(" ".join(texts[doc])).items()))
        language = row.get("language") or told.get(doc) or (written if weight else UNKNOWN)
        known[doc] = {"language": language, "kind": row.get("kind") or UNKNOWN, "format": row.get("format") or UNKNOWN}
    return known


def _groups(outcome: Outcome, about: About) -> dict[str, str]:
    record = outcome.record
    document = about[record["doc"]]
    kind = record.get("kind") or load_lexicons().kind(record.get("unit"))
    return {
        "all": "all", "language": document["language"], "kind": kind, "document": record["doc"], "figure kind": kind,
        "language and kind": f"{document['language']} {kind}", "theme": record.get("theme") or UNKNOWN,
        "document kind": document["kind"], "format": document["format"],
    }  # fmt: skip


def _split(grouped: Iterable[tuple[Outcome, Mapping[str, str]]], by: str) -> dict[str, list[Outcome]]:
    parts = defaultdict(list)
    for outcome, groups in grouped:
        parts[groups[by]].append(outcome)
    return dict(sorted(parts.items()))


# ---- scores ------------------------------------------------------------------------------------------------------------


def _rates(outcomes: Sequence[Outcome], levels: Sequence[str]) -> list[Row]:
    """Return one row a level: counts, precision, recall and F1, each with its interval."""
    counted = [o for o in outcomes if any(o.counts)]
    if not counted:
        return []
    counts = np.array([o.counts for o in counted], dtype=np.int64)
    docs = [o.record["doc"] for o in counted]
    drawn, total = dict(zip(COUNTS, draw_sums(counts, docs).T, strict=True)), dict(zip(COUNTS, counts.sum(axis=0).tolist(), strict=True))
    rows = []
    for level in levels:
        end = "claim_{}" if level == "claim" else "{}"
        right, read, gold = level, end.format("predicted"), end.format("gold")
        row = {"level": level, "documents": len(set(docs)), "right": total[right], "predicted": total[read], "gold": total[gold]}
        shares = {
            "precision": rate(total[right], total[read], (drawn[right], drawn[read])),
            "recall": rate(total[right], total[gold], (drawn[right], drawn[gold])),
            "f1": rate(total[right], (total[read] + total[gold]) / 2, (drawn[right], (drawn[read] + drawn[gold]) / 2)),
        }
        for name, ends in shares.items():
            row |= dict(zip((name, f"{name}_low", f"{name}_high"), ends, strict=True))
        rows.append(row | {"resampled": resampled(docs)})
    return rows


def _scores(grouped: Sequence[tuple[Outcome, Mapping[str, str]]]) -> tuple[Row, ...]:
    rows = []
    for by in SCORED:
        levels = (*LEVELS, "claim") if by == "all" else LEVELS
        for group, outcomes in _split(grouped, by).items():
            rows += [{"by": by, "group": group, **row} for row in _rates(outcomes, levels)]
    return tuple(rows)


def _attributes(grouped: Sequence[tuple[Outcome, Mapping[str, str]]]) -> tuple[Row, ...]:
    """Return one row an attribute and group: right, of, and the accuracy with its interval."""
    rows = []
    for by in ("all", "language"):
        for group, outcomes in _split(grouped, by).items():
            for name, (right, of) in Score(tuple(outcomes)).attributes.items():
                if of:
                    told = [(o.record["doc"], o.attributes[name]) for o in outcomes if name in o.attributes]
                    drawn = draw_sums(np.array([(ok, 1) for _, ok in told], dtype=np.int64), [doc for doc, _ in told])
                    ends = rate(right, of, (drawn[:, 0], drawn[:, 1]))
                    row = {"by": by, "group": group, "attribute": name, "right": right, "of": of}
                    rows.append(row | dict(zip(("accuracy", "accuracy_low", "accuracy_high"), ends, strict=True)))
    return tuple(rows)


# ---- misses and fitness ------------------------------------------------------------------------------------------------


def _misses(grouped: Iterable[tuple[Outcome, Mapping[str, str]]]) -> tuple[Row, ...]:
    """Return one row a figure that was missed, or read where nothing is annotated, or read wrong."""
    rows = []
    for outcome, groups in grouped:
        if outcome.miss:
            record = outcome.record
            row = {"miss": outcome.miss} | {name: groups[name] for name in ("language", "kind")}
            row |= {name: record.get(name) for name in ("doc", "start", "end", "text")}
            rows.append(row | {"gold": _figure(outcome.gold), "read": _figure(outcome.found)})
    return tuple(rows)


def _figure(record: Mapping[str, Any] | None) -> str | None:
    """Return value and unit as codes, because a miss may hang on the code: "5 to 7 percent", "1,000 (no unit)"."""
    if record is None:
        return None
    ends = [end for end in (record.get("value"), record.get("value_max")) if end is not None]
    ends = [f"{end:,}" if isinstance(end, int | float) else str(end) for end in ends]
    return f"{' to '.join(ends) or '(no value)'} {record.get('unit') or '(no unit)'}"


def _fitness(grouped: Sequence[tuple[Outcome, Mapping[str, str]]], about: About) -> tuple[Row, ...]:
    """Return one row a group that the reader knows or the gold holds, with what can be said of it."""
    lexicons, rows = load_lexicons(), []
    languages, kinds = sorted(lexicons), sorted({"count", *(unit["kind"] for unit in lexicons.units.values())})
    known = {"language": languages, "figure kind": kinds, "language and kind": [f"{a} {b}" for a in languages for b in kinds]}
    known |= {"theme": [row["id"] for row in lexicons.tables["themes"]["theme"]], "format": sorted(set(FORMATS.values()))}
    for aspect in JUDGED:
        if aspect in ("document kind", "format") and all(row[aspect.removeprefix("document ")] == UNKNOWN for row in about.values()):
            continue
        parts = _split(grouped, aspect)
        for group in sorted({*known.get(aspect, ()), *parts}):
            counted = [o for o in parts.get(group, ()) if any(o.counts)]
            score = Score(tuple(counted))
            docs = len({o.record["doc"] for o in counted if o.gold is not None})
            f1 = round(score.f1("unit"), 4) if counted else None
            row = {"aspect": aspect, "group": group, "documents": docs, "gold": score.gold, "f1_unit": f1}
            rows.append(row | {"verdict": _verdict(score, docs)})
    return tuple(rows)


def _verdict(score: Score, docs: int) -> str:
    if not score.gold:
        return "untested"
    if score.gold < FEW_FIGURES:
        return "too few figures"
    if score.f1("unit") < UNFIT:
        return "unfit"
    return "too few documents" if docs < FEW_DOCUMENTS else "measured"


# ---- in words ----------------------------------------------------------------------------------------------------------


def _facts(gold: Gold, found: Sequence[Mapping[str, Any]], score: Score, about: About) -> Row:
    read = {f["doc"] for f in found}
    years = sorted(end[:4] for r in gold.records if r.get("when") for end in str(r["when"]).split("/") if end[:4].isdigit())
    actors = Counter(r["actor"] for r in gold.records if r.get("actor"))
    top = min(actors, key=lambda actor: (-actors[actor], actor), default=None)
    right = [o for o in score.outcomes if o.gold and o.found and o.counts[COUNTS.index("unit")]]
    optional = sum(bool(r.get("optional")) for r in gold.records)
    return {
        "documents": len(about),
        "by_language": dict(sorted(Counter(row["language"] for row in about.values()).items())),
        "annotated": len(gold.records), "counted": score.gold, "optional": optional,
        "optional_share": round(100 * optional / len(gold.records), 1) if gold.records else None,
        "scoped": sorted(doc for doc in about if doc in gold.scopes),
        "without_predictions": sorted(set(about) - read), "not_annotated": len(read - set(about)),
        "synonyms": sum(o.gold["unit"] != o.found.get("unit") for o in right),
        "first_year": years[0] if years else None, "last_year": years[-1] if years else None,
        "actors": len(actors), "top_actor": top, "top_actor_share": round(100 * actors[top] / actors.total(), 1) if top else None,
        "undescribed": [name for name in ("kind", "format") if all(row[name] == UNKNOWN for row in about.values())],
        "draws": DRAWS, "resampled": resampled(about), "misses": dict(sorted(Counter(o.miss for o in score.misses).items())),
    }  # fmt: skip


def _statement(facts: Mapping[str, Any], fitness: Sequence[Row]) -> tuple[Sentence, ...]:
    """Return what can be said of the gold and of the reader, each sentence only where it holds."""
    if not facts["annotated"]:
        return (sentence("No document of these is annotated: nothing is known of how well they are read."),)
    tongues = ", ".join(f"{language} {count}" for language, count in facts["by_language"].items())
    several = {name: ", ".join(facts[name]) for name in ("scoped", "without_predictions", "undescribed")}
    lines = {
        "Annotated documents: {documents} ({tongues}). Figures in them: {annotated}, of which {optional} ({optional_share:percent}) "
        "are optional and count neither way.": True,
        "Annotated in part only: {scoped}.": several["scoped"],
        "Nothing was read in {without_predictions}: all their figures are missed.": several["without_predictions"],
        "Documents that were read and are not annotated, of which nothing here speaks: {not_annotated}.": facts["not_annotated"],
        "Units that are right only as synonyms: {synonyms}.": facts["synonyms"],
        f"Intervals of 95% come from {{draws}} resamples of figures, because fewer than {ENOUGH_DOCUMENTS} documents are annotated; "
        "figures of one document are alike, so another document may well lie outside.": facts["resampled"] == "figures",
        "Intervals of 95% come from {draws} resamples of documents.": facts["resampled"] == "documents",
        f"Where fewer than {FEW_CASES} are right, or wrong, the interval is Wilson's.": True,
        "Dates run from {first_year} to {last_year}; other years are untested.": facts["first_year"],
        "Actors named: {actors}; {top_actor} in {top_actor_share:percent} of the figures that name one.": facts["actors"],
        "Not known of any document here, and so not judged: {undescribed}.": several["undescribed"],
    }
    given = {**facts, **several, "tongues": tongues}
    return (*(sentence(line, **given) for line, holds in lines.items() if holds), *_verdict_sentences(fitness))


def _verdict_sentences(fitness: Sequence[Row]) -> list[Sentence]:
    said = []
    for verdict, words in VERDICTS.items():
        groups = defaultdict(list)
        for row in fitness:
            if row["verdict"] == verdict:
                groups[row["aspect"]].append(row["group"].replace("_", " "))
        if groups:
            told = "; ".join(f"{aspect}: {', '.join(each)}" for aspect, each in groups.items())
            said.append(sentence("{words}: {told}.", words=words, told=told))
    return said


def card_lines(card: Card, *, misses: int = 20) -> list[str]:
    """Return the card as lines for a terminal: counts, shares in percent with their intervals, misses, fitness."""
    whole = [row for row in card.scores if row["by"] == "all"]
    lines = [
        f"{row['level']:8} {row['right']} right, {row['predicted']} predicted, {row['gold']} gold, F1 {row['f1'] or 0:.3f}" for row in whole
    ]
    heads = ["level", "right", "read", "gold", "precision %", "recall %", "F1 %"]
    for by in SCORED:
        rows = [row for row in card.scores if row["by"] == by and (by != "document" or row["level"] == "unit")]
        plain = [name for name in COUNTED if name not in ("by", "documents")]
        lines += ["", *_aligned([by, *heads], [[*(row[n] for n in plain), *(share(row, n) for n in RATES)] for row in rows])]
    cells = [[r["attribute"].replace("_", " "), r["right"], r["of"], share(r, "accuracy")] for r in card.attributes if r["by"] == "all"]
    lines += ["", *_aligned(["attribute", "right", "of", "accuracy %"], cells), ""]
    lines += [_miss_line(row) for row in card.misses[:misses]]
    if len(card.misses) > misses:
        lines.append(f"... and {len(card.misses) - misses} more misses; --misses {len(card.misses)} lists all")
    return [*lines, "", *(f"- {one}" for one in card.statement)]


def share(row: Mapping[str, Any], name: str) -> str:
    """Return a share of a row with its interval, in percent: "99.0 (97.7 to 100.0)"; empty where there is none."""
    if row[name] is None:
        return ""
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return f"{100 * row[name]:.1f} ({100 * low:.1f} to {100 * high:.1f})"


def _aligned(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    """Return a table as lines, words to the left, whole numbers to the right."""
    widths = [max(len(str(row[at])) for row in [heads, *rows]) for at in range(len(heads))]
    numeric = [any(isinstance(row[at], int) for row in rows) for at in range(len(heads))]
    sides = [">" if number else "<" for number in numeric]
    lines = (zip(row, sides, widths, strict=True) for row in [heads, *rows])
    return ["  ".join(f"{cell!s:{side}{width}}" for cell, side, width in line).rstrip() for line in lines]


def _miss_line(row: Row) -> str:
    text = "".join(char if char.isprintable() else " " for char in str(row["text"]))
    told = [f"{name} {row[name]}" for name in ("gold", "read") if row[name] is not None]
    return f"{row['miss']:11}  {row['doc']} [{row['start']}:{row['end']}] {' '.join(text.split())!r}: {', '.join(told)}"
