"""engine: what differs between two equal runs is taken out of an executed notebook."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from csrbook.engine import clean_notebook

OUT, ERR, SHOWN = ("stdout", "stderr", "display_data")


@pytest.mark.parametrize(
    "pieces, joined",
    [
        ([(OUT, "a"), (OUT, "b")], [(OUT, "ab")]),
        ([(ERR, "x"), (OUT, "a"), (ERR, "y")], [(OUT, "a"), (ERR, "xy")]),
        ([(OUT, "a"), (ERR, "xy")], [(OUT, "a"), (ERR, "xy")]),
        ([(ERR, "x"), (SHOWN, ""), (OUT, "a"), (ERR, "y")], [(ERR, "x"), (SHOWN, ""), (OUT, "a"), (ERR, "y")]),
        ([], []),
    ],
)
def test_streams_stand_in_one_order_however_they_came(pieces, joined):
    outputs = [new_output(SHOWN) if kind == SHOWN else new_output("stream", name=kind, text=text) for kind, text in pieces]
    notebook = new_notebook(cells=[new_code_cell("1", outputs=outputs, execution_count=1)])
    clean_notebook(notebook)
    told = [(output.get("name", output.output_type), output.get("text", "")) for output in notebook.cells[0].outputs]
    assert told == joined
