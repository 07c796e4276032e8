"""The house rules that a script can hold: imports run down, heavy packages stay in their rooms, sizes."""

import ast
import io
import sys
import tokenize
import tomllib
from functools import cache
from pathlib import Path

import pytest

LIB = Path(__file__).parents[1] / "lib" / "csrbook"
MODULES = sorted(path.stem for path in LIB.glob("*.py"))
FLOORS = [  # the design's nine floors, with landings where a module serves others of its own floor
    {"cells", "errors", "escapes", "fonts", "interrupts"},
    {"records", "apart", "exits", "steps", "terminals"},
    {"tokens", "formats", "digests", "locks", "printing", "progress", "orders", "warming", "warm_process", "labels", "manifest", "frames", "days", "stretches", "choices", "sequences", "pairs", "causes", "states", "jobs", "keeps"},
    {"lexicon", "furniture", "leaks", "lost_pages", "swaps", "recovery", "run_logs", "warm_kernels", "watches", "workers", "clusters"},
    {"repeats", "confirmations", "answers", "schedulers"},
    {"decisions"},
    {"documents"},
    {"figures", "grammar", "lemmas", "currencies"},
    {"chains"},
    {"numerals", "datemarks", "nouns", "texts"},
    {"inflections"},
    {"heads_before", "han_words", "first_before"},
    {"unspaced_before"},
    {"heads_first", "heads_last", "heads_unspaced"},
    {"phrases", "measures", "reasons", "starts"},
    {"captions", "fractions", "antecedents"},
    {"spreads"},
    {"quantities"},
    {"relatives", "periods", "datelines"},
    {"mentions", "dates", "candidates", "stage", "topics", "echoes", "wording"},
    {"times", "discoveries", "actors", "programmes", "ledger", "links", "rates", "themes", "promises", "indicators"},
    {"names", "relevance"},
    {"scenes", "subjects"},
    {"parts", "tellings", "places"},
    {"sightings"},
    {"claims"},
    {"columns", "money", "displays", "citations", "snapshots", "placements", "settlements", "agreements", "bounds"},
    {"tables", "naming", "sums", "conversions", "derivations", "explanations", "corrections", "scoring", "corpus", "plan", "evidence", "intervals", "revisions", "relation_changes"},
    {"exports", "pivots", "verdicts", "likeness", "cards", "datapackage", "annotations", "crate", "abridgements", "yields"},
    {"partitions", "rehearsals"},
    {"streams"},
    {"readings", "harvests"},
    {"picks", "palettes", "vectors", "wraps", "contested", "filters", "reviews", "opened", "catalogue", "absence", "sameness", "standing", "alignment", "changes"},
    {"style", "checks", "proposals", "brief", "differences", "change_pages", "notebook_pages", "serving"},
    {"accuracies", "chart_figures", "document_pages", "payloads", "templates", "pasted", "showings"},
    {"drawings", "reconcile", "engine", "lab_jobs", "twins", "sensitivity", "explorations"},
    {"grids", "lanes", "layouts", "alternatives", "explorer"},
    {"promised", "executions"},
    {"charts", "ratio_charts", "trust_charts"},
    {"share", "runner", "storing"},
    {"publishing"},
    {"summaries", "retention", "arguments"},
    {"corrections_cli", "site_cli", "schedule_cli", "harvest_cli", "read_cli", "verbs"},
    {"run_cli"},
    {"cli"},
    {"__main__"},
]
FLOOR = {name: number for number, floor in enumerate(FLOORS) for name in floor}
ROOMS = {  # package: the only modules that may import it
    "matplotlib": {"charts", "drawings", "grids", "lanes", "layouts", "promised", "style", "trust_charts", "wraps"},
    "papermill": {"engine", "lab_jobs"},
    "nbformat": {"engine", "lab_jobs", "notebook_pages"},
    "nbconvert": {"notebook_pages"},
    "nbclient": {"engine"},
    "jupyter_client": {"warm_kernels"},
    "ipykernel": {"warm_process"},
    "click": {"arguments", "cli", "corrections_cli", "harvest_cli", "read_cli", "run_cli", "schedule_cli", "site_cli"},
    "tqdm": {"progress"},
    "jupyter_scheduler": {"lab_jobs"},
    "filelock": {"locks", "decisions"},
    "dask": {"clusters"},
    "distributed": {"clusters"},
    "anywidget": {"explorer"},
}
LONGEST_MODULE, LONGEST_LINE = 400, 140


