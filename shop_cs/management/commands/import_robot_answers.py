from ._import import ImportCommand


class Command(ImportCommand):
    help = "Imports robot answers of shops. All or nothing: each bad row is named by line, column and reason."
    kind = "robot_answers"
