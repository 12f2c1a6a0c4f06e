"""Helpers for frameworks, one module each. None is imported unless you import it, and none is a dependency of the package."""
