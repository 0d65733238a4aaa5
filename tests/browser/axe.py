"""What axe-core says of a page, by its rules for WCAG 2.1 A and AA."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.db import connection

from tests.browser.conftest import DESK, PHONE

OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    "resultTypes": ["violations"],
    # Only rules of these tags that are experimental would need the style sheets once more.
    "preload": False,
}
# Every page is looked at in both; nothing is loaded anew between them.
WAYS = {"light, on the desk": ("light", DESK), "dark, on a phone": ("dark", PHONE)}
# For a few pages, so that nothing of the shell is left out.
CROSSED = {"dark, on the desk": ("dark", DESK), "light, on a phone": ("light", PHONE)}
# What a page looks like does not depend on the database.
ONCE = pytest.mark.skipif(connection.vendor != "sqlite", reason="pages are looked at once, on SQLite")
# What folds or is shown by a choice is looked at, too.
OPEN_ALL = """() => {
  document.querySelectorAll("details").forEach((part) => { part.open = true; });
  document.querySelectorAll("[data-shown-when]").forEach((part) => { part.hidden = false; });
}"""
LOOK = """async ([dark, options]) => {
  const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const shell = document.querySelector("html[x-data]");
  while (shell && shell.classList.contains("dark") !== dark) await drawn();
  await drawn();
  for (const one of document.getAnimations()) if (one.playState === "running") one.finish();
  const { violations } = await axe.run(document, options);
  const said = (node) => node.failureSummary.split("\\n").slice(1).map((line) => line.trim()).join("; ");
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")} (${said(node)})`));
}"""


def clean(findings):
    """Fails with all of them, not with the first."""
    assert not findings, "\n".join(findings)


class Audit:
    """Collects what is wrong in `findings`, a line each."""

    def __init__(self, page, findings=None):
        self.page, self.findings = page, [] if findings is None else findings
        page.context.add_init_script(AXE_SCRIPT)
        page.emulate_media(reduced_motion="reduce")

    def pages(self, paths):
        for path in paths:
            answer = self.page.goto(path)
            if answer.status != 200:
                self.findings.append(f"{path}: {answer.status}")
            self.page.evaluate(OPEN_ALL)
            self.now(path)
        return self.findings

    def drawn(self, name, html):
        """A page that came from nowhere: only a fault would bring it."""
        self.page.route("**/drawn/", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        self.page.goto("/drawn/")
        self.now(name)
        self.page.unroute("**/drawn/")

    def sent(self, forms):
        """{page: where its form is}: what the page says of a form that is sent with nothing in it."""
        for path, where in forms.items():
            self.page.goto(path)
            form = self.page.locator(f"{where} form[method=post]").first
            with self.page.expect_navigation():
                form.evaluate("(form) => { form.noValidate = true; form.requestSubmit(); }")
            self.now(f"{path}, refused")

    def now(self, where, ways=WAYS):
        """The page as it stands."""
        for way, (scheme, size) in ways.items():
            self.page.emulate_media(color_scheme=scheme)
            self.page.set_viewport_size(size)
            found = self.page.evaluate(LOOK, [scheme == "dark", OPTIONS])
            self.findings += [f"{where}, {way}: {words}" for words in found]
        return self.findings
