"""Cut a long text into stretches that can be read one after the other, so that memory does not grow with the text.

In      a text.
Out     half-open ranges of code points that cover it, in order; each ends at a blank line where there is one within reach,
        else at the end of a line or sentence, so that no quantity is cut in two.
Never   looks at a word.
Needs   nothing.
"""

import re
from collections.abc import Iterator

__all__ = ["stretches"]

SIZE = 16_000  # code points; more of them gain no speed
REACH = 4  # times the size within which a blank line is looked for
ENDS = (  # where to cut, the best first
    re.compile(r"\n[ \t\r]*\n\s*"),
    re.compile(r"[.!?\u3002\uff01\uff1f]\W?[ \t\r]*\n"),
    re.compile(r"\n"),
    re.compile(r"[.!?]\s+(?!\d)|[\u3002\uff01\uff1f\uff1b]"),
    re.compile(r"[^\w.,'%]\s+(?=[^\W\d])"),
    re.compile(r"(?<=\s)(?=[^\W\d])"),
    re.compile(r"(?<=\s)(?=\S)"),
)
ANYWHERE = re.compile(r"(?<!\w)(?=\w)|[\u4e00-\u9fff](?=[^\W\d])|$")


def stretches(text: str, size: int = SIZE) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of the stretches of `text`, none of them much longer than `size` where the text can be cut."""
    start = 0
    while len(text) - start > size:
        near, far = start + size, min(len(text), start + REACH * size)
        cut = next((found.end() for end in ENDS if (found := end.search(text, near, far))), None)
        if cut is None:
            cut = ANYWHERE.search(text, far).end()
        yield start, cut
        start = cut
    if start < len(text):
        yield start, len(text)
