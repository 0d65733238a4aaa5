// Keys on both sites, their help, and the command palette. Every word comes with the page.

const OFF = "sc-keys", LIST = "sc-list";
const root = document.documentElement;

const keptIn = (store) => ({
  get(name) { try { return store().getItem(name); } catch { return null; } },
  set(name, value) { try { store().setItem(name, value); } catch { /* Without it a little is forgotten. */ } },
});
const always = keptIn(() => localStorage), forThisTab = keptIn(() => sessionStorage);

// Single keys can be switched off (WCAG 2.1.4): other scripts look here too.
function switchKeys(on) {
  if (on) delete root.dataset.keys;
  else root.dataset.keys = "off";
}
switchKeys(always.get(OFF) !== "off");

const TYPED_IN = "input:not([type=checkbox]), textarea, select, [contenteditable]";

function isTyping(place) {
  if (place.closest?.(TYPED_IN)) return true;
  // A row's tick is marked among others; elsewhere a tick is part of a form.
  return place.matches?.("input") && !place.closest("tbody");
}

// The first row of each record that the page lists.
function rowsOf() {
  const rows = [...document.querySelectorAll(".sc-page .sc-table > tbody > tr, #result_list > tbody > tr")];
  return rows.filter((row) => !row.closest("dialog") && linkOf(row)?.checkVisibility?.() !== false && linkOf(row));
}

const linkOf = (row) => row.querySelector("td a[href], th a[href]");

// The list that this page's record was opened from, and where in it the record stands.
function cameFrom() {
  const list = JSON.parse(forThisTab.get(LIST) ?? "null");
  if (!list) return { at: -1 };
  return { ...list, at: list.links.findIndex((link) => location.pathname.startsWith(link)) };
}

function isRecord() {
  return cameFrom().at >= 0 || document.querySelector("[data-up]") !== null;
}

// Where a row's link leads to another list, by its query or as one of the palette's pages, the row is no record.
// The admin's links to records carry the filters of their list.
function recordsOf(rows) {
  const lists = [...document.querySelectorAll("#palette-list [data-link]")].map((option) => option.dataset.link);
  const no = new Set(["/", location.pathname, ...lists]);
  const links = rows.map(linkOf).filter(({ search, pathname }) => !no.has(pathname) && (!search || search.startsWith("?_changelist_filters=")));
  return links.map((link) => link.pathname);
}

function rememberList() {
  if (isRecord()) return;
  const links = recordsOf(rowsOf());
  if (links.length) forThisTab.set(LIST, JSON.stringify({ address: location.pathname + location.search, links }));
}

function mark(row) {
  for (const one of document.querySelectorAll("tr[aria-current]")) one.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
}

function step(by) {
  if (isRecord()) {
    const { at, links } = cameFrom();
    if (at >= 0 && links[at + by]) location.assign(links[at + by]);
    return;
  }
  const rows = rowsOf(), at = rows.findIndex((row) => row.hasAttribute("aria-current"));
  const row = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1)];
  if (!row) return;
  mark(row);
  linkOf(row).focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function openMarked() {
  const row = document.querySelector("tr[aria-current]");
  if (row) linkOf(row).click();
}

function backToList() {
  const { at, address } = cameFrom();
  if (at >= 0) location.assign(address);
  else document.querySelector("[data-up]")?.click();
}

// Into a part of the page: its first field, or the part itself where it has none.
function goInto(part) {
  if (!part) return;
  if (part.matches("details")) part.open = true;
  const fields = "input:not([type=hidden], [type=file]), select, textarea";
  const field = part.matches(fields) ? part : [...part.querySelectorAll(fields)].find((one) => !one.disabled && one.checkVisibility());
  const place = field ?? part;
  if (!field) place.tabIndex = -1;
  place.focus({ preventScroll: true });
  place.scrollIntoView({ block: "center" });
}

const SINGLE = {
  j: () => step(1),
  k: () => step(-1),
  o: openMarked,
  u: backToList,
  r: () => goInto(document.getElementById("reply")),
  n: () => goInto(document.getElementById("note_text")),
  "?": () => openHelp(),
};

