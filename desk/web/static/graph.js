// The ownership graph: owners above, shares on the lines, a click opens the next page of owners or holdings.
const place = document.getElementById("graph");
const about = document.getElementById("about");
const entity = place.dataset.entity;
const opened = new Map(); // "node direction" -> edges shown so far
let asOf = place.dataset.asOf;
let whatIf = place.dataset.whatIf;

const INK = "#17212b", LINE = "#7d8c99", STOP = "#8c1c2c";
const boxes = {
  listed: { "background-color": STOP, "border-color": STOP, color: "#fff" },
  resembles: { "border-color": STOP, "border-style": "dashed" },
  restricted: { "background-color": "#f9d9d2", "border-color": "#b5402a" },
  indeterminate: { "background-color": "#fbf0c6", "border-color": "#b48a12" },
  minority: { "background-color": "#e9edf0", "border-color": "#6d7c88" },
  unknown: { "background-color": "#f3f5f7", "border-color": "#7d8c99", "border-style": "dotted", color: "#566370" },
};
const style = [
  { selector: "node", style: {
    shape: "round-rectangle", width: 190, height: "data(height)", "background-color": "#fff", "border-width": 2, "border-color": "#7d8c99",
    label: "data(text)", "text-wrap": "wrap", "text-max-width": 176, "text-valign": "center", "font-size": 11.5, color: INK,
    "font-family": "system-ui, sans-serif", "line-height": 1.25 } },
  ...Object.entries(boxes).map(([name, css]) => ({ selector: `node[status = "${name}"]`, style: css })),
  { selector: "node[?focus]", style: { "border-width": 4, "font-weight": "bold" } },
  { selector: "edge", style: {
    width: 1.8, "line-color": LINE, "target-arrow-color": LINE, "target-arrow-shape": "triangle", "arrow-scale": 0.9,
    "curve-style": "bezier", label: "data(label)", "font-size": 11, color: INK, "text-background-color": "#fff",
    "text-background-opacity": 0.92, "text-background-padding": 3, "font-family": "system-ui, sans-serif" } },
  { selector: 'edge[style = "control"]', style: { "line-style": "dashed", "line-dash-pattern": [7, 4] } },
  { selector: 'edge[style = "unknown"]', style: { "line-style": "dotted" } },
  { selector: "edge.path", style: { width: 4, "line-color": STOP, "target-arrow-color": STOP, "z-index": 9 } },
  { selector: ".faded", style: { opacity: 0.22 } },
  { selector: ":selected", style: { "overlay-color": "#0b5c70", "overlay-opacity": 0.12, "overlay-padding": 6 } },
];

const cy = window.cytoscape({ container: place, style, minZoom: 0.15, maxZoom: 2.5 });

function address(extra) {
  const asked = new URLSearchParams({ as_of: asOf, ...extra });
  if (whatIf) asked.set("what_if", whatIf);
  return `/entities/${encodeURIComponent(entity)}/graph?${asked}`;
}

async function ask(extra = {}) {
  place.classList.add("busy");
  try {
    const answer = await fetch(address(extra));
    const body = await answer.json();
    if (!answer.ok) throw new Error(body.detail);
    return body;
  } finally {
    place.classList.remove("busy");
  }
}

// Characters that turn the direction of others hide what a name says: they are shown.
function plain(text) {
  return text.replace(/[\u202a-\u202e\u2066-\u2069]/g, (found) => `[U+${found.codePointAt(0).toString(16).toUpperCase()}]`);
}

function cut(text, most) {
  return text.length > most ? `${text.slice(0, most - 1)}\u2026` : text;
}

// Chinese, Japanese and Korean characters are about twice as wide as others.
function width(text) {
  return [...text].reduce((sum, char) => sum + (/[\u1100-\u11ff\u2e80-\ud7af\uf900-\ufaff\uff00-\uffef]/.test(char) ? 1.7 : 1), 0);
}

