// Selecting several requests in the list; without this the page works by its plain checkboxes.

function selectSeveral(panel) {
  const boxes = [...document.querySelectorAll("input[name=pick]")];
  const page = panel.querySelector("[data-pick-page]");
  const told = panel.querySelector("[data-picked]");
  const all = panel.querySelector("input[name=all]");
  const update = () => {
    const n = boxes.filter((box) => box.checked).length;
    told.textContent = n ? told.dataset.some.replace("%n", n) : "";
    const tick = page.querySelector("input");
    tick.checked = n > 0 && n === boxes.length;
    tick.indeterminate = n > 0 && n < boxes.length;
    if (n) panel.open = true;
  };
  page.hidden = false;
  page.querySelector("input").addEventListener("change", (event) => {
    boxes.forEach((box) => { box.checked = event.target.checked; });
    if (!event.target.checked && all) all.checked = false;
    update();
  });
  boxes.forEach((box) => box.addEventListener("change", update));
  update();
}

document.addEventListener("DOMContentLoaded", () => {
  const panel = document.getElementById("many");
  if (panel) selectSeveral(panel);
});
