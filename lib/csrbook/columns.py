"""The registry of columns: every column of every table is defined here once.

    column("value_usd").unit -> "USD"

In      a column's name.
Out     Column(name, meaning, type, unit, source); `dictionary(names)` gives the rows of a data dictionary.
Never   holds data, imports pandas, or knows how a value is made.
Needs   errors.  Used by tables, pivots, exports, charts.
"""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from csrbook.errors import SchemaError

__all__ = [
    "CLAIM", "DERIVED", "LEDGER", "PROGRAMME", "REVIEW", "SIGHTING", "SOURCE", "TABLES", "TELLING", "Column", "check", "column",
    "dictionary", "money_columns", "name_column",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what a cell means, its type, its unit ("" where it has none) and where it comes from."""

    name: str
    meaning: str
    type: str  # text, integer, number, boolean, date (ISO 8601 text, at the precision printed), json
    unit: str = ""
    source: str = "text"  # text, rules, lexicon, manifest, file, rates, computed


def _rows(text: str) -> tuple[Column, ...]:
    """Read `name | type | unit | source | meaning` lines; a table is easier to keep right than forty calls."""
    cells = ([cell.strip() for cell in line.split("|")] for line in text.strip().splitlines())
    return tuple(Column(name, meaning, kind, unit, source) for name, kind, unit, source, meaning in cells)


CLAIM = _rows(
    """
    id             | text    |        | rules    | document and number of the mention, in text order
    doc            | text    |        | file     | name of the document's file without its ending
    start          | integer | char   | text     | first code point of the quotation in the stored text
    end            | integer | char   | text     | code point after its last
    text           | text    |        | text     | the quotation, exactly as printed
    value          | number  | unit   | rules    | the number, magnitude applied; percent as 96; the lower end of a range
    value_max      | number  | unit   | rules    | upper end of a range, else null
    unit           | text    |        | rules    | ISO 4217, a unit code, or an English singular noun
    kind           | text    |        | rules    | money, count, percent, multiple, physical or duration
    qualifier      | text    |        | rules    | exact, about, over, nearly or upto
    when           | date    |        | rules    | time the claim speaks of, as precise as the document; an interval as start/end
    when_type      | text    |        | rules    | as_of (a state or total at that date), during (in that period) or on
    target         | boolean |        | rules    | true for a plan, a promise or a forecast
    actor          | text    |        | lexicon  | who did it, canonical English
    programme      | text    |        | lexicon  | the initiative, canonical English
    theme          | text    |        | lexicon  | one of the ten themes
    relevance      | text    |        | rules    | csr, or context for any other quantity
    optional       | boolean |        | rules    | readers may differ on whether this is a mention
    repeat_of      | text    |        | rules    | id of the first printing of the same sentence
    restates       | text    |        | rules    | id of the claim that this one converts or restates
    note           | text    |        | rules    | anything odd about it
    indicator      | text    |        | lexicon  | the measure that is reported
    per            | text    |        | lexicon  | hour, day, week, month, quarter or year that the number is counted by; null: an amount
    low            | number  | unit   | rules    | least value that the printed digits and the qualifier allow; null: no bound
    high           | number  | unit   | rules    | greatest such value; null: no bound
    claim_id       | text    |        | rules    | stable id: hash of the document's hash and the span
    rule           | json    |        | rules    | which rule set each attribute
    confidence     | number  | 1      | rules    | share of the decisions that had a direct cue
    sentence_start | integer | char   | text     | first code point of the sentence around it
    sentence_end   | integer | char   | text     | code point after its last
    """
)

SOURCE = _rows(
    """
    doc             | text    |      | file     | name of the file without its ending
    path            | text    |      | file     | name relative to the folder that was read
    title           | text    |      | manifest | title, from the manifest, the file's metadata or the text
    publisher       | text    |      | manifest | who published it
    date            | date    |      | manifest | date of publication
    language        | text    |      | rules    | language code, decided once a document
    language_by     | text    |      | rules    | how the language was decided
    kind            | text    |      | manifest | news, report, letter
    format          | text    |      | file     | txt, md, html, pdf, docx
    encoding        | text    |      | file     | how the bytes were read
    chars           | integer | char | text     | length of the stored text
    furniture_chars | integer | char | rules    | of these, navigation and other matter that is no part of the article
    repeat_chars    | integer | char | rules    | of these, passages printed before
    sha256          | text    |      | file     | digest of the stored text
    status          | text    |      | computed | read, or unread
    problem         | text    |      | computed | why it could not be read
    advice          | text    |      | computed | what to do about it
    """
)

LEDGER = _rows(
    """
    doc    | text    |      | file  | document
    start  | integer | char | text  | first code point
    end    | integer | char | text  | code point after the last
    text   | text    |      | text  | the numeral as printed
    reason | text    |      | rules | why it is no mention: date, clock, list_number, name, phone, furniture, ordinal, other
    rule   | text    |      | rules | the rule that said so
    """
)

TELLING = _rows(
    """
    telling_id     | text    |      | rules   | stable id: hash of the document's hash and the span
    doc            | text    |      | file    | document
    language       | text    |      | rules   | language of the document
    start          | integer | char | text    | first code point of the name
    end            | integer | char | text    | code point after its last
    text           | text    |      | text    | the name, or the words that tell the programme, exactly as printed
    programme      | text    |      | lexicon | the initiative, canonical English; as printed where no table knows it
    named          | boolean |      | lexicon | true where it is told by a name, false where in plain words
    found          | boolean |      | rules   | true where no table knows it: a person may confirm it
    heading        | boolean |      | rules   | true where it stands in a heading
    when           | date    |      | rules   | the time told nearest to it in its sentence
    sentence_start | integer | char | text    | first code point of the sentence around it
    sentence_end   | integer | char | text    | code point after its last
    sentence       | text    |      | text    | that sentence, exactly as printed
    """
)

PROGRAMME = _rows(
    """
    name_*     | text    |         | text     | name printed most often in documents of that language; null where plain words tell it
    owner      | text    |         | lexicon  | who runs it; where no table says so, who acts in most of its claims
    parent     | text    |         | lexicon  | the body that the owner belongs to
    theme      | text    |         | lexicon  | its theme; where no table says so, that of most of its claims
    documents  | integer | doc     | computed | documents that tell of it
    docs       | text    |         | computed | those documents, separated by blanks
    languages  | text    |         | computed | languages of those documents, separated by blanks
    first      | date    |         | computed | earliest date of its claims, of the sentences that tell of it, and of their documents
    last       | date    |         | computed | latest such date
    tellings   | integer | telling | computed | places where it is told
    figures    | text    |         | text     | up to eight quotations with their dates, separated by a bar
    figure_ids | text    |         | computed | ids of the claims quoted, separated by a bar
    """
)

SIGHTING = _rows(
    """
    kind           | text    |      | rules | what the text makes of it: actor or programme
    name           | text    |      | text  | the name, in its fullest and plainest form as printed
    forms          | json    |      | text  | its forms as printed, the most frequent first
    sure           | number  |      | rules | lead of this reading over the next best: nobody's name, or one of the other kind
    telling_id     | text    |      | rules | stable id of the place shown: hash of the document's hash, the kind and the span
    doc            | text    |      | file  | document
    language       | text    |      | rules | language of the document
    start          | integer | char | text  | first code point of the name at that place
    end            | integer | char | text  | code point after its last
    text           | text    |      | text  | the name as printed there
    heading        | boolean |      | rules | true where it stands in headings only
    sentence_start | integer | char | text  | first code point of the sentence around it
    sentence_end   | integer | char | text  | code point after its last
    sentence       | text    |      | text  | that sentence, exactly as printed
    """
)

REVIEW = _rows(
    """
    kind       | text    |       | rules    | actor or programme: what the text makes of it, and the list that its entry belongs into
    name       | text    |       | text     | a name that no table knows, in its fullest and plainest form as printed
    forms      | text    |       | text     | its forms as printed, those of most documents first, separated by a bar
    sure       | number  |       | rules    | lead of this reading over the next best, where it is surest; near or below zero: doubtful
    languages  | text    |       | computed | languages of the documents that name it, separated by blanks
    documents  | integer | doc   | computed | documents that name it
    docs       | text    |       | computed | those documents, separated by blanks
    claims     | integer | claim | computed | claims that use it, those that do not count included
    figures    | text    |       | text     | up to eight quotations with their dates, separated by a bar
    figure_ids | text    |       | computed | ids of the claims quoted, separated by a bar
    claim_ids  | text    |       | computed | ids of all its claims, separated by blanks
    owner      | text    |       | computed | of a programme: who acts in most of its claims
    theme      | text    |       | computed | of a programme: the theme of most of its claims
    entry      | text    |       | computed | the line for the list of its kind in names.toml that confirms it
    """
)

DERIVED = _rows(
    """
    language      | text    |         | rules    | language of the document
    published     | date    |         | manifest | date of the document
    publisher     | text    |         | manifest | publisher of the document
    value_si      | number  | unit_si | computed | value in the normal unit
    low_si        | number  | unit_si | computed | low in the normal unit
    high_si       | number  | unit_si | computed | high in the normal unit
    unit_si       | text    |         | lexicon  | the normal unit; the unit itself where it has none
    ucum          | text    |         | lexicon  | UCUM code of the printed unit, null where there is none
    begun         | date    |         | computed | first day of `when`
    dated         | date    |         | computed | last day of `when`, else the day the document appeared
    dated_by      | text    |         | computed | when, or published
    year          | integer | year    | computed | year of `dated`
    currency      | text    |         | computed | the currency that money was converted to
    value_*       | number  | *       | rates    | money in that currency at `rate`; null where there is no rate
    low_*         | number  | *       | rates    | low in that currency
    high_*        | number  | *       | rates    | high in that currency
    rate          | number  |         | rates    | units of `currency` that one unit of the printed currency bought
    rate_date     | date    |         | rates    | day of that rate
    rate_source   | text    |         | rates    | who published it
    rate_note     | text    |         | rates    | why there is no rate
    claims        | integer | claim   | computed | claims counted here, repeats and restatements left out
    results       | integer | claim   | computed | of these, what was done
    promises      | integer | claim   | computed | of these, what was promised
    documents     | integer | doc     | computed | documents they stand in
    docs          | text    |         | computed | those documents, separated by blanks
    claim_ids     | text    |         | computed | ids of the claims behind the row, separated by blanks
    first         | date    |         | computed | earliest date
    last          | date    |         | computed | latest date
    least         | number  | unit_si | computed | smallest value stated
    greatest      | number  | unit_si | computed | greatest value stated
    latest        | number  | unit_si | computed | value with the latest date; null where that date has several
    total         | number  | unit_si | computed | sum of the claims that may be added; null where none may
    total_low     | number  | unit_si | computed | sum of their lower bounds; null where one has none
    total_high    | number  | unit_si | computed | sum of their upper bounds; null where one has none
    added         | integer | claim   | computed | claims in that sum
    left_out      | integer | claim   | computed | claims that may not be added
    why           | text    |         | computed | reasons for leaving them out, with counts
    reason        | text    |         | computed | why one claim was left out of a sum, or one numeral set aside
    parent        | text    |         | lexicon  | the body that the actor belongs to
    depth         | integer |         | computed | steps from the top of the roll-up
    claims_rolled | integer | claim   | computed | claims of the actor and of all that belong to it
    due           | date    |         | rules    | end of the time that a promise speaks of
    state         | text    |         | computed | of a promise: undated, open or due (its date has passed)
    as_of         | date    |         | computed | the day that states were judged on
    numerals      | integer | numeral | computed | numerals met
    group         | text    |         | computed | extracted or set_aside
    """
)

TABLES = {
    "claims": CLAIM + DERIVED, "sources": SOURCE + DERIVED, "ledger": LEDGER + DERIVED,
    "tellings": TELLING + DERIVED, "programmes": PROGRAMME + TELLING + DERIVED,
    "sightings": SIGHTING + DERIVED, "names_to_review": REVIEW + SIGHTING + DERIVED,
}  # fmt: skip
_BY_NAME = {name: {c.name: c for c in reversed(table)} for name, table in TABLES.items()}
_MONEY = re.compile(r"(value|low|high)_([a-z]{3})")
_NAME = re.compile(r"name_[a-z]{2,3}")


def column(name: str, table: str = "claims") -> Column:
    """Return the definition of a column; `value_eur` and its like are money in the currency they name.

    Parameters
    ----------
    name : str
        Column.
    table : {"claims", "sources", "ledger", "tellings", "programmes", "sightings", "names_to_review"}
        A source's `kind` (news, report) is not a claim's; where the table does not have the name, any other that has it
        answers.

    Raises
    ------
    SchemaError
        No such column.
    """
    for rows in (_BY_NAME[table], *_BY_NAME.values()):
        if name in rows:
            return rows[name]
    if match := _MONEY.fullmatch(name):
        pattern = _BY_NAME["claims"][f"{match[1]}_*"]
        return Column(name, pattern.meaning, pattern.type, match[2].upper(), pattern.source)
    if _NAME.fullmatch(name):
        return replace(_BY_NAME["programmes"]["name_*"], name=name)
    raise SchemaError(f"column {name!r}", "not in the registry", "every column is defined once", "add it to columns.py")


def money_columns(currency: str) -> tuple[str, str, str]:
    """Return the names of converted value, low and high: ("value_usd", "low_usd", "high_usd")."""
    code = currency.lower()
    return f"value_{code}", f"low_{code}", f"high_{code}"


def name_column(language: str) -> str:
    """Return the name of the column of names in a language: "name_zh"."""
    return f"name_{language}"


def dictionary(names: Iterable[str], table: str = "claims") -> list[dict[str, str]]:
    """Return the definitions of `names` as rows of a data dictionary, in the given order."""
    return [asdict(column(name, table)) for name in names]


def check(have: Iterable[str], needed: Iterable[str], *, where: str) -> None:
    """Refuse a table that lacks a column.

    Raises
    ------
    SchemaError
        With the names that are missing and what the first of them means.
    """
    present = set(have)
    missing = [name for name in needed if name not in present]
    if missing:
        what = f"no column {', '.join(missing)}"
        raise SchemaError(where, what, f"{missing[0]} is: {column(missing[0]).meaning}", "make the table with csrbook.tables")
