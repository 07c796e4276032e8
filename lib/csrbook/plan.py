"""Read notebooks/plan.toml and the parameters cells it names; refuse what does not fit.

In      a plan file: the notebooks in order, what each reads and writes, the values of a grid; the notebooks' own
        parameters cells, one `name: type = literal  # help` a line; help that says "one of: a, b" names every value.
Out     Plan(steps, parameters): every name known, every value of its declared type and one of its choices.
Never   runs a cell, imports Jupyter, guesses a type, or passes over an unknown name.
Needs   errors; answers, money for a day or a currency that was given.  Used by engine, alternatives, runner, lab_jobs and cli.
"""

import ast
import difflib
import hashlib
import io
import json
import math
import re
import tokenize
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from csrbook.errors import UsageError

__all__ = [
    "KEPT", "OWN", "RUN_DIR", "VARIANT", "Parameter", "Plan", "Step", "digest_notebook", "read_given", "read_parameters", "read_plan",
    "read_text", "resolve",
]  # fmt: skip

RUN_DIR = "run_dir"  # filled in by the runner itself
VARIANT = "variant"  # so is this: the name of the alternative of a grid that a notebook is run for
KEPT = "kept"  # and this: the folder of what earlier runs read; results are the same without it
OWN = (RUN_DIR, VARIANT, KEPT)
PYTHON_TYPES = {"str": str, "int": int, "float": float, "bool": bool, "list[str]": list}
PLAN_KEYS = {"format", "paths", "cell_timeout", "notebook"}
NOTEBOOK_KEYS = {"file", "reads", "writes", "grid", "product"}
MUST_BE = re.compile(r"\bmust be a (?P<what>day|currency)(?P<empty> or empty)?")  # in the help of a parameter; asked of what is given
CHOICES = re.compile(r"\bone of: ([^;]+)")  # in the help of a parameter; "" stands for the empty text


@dataclass(frozen=True, slots=True)
class Parameter:
    """One line of a parameters cell; `type` as written, say "int" or "str | None"."""

    name: str
    type: str
    default: object
    help: str = ""

    @property
    def kind(self) -> str:
        """The type without its "| None"."""
        return self.type.removesuffix(" | None")

    @property
    def optional(self) -> bool:
        """Whether None is a value."""
        return self.type.endswith(" | None")

    @property
    def choices(self) -> tuple[str, ...]:
        """The values that the help names, say "labels to use; one of: en, zh"; none where any value will do."""
        found = CHOICES.search(self.help)
        return tuple(word.strip().strip('"') for word in found[1].split(",")) if found else ()


@dataclass(frozen=True, slots=True)
class Step:
    """One notebook of the plan: `reads` are paths in the run's folder, or "{name}" of a path parameter.

    `grid` holds the values of contested parameters that it is also run with: one changed at a time, or all combined
    where `product` says so.
    """

    file: Path
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    code_sha256: str
    cells: int  # code cells with something to run
    grid: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    product: bool = False

    @property
    def output(self) -> str:
        """File name of the executed notebook: 01_sources.ipynb becomes 01-sources.ipynb."""
        return self.file.name.replace("_", "-")


@dataclass(frozen=True, slots=True)
class Plan:
    """The notebooks of a run in order; `paths` names the parameters that hold a file or folder."""

    path: Path
    steps: tuple[Step, ...]
    paths: tuple[str, ...]
    cell_timeout: int

    @property
    def parameters(self) -> dict[str, Parameter]:
        """Every parameter a person may set, by name."""
        every: dict[str, Parameter] = {}
        for p in (p for step in self.steps for p in step.parameters):
            if p.name not in OWN and not (p.name in every and every[p.name].choices):
                every[p.name] = p
        return every


