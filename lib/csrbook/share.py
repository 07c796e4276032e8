"""Make the pages of a run: front page, one page a notebook and a document, all claims, and the brief to mail.

In      outputs/<run>/, whole or cut short.
Out     index.html, NN-*.html, doc-<doc>.html, claims.html, changes.html, brief.html, written beside the run's files.
Never   loads anything from anywhere: no network, no file beside the page; a Content-Security-Policy says so.
        Reads no clock and no run.json (it is written after the pages): same run, same bytes.
Needs   change_pages, digests, displays, escapes, evidence, labels, notebook_pages; jinja2.  Used by runner (as its last step) and cli.

The templates, the style and the script lie in pages/. A document's words are data everywhere: jinja escapes
them in HTML, `to_json` in the evidence, the script in what it draws and in the CSV it gives out.
"""

import base64
import hashlib
import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from csrbook import __version__
from csrbook.change_pages import describe_changes
from csrbook.digests import fingerprint
from csrbook.displays import format_when
from csrbook.escapes import show_controls, to_json
from csrbook.evidence import Run, Source, account_for, format_number, format_value, make_payload, segment
from csrbook.labels import load_labels
from csrbook.notebook_pages import convert_notebook

__all__ = ["make_pages"]

TAGS = {  # a tag stands by every mark, so that no colour has to be told apart
    "public_health": "HE", "business_support": "BS", "rural": "RU", "environment": "EN", "education": "ED",
    "employment": "EM", "philanthropy": "PH", "inclusion": "IN", "community": "CM", "corporate": "CO",
}  # fmt: skip
CLAIM_PLACES = re.compile(  # in a notebook: a cell or code that is a claim_id and nothing else, or a link to one
    r'(?P<open><(?:td|code)>)(?P<cell>[0-9a-f]{16})(?=<)|href="[^"]*#c-(?P<href>[0-9a-f]{16})"'
)
BRIEF_BYTES = 2_900_000  # brief.html stays a mail attachment of 3 MB; charts past that are named, not drawn
PART = 20_000  # code points of a document that are laid out together; a line of 10 MB would hold up the browser
NOTED = 3  # claims of a number in a sentence of the brief that have notes of their own; a count of more is left to the table
AT_HAND = 60  # claims of one chart or sentence whose evidence lies in the page itself; the table has the rest
DATA_FILES = (
    ("02-extract/claims.csv", "All claims"),
    ("02-extract/claims.parquet", "All claims, for programs"),
    ("02-extract/ledger.csv", "Numerals set aside"),
    ("03-tabulate/programmes.csv", "Programmes, with a figure or without"),
    ("03-tabulate/names_to_review.csv", "Names to review: what no table knows"),
    ("workbook.xlsx", "All tables as a workbook"),
    ("04-reconcile/relations.csv", "Relations between claims"),
    ("datapackage.json", "All tables, described for programs (Data Package)"),
    ("annotations.jsonld", "All claims as annotations of the texts (Web Annotation)"),
    ("changes/changes.csv", "Changes since the run before"),
    ("run.json", "Record of the run"),
    ("ro-crate-metadata.json", "Record of the run for archives (RO-Crate)"),
)
MADE_AFTER = {"run.json", "ro-crate-metadata.json"}  # than the pages, which name them all the same


def make_pages(run: Run) -> Path:
    """Write all pages of a run, whose quotations `read_run` has checked, into its folder and return the front page."""
    site = Site(run)
    pages = {"index.html": site.index(), "claims.html": site.claims(), "brief.html": site.brief()}
    pages["changes.html"] = site.changes()
    pages |= {name: site.notebook(path, name) for path, name in site.notebooks}
    pages |= {source.page: site.document(source) for source in site.run.sources.values()}
    for name, page in pages.items():
        (site.run.folder / name).write_bytes(page.encode("utf-8", "backslashreplace"))
    return site.run.folder / "index.html"


