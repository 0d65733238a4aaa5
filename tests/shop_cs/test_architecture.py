"""The shape of the house: imports run one way, a status has one writer, nothing outgrows its budget."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("shop_cs", "tickets", "disputes")

# Each storey imports only what lies in it or below it. A name covers what lies in it; the longest that fits counts.
STOREYS = (
    ("pure", ["shop_cs.clock", "shop_cs.actors", "shop_cs.rules", "shop_cs.ladders", "shop_cs.moment"]),
    ("pure", ["shop_cs.evidence.checks", "shop_cs.evidence.structure", "shop_cs.evidence.names"]),
    ("pure", ["shop_cs.evidence.items", "shop_cs.evidence.catalogue"]),
    ("pure", ["shop_cs.evidence.drawing", "shop_cs.evidence.samples"]),
    ("pure", ["shop_cs.composed", "shop_cs.counting", "shop_cs.kept", "shop_cs.prepared"]),
    ("models", ["shop_cs.models"]),
    ("floor", ["shop_cs"]),
    ("faces of the floor", ["shop_cs.sites", "shop_cs.pages", "shop_cs.forms", "shop_cs.views", "shop_cs.admin"]),
    ("faces of the floor", ["shop_cs.middleware", "shop_cs.apps", "shop_cs.templatetags"]),
    ("tickets: models", ["tickets.models"]),
    ("tickets: moves", ["tickets.moves", "tickets.deadlines", "tickets.messages"]),
    ("tickets: moves", ["tickets.helping", "tickets.hands.giving"]),
    ("tickets: moves", ["tickets.searching.words", "tickets.searching.store", "tickets.searching.keeping"]),
    ("tickets: moves", ["tickets.quality.exams", "tickets.quality.negative"]),
    ("tickets: actions", ["tickets.actions"]),
    ("tickets: around the actions", ["tickets"]),
    ("tickets: faces", ["tickets.views", "tickets.admin", "tickets.templatetags"]),
    ("disputes: models", ["disputes.models"]),
    (
        "disputes: moves",
        [
            "disputes.moves",
            "disputes.deadlines",
            "disputes.awards",
            "disputes.numbers",
            "disputes.messages",
            "disputes.regions",
        ],
    ),
    ("disputes: actions", ["disputes.actions", "disputes.figures", "disputes.coverage", "disputes.consequences"]),
    ("disputes: around the actions", ["disputes"]),
    ("disputes: faces", ["disputes.views", "disputes.admin", "disputes.templatetags"]),
    ("roof", ["disputes.apps", "disputes.urls"]),
    ("roof", ["tickets.apps", "tickets.urls", "shop_cs.settings", "shop_cs.urls", "shop_cs.wsgi", "shop_cs.asgi"]),
    ("roof", ["shop_cs.management", "shop_cs.demo"]),
)
NAMES = list(dict.fromkeys(name for name, _modules in STOREYS))
STOREY_OF = {module: NAMES.index(name) for name, modules in STOREYS for module in modules}
# An empty package is a folder and no module; the marker of a package imports nothing of its own.
WEB = {"shop_cs.access", "shop_cs.pages", "shop_cs.sites", "shop_cs.middleware", "shop_cs.urls"}


def sources(*folders, pattern="*.py"):
    return [path for folder in folders for path in sorted((ROOT / folder).rglob(pattern))]


def module_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree(path):
    return ast.parse(path.read_text())


@cache
def modules():
    return {module_of(path): path for path in sources(*PACKAGES) if "migrations" not in path.parts}


def storey(module):
    """The number of a module's storey, by the longest name that covers it."""
    covering = [name for name in STOREY_OF if f"{module}.".startswith(f"{name}.")]
    return STOREY_OF[max(covering, key=len)]


@cache
def imported_by(module):
    """Modules of ours that this one imports anywhere, with the line."""
    path = modules()[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    found = {}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name: node.lineno for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            up = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*up, *([node.module] if node.module else [])])
            inner = {f"{base}.{alias.name}" for alias in node.names}
            known = inner & modules().keys()
            found |= dict.fromkeys(known if known and base not in modules() else known or {base}, node.lineno)
    return {name: line for name, line in found.items() if name in modules() and name != module}


@pytest.mark.parametrize("module", modules())
def test_imports_run_only_downwards(module):
    wrong = {
        f"{module}:{line} imports {name}, which lies in “{NAMES[storey(name)]}”"
        for name, line in imported_by(module).items()
        if storey(name) > storey(module)
    }
    assert not wrong


