"""Where the font of Chinese lies that comes with csrbook, and how a browser on this machine is told of it.

    chinese_font()                              -> Path(".../NotoSansSC-Regular.otf")
    os.environ | tell_fonts(Path(folder))       # the environment of a browser that draws Chinese, whatever the machine has

In      a folder for a small file.
Out     the path of the font; variables that fontconfig, which browsers on Linux ask, heeds.
Never   installs a font, or hides one that the machine has.
Needs   the fonts of pylopdf_fonts_zh_cn.  Used by printing, style.
"""

import os
from importlib.resources import files
from pathlib import Path
from xml.sax.saxutils import escape

__all__ = ["chinese_font", "tell_fonts"]

FILE = "fonts.conf"
CONTENT = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
<include ignore_missing="yes">{own}</include>
<dir>{folder}</dir>
</fontconfig>
"""


def chinese_font() -> Path:
    """Return the path of the font; it draws Latin and Cyrillic letters as well."""
    return Path(str(files("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf"))


def tell_fonts(folder: Path) -> dict[str, str]:
    """Return the variables that add the font to those of the machine; their file is written into `folder`.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    own = os.environ.get("FONTCONFIG_FILE") or FILE  # a name alone is looked up where the machine keeps its own
    path = folder / FILE
    path.write_text(CONTENT.format(own=escape(own), folder=escape(str(chinese_font().parent))), encoding="utf-8")
    kept = {"FONTCONFIG_PATH": os.environ["FONTCONFIG_PATH"]} if "FONTCONFIG_PATH" in os.environ else {}
    return kept | {"FONTCONFIG_FILE": str(path)}