def read_plan(path: str | Path) -> Plan:
    """Return the plan of a file, with its notebooks' parameters read and checked.

    Raises
    ------
    UsageError
        A key, notebook, tag, parameter or path that does not fit; the message names it.
    """
    path = Path(path).resolve()
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(str(path), f"cannot be read ({error.strerror})", "a plan.toml") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(path.name, f"is not TOML: {error}") from error
    _refuse_unknown(raw, PLAN_KEYS, path.name, "key")
    if not raw.get("notebook"):
        raise UsageError(path.name, "names no notebook", "one [[notebook]] table or more")
    steps: list[Step] = []
    for entry in raw["notebook"]:
        steps.append(_read_step(entry, path, steps, raw.get("paths", ())))
    plan = Plan(path, tuple(steps), tuple(raw.get("paths", ())), raw.get("cell_timeout", 3600))
    _check_agreement(plan)
    return plan


def _read_step(entry: Mapping, path: Path, before: Iterable[Step], paths: Iterable[str]) -> Step:
    """Return one checked [[notebook]] table."""
    _refuse_unknown(entry, NOTEBOOK_KEYS, path.name, "key in [[notebook]]")
    if "file" not in entry:
        raise UsageError(path.name, "a [[notebook]] has no `file`", 'file = "01_name.ipynb"')
    where, file = f"{path.name}, {entry['file']}", path.parent / entry["file"]
    cells = _read_cells(file)
    source = _parameters_source(cells, file.name)
    reads, writes = tuple(entry.get("reads", ())), tuple(entry.get("writes", ()))
    _check_paths(where, writes)
    earlier = [written for step in before for written in step.writes]
    for read in reads:
        known = read.strip("{}") in paths if read.startswith("{") else any(_under(read, w) for w in earlier)
        if not known:
            expected = f"a {{parameter}} of paths = {list(paths)}, or something written before: {earlier}"
            raise UsageError(where, f"reads {read!r}, which nothing provides", expected)
    count = sum(c["cell_type"] == "code" and bool(c["source"].strip()) for c in cells)
    parameters = read_parameters(source, file.name)
    grid = _read_grid(entry, {p.name: p for p in parameters}, where, paths)
    return Step(file, reads, writes, parameters, _digest_cells(cells), count, grid, entry.get("product", False))


def _read_grid(entry: Mapping, known: Mapping[str, Parameter], where: str, paths: Iterable[str]) -> dict[str, tuple[object, ...]]:
    """Return the checked values of a grid, by parameter."""
    grid = entry.get("grid", {})
    if not isinstance(grid, Mapping) or not all(isinstance(values, list) and values for values in grid.values()):
        raise UsageError(where, f"grid is {grid!r}", "lists of values by parameter", "grid = { name = [value, value] }")
    if type(entry.get("product", False)) is not bool or ("product" in entry and not grid):
        raise UsageError(where, f"product is {entry['product']!r}", "true or false, beside a grid")
    if grid and VARIANT not in known:
        raise UsageError(where, f"has a grid and no parameter {VARIANT}", f'{VARIANT}: str = "" in its parameters cell')
    if grid and not entry.get("writes"):
        raise UsageError(where, "has a grid and writes nothing", "a folder in `writes`: alternatives go into it")
    _refuse_unknown(grid, known.keys() - {*OWN, *paths}, where, "parameter for the grid")
    return {name: tuple(_check_value(known[name], value, f"{where}, grid") for value in values) for name, values in grid.items()}


def _read_cells(file: Path) -> list[dict]:
    """Return the cells of a notebook as plain dictionaries, source joined."""
    try:
        cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    except FileNotFoundError as error:
        raise UsageError(str(file), "no such notebook", advice="correct `file` in plan.toml") from error
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(file.name, f"is not a notebook ({error})") from error
    return [cell | {"source": "".join(cell["source"])} for cell in cells]


def _parameters_source(cells: Iterable[dict], where: str) -> str:
    tagged = [c["source"] for c in cells if "parameters" in c.get("metadata", {}).get("tags", ())]
    if len(tagged) != 1:
        expected = "exactly one code cell tagged `parameters`"
        raise UsageError(where, f"has {len(tagged)} parameters cells", expected, "add the tag in JupyterLab")
    return tagged[0]


