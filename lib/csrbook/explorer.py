"""The explorer of a run in a notebook: filters, a table, the evidence beside it, charts, and a desk to review at; a box to paste into.

    explorer = Explorer(open_run("outputs/latest"), seeds="seeds", reviewer="");  explorer        in a cell of JupyterLab
    explorer.shown                                                        the rows that the filters leave, as a DataFrame

In      the folder of a run, the folder of its documents; messages of the page, which are only asked, never run.
Out     the widget; rows of corrections.csv where a person decides; the filtered rows as CSV, which the browser saves.
Never   asks the network for anything, shows a traceback in the page, or lets what a document says become markup.
Needs   decisions, errors, evidence, explorations, exports, filters, opened, palettes, showings; late, as they take a second that the first
        table need not wait for: labels, pasted, reviews; anywidget, pandas.  Used by verbs.
"""

import os
import tempfile
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import pandas as pd

from csrbook.decisions import COLUMNS, CORRECTIONS
from csrbook.errors import CsrbookError
from csrbook.evidence import read_rows, read_run
from csrbook.explorations import Exploration
from csrbook.exports import write_csv
from csrbook.filters import Query
from csrbook.opened import OpenRun
from csrbook.palettes import DARK, PROMISE, RESULT
from csrbook.showings import first_rows

if TYPE_CHECKING:
    from csrbook.reviews import Desk

__all__ = ["Explorer", "PasteBox"]

SAME = ("doc", "quotation", "field", "value", "who", "when")  # what makes two decisions one
TOLD = ("line", *COLUMNS)


def _page(name: str) -> str:
    """Return a script or a style sheet of the widgets; the colours of results and promises are those of every chart."""
    text = files("csrbook").joinpath("pages", "explorer", name).read_text(encoding="utf-8")
    colours = {"RESULT": RESULT, "PROMISE": PROMISE, "DARK_RESULT": DARK[RESULT], "DARK_PROMISE": DARK[PROMISE]}
    for key, colour in colours.items():
        text = text.replace(f"%{key}%", colour)
    return text


class _Answering(anywidget.AnyWidget):
    """A widget that answers messages by the method that bears their name; what goes wrong is told in one line."""

    ANSWERED: tuple[str, ...] = ()

    def __init__(self) -> None:
        super().__init__()
        self.on_msg(lambda _, message, buffers: self.hear(message))

    def hear(self, message: Mapping[str, Any]) -> None:
        """Answer one message of the page."""
        what = message.get("what") if isinstance(message, Mapping) else None
        if what not in self.ANSWERED:
            return
        try:
            getattr(self, f"_on_{what}")(message)
        except (CsrbookError, ValueError, KeyError, OSError) as error:
            told = str(error) if isinstance(error, CsrbookError) else f"{what} was not understood ({error})"
            self.send({"what": "problem", "about": what, "text": told})


