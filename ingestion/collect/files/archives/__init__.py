"""Archives: files of what a platform once showed, as events. ``reading`` says how, ``adapters`` lists the shapes."""

from ingestion.collect.files.archives.reading import Part, Shape, in_utc, observed, read

__all__ = ["Part", "Shape", "in_utc", "observed", "read"]
