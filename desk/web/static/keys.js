// Keys: / searches, j and k walk the queue, g leads to a section, ? shows the keys.
const SECTIONS = { q: "/desk/cases", l: "/desk/lists", r: "/desk/rules", n: "/desk/runs" };
let leading = false;

function typing(target) {
  return target.matches("input, textarea, select, [contenteditable]");
}

function walk(step) {
  const rows = [...document.querySelectorAll(".queue .row")];
  if (!rows.length) return;
  const at = rows.indexOf(document.activeElement);
  rows[Math.min(rows.length - 1, Math.max(0, at + step))].focus();
}

document.querySelector(".top [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (leading) {
    leading = false;
    if (SECTIONS[event.key]) location.href = SECTIONS[event.key];
    return;
  }
  const acts = {
    "/": () => document.getElementById("search")?.focus(),
    j: () => walk(1),
    k: () => walk(-1),
    g: () => { leading = true; },
    "?": () => document.getElementById("keys").showModal(),
  };
  if (acts[event.key]) {
    event.preventDefault();
    acts[event.key]();
  }
});
