"""Read a million short strings and hold every promise of the ledger: nothing raised, offsets quote, rows disjoint, no digit lost.

    python tests/bench/fuzz.py [--count 1000000] [--processes 2] [--seed 1]

Strings are made of digits, marks, the lexicon's own forms and any Unicode, the same for the same seed. Prints Markdown;
exit 1 when a string breaks a promise, with the first of them in each language.
"""

import argparse
import itertools
import random
import re
import sys
import time
from functools import cache, partial
from multiprocessing import Pool
from types import SimpleNamespace

from bench import LANGUAGES, document, machine, table
from csrbook.lexicon import load_lexicons
from csrbook.mentions import find_mentions

MARKS = [*" ,.-%$()'\"/:+;!?&#*=<>[]@^~_|", "\n", "\n\n", "\t", "\u2013", "\u00a0", "\u202f", "\u3001", "\uff0c", "\uff05", "\u20ac", "\u00a5"]
DIGIT = re.compile("[0-9\uff10-\uff19]")  # ASCII and full width: what the reader calls a digit
BATCH = 2000
PIECES = 9
FURNITURE = 16  # one string in so many has a second paragraph that is furniture


@cache
def forms(language: str) -> list[str]:
    """Return every form of every entry of a language, in file order."""
    entries = itertools.chain.from_iterable(load_lexicons()[language].entries.values())
    return [form for e in entries for key in ("forms", "joined", "vague") for form in e.get(key, ())]


def piece(chance: random.Random, language: str) -> str:
    """Return a number, a mark, a form of the lexicon, or any characters whatever."""
    kind = chance.random()
    if kind < 0.35:
        return str(chance.randrange(10 ** chance.choice((1, 2, 3, 3, 4, 6, 12))))
    if kind < 0.65:
        return chance.choice(MARKS)
    if kind < 0.93:
        form = chance.choice(forms(language))
        return form if kind < 0.90 else form.upper()
    return any_text(chance, chance.choice((0x250, 0x3100, 0x10000, 0x110000)))


def any_text(chance: random.Random, top: int) -> str:
    """Return one to three code points below `top`, none of them a surrogate."""
    points = (chance.randrange(top - 0x800 * (top > 0xD800)) for _ in range(chance.randint(1, 3)))
    return "".join(chr(point if point < 0xD800 else point + 0x800) for point in points)


def made(chance: random.Random, language: str) -> str:
    """Return one short string of up to PIECES pieces, glued or spaced."""
    gap = chance.choice(("", "", " "))
    return gap.join(piece(chance, language) for _ in range(chance.randint(1, PIECES)))


def broken(text: str, language: str, furniture) -> str | None:
    """Return the promise that the reading of a text breaks, or None."""
    try:
        mentions, skipped = find_mentions(document(text, language, furniture), load_lexicons())
    except Exception as error:  # any at all is the finding
        return f"raised {type(error).__name__}: {error}"
    rows = sorted((*mentions, *skipped), key=lambda row: (row.start, row.end))
    if any(row.start >= row.end or text[row.start : row.end] != row.text for row in rows):
        return "a row does not quote its span"
    if any(one.end > other.start for one, other in itertools.pairwise(rows)):
        return "rows overlap"
    if any(one.start > other.start for found in (mentions, skipped) for one, other in itertools.pairwise(found)):
        return "rows out of order"
    inside = sum(len(DIGIT.findall(row.text)) for row in rows)
    if inside != len(DIGIT.findall(text)):
        return "a digit in no row"
    return None


def batch(number: int, language: str, seed: int, count: int) -> tuple[int, int, list[tuple[str, str]]]:
    """Try `count` strings of one batch; return (how many, their characters, [(text, what broke)])."""
    chance, chars, wrong = random.Random(f"{seed}/{language}/{number}"), 0, []
    for _ in range(count):
        text, furniture = made(chance, language), ()
        if chance.randrange(FURNITURE) == 0:
            start = len(text) + 2
            text += "\n\n" + made(chance, language)
            furniture = (SimpleNamespace(start=start, end=len(text), reason="related"),)
        chars += len(text)
        if promise := broken(text, language, furniture):
            wrong.append((text, promise + (f", furniture from {furniture[0].start}" if furniture else "")))
    return count, chars, wrong


def fuzz(pool: Pool, language: str, seed: int, count: int) -> tuple[list[str], list[tuple[str, str]]]:
    """Try `count` strings of one language; return the row of the table and what broke, in order."""
    begin, chars, wrong = time.perf_counter(), 0, []
    sizes = [BATCH] * (count // BATCH) + [count % BATCH] * (count % BATCH > 0)
    jobs = [pool.apply_async(partial(batch, number, language, seed, size)) for number, size in enumerate(sizes)]
    for job in jobs:
        _, more, bad = job.get()
        chars += more
        wrong += bad
    return [language, f"{count:,}", f"{chars:,}", f"{time.perf_counter() - begin:.1f}", f"{len(wrong):,}"], wrong


def main() -> int:
    """Print the table and the first string of each language that broke a promise; return the exit code."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--count", type=int, default=1_000_000)
    ask.add_argument("--processes", type=int, default=2)
    ask.add_argument("--seed", type=int, default=1)
    given = ask.parse_args()
    rows, told = [], []
    with Pool(given.processes) as pool:
        for at, language in enumerate(LANGUAGES):
            count = given.count // len(LANGUAGES) + (at < given.count % len(LANGUAGES))
            row, wrong = fuzz(pool, language, given.seed, count)
            rows.append(row)
            seen = {}
            for text, promise in wrong:
                seen.setdefault(promise.split(",")[0], f"- {language}, {promise}: `{ascii(text)}`")
            told += seen.values()
    print(f"## Short strings of any kind\n\n{machine()}; {given.processes} processes, seed {given.seed}; making and checking included.\n")
    print(table(["language", "strings", "characters", "s", "broke a promise"], rows))
    print("\n".join(told) if told else "Nothing raised; every span quotes its text; rows disjoint and in order; every digit in exactly one row.")
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
