// Beside the answer: what is typed is kept as a draft, who else is here is told, colleagues are named in notes.
// Every word comes with the page.

const SAVE_EVERY = 2000, TRY_AGAIN = 15000, LOOK_EVERY = 12000, TYPES_FOR = 20000;
const SCRIPT = { "X-Requested-With": "XMLHttpRequest" };

const formToken = () => document.querySelector("[name=csrfmiddlewaretoken]");

function send(address, body, last = false) {
  return fetch(address, { method: "POST", body, keepalive: last, headers: SCRIPT });
}

// After a login in another window the page's forms carry an old token: a new one comes with the fragment.
async function renewToken(address) {
  const answer = await fetch(address, { headers: { ...SCRIPT, "HX-Request": "true" } });
  if (!answer.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[name=csrfmiddlewaretoken]");
  if (!fresh) return false;
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = fresh.value;
  return true;
}

// <form> with a part that has `data-draft`: saved while one types, at most every two seconds; tried again when it fails.
class Draft {
  constructor(form, box) {
    Object.assign(this, { form, box, words: box.dataset, dirty: "dirty" in box.dataset, busy: false, sent: false });
    form.addEventListener("input", () => {
      // Who types on has stopped a sending that took too long.
      this.sent = false;
      this.touch();
    });
    form.addEventListener("submit", (event) => {
      this.sent = !event.submitter?.hasAttribute("formaction");
    });
    addEventListener("pagehide", () => this.save(true));
    addEventListener("visibilitychange", () => document.hidden && this.save(true));
    // Perhaps he has logged in again in another window.
    addEventListener("focus", () => this.failed && this.save());
    // Back from where the browser kept the page: it may be sent again.
    addEventListener("pageshow", () => { this.sent = false; });
    addEventListener("beforeunload", (event) => this.failed && this.dirty && !this.sent && event.preventDefault());
    if (this.dirty) this.touch();
  }

  get base() {
    return this.form.elements.draft_base;
  }

  touch() {
    this.dirty = true;
    this.timer ??= setTimeout(() => this.save(), this.failed ? TRY_AGAIN : SAVE_EVERY);
  }

  body() {
    const typed = new FormData(this.form);
    for (const [name, value] of [...typed]) if (typeof value !== "string") typed.delete(name);
    return new URLSearchParams(typed);
  }

  async save(last = false) {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.dirty || this.sent || (this.busy && !last)) return;
    this.busy = true;
    this.dirty = false;
    try {
      let answer = await send(this.words.draft, this.body(), last);
      if (answer.status === 403 && !last && (await renewToken(this.words.renew))) {
        answer = await send(this.words.draft, this.body());
      }
      await this.tell(answer);
    } catch {
      this.fail(this.words.failed);
    }
    this.busy = false;
    if (this.dirty) this.touch();
  }

  async tell(answer) {
    const told = (answer.headers.get("Content-Type") ?? "").startsWith("application/json") ? await answer.json() : {};
    if (!answer.ok) {
      const known = { 401: this.words.out, 403: this.words.refused, 404: this.words.refused };
      return this.fail(told.said ?? known[answer.status] ?? this.words.failed, answer.status !== 409);
    }
    this.failed = false;
    this.base.value = told.base;
    this.box.querySelector("[data-draft-said]").textContent = told.said;
    this.say("");
  }

  fail(words, isTriedAgain = true) {
    this.failed = true;
    this.dirty ||= isTriedAgain;
    this.say(words);
  }

  say(words) {
    const place = this.box.querySelector("[data-draft-failed]");
    if (place.textContent !== words) place.textContent = words;
  }
}

// <div data-presence>: says that this page is open and shows who else is on it.
class Presence {
  constructor(region) {
    Object.assign(this, { region, typed: -Infinity, shown: "" });
    addEventListener("pagehide", () => this.say("left", true));
    addEventListener("focus", () => this.look());
    document.addEventListener("visibilitychange", () => document.hidden || this.look());
    document.querySelector("#reply form")?.addEventListener("input", () => this.types());
    this.look();
  }

  get doing() {
    return performance.now() - this.typed < TYPES_FOR ? "typing" : "looking";
  }

  types() {
    const began = this.doing === "looking";
    this.typed = performance.now();
    if (began) this.look();
  }

  say(doing, last = false) {
    const body = new URLSearchParams({
      doing, expect: this.region.dataset.expect, csrfmiddlewaretoken: formToken()?.value ?? "",
    });
    return send(this.region.dataset.presence, body, last);
  }

