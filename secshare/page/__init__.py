"""The browser page: built from TypeScript into one HTML file, and filled for a practice."""

__all__: list[str] = []
