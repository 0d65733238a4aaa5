"""Imports of CSV files: all or nothing a file, each bad row named with line, column and reason."""

from . import cells
from .after_sales import AfterSaleImport
from .engine import Importer, Report, run
from .funds import FundsImport
from .orders import OrderImport
from .table import MAX_UPLOAD, Column, Problem

# What can be imported, by the name of its command and form; apps add theirs.
IMPORTERS = {"orders": OrderImport, "after_sales": AfterSaleImport, "funds": FundsImport}


def register(name, importer):
    """Adds a kind of file."""
    IMPORTERS[name] = importer


__all__ = ["IMPORTERS", "MAX_UPLOAD", "Column", "Importer", "Problem", "Report", "cells", "register", "run"]
