"""What two records say differs, and what that can have done."""

import pytest
from made_runs import FILES, make_record

from csrbook.causes import UNKNOWN, Cause, find_differences, join_causes, name_cause

DATA = make_record()["digests"]["data"]


def digests(**more) -> dict:
    return make_record(digests=make_record()["digests"] | more)


def notebook(at: int, **more) -> dict:
    entries = make_record()["notebooks"]
    entries[at] |= more
    return make_record(notebooks=entries)


@pytest.mark.parametrize(
    "record, differs",
    [
        (make_record(), {}),
        (digests(lexicons="y", data=DATA | {"lexicons/en.toml": "2"}), {"lexicon": "lexicons/en.toml"}),
        (digests(lexicons="y", data=DATA | {"lexicons/units.toml": "2"}), {"units": "lexicons/units.toml"}),
        (digests(lexicons="y", data=DATA | {"pages/style.css": "2", "lexicons/labels.toml": "2"}), {}),
        (digests(library="m"), {"library": "code of csrbook"}),
        (digests(lock="other"), {}),
        (make_record(digests={"library": "l", "lexicons": "y"}), {"lexicon": "lexicons"}),
        (make_record(versions={"python": "3", "currencyconverter": "2"}), {"rate": "currencyconverter 1 to 2"}),
        (make_record(versions={"python": "4", "currencyconverter": "1"}), {"library": "python 3 to 4"}),
        (notebook(0, parameters={"language": "en"}), {"parameter": "language '' to 'en'"}),
        (notebook(1, parameters={"currency": "EUR"}), {"currency": "currency 'USD' to 'EUR'"}),
        (notebook(2, parameters={"language": "zh"}), {}),
        (notebook(0, code_sha256="d"), {"library": "02_extract.ipynb changed"}),
        (notebook(2, code_sha256="d"), {}),
        (make_record(inputs={"seeds": {"a.txt": "2", "b.txt": "1"}}), {"text": "a.txt changed, b.txt new, c.txt gone"}),
        (make_record(inputs={"seeds": {"a.txt": "1", "c.txt": "1", "sub/names.toml": "1"}}), {"names": "sub/names.toml new"}),
        (make_record(inputs={"seeds": {"a.txt": "1", "c.txt": "1", "corrections.csv": "1"}}), {"correction": "corrections.csv new"}),
        (make_record(inputs={"seeds": {f"{n}.txt": "1" for n in range(9)} | {"a.txt": "1", "c.txt": "1"}}), {"text": "0.txt new, 1.txt new, 2.txt new, 3.txt new and 5 more"}),
    ],
)
def test_records_that_differ(record, differs):
    old = make_record(inputs={"seeds": {"a.txt": "1", "c.txt": "1"}})
    record = record if record["inputs"]["seeds"] else record | {"inputs": old["inputs"]}
    assert find_differences(old, record, FILES) == differs


def test_path_that_differs_is_no_parameter_and_is_not_told():
    old, new = (notebook(0, parameters={"seeds": path, "language": ""}) | {"inputs": {"seeds": {"a": "1"}}} for path in ("../x", "../y"))
    assert find_differences(old, new, FILES) == {}


def test_name_of_a_file_that_is_no_text_can_be_told():
    told = find_differences(make_record(inputs={"seeds": {"a": "1"}}), make_record(inputs={"seeds": {"a": "1", "\udcff.txt": "1"}}))
    assert told["text"].encode() == b"\\udcff.txt new"


@pytest.mark.parametrize(
    "field, differs, known, code",
    [
        ("theme", {"lexicon": "x", "library": "y"}, {}, "lexicon or library"),
        ("theme", {"lexicon": "x", "names": "y"}, {}, "names or lexicon"),
        ("theme", {"rate": "x"}, {}, "unknown"),
        ("theme", {"lexicon": "x"}, {"corrected": "by Ann"}, "correction"),
        ("theme", {"lexicon": "x"}, {"edited": "yes"}, "text"),
        ("theme", {"lexicon": "x"}, {"near": "yes"}, "text or lexicon"),
        ("theme", {}, {"near": "yes"}, "text"),
        ("theme", {"text": "b.txt new"}, {}, "text"),
        ("theme", {"manifest": "x"}, {"retold": False}, "unknown"),
        ("value", {"names": "x", "lexicon": "y"}, {}, "lexicon"),
        ("value", {"names": "x"}, {}, "names"),
        ("money", {"rate": "x", "lexicon": "y", "library": "z"}, {}, "rate"),
        ("money", {"rate": "x"}, {"edited": "yes", "near": "yes"}, "rate"),
        ("money", {"currency": "x", "rate": "y"}, {}, "parameter"),
        ("value_si", {"units": "x", "lexicon": "y"}, {}, "units"),
        ("value_si", {"library": "x", "lexicon": "y"}, {"near": "yes"}, "library"),
        ("value_si", {"lexicon": "x"}, {}, "unknown"),
        ("", {"currency": "x"}, {}, "unknown"),
    ],
)
def test_cause(field, differs, known, code):
    cause = name_cause(field, differs, **known)
    assert cause.code == code and cause.evidence


def test_causes_are_joined_in_one_order():
    told = [Cause("library", "b"), Cause("text", "a"), Cause("library", "b"), UNKNOWN]
    assert join_causes(told) == join_causes(told[::-1])._replace(evidence="b; a") == Cause("text or library", "b; a")
    assert join_causes([UNKNOWN]) == UNKNOWN