def digest_notebook(file: Path) -> str:
    """Return the digest of what a person wrote in a notebook as it lies there now, "" where it cannot be read."""
    try:
        return _digest_cells(_read_cells(file))
    except UsageError:
        return ""


def _digest_cells(cells: Iterable[dict]) -> str:
    """Digest what a person wrote: kinds, sources and tags; stored outputs do not count."""
    told = [[c["cell_type"], c["source"], c.get("metadata", {}).get("tags", [])] for c in cells]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _check_paths(where: str, writes: Iterable[str]) -> None:
    for written in writes:
        pure = PurePosixPath(written)
        if pure.is_absolute() or ".." in pure.parts or not pure.parts:
            raise UsageError(where, f"writes {written!r}", "a path inside the run's folder")


def _under(path: str, folder: str) -> bool:
    return PurePosixPath(path).is_relative_to(folder)


def _check_agreement(plan: Plan) -> None:
    """One name means one type and one list of choices in all notebooks, and path parameters exist."""
    seen: dict[str, tuple[str, str]] = {}
    for step in plan.steps:
        if RUN_DIR not in {p.name for p in step.parameters}:
            raise UsageError(step.file.name, f"has no parameter {RUN_DIR}", f"{RUN_DIR}: str in its parameters cell")
        for p in step.parameters:
            kind, first = seen.setdefault(p.name, (p.type, step.file.name))
            if kind != p.type:
                raise UsageError(step.file.name, f"{p.name} is {p.type}", f"{kind}, as in {first}")
            told = plan.parameters.get(p.name, p).choices
            if p.choices and set(p.choices) != set(told):
                raise UsageError(step.file.name, f"{p.name} is one of {', '.join(p.choices)}", f"one of {', '.join(told)}, as elsewhere")
    for name in plan.paths:
        if name not in seen:
            raise UsageError(plan.path.name, f"paths names {name!r}, which no notebook declares")


def read_parameters(source: str, where: str) -> tuple[Parameter, ...]:
    """Return the parameters that a cell declares, one `name: type = literal  # help` a line.

    Papermill's own reader is a line pattern that drops values holding "=" or "#"; this one parses Python.
    """
    try:
        body = ast.parse(source).body
    except SyntaxError as error:
        raise UsageError(where, f"parameters cell, line {error.lineno}: {error.msg}") from error
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    comments = {t.start[0]: t.string.lstrip("# ") for t in tokens if t.type == tokenize.COMMENT}
    return tuple(_read_line(node, comments, f"{where}, parameters cell, line {node.lineno}") for node in body)


def _read_line(node: ast.stmt, comments: Mapping[int, str], where: str) -> Parameter:
    form = "name: type = literal  # help"
    if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name) or node.value is None:
        raise UsageError(where, f"{ast.unparse(node)!r} declares no parameter", form)
    annotation = node.annotation
    text = annotation.value if isinstance(annotation, ast.Constant) else ast.unparse(annotation)
    try:
        default = ast.literal_eval(node.value)
    except ValueError as error:
        raise UsageError(where, f"{ast.unparse(node.value)!r} is no literal", form) from error
    parameter = Parameter(node.target.id, str(text), default, comments.get(node.end_lineno, ""))
    if parameter.kind not in PYTHON_TYPES:
        raise UsageError(where, f"type {text}", f"one of {', '.join(PYTHON_TYPES)}, with or without | None")
    _check_value(parameter, default, where)
    return parameter