function box(node) {
  const lists = [...new Set(node.listed.map((match) => match.list))];
  const shares = node.regimes.map((r) => `${r.regime.toUpperCase()} ${r.held}`);
  const flagged = !node.focus && node.cases?.length ? ["has a case"] : [];
  const second = [node.country, ...(lists.length ? lists : shares), ...flagged].filter(Boolean).join(" \u00b7 ");
  const name = cut(plain(node.label), 60);
  const text = second ? `${name}\n${second}` : name;
  const lines = Math.ceil(width(name) / 22) + (second ? Math.ceil(second.length / 26) : 0);
  return { group: "nodes", data: { ...node, text, height: Math.max(50, 16 * lines + 18) } };
}

function add(found) {
  const nodes = found.nodes.filter((node) => cy.getElementById(node.id).empty()).map(box);
  const edges = found.edges.filter((edge) => cy.getElementById(edge.id).empty());
  cy.add(nodes);
  cy.add(edges.map((edge) => ({ group: "edges", data: edge, classes: edge.on_path.length ? "path" : "" })));
}

function arrange() {
  const calm = !window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  cy.layout({ name: "dagre", rankDir: place.clientWidth < 600 ? "LR" : "TB", nodeSep: 28, rankSep: 78, edgeSep: 16, animate: calm, animationDuration: 250, fit: false })
    .run().promiseOn("layoutstop").then(() => fit());
}

function fit() {
  cy.fit(undefined, 36);
  if (cy.zoom() > 1.15) cy.zoom({ level: 1.15, renderedPosition: { x: place.clientWidth / 2, y: place.clientHeight / 2 } });
}

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  if (text) made.textContent = plain(text);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function facts(pairs) {
  const list = element("dl");
  for (const [name, value] of pairs) if (value) list.append(element("dt", name), element("dd", value));
  return list;
}

// One path a line; each name stands apart, so that scripts written from right to left do not turn the chain round.
function chain(ways) {
  const list = element("ul", "", { class: "chain plain" });
  for (const way of ways) {
    const line = element("li");
    line.append(...way.map((part, place) => (place % 2 ? part : element("bdi", part))));
    list.append(line);
  }
  return list;
}

function button(text, act) {
  const made = element("button", text, { type: "button" });
  made.addEventListener("click", act);
  return made;
}

function describe(node) {
  const data = node.data();
  about.replaceChildren(element("h2", data.label), element("p", [data.kind, data.country, data.id].filter(Boolean).join(" \u00b7 "), { class: "muted" }));
  if (data.reason) about.append(element("p", data.reason));
  for (const match of data.listed) {
    const line = element("p", `${match.list} ${match.written} `);
    line.append(element("a", match.party_name, { href: `/desk/parties/${encodeURIComponent(match.party_id)}?as_of=${asOf}` }));
    about.append(line);
  }
  if (data.listed.length && !data.of_run) about.append(element("p", "This name was looked up now; the run did not screen it on this day with these lists, and decisions on it do not count here.", { class: "muted small" }));
  for (const r of data.regimes) about.append(element("p", `${r.regime.toUpperCase()}: ${r.status}, ${r.held}`, { class: "muted small" }), chain(r.ways));
  const tools = element("p", "", { class: "tools" });
  for (const [direction, label, count] of [["owners", "Owners", data.owners], ["owned", "Holdings", data.owned]]) {
    const left = count - shown(data.id, direction);
    if (left > 0 && data.status !== "unknown") tools.append(button(`${label} (${left} more)`, () => open(data.id, direction)));
  }
  if (data.status !== "listed" && !data.focus) tools.append(button("What if this were listed?", () => suppose(data.id)));
  if (whatIf) tools.append(button("End the what-if", () => suppose("")));
  about.append(tools);
  const links = element("p", "", { class: "tools" });
  for (const found of data.cases ?? []) links.append(element("a", `Case of ${found.customer_id} (${found.recommendation.replaceAll("_", " ")})`, { href: `/desk/cases/${found.case_id}` }));
  if (!data.focus && data.status !== "unknown") links.append(element("a", "Graph of this one", { href: `/desk/entities/${encodeURIComponent(data.id)}?as_of=${asOf}` }));
  about.append(links);
}