class Site:
    """The pages of one run; each method returns a whole page."""

    def __init__(self, run: Run) -> None:
        self.run = run
        paths = sorted(run.folder.glob("*.ipynb"))
        self.notebooks = [(path, f"{path.stem.replace('_', '-')}.html") for path in paths]
        self.account = account_for(run)
        self.changed = describe_changes(run, self.claim_href, _named)
        kinds = {"claims": run.claims.values(), "skipped": run.skipped, "tellings": run.tellings.values()}
        self.by_doc = {kind: defaultdict(list) for kind in kinds}
        for kind, rows in kinds.items():
            for row in rows:
                self.by_doc[kind][row["doc"]].append(row)
        self.env = _make_environment()
        links = [("index.html", "Overview"), ("claims.html", "Claims"), ("changes.html", "Changes"), ("brief.html", "Brief")]
        self.env.globals |= {
            "run": run,
            "nav": links,
            "steps": [(name, _plain_name(path.stem)) for path, name in self.notebooks],
            "themes": [(code, TAGS.get(code, ""), _named("theme", code)) for code in load_labels().order("theme")],
            "claim_href": self.claim_href,
            "at_hand": AT_HAND,
            "few": NOTED,
            "version": __version__,
        }

    def render(self, template: str, here: str, *, cited: Iterable[str] = (), **context: Any) -> str:
        """Return a page with the evidence of the claims that it cites."""
        names = _names_of("theme")
        told = {"names": names} | {section: _names_of(section) for section in ("verdict", "indicator")}
        payload = make_payload(self.run, cited) | told | context.pop("more", {})
        page = self.env.get_template(template)
        return page.render(here=here, evidence=to_json(payload), **context)

    def index(self) -> str:
        """Return the front page: what was asked, found, disputed and left out, and where all of it lies."""
        run = self.run
        charts = [self.chart(chart) for chart in run.charts]
        disputes = [relation for relation in run.relations if relation.is_disagreement]
        disputes.sort(key=lambda relation: relation.verdict == "qualifier")  # other words for one number weigh least
        cited = [one for relation in disputes for one in relation.members[:AT_HAND]]
        cited += [one for chart in charts for one in chart["claims"][:AT_HAND]]
        return self.render(
            "index.html.j2",
            "index.html",
            cited=[*self.headline_claims(AT_HAND), *cited],
            since=self.changed["line"] if self.changed["before"] else "",
            charts=charts,
            disputes=disputes,
            verdicts=sorted(Counter(r.verdict for r in run.relations).items()),
            account=self.account,
            languages=[_named("language", code) for code in sorted({s.language for s in run.sources.values()} - {""})],
            downloads=[(f, label) for f, label in DATA_FILES if f in MADE_AFTER or (run.folder / f).is_file()],
            fingerprint=self.fingerprint(),
        )

    def claims(self) -> str:
        """Return the page of all claims; the script draws the table from the evidence, a window at a time."""
        groups = {f"chart-{chart['stem']}": list(chart["claims"]) for chart in map(self.chart, self.run.charts)}
        for place, sentence in enumerate(self.run.brief["sentences"], 1):
            groups[f"headline-{place}"] = [one for part in sentence for one in part["claims"]]
        return self.render("claims.html.j2", "claims.html", cited=self.run.claims, more={"groups": groups})

    def changes(self) -> str:
        """Return the page of what changed since the run before."""
        return self.render("changes.html.j2", "changes.html", **self.changed)

    def brief(self) -> str:
        """Return the one page that is whole by itself; its notes carry the quotations, so that paper has them too."""
        cited = list(dict.fromkeys(self.headline_claims(NOTED)))
        charts, room = [], BRIEF_BYTES
        for chart in map(self.chart, self.run.charts):
            size = sum(len(chart[key] or "") for key in ("image", "dark"))
            charts.append(chart if size < room else chart | {"image": None, "dark": None})
            room -= size if size < room else 0
        payload = make_payload(self.run, cited)
        notes = [(number, self.run.claims[one], self.quotation(one, payload)) for number, one in enumerate(cited, 1)]
        numbers = {one: number for number, one in enumerate(cited, 1)}
        context = {"charts": charts, "notes": notes, "numbers": numbers, "account": self.account, "fingerprint": self.fingerprint()}
        return self.render("brief.html.j2", "brief.html", cited=cited, more={"alone": True}, **context)

    def document(self, source: Source) -> str:
        """Return a document whole, its figures marked and those set aside told apart."""
        claims = self.by_doc["claims"][source.doc]
        pieces = segment(source, claims, self.by_doc["skipped"][source.doc], self.by_doc["tellings"][source.doc])
        return self.render(
            "document.html.j2",
            source.page,
            cited=[claim["claim_id"] for claim in claims],
            source=source,
            counts=next(row for row in self.account if row["source"] is source),
            by_theme=Counter(claim.get("theme") or "none" for claim in claims),
            text=_lay_out(pieces),
        )

    def notebook(self, path: Path, name: str) -> str:
        """Return a notebook as a page; every claim_id in it becomes a link to its evidence, a telling_id to its place."""
        title, body = convert_notebook(path)
        cited: dict[str, None] = {}

        def link(found: re.Match) -> str:
            key = found["cell"] or found["href"]
            if told := found["href"] and self.run.tellings.get(key):
                return f'href="{escape(quote(self.run.sources[told["doc"]].page))}#t-{key}"'
            if key not in self.run.claims:
                return found[0]
            cited[key] = None
            start = f'href="{escape(self.claim_href(key))}" class="figure" data-claims="{key}"'
            return start if found["href"] else f"{found['open']}<a {start}>{key}</a>"

        body = CLAIM_PLACES.sub(link, body)
        heads = re.findall(r'<h([23])[^>]*? id="([^"]+)"[^>]*>(.*?)</h\1>', body, re.DOTALL)
        contents = [(level, html.unescape(where), Markup(re.sub(r"<[^>]+>", "", text))) for level, where, text in heads]
        title = Markup(title) if title else _plain_name(path.stem)
        return self.render(
            "notebook.html.j2", name, cited=cited, title=title, contents=contents, body=Markup(body), file=path.name
        )

    def claim_href(self, claim_id: str) -> str:
        """Return the address of a claim's place in its document, which works without any script."""
        return f"{quote(self.run.sources[self.run.claims[claim_id]['doc']].page)}#c-{quote(claim_id)}"

    def headline_claims(self, most: int) -> list[str]:
        """Return what the numbers of the headline sentences cite, in their order; a count of more than `most` claims none."""
        return [one for s in self.run.brief["sentences"] for part in s if len(part["claims"]) <= most for one in part["claims"]]

    def quotation(self, claim_id: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Return source and sentence of a claim, for a note on paper."""
        columns = payload["columns"]
        row = _unpack(columns["claim_id"]).index(claim_id)
        source = self.run.sources[self.run.claims[claim_id]["doc"]]
        return {"source": source, **{key: _unpack(columns[key])[row] for key in ("before", "text", "after", "shown")}}

    def chart(self, chart: Mapping[str, Any]) -> dict[str, Any]:
        """Return a chart with its pictures as data addresses, None where there is no picture."""
        stem = Path(str(chart.get("stem") or chart.get("file") or chart.get("name") or "")).name
        stem = re.sub(r"\.(svg|png|csv)$", "", stem)
        home = self.run.folder / "05-chart"
        image = _data_address(home / f"{stem}.svg") or _data_address(home / f"{stem}.png")
        told = {key: str(chart.get(key) or "") for key in ("title", "alt", "caption")}
        table = f"05-chart/{quote(stem)}.csv" if (home / f"{stem}.csv").is_file() else None
        dark = _data_address(home / f"{stem}-dark.svg")
        own = {"stem": stem, "image": image, "dark": dark, "table": table, "claims": chart["claims"]}
        return own | told | {"title": told["title"] or _plain_name(stem)}

    def fingerprint(self) -> str:
        """Return a hash of all stored texts: two runs with the same one read the same words."""
        sources = self.run.sources.values()
        return fingerprint({s.doc: hashlib.sha256((s.text or "").encode()).hexdigest() for s in sources})


def _make_environment() -> Environment:
    """Return the templates, with the style, the script and the policy that allows these two by hash only."""
    home = files("csrbook") / "pages"
    style, script = ((home / name).read_text(encoding="utf-8") for name in ("style.css", "script.js"))
    loader = FileSystemLoader(str(home))
    env = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    policy = (
        f"default-src 'none'; img-src data:; style-src {_hash_source(style)}; script-src {_hash_source(script)}; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
    env.globals |= {"style": Markup(style), "script": Markup(script), "policy": policy}
    env.filters |= {"number": format_number, "value": format_value, "seen": show_controls, "href": quote}
    env.filters |= {"when": format_when, "verdict": lambda code: _named("verdict", code)}
    env.filters |= {"reason": lambda code: _named("reason", code), "plain": lambda code: str(code).replace("_", " ")}
    return env


def _hash_source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _named(section: str, code: str | None) -> str:
    return load_labels().name(section, code)


def _names_of(section: str) -> dict[str, str]:
    return {code: _named(section, code) for code in load_labels().order(section)}


def _lay_out(pieces: Iterable[tuple[str, str, Any]]) -> Markup:
    """Return a document as parts that end at a line's end; where a line has none, a part is "long".

    A browser leaves a long part alone until it is seen; for the others it knows their height at once.
    """
    block, parts, size = Markup('<div class="{}">{}</div>'), [], 0
    whole: list[Markup] = []
    for kind, text, record in pieces:
        while kind in ("plain", "passage") and size + len(text) > PART:
            line_end = text.find("\n", max(0, PART - size), 2 * PART) + 1
            cut = line_end or max(0, PART - size)
            parts.append(_mark_piece(kind, text[:cut], record))
            whole.append(block.format("part" if line_end else "part long", Markup("").join(parts)))
            text, size, parts = text[cut:], 0, []
        parts.append(_mark_piece(kind, text, record))
        size += len(text)
    return Markup("").join([*whole, block.format("part", Markup("").join(parts))])


def _mark_piece(kind: str, text: str, record: Mapping[str, Any] | None) -> Markup:
    """Return one piece of a document as HTML."""
    words = show_controls(text)
    if kind == "claim":
        theme, relevance = record.get("theme"), "csr" if record.get("relevance") == "csr" else "context"
        promise = str(record.get("target")).lower() in ("true", "1")
        told = f"{format_value(record)}. {_named('theme', theme)}, {relevance}{', promise' if promise else ''}"
        style = f"m {f't-{theme}' if theme in TAGS else 't-none'} {relevance}"
        tag, one = TAGS.get(theme, "") + (" \u2192" if promise else ""), str(record["claim_id"])
        return Markup(
            '<a class="{}" id="c-{}" href="claims.html#c-{}" data-claims="{}" data-tag="{}" title="{}">{}</a>'
        ).format(style, one, quote(one), one, tag, told, words)
    if kind == "skipped":
        why = _named("reason", str(record["reason"]))
        return Markup('<span class="x" data-why="{}" title="Set aside: {}">{}</span>').format(why, why, words)
    if kind == "telling":
        return Markup('<span class="told" id="t-{}"></span>').format(record["telling_id"])
    if kind == "passage":
        why = str(record.get("reason") or "furniture").replace("_", " ")
        return Markup('<span class="passage" title="{}">{}</span>').format(why, words)
    return words


def _data_address(path: Path) -> str | None:
    """Return a picture as an address that holds it; None where there is no such file."""
    if not path.is_file():
        return None
    kind = "svg+xml" if path.suffix == ".svg" else "png"
    return f"data:image/{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"


def _unpack(column: Any) -> list[Any]:
    return [column["values"][code] for code in column["codes"]] if isinstance(column, dict) else column


def _plain_name(stem: str) -> str:
    """Return "05_chart" as "5 Chart"."""
    words = re.sub(r"[-_]+", " ", stem).strip()
    return re.sub(r"^0*(\d+ )?(.)", lambda found: (found[1] or "") + found[2].upper(), words)