@cache
def tree_of(name: str) -> ast.Module:
    return ast.parse((LIB / f"{name}.py").read_text(encoding="utf-8"))


@cache
def own_imports(name: str) -> set[str]:
    """Modules of csrbook that a module imports, wherever in its text."""
    found = set()
    for node in ast.walk(tree_of(name)):
        if isinstance(node, ast.ImportFrom) and (node.level or (node.module or "").split(".")[0] == "csrbook"):
            inside = (node.module or "").removeprefix("csrbook").strip(".")
            found |= {inside.split(".")[0]} if inside else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {a.name.split(".")[1] for a in node.names if a.name.startswith("csrbook.")}
    return found & set(MODULES)


@cache
def packages(name: str) -> set[str]:
    """Top names of everything else that a module imports."""
    found = set()
    for node in ast.walk(tree_of(name)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(node.module.split(".")[0])
    return found - {"csrbook"}


@pytest.mark.parametrize("name", [m for m in MODULES if m != "__init__"])
def test_imports_run_down(name):
    assert name in FLOOR, f"give {name} a floor in this test and in the design"
    up = sorted(other for other in own_imports(name) if FLOOR.get(other, 99) >= FLOOR[name])
    assert not up, f"{name} (floor {FLOOR[name]}) imports {up}"


@pytest.mark.parametrize("package", ROOMS)
def test_heavy_packages_stay_in_their_rooms(package):
    users = {name for name in MODULES if package in packages(name)}
    assert users <= ROOMS[package]


def test_pandas_appears_from_tables_up():
    low = {name for name in MODULES if "pandas" in packages(name) and FLOOR.get(name, 99) < FLOOR["tables"]}
    assert not low


def test_package_itself_imports_nothing():
    assert packages("__init__") == set() and own_imports("__init__") == set()


def test_every_import_is_declared(root):
    names = {"docx": "python-docx", "currency_converter": "currencyconverter", "pylopdf_fonts_zh_cn": "pylopdf-fonts-zh-cn"}
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    told = [*project["dependencies"], *(line for extra in ("cluster", "schedule") for line in project["optional-dependencies"][extra])]
    declared = {line.split(">")[0].lower() for line in told}
    used = {p for name in MODULES for p in packages(name)} - set(sys.stdlib_module_names)
    # these come with a declared package that cannot do without them
    used -= {"numpy", "nbclient", "IPython", "traitlets", "lxml", "jinja2", "markupsafe"}
    undeclared = {p for p in used if names.get(p, p.replace("_", "-")).lower() not in declared}
    assert not undeclared


@pytest.mark.parametrize("name", MODULES)
def test_module_is_of_readable_size(name):
    lines = (LIB / f"{name}.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LONGEST_MODULE
    assert max(map(len, lines)) <= LONGEST_LINE


@pytest.mark.parametrize("name", MODULES)
def test_code_holds_no_foreign_letter(name):
    """Outside docstrings and comments: what is read in a language is data, in lexicons/*.toml."""
    strings = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        node.body[0].lineno
        for node in ast.walk(tree_of(name))
        if isinstance(node, strings) and node.body and isinstance(node.body[0], ast.Expr)
    }
    source = (LIB / f"{name}.py").read_text(encoding="utf-8")
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT or token.start[0] in docstrings:
            continue
        foreign = [letter for letter in token.string if letter.isalpha() and not letter.isascii()]
        assert not foreign, f"{name}.py, line {token.start[0]}: {token.string!r}"


@pytest.mark.parametrize("name", [m for m in MODULES if not m.startswith("__")])
def test_module_tells_what_goes_in_and_out(name):
    told = ast.get_docstring(tree_of(name)) or ""
    assert all(f"\n{word} " in told for word in ("In", "Out", "Never")), f"{name}: In, Out, Never in its docstring"


@pytest.mark.parametrize("name", [m for m in MODULES if not m.startswith("__")])
def test_public_names_exist(name):
    module = __import__(f"csrbook.{name}", fromlist=["__all__"])
    assert len(module.__all__) == len(set(module.__all__))
    assert all(hasattr(module, public) for public in module.__all__)
