"""Every error is one line, carries its facts, and survives the way back from another process."""

import pickle

import pytest

from csrbook import errors

EVERY = [getattr(errors, name) for name in errors.__all__]


@pytest.mark.parametrize("kind", EVERY)
def test_error_pickles_with_its_facts(kind):
    error = kind("plan.toml", "no parameter yaer", "there is year", "did you mean year?")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind and str(again) == str(error)
    assert (again.where, again.what, again.expected, again.advice) == error.args


@pytest.mark.parametrize("kind", EVERY)
def test_message_is_where_what_expected_advice(kind):
    assert str(kind("a.txt", "is empty")) == "a.txt: is empty"
    assert str(kind("a.txt", "is empty", advice="delete it")) == "a.txt: is empty; delete it"
    assert str(kind("a", "b", "c", "d")) == "a: b; c; d"


@pytest.mark.parametrize("kind", [kind for kind in EVERY if kind is not errors.CsrbookError])
def test_error_is_also_a_builtin_one(kind):
    assert issubclass(kind, errors.CsrbookError)
    assert issubclass(kind, (ValueError, KeyError, RuntimeError))


@pytest.mark.parametrize("kind", EVERY)
def test_error_is_in_the_drawing(kind):
    assert kind.__name__ in errors.__doc__
