"""`python -m csrbook` is `csrbook`, also where the environment was moved and its scripts were not."""

from csrbook.cli import main

main(prog_name="csrbook")
