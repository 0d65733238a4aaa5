from ._import import ImportCommand


class Command(ImportCommand):
    help = (
        "Imports service requests, past and present. All or nothing: each bad row is named by line, column and reason."
    )
    kind = "requests"
