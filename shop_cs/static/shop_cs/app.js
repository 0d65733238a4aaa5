// Small helps on top of pages that work without them.

// <fieldset data-shown-when="solved=yes"> is shown while the field "solved" of its form has the value "yes";
// with nothing behind the sign, while nothing is chosen there.
function switchParts(form) {
  const update = () => {
    for (const part of form.querySelectorAll("[data-shown-when]")) {
      const [name, value] = part.dataset.shownWhen.split("=");
      part.hidden = (new FormData(form).get(name) ?? "") !== value;
    }
  };
  form.addEventListener("change", update);
  update();
}

// <form data-counts>: which wanted pieces are among those chosen in it. Each line of a `data-asked` says with
// `data-points` what it adds to the meter, and with `data-there` that it was shown before.
function countPieces(form) {
  const update = () => {
    const chosen = new Set();
    for (const row of form.querySelectorAll("[data-piece]")) {
      const mark = row.querySelector("select[data-mark]");
      const tick = row.querySelector("input[type=checkbox]");
      const isChosen = tick ? tick.checked : row.querySelector("input[type=file]").files.length > 0;
      if (mark && mark.value && isChosen) chosen.add(mark.value);
    }
    form.querySelectorAll("[data-asked]").forEach((asked) => showCount(asked, chosen));
  };
  form.addEventListener("change", update);
  update();
}

function showCount(asked, chosen) {
  let percent = 0;
  for (const line of asked.querySelectorAll("[data-item]")) {
    const there = "there" in line.dataset || chosen.has(line.dataset.item);
    if (there) percent += Number(line.dataset.points);
    line.classList.toggle("is-there", there);
    asked.querySelector(`[data-lacks="${line.dataset.item}"]`).hidden = there;
  }
  const groups = [...asked.querySelectorAll("[data-group]")];
  for (const group of groups) group.hidden = !group.querySelector("[data-lacks]:not([hidden])");
  const bar = asked.querySelector("progress");
  bar.value = percent;
  bar.classList.toggle("is-amber", !groups[0].hidden);
  asked.querySelector("[data-percent]").value = percent;
  asked.querySelector("[data-whole]").hidden = percent !== 100;
}

// Of several slots for files, the next one appears when the one before it is filled.
function growSlots(list) {
  const slots = [...list.children];
  const update = () => {
    let room = 1;
    for (const slot of slots) {
      const filled = slot.querySelector("input[type=file]").files.length > 0;
      slot.hidden = !filled && room === 0;
      if (!filled) room = 0;
    }
  };
  list.addEventListener("change", update);
  update();
}

// The shell opens some menus by a click on a plain box: let the keyboard reach them too.
function reachByKeyboard(box) {
  if (box.matches("a, button, input, select, textarea, label") || box.hasAttribute("tabindex")) return;
  box.tabIndex = 0;
  box.setAttribute("role", "button");
  box.addEventListener("keydown", (event) => {
    if (event.target !== box || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    box.click();
  });
}

// The shell writes a chosen file's name into the nearest text field; in our forms that field is somebody's own words.
function keepFileNamesOut(input) {
  input.hasChangeListener = true;
}

// htmx would write a style of its own into the page and turn texts into functions: nothing here needs either.
if (window.htmx) Object.assign(htmx.config, { includeIndicatorStyles: false, allowEval: false });

// <button data-print hidden> is there where scripts can print.
function offerPrint(button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-print]").forEach(offerPrint);
  document.querySelectorAll(".sc-page input[type=file]").forEach(keepFileNamesOut);
  document.querySelectorAll("form[data-switches]").forEach(switchParts);
  document.querySelectorAll("form[data-counts]").forEach(countPieces);
  document.querySelectorAll("[data-slots]").forEach(growSlots);
  document.querySelectorAll("[x-on\\:click]").forEach(reachByKeyboard);
});
