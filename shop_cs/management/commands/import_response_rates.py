from ._import import ImportCommand


class Command(ImportCommand):
    help = "Imports shops' response rates by day. All or nothing: each bad row is named by line, column and reason."
    kind = "response_rates"