def _check_value(parameter: Parameter, value: object, where: str) -> object:
    """Return a value of the declared type and among its choices, or raise; True is no int, only whole numbers widen to float."""
    wanted = PYTHON_TYPES[parameter.kind]
    if value is None and parameter.optional:
        return None
    if wanted is float and type(value) is int:
        value = float(value)
    fits = type(value) is wanted and (wanted is not float or math.isfinite(value))
    if wanted is list and fits:
        fits = all(isinstance(item, str) for item in value)
    if not fits:
        raise UsageError(where, f"parameter {parameter.name} is {value!r}", f"a value of type {parameter.type}")
    known = parameter.choices
    for item in (value if wanted is list else [value]) if known else ():
        if str(item) not in known:
            close = difflib.get_close_matches(str(item), known, n=1)
            told = ", ".join(word or '""' for word in known)
            advice = f"did you mean {close[0]}?" if close and close[0] else ""
            raise UsageError(where, f"parameter {parameter.name} is {item!r}", f"one of {told}", advice)
    return value


def read_text(parameter: Parameter, text: str) -> object:
    """Return what a person typed as a value of the declared type: "3" for int, "a,b" for list[str]."""
    kind = parameter.kind
    if parameter.optional and text in ("", "none", "None"):
        return None
    if kind == "str":
        return text
    if kind == "list[str]":
        return [item.strip() for item in text.split(",") if item.strip()]
    if kind == "bool" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    # int() would also take 1_000 and 0012, which say something else to the person who typed them
    if kind in ("int", "float") and re.fullmatch(r"-?(0|[1-9][0-9]*)", text):
        return int(text) if kind == "int" else float(text)
    if kind == "float" and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]{1,2})?", text):
        return float(text)
    raise UsageError(f"-p {parameter.name}", f"{text!r} was given", f"a value of type {parameter.type}")


def read_given(parameters: Iterable[Parameter], given: Mapping[str, object], where: str) -> dict[str, object]:
    """Return values by name, texts among them read by the declared type; `where` names what declares them.

    Raises
    ------
    UsageError
        A name that is not declared, a value of another type, or not among its choices.
    """
    known = {p.name: p for p in parameters}
    _refuse_unknown(given, known, where, "parameter")
    values = {name: read_text(known[name], value) if isinstance(value, str) else value for name, value in given.items()}
    return {name: _check_given(known[name], value, f"{where}, {name}") for name, value in values.items()}


def _check_given(parameter: Parameter, value: object, where: str) -> object:
    """Return a checked value that a person gave; the day or currency that its help asks for must be one."""
    value = _check_value(parameter, value, where)
    asked = MUST_BE.search(parameter.help)
    if asked is None or value == parameter.default or (value == "" and asked["empty"]):
        return value
    if asked["what"] == "day":
        from csrbook.answers import is_day

        fits, expected = is_day(str(value)), "a day, as 2024-05-31"
    else:
        from csrbook.money import currencies

        known = currencies()
        fits, expected = value in known, f"one of {', '.join(sorted(known))}"
    if not fits:
        raise UsageError(where, f"parameter {parameter.name} is {value!r}", expected)
    return value


def resolve(plan: Plan, given: Mapping[str, object]) -> dict[str, object]:
    """Return the value of every parameter of the plan: the given one, checked, or its default.

    Relative paths that were given start in the caller's folder, those of defaults in the notebook's.
    """
    known = plan.parameters
    for name in given:
        if name in OWN:
            advice = "choose the folder of all runs with --out" if name == RUN_DIR else "set the parameter that is contested"
            raise UsageError(name, "is set by the runner", advice=advice)
        if name not in known:
            _refuse_unknown({name: None}, known, "parameters", "parameter")
    values = {}
    for name, parameter in known.items():
        value = _check_given(parameter, given.get(name, parameter.default), f"-p {name}")
        if name in plan.paths and value == "" != parameter.default:
            raise UsageError(f"-p {name}", "is empty", "a file or folder", ". is the one where you are")  # not that one by mistake
        if name in plan.paths and value:
            base = Path.cwd() if name in given else plan.path.parent
            value = str((base / str(value)).resolve())
        values[name] = value
    return values


def _refuse_unknown(given: Iterable[str], known: Iterable[str], where: str, what: str) -> None:
    known = sorted(known)
    for name in given:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            advice = f"did you mean {close[0]}?" if close else ""
            raise UsageError(where, f"no {what} {name!r}", f"there is {', '.join(known)}", advice)
