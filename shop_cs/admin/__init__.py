"""The ground's part of the platform site. Importing it registers everything."""

from . import audit, exporting, ledger, navigation, people, records, rulebook

__all__ = ["audit", "exporting", "ledger", "navigation", "people", "records", "rulebook"]
