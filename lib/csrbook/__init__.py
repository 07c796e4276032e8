"""csrbook: every figure that CSR articles and reports state, each tied to its sentence.

    import csrbook
    csrbook.extract("In 2019 it planted 500 trees.")     what a text states
    csrbook.latest_run().claims                          the tables of the latest run
    csrbook.explore(seeds="seeds")                       the latest run in a notebook: filter it, look things up, correct them

Nothing heavy is imported before a verb is used.
"""

__version__ = "0.1.0"
__all__ = ["compare", "explain", "explore", "extract", "latest_run", "open_run", "read"]


def __getattr__(name: str) -> object:
    if name in __all__:
        return getattr(__import__("csrbook.verbs", fromlist=[name]), name)
    raise AttributeError(f"module 'csrbook' has no attribute {name!r}; it offers {', '.join(__all__)}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


try:
    _shell = get_ipython()  # noqa: F821
except NameError:  # no notebook
    pass
else:  # records of the library show themselves; none of their modules is imported for that
    __import__("csrbook.showings", fromlist=["register"]).register(_shell)
