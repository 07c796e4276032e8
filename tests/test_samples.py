"""Every lexicon entry proves itself: its sample sentence is read as the entry says."""

from decimal import Decimal

import pytest
from marked import read, unmark

from csrbook.grammar import split_sentences
from csrbook.lexicon import load_lexicons
from csrbook.nouns import MONEY_NOUN
from csrbook.tokens import tokenize

LEXICONS = load_lexicons()
ENTRIES = [(lang, entry) for lang in LEXICONS for rows in LEXICONS[lang].entries.values() for entry in rows]
IDS = [f"{lang}-{entry.section}-{entry.get('unit') or entry.get('value') or ''}-{entry.sample[:24]}" for lang, entry in ENTRIES]
SET_ASIDE = {"ordinal": {"ordinal", "name", "date"}, "date": {"date", "clock"}, "month": {"date"}}


def expect_set_aside(entry, plain, span, language):
    mentions, skipped = read(plain, language)
    assert not [m for m in mentions if m.start < span[1] and span[0] < m.end], "read as a quantity"
    reasons = {entry.reason} if entry.section == "lookalike" else SET_ASIDE[entry.section]
    hits = [s for s in skipped if s.start < span[1] and span[0] < s.end]
    assert hits and {s.reason for s in hits} <= reasons


def expect_quantity(entry, mention, language):
    lexicon = LEXICONS[language]
    if entry.section in ("unit", "noun", "amount") or (entry.section == "measure" and entry.get("unit")):
        unit = lexicon.traits["currency_default"] if entry.unit == MONEY_NOUN else entry.unit
        assert mention.unit == unit
    if entry.section == "numeral" and entry.number:
        assert mention.value % entry.number == 0
    if entry.section == "magnitude":
        assert mention.value >= entry.number
    if entry.section == "amount":
        assert mention.value == entry.number
    if entry.section == "plus":
        assert mention.value % 1 or mention.value > 1000
    if entry.section == "fraction" and mention.unit == "percent":
        assert mention.value % Decimal(entry.percent) == 0
    if entry.section == "qualifier":
        assert mention.qualifier == entry.qualifier
    if entry.section == "vague":
        assert mention.qualifier == "over"
    if entry.section == "range" and entry.place == "between":
        assert mention.value_max is not None


@pytest.mark.parametrize(("language", "entry"), ENTRIES, ids=IDS)
def test_sample_reads_as_its_entry_says(language, entry):
    plain, spans = unmark(entry.sample)
    assert len(spans) == 1, "one mention in square brackets"
    (span,) = spans
    if entry.section in (*SET_ASIDE, "lookalike"):
        return expect_set_aside(entry, plain, span, language)
    mentions, skipped = read(plain, language)
    if entry.section == "numeral" and not entry.number and not mentions:
        assert [(s.start, s.end, s.reason) for s in skipped] == [(*span, "word")]
        return None
    assert [(m.start, m.end) for m in mentions] == [span], [m.text for m in mentions]
    if entry.section == "abbreviation":
        assert len(split_sentences(tokenize(plain), LEXICONS[language])) == 1
    return expect_quantity(entry, mentions[0], language)
