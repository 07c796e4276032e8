"""Make small run folders of invented documents for the tests of pages, honest ones and a hostile one."""

import base64
import csv
import hashlib
import json
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 70 30"><title>bars</title>'
    '<rect width="40" height="10"/><rect y="15" width="60" height="10"/>{}</svg>'
)
TEXTS = {
    "garden": (
        "en",
        "A garden for the town\n\nOn 3 May 2021 the Lantern Mill gave 4.5 million crowns for trees. "
        "It planted more than 1,200 saplings, and 12 clerks watched.\nBy 2025 it means to plant 9,000 saplings.",
    ),
    "river": ("zh", "江边的作坊去年捐款近450万克朗,种下1300棵树苗,雇用了12名园丁。"),
    "bridge": ("ru", "Мастерская «Фонарь» отдала 4,5 млн крон и высадила 1,2 тыс. саженцев за 2021 год."),
}
CLAIMS = [  # doc, text, value, unit, kind, qualifier, theme, relevance, more
    ("garden", "4.5 million crowns", 4500000, "CZK", "money", "exact", "philanthropy", "csr", {"actor": "Lantern Mill", "when": "2021-05-03", "when_type": "on"}),
    ("garden", "1,200 saplings", 1200, "tree", "count", "over", "environment", "csr", {"programme": "Town Garden", "low": 1200}),
    ("garden", "12 clerks", 12, "person", "count", "exact", "corporate", "context", {}),
    ("garden", "9,000 saplings", 9000, "tree", "count", "exact", "environment", "csr", {"target": True, "when": "2021/2025", "when_type": "during"}),
    ("river", "450万克朗", 4500000, "CZK", "money", "nearly", "philanthropy", "csr", {"high": 4500000, "low": 4250000.5}),
    ("river", "1300棵", 1300, "tree", "count", "exact", "environment", "csr", {}),
    ("river", "12名", 12, "person", "count", "exact", "employment", "csr", {}),
    ("bridge", "4,5 млн крон", 4500000, "CZK", "money", "exact", "philanthropy", "csr", {}),
    ("bridge", "1,2 тыс. саженцев", 1200, "tree", "count", "exact", None, "csr", {}),
]
TELLINGS = [("00000000000000aa", "garden", "garden for the town", "Town Garden")]  # telling_id, doc, text, programme
ASIDE = [("garden", "3 May 2021", "date"), ("garden", "2025", "date"), ("bridge", "2021", "date")]
RELATIONS = [("equal", [0, 7], "both say four and a half million"), ("conflict", [1, 5], "same trees, other number")]


def claim_id(doc: str, text: str) -> str:
    """Return an id of the right form."""
    return hashlib.sha256(f"{doc}\0{text}".encode()).hexdigest()[:16]


def make_claim(doc: str, whole: str, quotation: str, **more: object) -> dict:
    """Return a claim whose span is the first printing of `quotation` in `whole`."""
    start = whole.index(quotation)
    return {
        "id": f"{doc}-{start:04}", "doc": doc, "start": start, "end": start + len(quotation), "text": quotation, "value": 1,
        "value_max": None, "unit": None, "kind": "count", "qualifier": "exact", "when": None, "when_type": None,
        "target": False, "actor": None, "programme": None, "theme": None, "relevance": "csr", "optional": False,
        "repeat_of": None, "restates": None, "note": None, "indicator": None, "low": None, "high": None,
        "claim_id": claim_id(doc, quotation), "rule": {"value": "digits", "unit": "noun"}, "confidence": 0.75,
        "sentence_start": None, "sentence_end": None, **more,
    }  # fmt: skip


