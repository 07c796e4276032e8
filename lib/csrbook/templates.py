"""The templates of the pages, with the style, the script and the policy that lets in these two and nothing else.

    make_environment().get_template("index.html.j2").render(policy=POLICIES["beside"], ...)

In      the files of pages/.
Out     a jinja environment; it escapes whatever a template shows.
Never   leaves a name that a template asks for empty, or lets a page ask a network for anything.
Needs   digests, displays, escapes, labels; jinja2, markupsafe.  Used by share.
"""

from importlib.resources import files
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from csrbook.digests import policy_hash
from csrbook.displays import format_number, format_value, format_when
from csrbook.escapes import name_controls, show_controls
from csrbook.labels import load_labels

__all__ = ["make_environment", "named", "names_of"]

# Pictures lie beside the pages, or in a page that is mailed alone. A page opened from a disk has no origin of its own in every
# browser, so 'self' is not enough there: "file:" lets pictures of that disk in, and none from a network.
PICTURES = {"beside": "'self' file: data:", "alone": "data:"}


def make_environment() -> Environment:
    """Return the templates; `policies` names the policy of a page beside its files and of one that stands alone."""
    home = files("csrbook") / "pages"
    style, script = ((home / name).read_text(encoding="utf-8") for name in ("style.css", "script.js"))
    loader = FileSystemLoader(str(home))
    env = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    rest = (
        f"style-src {policy_hash(style)}; script-src {policy_hash(script)}; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
    policies = {name: f"default-src 'none'; img-src {pictures}; {rest}" for name, pictures in PICTURES.items()}
    env.globals |= {"style": Markup(style), "script": Markup(script), "policies": policies}
    env.filters |= {"number": format_number, "value": format_value, "seen": show_controls, "flat": name_controls, "href": quote}
    env.filters |= {"when": format_when, "verdict": lambda code: named("verdict", code)}
    env.filters |= {"reason": lambda code: named("reason", code), "plain": lambda code: str(code).replace("_", " ")}
    return env


def named(section: str, code: Any) -> str:
    """Return the name of a code of a section of the labels, in the language of the pages."""
    return load_labels().name(section, code)


def names_of(section: str) -> dict[str, str]:
    """Return every code of a section with its name."""
    return {code: named(section, code) for code in load_labels().order(section)}
