// Quick phrases above a reply's text. Without this they stand on a page of their own, with links.

// <a data-insert="id of the text" data-text="…">: puts the text where the cursor is, or was.
function insertPhrase(link, field) {
  const text = link.dataset.text;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.focus();
  // Who counts or keeps what is typed hears of it.
  field.dispatchEvent(new Event("input", { bubbles: true }));
  const said = link.closest("[data-picker]")?.querySelector("[data-said]");
  if (said) said.textContent = link.dataset.done;
}

function filterPhrases(picker) {
  const words = picker.querySelector("[data-filter]").value.trim().toLowerCase();
  const every = picker.querySelector("[data-every]").checked;
  let shown = 0;
  for (const row of picker.querySelectorAll(".sc-phrase")) {
    row.hidden = ("other" in row.dataset && !every) || !row.textContent.toLowerCase().includes(words);
    if (!row.hidden) shown += 1;
  }
  picker.querySelector("[data-nothing]").hidden = shown > 0;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-insert]");
  const field = link && document.getElementById(link.dataset.insert);
  if (!field) return;
  event.preventDefault();
  insertPhrase(link, field);
});
document.addEventListener("input", (event) => {
  const picker = event.target.closest("[data-picker]");
  if (picker) filterPhrases(picker);
});
// The picker stands within the reply's form: Enter in its field sends nothing.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("[data-filter]")) event.preventDefault();
});
