from ._import import ImportCommand


class Command(ImportCommand):
    help = (
        "Imports arbitration cases, past and present. All or nothing: each bad row is named by line, column and reason."
    )
    kind = "cases"
