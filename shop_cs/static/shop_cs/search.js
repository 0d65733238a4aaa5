// The key "/" leads to the search: into its box, or to its page where there is no room for a box.

function isTyping(place) {
  return place.isContentEditable || place.matches?.("input, textarea, select");
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  // Somebody may have switched keys without a modifier off.
  if (event.defaultPrevented || isTyping(event.target) || document.documentElement.dataset.keys === "off") return;
  if (document.querySelector("dialog[open]")) return;
  const box = [...document.querySelectorAll("[data-search]")].find((one) => one.checkVisibility?.() ?? one.offsetParent);
  const link = document.querySelector("[data-search-link]");
  if (!box && !link) return;
  event.preventDefault();
  if (!box) {
    link.click();
    return;
  }
  box.focus();
  box.select();
});