class Explorer(_Answering):
    """A run on the screen; `shown` are the rows that its filters leave, `chosen` is the figure whose evidence is open.

    Examples
    --------
    >>> import csrbook
    >>> explorer = Explorer(csrbook.open_run("outputs/latest"))
    >>> len(explorer.filter(kind="count")) == len(explorer.shown)
    True
    """

    _esm = _page("explorer.js")
    _css = _page("explorer.css")
    ANSWERED = ("open", "find", "choose", "findings", "decide", "undo", "save")

    def __init__(self, run: OpenRun, *, seeds: str | Path | None = None, reviewer: str = "") -> None:
        super().__init__()
        self.run = run
        self.exploration = Exploration(read_run(self.run.folder))
        self.seeds, self.reviewer = seeds, reviewer
        self.query, self.page, self.chosen_id = Query(), 0, ""
        self._desk: Desk | None = None
        self._told = read_rows(self.run.folder / "02-extract", "decisions")
        self._before = {tuple(str(row.get(key) or "") for key in SAME) for row in self._told}

    def __repr__(self) -> str:
        told = self.exploration.options()
        return f"Explorer({told['claims']:,} figures of {told['documents']:,} documents)"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Beside the widget, what is seen of it where no kernel runs: counts by theme and the first rows."""
        bundle, about = super()._repr_mimebundle_(**kwargs)
        bundle = {"text/plain": repr(self), "text/html": first_rows(self.exploration)} | {
            key: value for key, value in bundle.items() if key != "text/plain"
        }
        return bundle, about

    @property
    def shown(self) -> pd.DataFrame:
        """The rows that the filters leave, in the order of the table: one a claim, all columns of claims_normal (or claims)."""
        table = self.run["claims_normal" if "claims_normal" in self.run.tables else "claims"].set_index("claim_id", drop=False)
        found = self.exploration.finder.find(self.query)
        return table.loc[[self.exploration.ids[at] for at in found.rows]].reset_index(drop=True)

    @property
    def chosen(self) -> dict[str, Any] | None:
        """The figure whose evidence is open; None where none is."""
        return dict(self.exploration.run.claims[self.chosen_id]) if self.chosen_id else None

    def filter(self, *, words: str = "", since: int | None = None, until: int | None = None, **facets: Any) -> pd.DataFrame:
        """Set the filters from code and return what they leave: explorer.filter(theme="rural", since=2019).

        Raises
        ------
        UsageError
            There is no such facet.
        """
        chosen = {name: (told,) if isinstance(told, str) else tuple(told) for name, told in facets.items()}
        self.query, self.page = Query(chosen, since, until, words), 0
        self.send({"what": "set", "query": _told(self.query)})
        return self.shown

    # ---- what the page asks --------------------------------------------------------------------------------------------

    def _on_open(self, message: Mapping[str, Any]) -> None:
        where = "" if self._seeds_there else "no folder of documents was given: figures can be looked at, not decided on"
        told = {"what": "start", "reviewer": self.reviewer, "closed": where, "query": _told(self.query), "page": self.page}
        self.send(told | {"folder": _address(self.run.folder)} | self.exploration.options())

    def _on_find(self, message: Mapping[str, Any]) -> None:
        self.query, self.page = Query.of(message.get("query") or {}), int(message.get("page") or 0)
        _, told = self.exploration.answer(self.query, page=self.page, find=dict(message.get("find") or {}))
        self.send({"what": "found", "number": message.get("number"), "newer": not self.run.is_latest} | told)

    def _on_save(self, message: Mapping[str, Any]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            rows = write_csv(self.shown, Path(folder, "rows.csv")).read_bytes()
        self.send({"what": "saved", "name": f"figures-{self.run.folder.name}.csv"}, [rows])

    def _on_choose(self, message: Mapping[str, Any]) -> None:
        told = self.exploration.evidence(str(message["id"]))
        self.chosen_id = told["id"]
        self.send({"what": "evidence"} | told)

    def _on_findings(self, message: Mapping[str, Any], said: str = "") -> None:
        rows = self._findings() if self._seeds_there else []
        now = {tuple(str(row[key]) for key in SAME) for row in rows}
        waiting = len(now ^ self._before) if self._seeds_there else 0
        self.send({"what": "decided", "findings": rows, "said": said, "waiting": waiting})

    def _on_decide(self, message: Mapping[str, Any]) -> None:
        claim = self.exploration.run.claims[str(message["id"])]
        asked = {key: str(message.get(key) or "") for key in ("field", "value", "who", "why")}
        self._desk = self._need_desk()
        told, line = self._desk.decide(claim["doc"], claim["text"], start=claim["start"], **asked)
        change = f"{told.field} {told.expect or 'nothing'} to {told.value or 'nothing'}"
        said = f"written to {CORRECTIONS}, line {line}: {change}; it counts from the next run on"
        self._on_findings(message, said)

    def _on_undo(self, message: Mapping[str, Any]) -> None:
        told = self._need_desk().take_back(int(message["line"]), who=str(message.get("who") or ""))
        self._on_findings(message, f"taken back: {told.field} {told.value or 'nothing'} of {told.quotation}")

    @property
    def _seeds_there(self) -> bool:
        return self.seeds is not None and Path(self.seeds).is_dir()

    @property
    def desk(self) -> "Desk | None":
        """Where decisions are written; None where no folder of documents was given, or it is not there."""
        if self._desk is None and self._seeds_there:
            self._desk = self._need_desk()
        return self._desk

    def _need_desk(self) -> "Desk":
        from csrbook.reviews import Desk

        return self._desk or Desk(self.seeds or "")

    def _findings(self) -> list[dict[str, Any]]:
        """Return every decision with its state: that of the run while the file is the one that it read, else read anew."""
        now, then = (_bytes(Path(home, CORRECTIONS)) for home in (self.seeds, self.run.folder / "01-sources"))
        if now == then:
            told = ("state", "told", *TOLD)
            return [{key: row.get(key) or "" for key in told} | {"id": row.get("claim_id"), "new": False} for row in self._told]
        return [self._finding(one) for one in self.desk.findings()]

    def _finding(self, one: Any) -> dict[str, Any]:
        told = {key: getattr(one.decision, key) for key in TOLD} | {"state": one.state, "told": one.told, "id": one.claim_id}
        return told | {"new": tuple(str(told[key]) for key in SAME) not in self._before}


class PasteBox(_Answering):
    """A box to paste a text into, which is read as it stands there."""

    _esm = _page("paste.js")
    _css = _page("explorer.css")
    ANSWERED = ("open", "read")

    def __repr__(self) -> str:
        return "PasteBox()"

    def _on_open(self, message: Mapping[str, Any]) -> None:
        from csrbook.labels import load_labels

        labels = load_labels()
        self.send({"what": "languages", "languages": [(code, labels.name("language", code)) for code in labels.order("language")]})

    def _on_read(self, message: Mapping[str, Any]) -> None:
        from csrbook.labels import load_labels
        from csrbook.pasted import read_pasted

        told = read_pasted(str(message.get("text") or ""), language=str(message.get("language") or "") or None)
        name = load_labels().name("language", told["language"]) if told["language"] else ""
        self.send({"what": "told", "number": message.get("number"), "named": name} | told)


def _address(folder: Path) -> str:
    """Return a folder as seen from the notebook's own, for the addresses of its pages."""
    return Path(os.path.relpath(folder)).as_posix()


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _told(query: Query) -> dict[str, Any]:
    """Return a query as a message tells it."""
    named = ("since", "until", "words", "order", "falling")
    return {key: getattr(query, key) for key in named} | {"chosen": {name: list(values) for name, values in query.chosen.items()}}
