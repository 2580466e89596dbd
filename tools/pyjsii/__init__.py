"""Translates construct modules, written in a small subset of Python (SUBSET.md), into TypeScript that jsii compiles.

`translate.py` is the whole of it: `reader/` learns what there is, `emitter/` writes each module, `refusal.py` says what
cannot be written; `docs.py` and `examples.py` see to the docstrings.
"""
