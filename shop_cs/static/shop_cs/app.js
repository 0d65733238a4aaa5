// Small helps on top of pages that work without them.

// <fieldset data-shown-when="solved=yes"> is shown while the field "solved" of its form has the value "yes".
function switchParts(form) {
  const update = () => {
    for (const part of form.querySelectorAll("[data-shown-when]")) {
      const [name, value] = part.dataset.shownWhen.split("=");
      part.hidden = new FormData(form).get(name) !== value;
    }
  };
  form.addEventListener("change", update);
  update();
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

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll(".sc-page input[type=file]").forEach(keepFileNamesOut);
  document.querySelectorAll("form[data-switches]").forEach(switchParts);
  document.querySelectorAll("[data-slots]").forEach(growSlots);
  document.querySelectorAll("[x-on\\:click]").forEach(reachByKeyboard);
});
