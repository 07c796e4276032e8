"""Make the pages of a run: front page, one page a notebook and a document, all claims, and the brief to mail.

In      outputs/<run>/, whole or cut short.
Out     index.html, NN-*.html, doc-<doc>.html, claims.html, changes.html, brief.html, written beside the run's files.
Never   loads anything from a network; pictures of charts lie beside the pages, in 05-chart/, and in brief.html, which is whole by
        itself. A Content-Security-Policy says so. Reads no clock and no run.json (it is written after the pages): same run, same bytes.
Needs   accuracies, change_pages, chart_figures, digests, displays, document_pages, escapes, evidence, labels, notebook_pages, payloads,
        templates; markupsafe.  Used by runner (as its last step) and cli.

The templates, the style and the script lie in pages/. A document's words are data everywhere: jinja escapes
them in HTML, `to_json` in the evidence, the script in what it draws and in the CSV it gives out.
"""

import hashlib
import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from markupsafe import Markup, escape

from csrbook import __version__
from csrbook.accuracies import describe_accuracy
from csrbook.change_pages import describe_changes
from csrbook.chart_figures import AT_HAND, carried, describe_charts, embed, plain_name
from csrbook.digests import fingerprint
from csrbook.displays import format_value
from csrbook.document_pages import TAGS, lay_out
from csrbook.escapes import to_json
from csrbook.evidence import Run, Source, account_for, segment
from csrbook.labels import load_labels
from csrbook.notebook_pages import convert_notebook
from csrbook.payloads import make_payload, words_around
from csrbook.templates import make_environment, named, names_of

__all__ = ["make_pages"]

CLAIM_PLACES = re.compile(  # in a notebook: a cell or code that is a claim_id and nothing else, or a link to one
    r'(?P<open><(?:td|code)>)(?P<cell>[0-9a-f]{16})(?=<)|href="[^"]*#c-(?P<href>[0-9a-f]{16})"'
)
BRIEF_BYTES = 2_950_000  # brief.html stays a mail attachment of 3 MB; charts past that are named, not drawn
NOTED = 3  # claims of a number in a sentence of the brief that have notes of their own; a count of more is left to the table
LARGE = 4  # charts that the front page shows large; the others are one click away
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
    ("rights.txt", "Whose words and data these are"),
)
MADE_AFTER = {"run.json", "ro-crate-metadata.json"}  # than the pages, which name them all the same


