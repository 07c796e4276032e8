"""currencies: a sign or word of several countries is read as the document's evidence says, and the rule is told."""

import time

import pytest
from marked import read

from csrbook.currencies import Currencies
from csrbook.lexicon import load_lexicons

LEXICONS = load_lexicons()


def entry(form, language):
    return next(e for e in LEXICONS[language].entries["unit"] if form in e.forms and (e.get("also") or e.get("needs")))


def decide(form, text, language="en"):
    return Currencies(text, LEXICONS[language], LEXICONS).read(entry(form, language))


@pytest.mark.parametrize(
    ("form", "text", "code", "note"),
    [
        ("rupees", "Farms near Lahore, Lahore itself, and one near Mumbai.", "PKR", "rupees taken as PKR: the document names Lahore"),
        ("rupees", "No country here.", "INR", "ambiguous: rupees may be PKR, LKR, NPR, MUR too"),
        ("rupees", "Mumbai and Lahore.", "INR", "ambiguous: rupees may be PKR too, which the document names as often"),
        ("$", "No country here.", "USD", None),
        ("$", "Melbourne, then Melbourne again, and a US$ loan.", "AUD", "$ taken as AUD: the document names Melbourne"),
        ("$", "Beijing, Shanghai and Hangzhou; Hong Kong too.", "USD", None),
        ("$", "It owes HK$5 and HK$7.", "HKD", "$ taken as HKD: the document names HK$"),
        ("kronor", "Oslo.", "NOK", "kronor taken as NOK: the document names Oslo"),
        ("roubles", "Minsk.", "BYN", "roubles taken as BYN: the document names Minsk"),
        ("N", "Lagos.", "NGN", "N taken as NGN: the document names Lagos"),
        ("N", "No country here.", None, None),
        ("pounds", "Sacks.", "lb", None),
        ("pounds", "London.", "GBP", "pounds taken as GBP: the document names London"),
        ("$", "Australopithecus, chad and turkey name no country.", "USD", None),
    ],
)
def test_the_document_decides(form, text, code, note):
    assert decide(form, text) == (code, note)


@pytest.mark.parametrize(("form", "text", "language", "code"), [("руб.", "Завод под Гомелем, в Беларуси.", "ru", "BYN"), ("руб.", "Завод.", "ru", "RUB"), ("руб.", "Минск, Гомель: 5 USD, 6 USD, 7 USD.", "ru", "BYN"), ("元", "香港義學萬國開單。", "zh", "HKD"), ("元", "北京。", "zh", "CNY")])
def test_every_language_has_its_names(form, text, language, code):
    assert decide(form, text, language)[0] == code


def test_evidence_stands_anywhere_in_the_document_and_is_told():
    text = "It paid 900 million rupees.\n\nMuch later the text names Colombo."
    (mention,), _ = read(text, "en")
    assert (mention.unit, mention.note) == ("LKR", "rupees taken as LKR: the document names Colombo")


def test_a_document_is_searched_once():
    money = Currencies("Perth paid 5 pesos to a farm in a far place. " * 5000, LEXICONS["en"], LEXICONS)

    def ask():
        start = time.process_time()
        return money.read(entry("$", "en")), time.process_time() - start

    (first, searched), *again = (ask() for _ in range(6))
    assert all(told == first for told, _ in again)
    assert min(spent for _, spent in again) < searched / 10


def test_codes_are_those_of_the_table_of_units():
    rows = LEXICONS.tables["currencies"]["currency"]
    assert len({row["code"] for row in rows}) == len(rows)
    assert {row["code"] for row in rows} <= set(LEXICONS.units)
    names = [(lang, name) for row in rows for lang in LEXICONS for name in row[lang]]
    assert len(set(names)) == len(names), "a name of two countries decides nothing"
    assert all(code in LEXICONS.units for lex in LEXICONS.values() for e in lex.entries["unit"] for code in e.get("also", ()))