def write_lines(path: Path, rows: list[dict]) -> None:
    """Write JSON Lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def write_json(path: Path, data: object) -> None:
    """Write JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def write_table(path: Path, rows: list[dict]) -> None:
    """Write CSV."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as lines:
        table = csv.DictWriter(lines, list(rows[0]))
        table.writeheader()
        table.writerows(rows)


def write_notebook(path: Path, cells: list) -> None:
    """Write a notebook; cell ids are fixed, so that the same cells are the same bytes."""
    for place, cell in enumerate(cells):
        cell["id"] = f"cell-{place}"
    nbformat.write(new_notebook(cells=cells), path)


def write_sources(folder: Path, texts: dict[str, tuple[str, str]], **more: str) -> None:
    """Write the stored texts, byte for byte, and the table of sources."""
    (folder / "01-sources" / "texts").mkdir(parents=True, exist_ok=True)
    rows = []
    for doc, (language, text) in texts.items():
        (folder / "01-sources" / "texts" / f"{doc}.txt").write_bytes(text.encode())
        sha = hashlib.sha256(text.encode()).hexdigest()
        about = {"title": f"About the {doc}", "publisher": "The Post", "date": "2021-06-01", **more}
        rows.append({"doc": doc, "path": f"{doc}.txt", "language": language, "kind": "news", "sha256": sha, "problem": "", "advice": "", **about})
    write_table(folder / "01-sources" / "sources.csv", rows)


def build_run(folder: Path) -> Path:
    """Write an honest run: three documents, nine claims, two relations, a chart, a brief, two notebooks."""
    folder.mkdir(parents=True, exist_ok=True)
    write_sources(folder, TEXTS)
    names = ("value", "unit", "kind", "qualifier", "theme", "relevance")
    claims = [make_claim(c[0], TEXTS[c[0]][1], c[1], **dict(zip(names, c[2:8], strict=True)), **c[8]) for c in CLAIMS]
    write_lines(folder / "02-extract" / "claims.jsonl", claims)
    aside = [make_claim(doc, TEXTS[doc][1], text) for doc, text, _ in ASIDE]
    ledger = [{k: a[k] for k in ("doc", "start", "end", "text")} | {"reason": r, "rule": r} for a, (_, _, r) in zip(aside, ASIDE, strict=True)]
    write_table(folder / "02-extract" / "ledger.csv", ledger)
    told = [make_claim(doc, TEXTS[doc][1], text) | {"telling_id": one, "programme": name} for one, doc, text, name in TELLINGS]
    write_table(folder / "02-extract" / "tellings.csv", [{k: t[k] for k in ("telling_id", "doc", "start", "end", "text", "programme")} for t in told])
    ids = [claim["claim_id"] for claim in claims]
    relations = [{"verdict": v, "members": [ids[m] for m in members], "note": note} for v, members, note in RELATIONS]
    write_lines(folder / "04-reconcile" / "relations.jsonl", relations)
    (folder / "05-chart").mkdir()
    (folder / "05-chart" / "01-trees-by-document.svg").write_text(SVG.format(""))
    (folder / "05-chart" / "01-trees-by-document.csv").write_text("doc,trees\ngarden,1200\n")
    chart = {"stem": "01-trees-by-document", "title": "Trees by document", "alt": "Two bars of trees", "caption": "Two documents.", "claims": [ids[1], ids[5]]}
    write_json(folder / "05-chart" / "charts.json", [chart])
    sentences = [
        {"parts": ["The mill gave ", {"text": "4.5 million crowns", "claims": [ids[0], ids[4], ids[7]]}, " for trees."]},
        {"text": "One text says 1,200 saplings, another 1,300.", "numbers": [{"text": "1,200", "claims": [ids[1]]}, {"text": "1,300", "claims": [ids[5]]}]},
    ]
    write_json(folder / "06-brief" / "brief.json", {"question": "What did the mill do for the town?", "sentences": sentences})
    table = f"<table><thead><tr><th></th><th>doc</th><th>claim_id</th></tr></thead><tbody><tr><th>0</th><td>garden</td><td>{ids[0]}</td></tr></tbody></table>"
    output = new_output("execute_result", data={"text/html": table, "text/plain": "table"}, execution_count=1)
    cells = [
        new_markdown_cell("# What was read?\n\nThree documents."),
        new_code_cell('run_dir: str = "../outputs/work"', metadata={"tags": ["parameters"]}),
        new_markdown_cell(f"## The table\n\n# A second title\n\nSee [the money](#c-{ids[0]}).\n\n## What is missing?\n\nNothing."),
        new_code_cell("table", outputs=[output, new_output("stream", name="stdout", text="\x1b[31mdone\x1b[0m <b>\n")]),
    ]
    write_notebook(folder / "01-sources.ipynb", cells)
    write_notebook(folder / "02_extract.ipynb", [new_code_cell("1 + 1"), new_markdown_cell(f"The [town garden](#c-{TELLINGS[0][0]}).")])
    return folder


PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
SENTENCES = "The mill planted saplings along the river, and the clerks of the town wrote down how many of them there were."


def build_full(folder: Path) -> Path:
    """Write the honest run as a newer one is: charts with marks and dark pictures, normal values, decisions, scores, languages."""
    build_run(folder)
    ids = [claim_id(c[0], c[1]) for c in CLAIMS]
    home = folder / "05-chart"
    (home / "01-trees-by-document-dark.svg").write_text(SVG.format("<desc>dark</desc>"))
    (home / "01-trees-by-document.png").write_bytes(PNG)
    marks = [
        {"x": 0, "y": 0, "width": 40, "height": 10, "claims": [ids[1]], "label": "1,200 saplings"},
        {"x": 0, "y": 12, "width": 70, "height": 16, "claims": [ids[1], ids[5]], "label": "both"},
        {"x": 30, "y": 0, "width": 10, "height": 10, "claims": [ids[3]], "label": "9,000 saplings, over the first"},
        {"x": 90, "y": 0, "width": 5, "height": 5, "claims": [ids[5]], "label": "outside of the picture"},
        {"x": 5, "y": 5, "width": 0, "height": 5, "claims": [ids[5]], "label": "no box"},
    ]
    first = {"stem": "01-trees-by-document", "title": "Trees by document", "alt": "Two bars of trees", "caption": "Two documents.", "claims": [ids[1], ids[5]]}
    charts = [first | {"language": "ru", "size": [70, 30], "marks": marks}]
    for number in range(2, 7):
        stem = f"0{number}-more"
        (home / f"{stem}.svg").write_text(SVG.format(""))
        charts.append({"stem": stem, "title": f"More {number}", "alt": f"Chart {number}", "caption": "", "claims": [] if number == 3 else ids[:2], "language": "en"})
    write_json(home / "charts.json", charts)
    brief = json.loads((folder / "06-brief" / "brief.json").read_text(encoding="utf-8"))
    write_json(folder / "06-brief" / "brief.json", brief | {"language": "zh"})
    normal = {"value_si": 1, "low_si": None, "high_si": None, "unit_si": None, "currency": "USD", "value_usd": None, "rate": None, "rate_date": None, "rate_source": None, "rate_note": None, "year": 2021}
    rows = [normal | {"claim_id": one, "value_si": c[2], "unit_si": c[3]} for one, c in zip(ids, CLAIMS, strict=True)]
    rows[0] |= {"value_usd": 207450.5, "rate": 0.0461001111, "rate_date": "2021-05-03", "rate_source": "Town Bank"}
    rows[4] |= {"rate_note": "no rate of that day"}
    rows[6] |= {"value_si": 43200, "unit_si": "s", "low_si": 39600, "high_si": 46800}
    write_table(folder / "03-tabulate" / "claims_normal.csv", rows)
    write_table(folder / "04-reconcile" / "promise_results.csv", [{"claim_id": ids[3], "state": "due"}])
    decided = {"state": "kept", "field": "unit", "found": "sapling", "value": "tree", "who": "Ann Lee", "when": "2024-05-02", "why": "see the <b>picture</b>", "signed_by": "Ben Roth", "signed_on": "2024-05-03", "claim_id": ids[1]}
    write_table(folder / "02-extract" / "decisions.csv", [decided])
    ends = {f"{rate}{end}": share for rate in ("precision", "recall", "f1") for end, share in (("", 0.96), ("_low", 0.8046), ("_high", 0.99291))}
    scores = [{"by": by, "group": group, "level": level, "documents": 2, "gold": 25} | ends for by, group in (("all", "all"), ("language", "en")) for level in ("mention", "value", "unit")]
    write_table(folder / "02-extract" / "score.csv", [*scores, {"by": "all", "group": "all", "level": "claim", "documents": 2, "gold": 20} | ends])
    table = f'<table class="dataframe"><thead><tr><th></th><th>claims</th><th>printed</th><th>sentence</th></tr></thead><tbody><tr><th>0</th><td>{ids[1]}</td><td>1,200</td><td>{SENTENCES}</td></tr></tbody></table>'
    png = base64.b64encode(PNG).decode()
    shown = [new_output("display_data", data={"image/png": png}, metadata={"image/png": {"alt": alt}}) for alt in ("Two bars of trees", "Chart 5", "Chart 6", "A picture of its own", "Two bars of trees")]
    words = new_output("display_data", data={"text/html": table})
    cells = [
        new_markdown_cell("# What do they look like?"),
        new_code_cell("run_dir = 'work'", metadata={"tags": ["parameters"]}), new_code_cell("run_dir = '.'", metadata={"tags": ["injected-parameters"]}),
        new_code_cell("import this"), new_code_cell("import that"),
        new_markdown_cell("## The charts"), new_code_cell("draw()", outputs=shown), new_code_cell("show()", outputs=[words]),
    ]  # fmt: skip
    write_notebook(folder / "05_chart.ipynb", cells)
    return folder


EVIL = "<script>window.PWNED=1</script><img src=x onerror=\"window.PWNED=2\">'\"</script><!--"


def build_hostile(folder: Path) -> Path:
    """Write a run in which every text that comes from outside tries to get out of its place."""
    folder.mkdir(parents=True, exist_ok=True)
    doc = "a' onclick=alert(1) \"><svg onload=alert(2)>#?%2e"
    text = (
        f"{EVIL}\r\n=2+5 trees were given by <a href=\"javascript:alert(3)\">\u202eevil\u202c</a> \x07 and \U0001f333\U0001f333\r\n"
        f"]]></style></textarea></title>{EVIL} 44 trees\u2028 more {{{{ 7 * 7 }}}} {{% raw %}}"
    )
    write_sources(folder, {doc: ("en\" onclick=\"alert(4)", text)}, title=f"{EVIL}\u202e title", publisher="@SUM(1)", date="<b>2021")
    more = {"unit": "=cmd|' /C calc'!A0", "actor": f"+{EVIL}", "programme": "\t-1+1", "theme": "t\" onclick=\"alert(5)", "kind": "<i>", "when": "</td>", "note": EVIL, "rule": {EVIL: EVIL}}
    claims = [make_claim(doc, text, "=2+5 trees", **more, target=True, reviewed=EVIL, reviewer=EVIL), make_claim(doc, text, "44 trees", **more)]
    write_lines(folder / "02-extract" / "claims.jsonl", claims)
    ids = [claim["claim_id"] for claim in claims]
    ledger = make_claim(doc, text, "\U0001f333")
    write_table(folder / "02-extract" / "ledger.csv", [{k: ledger[k] for k in ("doc", "start", "end", "text")} | {"reason": EVIL, "rule": ""}])
    write_lines(folder / "04-reconcile" / "relations.jsonl", [{"verdict": EVIL, "members": ids, "note": EVIL}])
    (folder / "05-chart").mkdir()
    marks = [{"x": 1, "y": 1, "width": 60, "height": 20, "claims": ids, "label": f"{EVIL}\u202e"}, {"x": '1" onload="alert(9)', "y": 0, "width": 9, "height": 9, "claims": ids}]
    decision = {"state": EVIL, "field": EVIL, "found": "\u202e", "value": EVIL, "who": EVIL, "when": EVIL, "why": EVIL, "signed_by": EVIL, "signed_on": EVIL, "claim_id": ids[0]}
    write_table(folder / "02-extract" / "decisions.csv", [decision])
    normal = {"claim_id": ids[0], "value_si": 5, "unit_si": EVIL, "currency": "USD", "rate_note": EVIL, "year": 2021}
    write_table(folder / "03-tabulate" / "claims_normal.csv", [normal])
    write_table(folder / "03-tabulate" / "promises.csv", [{"claim_id": ids[0], "state": EVIL}])
    scores = [{"by": "all", "group": "all", "level": level, "documents": 1, "gold": 1, **{f"{r}{e}": 1 for r in ("f1", "precision", "recall") for e in ("", "_low", "_high")}} for level in ("mention", "value", "unit", "claim")]
    write_table(folder / "02-extract" / "score.csv", scores)
    (folder / "05-chart" / "x.svg").write_text(SVG.format("<script>parent.PWNED=3</script><image href='http://203.0.113.1/x.png'/>"))
    write_json(folder / "05-chart" / "charts.json", [{"stem": "x", "title": EVIL, "alt": f'" onerror="alert(6) {EVIL}', "caption": EVIL, "claims": ids, "language": 'en" onload="alert(8)', "size": [70, 30], "marks": marks}])
    write_json(folder / "06-brief" / "brief.json", {"question": EVIL, "language": EVIL, "sentences": [{"parts": [EVIL, {"text": EVIL, "claims": ids}]}]})
    html = f'<div id="main"><form action="http://203.0.113.1"><iframe src="http://203.0.113.1/"></iframe><style>*{{display:none}}</style><b style="color:red" onmouseover="PWNED=4">x</b></form><a href="javascript:PWNED=5">j</a><a href="data:text/html,x">d</a><img src="http://203.0.113.1/a.png">{EVIL}'
    outputs = [
        new_output("display_data", data={"text/html": html}),
        new_output("display_data", data={"application/javascript": "window.PWNED=6"}),
        new_output("display_data", data={"text/markdown": f"[j](javascript:alert(7)) ![i](http://203.0.113.1/b.png) {EVIL}"}),
        new_output("display_data", data={"image/svg+xml": SVG.format("<script>parent.PWNED=7</script>")}, metadata={"image/svg+xml": {"alt": f'"> {EVIL}'}}),
        new_output("error", ename="E", evalue=EVIL, traceback=[f"\x1b[38;5;1m{EVIL}\x1b[0m"]),
    ]
    write_notebook(folder / "01-sources.ipynb", [new_markdown_cell(f"# {EVIL}\n\n## {EVIL}\n\n## two"), new_code_cell(EVIL, outputs=outputs)])
    return folder


def build_large(folder: Path, rows: int) -> Path:
    """Write a run of many claims in documents of a hundred figures each."""
    texts, claims = {}, []
    for number in range(rows // 100):
        doc, parts, here = f"doc{number:04}", [], 0
        for place in range(100):
            quotation = f"{number * 100 + place + 1:,} trees"
            sentence = f"In week {place} of the year the mill at crossing {number} planted {quotation} along the old road to the hills. "
            start = here + sentence.index(quotation)
            more = {"value": number * 100 + place + 1, "unit": "tree", "theme": ("rural", "environment", "education")[place % 3], "actor": f"Mill {number % 7}"}
            more |= {"sentence_start": here, "sentence_end": here + len(sentence), "claim_id": claim_id(doc, str(place)), "start": start, "end": start + len(quotation)}
            claims.append(make_claim(doc, quotation, quotation, **more))
            parts.append(sentence)
            here += len(sentence)
        texts[doc] = (("en", "zh", "ru")[number % 3], "".join(parts))
    write_sources(folder, texts)
    write_lines(folder / "02-extract" / "claims.jsonl", claims)
    return folder
