"""lexicon: broken files are refused with file, entry and key; whole files prove every form."""

import re
import tomllib
from importlib.resources import files

import pytest
from marked import read

from csrbook.errors import LexiconError
from csrbook.lexicon import TRAITS, Trie, load_lexicons, read_lexicons
from csrbook.tokens import tokenize

FOLDER = files("csrbook").joinpath("lexicons")
LEXICONS = load_lexicons()
UNITS = 'format = 1\nunit = [{ unit = "t", kind = "physical", name = "tonne" }, { unit = "XTS", kind = "money", name = "test" }]\n'
DEFAULTS = {bool: "true", str: '""', list: "[]"}


def broken(tmp_path, body, **traits):
    """A folder with one language whose file holds `body`; every trait has a value."""
    values = {name: DEFAULTS[kind] for name, kind in TRAITS.items()} | {"currency_default": '"XTS"'} | traits
    tail = "[traits]\n" + "".join(f"{name} = {value}\n" for name, value in values.items() if value)
    (tmp_path / "units.toml").write_text(UNITS, encoding="utf-8")
    (tmp_path / "xx.toml").write_text(f'format = 1\nlanguage = "xx"\n{body}\n{tail}', encoding="utf-8")
    return tmp_path


GOOD = 'unit = [{ unit = "t", place = "after", forms = ["t"], sample = "[5 t]" }]'


def test_a_whole_file_loads(tmp_path):
    lexicons = read_lexicons(broken(tmp_path, GOOD))
    assert list(lexicons) == ["xx"] and lexicons.kind("t") == "physical" and lexicons.kind("tree") == "count"
    assert len(lexicons.digest) == 64


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('verb = [{ forms = ["a"] }]', "unknown section"),
        (GOOD.replace("place", "plaice"), "unknown key 'plaice'"),
        (GOOD.replace('["t"]', '"t"'), "forms is 't'; expected list"),
        (GOOD.replace('["t"]', '[""]'), "empty or repeated form"),
        (GOOD.replace('["t"]', '["t", "t"]'), "empty or repeated form"),
        (GOOD.replace(', forms = ["t"]', ""), "no forms"),
        (GOOD.replace(', sample = "[5 t]"', ""), "no sample"),
        (GOOD.replace('unit = "t"', 'unit = "tt"'), "unknown unit 'tt'"),
        (GOOD.replace('"after"', '"behind"'), "place is 'behind'"),
        (GOOD.replace('["t"]', '["\u0430b"]'), "mixes Latin and Cyrillic"),
        (GOOD.replace('["t"]', '["e\u0301"]'), "not in NFC"),
        (GOOD[:-1] + ", " + GOOD.partition("[")[2], "also belongs to"),
        ('numeral = [{ value = "two", forms = ["two"], sample = "[two t]" }]', "value 'two' is no number"),
        ('qualifier = [{ qualifier = "maybe", forms = ["a"], sample = "[5 t]" }]', "qualifier is 'maybe'"),
        ('date = [{ gives = "day", sample = "[5 May]" }]', "no patterns"),
        ("unit = [", "Invalid"),
    ],
)
def test_a_broken_entry_is_refused(tmp_path, body, told):
    with pytest.raises(LexiconError, match="lexicons/xx.toml") as refused:
        read_lexicons(broken(tmp_path, body)).check()
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("traits", "told"),
    [
        ({"of": ""}, "traits missing or unknown: ['of']"),
        ({"colour": '"red"'}, "traits missing or unknown: ['colour']"),
        ({"of": '"of"'}, "trait of is 'of'"),
        ({"currency_default": '"t"'}, "currency_default is 't'"),
    ],
)
def test_a_broken_trait_is_refused(tmp_path, traits, told):
    with pytest.raises(LexiconError) as refused:
        read_lexicons(broken(tmp_path, GOOD, **traits)).check()
    assert told in str(refused.value)