def make_pages(run: Run) -> Path:
    """Write all pages of a run, whose quotations `read_run` has checked, into its folder and return the front page."""
    site = Site(run)
    pages = {name: site.notebook(path, name) for path, name in site.notebooks}  # first: the front page leads to their charts
    pages |= {"index.html": site.index(), "claims.html": site.claims(), "brief.html": site.brief()}
    pages["changes.html"] = site.changes()
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
        self.changed = describe_changes(run, self.claim_href, named)
        self.charts = describe_charts(run, self.claim_href)
        self.headings: dict[str, str] = {}  # place of a heading -> the address of its section in a notebook's page
        self.shown_at: dict[str, str] = {}  # stem of a chart -> the notebook's page that shows it
        kinds = {"claims": run.claims.values(), "skipped": run.skipped, "tellings": run.tellings.values()}
        self.by_doc = {kind: defaultdict(list) for kind in kinds}
        for kind, rows in kinds.items():
            for row in rows:
                self.by_doc[kind][row["doc"]].append(row)
        self.env = make_environment()
        links = [("index.html", "Overview"), ("claims.html", "Claims"), ("changes.html", "Changes"), ("brief.html", "Brief")]
        self.env.globals |= {
            "run": run,
            "nav": links,
            "steps": [(name, plain_name(path.stem)) for path, name in self.notebooks],
            "themes": [(code, TAGS.get(code, ""), named("theme", code)) for code in load_labels().order("theme")],
            "claim_href": self.claim_href,
            "at_hand": AT_HAND,
            "few": NOTED,
            "version": __version__,
        }

    def render(self, template: str, here: str, *, cited: Iterable[str] = (), **context: Any) -> str:
        """Return a page with the evidence of the claims that it cites."""
        names = names_of("theme")
        told = {"names": names} | {section: names_of(section) for section in ("verdict", "indicator")}
        payload = make_payload(self.run, cited) | told | context.pop("more", {})
        policy = self.env.globals["policies"][context.pop("policy", "beside")]
        return self.env.get_template(template).render(here=here, policy=policy, evidence=to_json(payload), **context)

    def index(self) -> str:
        """Return the front page: what was asked, found, disputed and left out, and where all of it lies."""
        run = self.run
        charts, others = self.front_charts()
        charts, cited = carried(charts)
        disputes = [relation for relation in run.relations if relation.is_disagreement]
        disputes.sort(key=lambda relation: relation.verdict == "qualifier")  # other words for one number weigh least
        cited += [one for relation in disputes for one in relation.members[:AT_HAND]]
        return self.render(
            "index.html.j2",
            "index.html",
            cited=[*self.headline_claims(AT_HAND), *cited],
            since=self.changed["line"] if self.changed["before"] else "",
            charts=charts,
            others=[(chart, f"{self.shown_at[chart.stem]}#chart-{quote(chart.stem)}") for chart in others],
            accuracy=describe_accuracy(run),
            sections=self.headings,
            disputes=disputes,
            verdicts=sorted(Counter(r.verdict for r in run.relations).items()),
            account=self.account,
            languages=[named("language", code) for code in sorted({s.language for s in run.sources.values()} - {""})],
            downloads=[(f, label) for f, label in DATA_FILES if f in MADE_AFTER or (run.folder / f).is_file()],
            fingerprint=self.fingerprint(),
        )

    def front_charts(self) -> tuple[list, list]:
        """Return the charts that the front page shows large, and those that it names: they stand in a notebook's page."""
        filled = sorted(self.charts, key=lambda chart: not chart.claims)  # those with nothing to show come last
        large = [chart for place, chart in enumerate(filled) if place < LARGE or chart.stem not in self.shown_at]
        return large, [chart for chart in filled if chart not in large]

    def claims(self) -> str:
        """Return the page of all claims; the script draws the table from the evidence, a window at a time."""
        groups = {name: claims for chart in self.charts for name, claims in chart.groups.items()}
        for place, sentence in enumerate(self.run.brief["sentences"], 1):
            groups[f"headline-{place}"] = [one for part in sentence for one in part["claims"]]
        row = {one: place for place, one in enumerate(self.run.claims)}
        told = {name: [row[one] for one in claims] for name, claims in groups.items()}
        return self.render("claims.html.j2", "claims.html", cited=self.run.claims, more={"groups": told})

    def changes(self) -> str:
        """Return the page of what changed since the run before."""
        return self.render("changes.html.j2", "changes.html", **self.changed)

    def brief(self) -> str:
        """Return the one page that is whole by itself; its notes carry the quotations, so that paper has them too."""
        cited = list(dict.fromkeys(self.headline_claims(NOTED)))
        notes = [(number, self.run.claims[one], self.quotation(one)) for number, one in enumerate(cited, 1)]
        numbers = {one: number for number, one in enumerate(cited, 1)}
        context = {"notes": notes, "numbers": numbers, "account": self.account, "fingerprint": self.fingerprint()}

        def page(room: int) -> str:
            charts = embed(self.charts, self.run.folder, room=room)
            more = {"alone": True}
            return self.render("brief.html.j2", "brief.html", cited=cited, more=more, policy="alone", charts=charts, **context)

        return page(BRIEF_BYTES - len(page(0).encode("utf-8", "backslashreplace")))  # what the words leave is for the pictures

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
            text=lay_out(pieces),
        )

    def notebook(self, path: Path, name: str) -> str:
        """Return a notebook as a page; every claim_id in it becomes a link to its evidence, a telling_id to its place."""
        slots = self.slots()
        title, body = convert_notebook(path, slots)
        figures, held = carried(chart for chart in self.charts if slots.get(chart.alt, "<!>") in body)
        cited = dict.fromkeys(held)

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
        self.headings |= {html.unescape(where): f"{quote(name)}#{quote(html.unescape(where))}" for _, where, _ in heads}
        contents = [(level, html.unescape(where), Markup(re.sub(r"<[^>]+>", "", text))) for level, where, text in heads]
        title = Markup(title) if title else plain_name(path.stem)
        figure = self.env.get_template("parts.html.j2").module.chart_figure
        for chart in figures:
            body = body.replace(slots[chart.alt], figure(chart, headed=False), 1)
            self.shown_at.setdefault(chart.stem, name)
        return self.render(
            "notebook.html.j2", name, cited=cited, title=title, contents=contents, body=Markup(body), file=path.name
        )

    def slots(self) -> dict[str, str]:
        """Return a mark for every chart that a notebook may show, by the chart's words: cleaned HTML holds no such mark."""
        alone = Counter(chart.alt for chart in self.charts)
        return {c.alt: f"<!--chart {place}-->" for place, c in enumerate(self.charts) if c.alt and c.image and alone[c.alt] == 1}

    def claim_href(self, claim_id: str) -> str:
        """Return the address of a claim's place in its document, which works without any script."""
        return f"{quote(self.run.sources[self.run.claims[claim_id]['doc']].page)}#c-{quote(claim_id)}"

    def headline_claims(self, most: int) -> list[str]:
        """Return what the numbers of the headline sentences cite, in their order; a count of more than `most` claims none."""
        return [one for s in self.run.brief["sentences"] for part in s if len(part["claims"]) <= most for one in part["claims"]]

    def quotation(self, claim_id: str) -> dict[str, Any]:
        """Return source and sentence of a claim, for a note on paper."""
        claim = self.run.claims[claim_id]
        source = self.run.sources[claim["doc"]]
        before, after = words_around(claim, source.text or "")
        return {"source": source, "before": before, "text": claim["text"], "after": after, "shown": format_value(claim)}

    def fingerprint(self) -> str:
        """Return a hash of all stored texts: two runs with the same one read the same words."""
        sources = self.run.sources.values()
        return fingerprint({s.doc: hashlib.sha256((s.text or "").encode()).hexdigest() for s in sources})
