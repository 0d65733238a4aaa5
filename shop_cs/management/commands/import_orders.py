from ._import import ImportCommand


class Command(ImportCommand):
    help = "Imports orders; new shops are made. All or nothing: each bad row is named by line, column and reason."
    kind = "orders"