  async look() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), LOOK_EVERY);
    if (document.hidden) return;
    try {
      const answer = await this.say(this.doing);
      if (answer.ok) this.show(await answer.json());
    } catch {
      // The next time will tell.
    }
  }

  show({ others = [], changed = "" }) {
    const lines = [...others.map((words) => ["is-info", "group", words]), ...(changed ? [["is-warning", "update", changed]] : [])];
    if (JSON.stringify(lines) === this.shown) return;
    this.shown = JSON.stringify(lines);
    this.region.replaceChildren(...lines.map((line) => noteOf(...line)));
  }
}

function noteOf(look, icon, words) {
  const note = document.createElement("div"), sign = document.createElement("span"), text = document.createElement("p");
  note.className = `sc-note ${look}`;
  sign.className = "material-symbols-outlined";
  sign.ariaHidden = "true";
  sign.textContent = icon;
  text.textContent = words;
  note.append(sign, text);
  return note;
}

// A <textarea> with a list of names: after @ the names that begin so are offered; arrows, Enter or Tab, Escape.
class Naming {
  constructor(text, list) {
    Object.assign(this, { text, list, options: [...list.children] });
    text.addEventListener("input", () => this.offer());
    text.addEventListener("keydown", (event) => this.key(event));
    text.addEventListener("blur", () => this.shut());
    list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.take(option);
    });
  }

  get begun() {
    return /(?:^|[^A-Za-z0-9_.-])[@＠]([^\s@＠]{0,30})$/.exec(this.text.value.slice(0, this.text.selectionStart))?.[1];
  }

  get offered() {
    return this.options.filter((option) => !option.hidden);
  }

  offer() {
    const begun = this.begun?.toLowerCase();
    for (const option of this.options) {
      const fits = begun !== undefined && option.textContent.toLowerCase().split("@").some((name) => name.trim().startsWith(begun));
      option.hidden = !fits;
    }
    if (!this.offered.length) return this.shut();
    this.list.hidden = false;
    this.choose(this.offered[0]);
  }

  choose(chosen) {
    for (const option of this.options) option.ariaSelected = String(option === chosen);
    this.text.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  }

  shut() {
    this.list.hidden = true;
    this.text.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (this.list.hidden || event.isComposing) return;
    // The caret has left the name: the key is the text's again.
    if (this.begun === undefined) return this.shut();
    const offered = this.offered, at = offered.findIndex((option) => option.ariaSelected === "true");
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) this.choose(offered[(at + steps[event.key] + offered.length) % offered.length]);
    else if (event.key === "Enter" || event.key === "Tab") this.take(offered[at]);
    else if (event.key === "Escape") this.shut();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  take(option) {
    const end = this.text.selectionStart, begun = this.begun;
    this.shut();
    if (begun !== undefined) this.text.setRangeText(`${option.dataset.name} `, end - begun.length, end, "end");
  }
}

function begin(part) {
  const list = part.querySelector?.("#note-names");
  if (list) new Naming(part.querySelector("#note_text"), list);
  // The link of a notice leads to a note, which was not there when the page came.
  const wanted = /^#note-\d+$/.test(location.hash) && part.querySelector?.(location.hash);
  if (wanted && !begin.went) {
    begin.went = true;
    wanted.scrollIntoView({ block: "center" });
    wanted.focus({ preventScroll: true });
  }
}

function ofAside(event) {
  return event.target.closest?.("#aside, #draft-offer");
}

document.addEventListener("DOMContentLoaded", () => {
  for (const box of document.querySelectorAll("[data-draft]")) new Draft(box.closest("form"), box);
  for (const region of document.querySelectorAll("[data-presence]")) new Presence(region);
  begin(document);
  const body = document.body;
  // Which draft the form goes on with by now is known here alone.
  body.addEventListener("htmx:configRequest", (event) => {
    const base = document.querySelector("#reply [name=draft_base]");
    if (base && ofAside(event) && event.detail.verb === "post") event.detail.parameters.append("draft_base", base.value);
  });
  // A refused note comes back with what was typed; who was logged out stays on the page with what he typed.
  body.addEventListener("htmx:beforeSwap", (event) => {
    if (ofAside(event) && event.detail.xhr.status === 400) event.detail.shouldSwap = true;
  });
  body.addEventListener("htmx:beforeOnLoad", (event) => {
    if (!ofAside(event) || event.detail.xhr.status !== 401) return;
    event.preventDefault();
    failedNote((words) => words.out);
  });
  const failed = (event) => ofAside(event) && event.detail.xhr?.status !== 400 && failedNote((words) => words.failed);
  body.addEventListener("htmx:responseError", failed);
  body.addEventListener("htmx:sendError", failed);
  body.addEventListener("htmx:afterSettle", (event) => event.target.id === "aside" && begin(document.getElementById("aside")));
});

function failedNote(words) {
  const form = document.querySelector("[data-note]");
  if (form) form.querySelector("[data-note-failed]").textContent = words(form.dataset);
}