function describeEdge(edge) {
  const data = edge.data();
  const ends = `${edge.source().data("label")} \u2192 ${edge.target().data("label")}`;
  about.replaceChildren(element("h2", data.label === "?" ? "Share not disclosed" : data.label), element("p", ends, { class: "muted" }), facts([
    ["Kind", data.direct === false ? `${data.interest}, indirect` : data.interest], ["From", data.start], ["To", data.end],
    ["Source", data.origin], ["On the deciding path of", data.on_path.map((r) => r.toUpperCase()).join(", ")]]));
}

function shown(id, direction) {
  const node = cy.getElementById(id);
  return Math.max(opened.get(`${id} ${direction}`) ?? 0, direction === "owners" ? node.indegree(true) : node.outdegree(true));
}

async function open(id, direction) {
  const key = `${id} ${direction}`;
  const offset = opened.get(key) ?? 0;
  const found = await ask({ node: id, direction, offset, limit: 10 });
  opened.set(key, offset + found.edges.length);
  add(found);
  arrange();
  describe(cy.getElementById(id));
}

function suppose(id) {
  whatIf = id;
  return draw();
}

function verdicts({ verdicts: rows, unreached }) {
  const words = rows.map((row) => element("span", `${row.regime.toUpperCase()}: ${row.status}, ${row.held}`, { class: `status ${row.status}` }));
  if (whatIf) words.unshift(element("span", "What if", { class: "state proposed" }));
  document.getElementById("verdicts").replaceChildren(...(words.length ? words : [element("span", unreached, { class: "muted" })]));
}

async function draw() {
  try {
    const found = await ask();
    cy.elements().remove();
    opened.clear();
    add(found);
    verdicts(found);
    document.getElementById("marks").textContent = found.marks;
    arrange();
    describe(cy.getElementById(found.focus));
  } catch (error) {
    about.replaceChildren(element("h2", "Nothing to show"), element("p", error.message));
  }
}

function highlight(on) {
  const path = cy.edges(".path");
  cy.elements().toggleClass("faded", on);
  if (on) path.union(path.connectedNodes()).removeClass("faded");
}

cy.on("tap", "node", (event) => describe(event.target));
cy.on("tap", "edge", (event) => describeEdge(event.target));
cy.on("dbltap", "node", (event) => open(event.target.id(), "owners"));

const path = document.getElementById("path");
path.addEventListener("click", () => {
  const on = path.getAttribute("aria-pressed") !== "true";
  path.setAttribute("aria-pressed", String(on));
  highlight(on);
});
document.getElementById("fit").addEventListener("click", fit);

const day = document.getElementById("day");
const slide = document.getElementById("slide");
const first = Date.parse(slide.dataset.first);
function show(when) {
  asOf = when;
  day.value = when;
  history.replaceState(null, "", `?as_of=${when}`);
  draw();
}
slide.addEventListener("input", () => { day.value = new Date(first + slide.value * 864e5).toISOString().slice(0, 10); });
slide.addEventListener("change", () => show(day.value));
day.addEventListener("change", () => {
  slide.value = Math.round((Date.parse(day.value) - first) / 864e5);
  show(day.value);
});
document.getElementById("time").addEventListener("submit", (event) => event.preventDefault());

place.addEventListener("keydown", (event) => {
  const boxes = cy.nodes().sort((a, b) => a.position("y") - b.position("y") || a.position("x") - b.position("x"));
  const chosen = cy.nodes(":selected");
  const at = chosen.nonempty() ? boxes.indexOf(chosen[0]) : -1;
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (step && boxes.nonempty()) {
    event.preventDefault();
    cy.elements().unselect();
    const next = boxes[(at + step + boxes.length) % boxes.length];
    next.select();
    describe(next);
  } else if (event.key === "Enter" && at >= 0) open(boxes[at].id(), "owners");
});
draw();
