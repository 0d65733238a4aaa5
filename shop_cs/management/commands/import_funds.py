from ._import import ImportCommand


class Command(ImportCommand):
    help = "Imports money that came in for shops. All or nothing: each bad row is named by line, column and reason."
    kind = "funds"
