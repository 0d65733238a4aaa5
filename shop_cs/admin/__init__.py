"""The ground's part of the platform site. Importing it registers everything."""

from . import navigation, people, records, rulebook

__all__ = ["navigation", "people", "records", "rulebook"]
