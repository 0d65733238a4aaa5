"""The floor: what the same process needs for fifty rows of the same table and nothing else."""

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpResponse
from django.template import engines

from tickets.models import ServiceRequest

ROWS = 50
COLUMNS = ("no", "order__no", "kind", "category", "state", "created_at", "deadline")
TABLE = engines["django"].from_string(
    "<!doctype html><title>floor</title><table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>"
    "{% endfor %}</tr>{% endfor %}</table>"
)


@login_required
def floor(request):
    rows = ServiceRequest.everything.order_by("-pk").values_list(*COLUMNS)[:ROWS]
    return HttpResponse(TABLE.render({"rows": rows}))


class CountStatements:
    """Says in a header how many statements an answer took; the floor pays for it too."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        statements = 0

        def count(execute, sql, params, many, context):
            nonlocal statements
            statements += 1
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            response = self.get_response(request)
        response["X-Statements"] = str(statements)
        return response
