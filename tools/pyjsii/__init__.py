"""Translates construct modules, written in a small subset of Python (SUBSET.md), into TypeScript that jsii compiles."""