def test_no_modules_import_each_other():
    done, open_path = set(), []

    def visit(module):
        assert module not in open_path, " → ".join([*open_path[open_path.index(module) :], module])
        if module in done:
            return
        open_path.append(module)
        for name in imported_by(module):
            visit(name)
        done.add(open_path.pop())

    for module in modules():
        visit(module)


def test_the_storeys_are_told_apart():
    assert storey("shop_cs.clock") < storey("shop_cs.models.people") < storey("shop_cs.moves")
    assert storey("shop_cs.moves") < storey("shop_cs.sites") < storey("tickets.models.requests")
    assert storey("tickets.moves") < storey("tickets.actions.opening") < storey("tickets.filters")
    assert storey("tickets.views.lists") < storey("shop_cs.management.commands.sweep")
    assert "shop_cs.history" in imported_by("shop_cs.moves")
    assert "shop_cs.models.trail" in imported_by("shop_cs.history")


def is_web(module):
    return module in WEB or bool({"views", "admin"} & set(module.split(".")))


@pytest.mark.parametrize("module", [name for name in modules() if not is_web(name)])
def test_below_the_pages_nobody_knows_of_web_requests(module):
    source = ast.walk(tree(modules()[module]))
    named = {node.module for node in source if isinstance(node, ast.ImportFrom) and node.module}
    assert not {name for name in named if name.startswith(("django.http", "django.shortcuts", "django.views"))}
    names = {node.id for node in ast.walk(tree(modules()[module])) if isinstance(node, ast.Name)}
    assert "HttpRequest" not in names


@pytest.mark.parametrize("module", ["shop_cs.clock", "shop_cs.rules", "shop_cs.actors", "tickets.deadlines"])
def test_what_is_pure_asks_neither_database_nor_clock(module):
    source = modules()[module].read_text()
    for word in (".objects", ".everything", "connection", "transaction", "timezone.now", "datetime.now", "today("):
        assert word not in source


@pytest.mark.parametrize("module", [name for name in modules() if not is_web(name)])
def test_below_the_pages_time_is_an_argument(module):
    asks = {"now", "utcnow", "today"}
    for node in ast.walk(tree(modules()[module])):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in asks:
            said = ast.unparse(node.func)
            roof = storey(module) == NAMES.index("roof")
            assert said == "moment.now" and roof or said in ALLOWED.get(module, ()), f"{module}:{node.lineno} {said}()"


# A history row that nobody gave a time; a page's base asks at the door.
ALLOWED = {"shop_cs.history": ("timezone.now",), "shop_cs.pages": ("moment.now",)}


def writes_a_state(node):
    """Whether this node assigns a status: an attribute, `setattr`, or a column of `update`."""
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(
            isinstance(one, ast.Attribute) and one.attr == "state" for target in targets for one in ast.walk(target)
        )
    if not isinstance(node, ast.Call):
        return False
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    literals = [arg.value for arg in ast.walk(node) if isinstance(arg, ast.Constant)]
    if name in {"setattr", "bulk_update", "update_many"}:
        return "state" in literals
    return name in {"update", "ServiceRequest"} and any(word.arg == "state" for word in node.keywords)


@pytest.mark.parametrize("module", [name for name in modules() if name != "shop_cs.moves"])
def test_a_status_is_written_by_its_one_writer(module):
    assert not [node.lineno for node in ast.walk(tree(modules()[module])) if writes_a_state(node)]


def test_the_one_writer_is_seen_by_this_test():
    assert any(writes_a_state(node) for node in ast.walk(tree(modules()["shop_cs.moves"])))
    for said in ("a.state = 1", "a, b.state = 1, 2", "setattr(a, 'state', 1)", "rows.update(state='x')"):
        assert any(writes_a_state(node) for node in ast.walk(ast.parse(said))), said


def lengths(path):
    functions = (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {node.name: node.end_lineno - node.lineno + 1 for node in functions}


@pytest.mark.parametrize("path", sources(*PACKAGES, "tests"), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_outgrows_400_lines_no_function_50_and_no_test_30(path):
    if "migrations" in path.parts:
        return
    assert len(path.read_text().splitlines()) <= 400
    test = "tests" in path.parts
    long = {name: lines for name, lines in lengths(path).items() if lines > (30 if test and "test_" in name else 50)}
    assert not long


def test_no_template_outgrows_150_lines():
    found = [*sources("templates", pattern="*.html"), *sources(*PACKAGES, pattern="*.html")]
    assert found
    assert not {str(path.relative_to(ROOT)) for path in found if len(path.read_text().splitlines()) > 150}
