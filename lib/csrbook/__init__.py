"""csrbook: every figure that CSR articles and reports state, each tied to its sentence."""

__version__ = "0.1.0"