def test_another_format_is_refused(tmp_path):
    broken(tmp_path, GOOD)
    (tmp_path / "xx.toml").write_text("format = 2\n", encoding="utf-8")
    with pytest.raises(LexiconError, match="format is 2"):
        read_lexicons(tmp_path).check()


def test_a_file_that_is_not_utf8_is_refused(tmp_path):
    broken(tmp_path, GOOD)
    (tmp_path / "xx.toml").write_bytes(b"format = 1 # \xff")
    with pytest.raises(LexiconError, match="UTF-8"):
        read_lexicons(tmp_path).check()


def test_a_language_is_named_by_its_file(tmp_path):
    broken(tmp_path, GOOD)
    (tmp_path / "xx.toml").rename(tmp_path / "yy.toml")
    with pytest.raises(LexiconError, match="yy.toml: language is 'xx'"):
        read_lexicons(tmp_path).check()


def test_a_broken_language_does_not_stop_another(tmp_path):
    broken(tmp_path, GOOD)
    (tmp_path / "yy.toml").write_text("format = 2\n", encoding="utf-8")
    assert read_lexicons(tmp_path)["xx"].language == "xx"


def test_a_table_of_numbers_is_read_by_its_first_cells(tmp_path):
    (broken(tmp_path, GOOD) / "amounts.csv").write_text("word,one,two\na,0.5,-1\nb,0,2\n", encoding="utf-8")
    assert read_lexicons(tmp_path).tables["amounts"] == {"a": (0.5, -1.0), "b": (0.0, 2.0)}


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"word,one\na,0.5,1\n", "2 cells"), (b"word,one\na,0.5\na,1\n", "there twice"), (b"word,one\na,much\n", "much"),
     (b"word,one\na,nan\n", "without end"), (b"", "UTF-8"), (b"word,one\n\xff,1\n", "UTF-8")],
)  # fmt: skip
def test_a_broken_table_of_numbers_is_refused(tmp_path, content, told):
    (broken(tmp_path, GOOD) / "amounts.csv").write_bytes(content)
    with pytest.raises(LexiconError, match="lexicons/amounts.csv") as refused:
        read_lexicons(tmp_path).check()
    assert told in str(refused.value)


def test_units_must_be_there(tmp_path):
    broken(tmp_path, GOOD)
    (tmp_path / "units.toml").unlink()
    with pytest.raises(LexiconError, match="units.toml"):
        read_lexicons(tmp_path)


def test_every_file_is_loaded():
    names = {path.name.rpartition(".")[0] for path in FOLDER.iterdir() if path.name.endswith((".toml", ".csv"))}
    nouns = {f"{language}.nouns" for language in LEXICONS}
    assert names == set(LEXICONS) | nouns | set(LEXICONS.tables)
    assert all("nouns.toml" in lexicon.entries["noun"][0].where for lexicon in LEXICONS.values())


def test_sections_stand_in_one_order_in_every_language():
    orders = [list(tomllib.loads(FOLDER.joinpath(f"{lang}.toml").read_text(encoding="utf-8"))) for lang in LEXICONS]
    assert all(order == orders[0] for order in orders)


def test_readme_explains_every_key():
    told = FOLDER.joinpath("README.md").read_text(encoding="utf-8")
    sections = {section for lexicon in LEXICONS.values() for section in lexicon.entries}
    keys = {key for lexicon in LEXICONS.values() for rows in lexicon.entries.values() for e in rows for key in e.keys}
    assert not [name for name in sections | keys | set(TRAITS) if f"`{name}`" not in told]


@pytest.mark.parametrize(("language", "least"), [("en", 200), ("ru", 200), ("zh", 200)])
def test_nouns_are_many(language, least):
    assert sum(len(entry.forms) for entry in LEXICONS[language].entries["noun"]) >= least


