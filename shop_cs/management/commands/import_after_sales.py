from ._import import ImportCommand


class Command(ImportCommand):
    help = "Imports after-sales of known orders. All or nothing: each bad row is named by line, column and reason."
    kind = "after_sales"
