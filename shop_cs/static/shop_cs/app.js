// Small helps on top of pages that work without them.

const ICON = ".material-symbols-outlined";
const LAYERS = [
  ["#nav-sidebar", "#sidebar-open", "#sidebar-close"],
  ["#changelist-filter", "[x-on\\:click='filterOpen = true']", "#changelist-filter-close"],
];
const PLACES = "a[href], button, input:not([type=hidden]), select, textarea, [tabindex='0']";

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
  if (box.matches("a[href], button, input, select, textarea, label, #changelist-filter-close") || box.hasAttribute("tabindex")) return;
  box.tabIndex = 0;
  box.setAttribute("role", "button");
  box.addEventListener("keydown", (event) => {
    if (event.target !== box || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    box.click();
  });
}

// The shell's icons are words of a font: not to be read out where what they stand in has a name without them.
function hideIcon(icon) {
  const box = icon.closest("a, button, label, summary, [role=button]") ?? icon.parentElement;
  const words = box !== icon && [...box.childNodes].some((part) => part !== icon && !part.matches?.(ICON) && part.textContent.trim());
  const name = icon.title || box.title || (box.id === "searchbar-submit" && document.getElementById("searchbar").placeholder);
  if (!words && name && !box.hasAttribute("aria-label")) box.setAttribute("aria-label", name);
  if (icon !== box && (words || box.hasAttribute("aria-label"))) icon.setAttribute("aria-hidden", "true");
}

// What lies over the page takes the focus when it opens; Escape, or going on from it, shuts it. Was the focus in it, it goes
// back to what opened it.
function layOver(layer, opener, closer) {
  const isOpen = () => closer.checkVisibility();
  opener.addEventListener("click", () => setTimeout(() => isOpen() && layer.querySelector(PLACES)?.focus()));
  closer.addEventListener("click", () => layer.contains(document.activeElement) && opener.focus());
  layer.addEventListener("keydown", (event) => event.key === "Escape" && isOpen() && closer.click());
  document.addEventListener("focusin", ({ target }) => {
    if (target !== opener && !layer.contains(target) && isOpen()) closer.click();
  });
}

// The shell's choosers stand in place of a field and leave its name behind.
function nameChooser(select) {
  const label = select.labels[0], chosen = select.nextElementSibling?.querySelector(".select2-selection__rendered");
  if (!label || !chosen) return;
  label.id ||= `${select.id}-label`;
  chosen.setAttribute("aria-label", label.textContent.trim());
  const field = chosen.closest(".select2-selection");
  field.setAttribute("aria-labelledby", `${label.id} ${chosen.id}`);
  field.setAttribute("aria-controls", `select2-${select.id}-results`);
}

// It draws them when it is ready for it, before or after the page is loaded.
function awaitChooser(select) {
  nameChooser(select);
  new MutationObserver(() => nameChooser(select)).observe(select.parentElement, { childList: true });
}

function nameChooserSearch({ target }) {
  if (!target.matches?.(".select2-search__field") || target.hasAttribute("aria-label")) return;
  const select = document.getElementById((target.getAttribute("aria-controls") ?? "").replace(/^select2-|-results$/g, ""));
  if (select?.labels[0]) target.setAttribute("aria-label", select.labels[0].textContent.trim());
}

// "As the system says" holds while the page is open, too: the shell asks the system only when its own choice changes.
function followSystem() {
  const theme = window.Alpine?.$data(document.documentElement);
  if (theme?.adminTheme !== "auto") return;
  theme.adminTheme = "";
  theme.adminTheme = "auto";
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", followSystem);

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
  document.querySelectorAll("select").forEach(awaitChooser);
  document.querySelectorAll("[x-on\\:click]").forEach(reachByKeyboard);
  document.querySelectorAll(`${ICON}:not([aria-hidden])`).forEach(hideIcon);
  document.getElementById("content")?.setAttribute("role", "main");
  for (const [layer, opener, closer] of LAYERS) {
    const parts = [layer, opener, closer].map((place) => document.querySelector(place));
    if (parts.every(Boolean)) layOver(...parts);
  }
});
document.addEventListener("focusin", nameChooserSearch);
