"""Decide whose money a sign or word of several countries is ($, pounds, rupees, kr) by what the document names.

In      the whole text of a document, its Lexicon and the Lexicons; then the lexicon entry of the form that was met.
Out     (currency code, note): the currency named most, with the rule that decided; the usual one where nothing is named.
Never   looks at the text before such a form is met, looks twice, or picks in silence where a real doubt exists.
Needs   lexicon, tokens.  Used by measures.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from csrbook.lexicon import Entry, Lexicon, Lexicons
from csrbook.tokens import fold, is_han

__all__ = ["Currencies", "currencies_of"]

STEM = "-"  # ends a name whose endings vary
WORDS = re.compile(r"\w+(?![\w$])")  # US$ names a currency, not a country as well
OFTEN = 3  # times that a country is named where a text is about it
VARIANT_SCRIPT = 10  # one in so many distinct characters shows that a text is printed in the variants (traditional characters)


def currencies_of(printed: str, lexicon: Lexicon, lexicons: Lexicons) -> "Currencies":
    """Return what a document says about currencies, kept while its stretches are read one after another."""
    kept = lexicon.once(("currencies of",), dict)
    found = kept.get("last")
    if found is None or found.printed is not printed:
        found = kept["last"] = Currencies(printed, lexicon, lexicons)
    return found


class Currencies:
    """What one document says about currencies: countries, capitals, codes and names that belong to one of them.

    Parameters
    ----------
    printed : str
        The whole document, not a stretch of it.
    """

    def __init__(self, printed: str, lexicon: Lexicon, lexicons: Lexicons) -> None:
        self.printed, self.lexicon, self.table = printed, lexicon, lexicons.tables.get("currencies", {}).get("currency", ())
        self.codes = {row["code"] for row in self.table}
        self.world = {row["code"] for row in self.table if row.get("world")}
        self._named: Counter[str] | None = None
        self._words: dict[str, str] = {}
        self._told: dict[str, tuple[str | None, str | None]] = {}

    def read(self, entry: Entry) -> tuple[str | None, str | None]:
        """Return (code, note) of the entry of a currency; no code where the form is one only by evidence, and there is none."""
        if not (entry.get("also") or entry.get("needs")) or entry.unit not in self.codes and not entry.get("also"):
            return entry.unit, entry.get("note")
        if entry.where not in self._told:
            self._told[entry.where] = self._decide(entry)
        return self._told[entry.where]

    def _decide(self, entry: Entry) -> tuple[str | None, str | None]:
        if self._named is None:
            self._named = self._count()
        if code := self._for_all(entry):
            return code, f"{entry.forms[0]} taken as {code}: the document says so of all its sums"
        if entry.unit == self.lexicon.traits["currency_default"] and self._is_usual_script() and not self._is_abroad(entry):
            return entry.unit, entry.get("note")
        named, others = self._named, entry.get("also", [])
        best = max((entry.unit, *others), key=lambda code: named[code])  # the usual one where two are named alike
        usual, form = entry.get("usual"), entry.forms[0]
        most = max((times for code, times in named.items() if code not in self.world), default=0)
        if usual and best != entry.unit and named[best] < most and entry.unit in self.codes:
            best = entry.unit  # a text about China that also names Hong Kong; that it counts in dollars says nothing
        if not named[best]:
            told = None if usual else f"ambiguous: {form} may be {', '.join(others)} too"
            return (None, None) if entry.get("needs") else (entry.unit, told)
        if usual and best == entry.unit:
            return best, None
        rivals = [code for code in (entry.unit, *others) if code != best and named[code] == named[best]]
        if rivals:
            return best, f"ambiguous: {form} may be {', '.join(rivals)} too, which the document names as often"
        return best, f"{form} taken as {best}: the document names {self._words[best]}"

    def _for_all(self, entry: Entry) -> str | None:
        """The currency that a bracket says all sums are told in: (新加坡元,下同)."""
        words, printed = self.lexicon.words("stop", part="hereafter"), fold(self.printed) if entry.get("also") else ""
        ends = [match.start() for word in words for match in re.finditer(f"[,\uff0c]?{re.escape(word)}", printed)]
        own = [e for e in self.lexicon.entries["unit"] if e.unit in (entry.unit, *entry.get("also", ())) and not e.get("also")]
        return next((e.unit for at in ends for e in own if printed[:at].endswith(tuple(map(fold, e.forms)))), None)

    def _is_abroad(self, entry: Entry) -> bool:
        """True where a text names the country of another currency of that name often, and its own never."""
        return not self._named[entry.unit] and max(self._named[code] for code in entry.get("also", [entry.unit])) >= OFTEN

    def _is_usual_script(self) -> bool:
        """True where variants are known and the text is not printed in them: the country is told by the characters."""
        variants, used = {one for one, _ in self.lexicon.traits["variants"]}, set(self.printed)
        return bool(variants) and len(used & variants) * VARIANT_SCRIPT < len(used)

    def _count(self) -> Counter[str]:
        """How often the document names each currency or its country; the names seen most often are kept for the notes."""
        exact, anyhow, stems = self.lexicon.once(("currencies",), self._names)
        seen: dict[str, Counter[str]] = {}
        printed = self.printed.translate({ord(one): other for one, other in self.lexicon.traits["variants"]})
        words = Counter(match[0] for match in WORDS.finditer(printed))  # a list of all words would be longer than the text
        for text, names in ((printed, exact), (printed.lower(), anyhow)):
            counted = words if names is exact else Counter(word.lower() for word in words.elements())
            for name, times in _count_names(names, text, counted):
                seen.setdefault(names[name], Counter())[name if names is exact else name.upper()] += times
        lengths = {len(stem) for stem in stems}
        for word, times in words.items():
            if code := next((stems[word[:n]] for n in lengths if word[:n] in stems), None):
                seen.setdefault(code, Counter())[word] += times
        self._words = {code: names.most_common(1)[0][0] for code, names in seen.items()}
        return Counter({code: names.total() for code, names in seen.items()})

    def _names(self) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
        """Whose names are whose: countries as printed, own forms of a currency in any case, stems of names."""
        countries = {name: row["code"] for row in self.table for name in row[self.lexicon.language]}
        own = (e for e in self.lexicon.entries["unit"] if e.unit in self.codes and not (e.get("also") or e.get("needs")))
        forms = {fold(form): entry.unit for entry in own for form in entry.forms}
        stems = {name.removesuffix(STEM): code for name, code in countries.items() if name.endswith(STEM)}
        exact = {name: code for name, code in countries.items() if not name.endswith(STEM)}
        return *({name: names[name] for name in sorted(names, key=len, reverse=True)} for names in (exact, forms)), stems


def _count_names(names: Iterable[str], text: str, words: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """Yield (name, times) of the names that stand in a text; longest first, and taken out, so that no name hides in another."""
    unspaced = [name for name in names if is_han(name[0])]
    signs, least = "".join(set().union(*unspaced)), min(map(len, unspaced), default=0)
    runs = " ".join(re.findall(f"[{re.escape(signs)}]{{{least},}}", text)) if unspaced else ""  # a tenth of the text, with every such name
    taken: list[str] = []
    for name in names:
        if is_han(name[0]):
            times = runs.count(name)
            if times:
                runs = runs.replace(name, " ")
                taken.append(name)
        elif name.isalpha():
            times = words.get(name, 0)
        else:
            times = _times(name, text, taken) if name in text else 0
        if times:
            yield name, times


def _times(name: str, text: str, taken: Iterable[str]) -> int:
    """How often a name of several words or with a sign stands in a text from which some names were taken out before."""
    for one in taken:
        text = text.replace(one, " ")
    before, after = (r"(?<!\w)" if name[0].isalnum() else ""), (r"(?!\w)" if name[-1].isalnum() else "")
    return len(re.findall(before + re.escape(name) + after, text))
