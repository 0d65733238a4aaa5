"""The ground's part of the platform site. Importing it registers everything."""

from . import audit, ledger, navigation, people, records, rulebook

__all__ = ["audit", "ledger", "navigation", "people", "records", "rulebook"]
