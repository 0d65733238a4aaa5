"""The exports of a shop's lists: what the URL filters, as a file."""

from shop_cs.views.exporting import ExportPage


class ExportCases(ExportPage):
    kind_name = "cases"


class ExportAppeals(ExportPage):
    kind_name = "appeals"


class ExportViolations(ExportPage):
    kind_name = "violations"


class ExportReports(ExportPage):
    kind_name = "reports"


class ExportFilings(ExportPage):
    kind_name = "filings"


class ExportMoney(ExportPage):
    """The statement as filtered; for who may see the money as well."""

    kind_name = "money"
