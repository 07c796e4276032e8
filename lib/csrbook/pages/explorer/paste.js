// A box to paste a text into: it is read as it stands there, its figures are marked. What is pasted is data: it enters the page as text alone.
const UNSEEN = /[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;
const plain = (text) => String(text ?? "").replace(UNSEEN, (sign) => `[U+${sign.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}]`);
const WAIT = 250; // milliseconds after the last key
let boxes = 0;

function make(tag, told = {}, ...inside) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(told)) if (value !== null) node.setAttribute(name, value);
  for (const part of inside.flat()) if (part) node.append(part.nodeType ? part : plain(part));
  return node;
}

function render({ model, el }) {
  const id = `csrpaste${++boxes}`;
  const area = make("textarea", { id, rows: "6", spellcheck: "false", placeholder: "Paste a sentence or an article in English, Chinese or Russian" });
  const language = make("select", { id: `${id}l` }, make("option", { value: "" }, "told from the text"));
  const status = make("p", { class: "soft", role: "status" }), text = make("div", { class: "pasted", dir: "auto" }), body = make("tbody");
  const head = ["Read as", "As printed", "When", "Body, programme", "Theme"].map((name) => make("th", { scope: "col" }, name));
  const scroll = make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Figures of the text", hidden: "" }, make("table", { class: "rows" }, make("thead", {}, make("tr", {}, head)), body));
  const root = make("div", { class: "csrbook-explorer paste", "data-answered": "0" }, make("div", { class: "bar" }, make("label", { for: id, class: "grow" }, "Text"), make("label", { for: `${id}l` }, "Language"), language), area, status, text, scroll);
  let asked = 0, timer = null, waiting = false;
  const send = () => { waiting = true; model.send({ what: "read", number: asked, text: area.value, language: language.value }); };
  area.addEventListener("input", () => { asked += 1; clearTimeout(timer); timer = setTimeout(() => { if (!waiting) send(); }, WAIT); });
  language.addEventListener("change", () => { asked += 1; if (!waiting) send(); });
  root.addEventListener("keydown", (event) => { if (!event.ctrlKey && !event.metaKey) event.stopPropagation(); }); // else "d d" deletes the cell
  const listen = (told) => {
    if (told.what === "languages") { language.append(...told.languages.map(([value, words]) => make("option", { value }, words))); return; }
    waiting = false;
    if (told.what === "problem") { status.textContent = plain(told.text); text.replaceChildren(); body.replaceChildren(); scroll.hidden = true; return; }
    if (told.number !== asked) return send();
    const count = told.rows.length;
    status.textContent = told.parts.length ? `${count} ${count === 1 ? "figure" : "figures"}, read as ${told.named}${told.cut ? "; only the beginning was read" : ""}` : "";
    text.setAttribute("lang", told.language || "en");
    text.replaceChildren(...told.parts.map(([words, kind]) => (kind === "" ? document.createTextNode(plain(words)) : make(kind === "aside" ? "span" : "mark", { class: kind === "aside" ? "aside" : told.rows[kind].context ? "context" : null, title: kind === "aside" ? "set aside" : told.rows[kind].shown }, words))));
    body.replaceChildren(...told.rows.map((row) => make("tr", {}, make("td", {}, make("bdi", {}, row.shown), row.promise ? make("span", { class: "tag promise" }, "promise") : null), ...[row.text, row.when, row.who].map((words) => make("td", {}, make("bdi", {}, words))), make("td", {}, row.theme))));
    scroll.hidden = !count;
    root.dataset.answered = String(told.number);
  };
  model.on("msg:custom", listen);
  model.send({ what: "open" });
  el.append(root);
  return () => { clearTimeout(timer); model.off("msg:custom", listen); };
}
export default { render };