function openHelp() {
  document.getElementById("keys-help").showModal();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  const isPalette = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  if (document.querySelector("dialog[open]")) {
    if (isPalette) event.preventDefault();
    return;
  }
  if (isPalette) {
    event.preventDefault();
    palette?.open();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || root.dataset.keys === "off" || isTyping(event.target)) return;
  const act = Object.hasOwn(SINGLE, event.key) && SINGLE[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

class Palette {
  constructor(dialog) {
    this.dialog = dialog;
    this.text = dialog.querySelector("#palette-text");
    this.list = dialog.querySelector("#palette-list");
    this.none = dialog.querySelector("[data-none]");
    this.pages = [...this.list.children];
    this.text.addEventListener("input", () => this.offer());
    this.text.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("click", (event) => this.take(event.target.closest("[role=option]")));
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  }

  open() {
    this.acts = [...document.querySelectorAll("[data-palette]")].filter((part) => !part.disabled && !part.closest("[hidden]"));
    this.list.replaceChildren(...this.acts.map((part, n) => this.option(`palette-act-${n}`, part.dataset.palette, this.list.dataset.here)), ...this.pages);
    this.text.value = "";
    this.dialog.showModal();
    this.offer();
  }

  option(id, words, more) {
    const option = document.createElement("li"), name = document.createElement("span"), told = document.createElement("span");
    Object.assign(option, { id, role: "option" });
    name.className = "sc-strong";
    name.textContent = words;
    told.className = "sc-muted";
    told.textContent = more;
    option.append(name, " ", told);
    return option;
  }

  get offered() {
    return [...this.list.children].filter((option) => !option.hidden);
  }

  offer() {
    const typed = this.text.value.trim(), words = typed.toLowerCase().split(/\s+/);
    document.getElementById("palette-search")?.remove();
    for (const option of this.list.children) {
      const name = option.textContent.toLowerCase();
      option.hidden = !words.every((word) => name.includes(word));
    }
    const where = document.querySelector("form:has([data-search])")?.action ?? document.querySelector("[data-search-link]")?.href;
    if (typed && where) {
      const search = this.option("palette-search", `${this.list.dataset.searchFor} “${typed}”`, "");
      search.dataset.link = `${where}?${new URLSearchParams({ q: typed })}`;
      // A number is looked for; a word may be a page's name.
      if (/\d/.test(typed)) this.list.prepend(search);
      else this.list.append(search);
    }
    this.none.hidden = this.offered.length > 0;
    this.choose(this.offered[0]);
  }

  choose(chosen) {
    for (const option of this.list.children) option.ariaSelected = String(option === chosen);
    if (!chosen) return this.text.removeAttribute("aria-activedescendant");
    this.text.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (event.isComposing) return;
    const offered = this.offered, at = offered.findIndex((option) => option.ariaSelected === "true");
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && offered.length) this.choose(offered[(at + steps[event.key] + offered.length) % offered.length]);
    else if (event.key === "Enter") this.take(offered[at]);
    else return;
    event.preventDefault();
  }

  take(option) {
    if (!option) return;
    this.dialog.close();
    if (option.dataset.link) return location.assign(option.dataset.link);
    if (option.dataset.opens) return document.getElementById(option.dataset.opens).showModal();
    const part = this.acts[Number(option.id.replace("palette-act-", ""))];
    if (part.matches("a, button")) part.click();
    else goInto(part);
  }
}

let palette;
document.addEventListener("DOMContentLoaded", () => {
  const dialog = document.getElementById("palette"), tick = document.querySelector("[data-keys-switch]");
  if (dialog) palette = new Palette(dialog);
  if (tick) {
    tick.checked = root.dataset.keys !== "off";
    tick.addEventListener("change", () => {
      always.set(OFF, tick.checked ? "on" : "off");
      switchKeys(tick.checked);
    });
  }
  // The entry of the user's menu.
  for (const link of document.querySelectorAll("a[href='#keys']")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      openHelp();
    });
  }
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("tbody > tr");
    if (row && rowsOf().includes(row)) mark(row);
  });
  rememberList();
});