def one_spelling(name):
    """A name as no two spellings of a word tell it apart: hyphens, spaces, and what British and American writers do otherwise."""
    name = re.sub("[^A-Za-z0-9]", "", name).replace("ae", "e").replace("our", "or").replace("ogue", "og").replace("mme", "m")
    name = re.sub("([iy])s(e|ing|ation|er)", r"\1z\2", name).replace("ll", "l").replace("advizor", "advizer").replace("advisor", "advizer")
    for british, american in (("tyre", "tire"), ("plough", "plow"), ("licence", "license"), ("adaptor", "adapter"), ("theatre", "theater")):
        name = name.replace(british, american)
    return re.sub("([bct])re(?=$|s$)", r"\1er", name).replace("licenze", "license")


def test_a_thing_has_one_name_in_one_spelling():
    units = LEXICONS.tables["units"]
    names = {entry.unit for lexicon in LEXICONS.values() for entry in lexicon.entries["noun"]} | {row["unit"] for row in units["unit"]}
    names |= {*units["people"], *units["animals"]}
    alike = {}
    for name in sorted(names):
        alike.setdefault(one_spelling(name), []).append(name)
    assert [found for found in alike.values() if len(found) > 1] == []


def test_no_kind_is_of_people_and_of_animals():
    units = LEXICONS.tables["units"]
    assert not set(units["people"]) & set(units["animals"])
    assert all(len(units[kind]) == len(set(units[kind])) for kind in ("people", "animals"))


# ---- every form, not only the one of the sample ----------------------------------------------------------------------

FRAMES = {"en": "It took 5 {} there.", "zh": "\u5171 5{}\u3002", "ru": "\u0412\u0437\u044f\u043b\u0438 5 {} \u0442\u0430\u043c."}
ENTRIES = [(lang, e) for lang in LEXICONS for e in LEXICONS[lang].entries["unit"] if not e.get("needs")]
UNITS_AFTER = [(lang, e) for lang, e in ENTRIES if e.get("place", "after") != "before"]


@pytest.mark.parametrize(("language", "entry"), UNITS_AFTER, ids=lambda x: x if isinstance(x, str) else f"{x.unit}-{x.forms[0]}")
def test_every_form_of_a_unit_is_read_after_a_number(language, entry):
    wrong = {}
    for form in entry.forms:
        whole = next(e for lang, e in UNITS_AFTER if lang == language and e.unit == entry.of).forms[0] if entry.get("of") else ""
        mentions, skipped = read(FRAMES[language].format(f"{whole} {form}".strip()), language)
        is_date = not mentions and {s.reason for s in skipped} == {"date"}  # five and the sign for month is May
        if [m.unit for m in mentions] != [entry.unit] and not is_date:
            wrong[form] = [(m.text, m.unit) for m in mentions]
    assert not wrong


# ---- tries -----------------------------------------------------------------------------------------------------------


def test_trie_takes_the_longest_form():
    trie = Trie([("us", 1), ("us dollars", 2)])
    assert trie.longest(tokenize("us dollars now"), 0) == (2, 2)
    assert trie.longest(tokenize("us dollar"), 0) == (1, 1)
    assert trie.longest(tokenize("a us"), 0) is None
    assert trie.longest(tokenize("us"), 5) is None


def test_a_blank_line_ends_every_form():
    assert Trie([("us dollars", 2)]).longest(tokenize("us\n\ndollars"), 0) is None
    assert Trie([("us dollars", 2)]).longest(tokenize("us\ndollars"), 0) == (2, 2)


def test_backward_trie_reads_towards_the_beginning():
    trie = Trie([("more than", 1)], backward=True)
    assert trie.longest(tokenize("no more than"), 2) == (1, 1)


def test_what_is_made_once_is_kept():
    lexicon, made = LEXICONS["en"], []
    assert lexicon.once(("test",), lambda: made.append(1) or 7) == lexicon.once(("test",), lambda: made.append(1) or 8) == 7
    assert made == [1]


def test_variants_become_one_character_at_the_same_place():
    tokens = LEXICONS["zh"].tokens("3\u5104")
    assert [(t.text, t.start, t.end) for t in tokens] == [("3", 0, 1), ("\u4ebf", 1, 2)]
