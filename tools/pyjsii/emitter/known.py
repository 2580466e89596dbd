"""What is known at one place of a function: which paths are not None, and what has been imported."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Known:
    """What holds here, on every way that leads here."""

    sure: frozenset[str] = frozenset()
    """The paths that are not None."""
    imported: frozenset[str] = frozenset()
    """The names that this function has imported."""

    def told(self, paths: Iterable[str]) -> Known:
        """The same, and these are not None."""
        return replace(self, sure=self.sure | frozenset(paths))

    def importing(self, names: Iterable[str]) -> Known:
        """The same, and these are imported."""
        return replace(self, imported=self.imported | frozenset(names))

    def without(self, lost: Callable[[str], bool]) -> Known:
        """The same, but for the paths of which that is true."""
        return replace(self, sure=frozenset(path for path in self.sure if not lost(path)))

    def forget(self, path: str) -> Known:
        """A path has a new value: nothing is known of it, or of what is below it."""
        return self.without(lambda known: known == path or known.startswith(f"{path}."))

    def meet(self, *others: Known) -> Known:
        """What holds where several ways come together."""
        met = self
        for other in others:
            met = Known(met.sure & other.sure, met.imported & other.imported)
        return met
