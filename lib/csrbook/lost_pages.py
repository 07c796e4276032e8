"""The page for an address that leads nowhere: what is wrong in words, and a link home.

    lost_page("/", "There is no such page.")

In      where home is, and what to tell.
Out     a whole page in the house style, with the policy of the other pages: nothing loaded, nothing run.
Never   repeats the address that was asked for.
Needs   digests; markupsafe.  Used by serving, publishing.
"""

from importlib.resources import files

from markupsafe import Markup

from csrbook.digests import policy_hash

__all__ = ["lost_page"]

PAGE = Markup("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main id="main">
<header class="front">
  <p class="kicker">CSR workbook</p>
  <h1>{title}</h1>
  <p class="lede">{told}</p>
  <p><a href="{home}">To the front page</a></p>
</header>
</main>
</body>
</html>
""")


def lost_page(home: str, told: str, *, title: str = "Nothing is here") -> bytes:
    """Return the page in UTF-8; `home` is the address of the front page, `told` a sentence or two."""
    style = (files("csrbook") / "pages" / "style.css").read_text(encoding="utf-8")
    policy = Markup(f"default-src 'none'; img-src data:; style-src {policy_hash(style)}; base-uri 'none'; form-action 'none'")
    return PAGE.format(policy=policy, style=Markup(style), title=title, told=told, home=home).encode()
