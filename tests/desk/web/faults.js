// What a page has that somebody could not read: contrast under WCAG AA, headings out of order, things without a name.
() => {
  const faults = new Set();
  const shown = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const parse = (text) => {
    const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
    return { r, g, b, a };
  };
  const over = (top, under) => {
    const mix = (x, y) => x * top.a + y * (1 - top.a);
    return { r: mix(top.r, under.r), g: mix(top.g, under.g), b: mix(top.b, under.b), a: 1 };
  };
  const luminance = ({ r, g, b }) => {
    const linear = (v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  };
  const ground = (e) => {
    const layers = [];
    for (let each = e; each; each = each.parentElement) layers.unshift(parse(getComputedStyle(each).backgroundColor));
    return layers.reduce((under, top) => over(top, under), { r: 255, g: 255, b: 255, a: 1 });
  };

  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.textContent.trim() || !shown(e) || e.closest("script, style, option")) continue;
    const style = getComputedStyle(e), under = ground(e), size = parseFloat(style.fontSize);
    const [dark, light] = [luminance(over(parse(style.color), under)), luminance(under)].sort((a, b) => a - b);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = (light + 0.05) / (dark + 0.05);
    if (ratio < (large ? 3 : 4.5)) faults.add(`contrast ${ratio.toFixed(2)}: ${e.tagName} ${e.className}`);
  }

  const levels = [...document.querySelectorAll("h1, h2, h3, h4")].filter(shown).map((h) => Number(h.tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1) faults.add(`headings of the first level: ${levels}`);
  levels.forEach((level, i) => { if (i && level > levels[i - 1] + 1) faults.add(`heading ${level} after ${levels[i - 1]}`); });
  if (document.querySelectorAll("main").length !== 1) faults.add("not one main");
  if (!document.documentElement.lang || !document.title) faults.add("no language or title");

  const named = (e) => e.ariaLabel || e.textContent.trim() || e.title || [...(e.labels ?? [])].some((l) => l.textContent.trim());
  for (const e of document.querySelectorAll("a[href], button, summary, select, textarea, input:not([type=hidden])"))
    if (shown(e) && !named(e)) faults.add(`no name: ${e.outerHTML.slice(0, 90)}`);
  for (const e of document.querySelectorAll("select")) if (!e.labels.length) faults.add(`no label: ${e.name}`);
  for (const e of document.querySelectorAll("svg, img"))
    if (shown(e) && !e.closest("[aria-hidden]") && !e.getAttribute("alt") && !e.ariaLabel && e.getAttribute("role") !== "img")
      faults.add(`picture without words: ${e.outerHTML.slice(0, 90)}`);
  for (const e of document.querySelectorAll("section:not([aria-label]):not([aria-labelledby]), nav:not([aria-label])"))
    if (e.tagName === "NAV") faults.add(`landmark without a name: ${e.className}`);
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  ids.forEach((id, i) => { if (ids.indexOf(id) !== i) faults.add(`id twice: ${id}`); });
  for (const e of document.querySelectorAll("table")) if (shown(e) && e.querySelector("thead") && !e.querySelector("th")) faults.add("table without heads");
  return [...faults].sort();
}
