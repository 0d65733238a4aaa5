// <fieldset data-adds-up>: what its shares add up to while one types. In hundredths, that nothing is lost in between.
function addUp(part) {
  const out = part.querySelector("output[data-sum]");
  const update = () => {
    let sum = 0;
    for (const box of part.querySelectorAll("input")) {
      const typed = Number(box.value.trim() || 0);
      if (Number.isFinite(typed)) sum += Math.round(typed * 100);
    }
    out.value = (sum === 10000 ? out.dataset.sum : out.dataset.off).replace("{n}", String(sum / 100));
    out.hidden = false;
  };
  part.addEventListener("input", update);
  update();
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-adds-up]").forEach(addUp);
});
