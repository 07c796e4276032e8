// The evidence drawer, the table of claims and two switches. Text from documents reaches the page through
// textContent alone; the page's policy forbids anything else. Without this script every link still leads to
// the figure's place in its document.
"use strict";
(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const data = JSON.parse(one("script.evidence").textContent);

  // A column comes as a list, or as distinct values and codes where that is shorter.
  const column = {};
  for (const [name, packed] of Object.entries(data.columns)) {
    column[name] = Array.isArray(packed) ? packed : packed.codes.map((code) => packed.values[code]);
  }
  const placeOf = new Map((column.claim_id || []).map((id, place) => [id, place]));

  // Marks that steer direction or are not seen would change how their neighbours read: show their code.
  const CONTROLS = /[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;
  const seen = (text) => String(text).replace(CONTROLS, (c) => `[U+${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}]`);
  const plain = (code) => seen(code ?? "").replaceAll("_", " ");
  const verdictOf = (code) => data.verdict[code] || plain(code);
  const dated = (when) => (when || "").replace("/", " to ");
  const themed = (code) => data.names[code ?? "none"] || plain(code);

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) if (value != null && value !== false) element.setAttribute(name, value);
    for (const child of children) if (child != null) element.append(typeof child === "object" ? child : seen(child));
    return element;
  }

  const relationsOf = (place) => (data.related[column.claim_id[place]] || []).map((at) => data.relations[at]);
  const sourceOf = (place) => data.documents[column.doc[place]];
  const hrefOf = (place) => `${encodeURIComponent(sourceOf(place).page)}#c-${encodeURIComponent(column.claim_id[place])}`;
  const titled = (place) => make("span", { lang: sourceOf(place).language }, sourceOf(place).title);
  const joined = (...parts) => parts.filter((part) => part != null && part !== "").join(" \u00b7 ");

  // ------------------------------------------------------------------ the drawer
  const drawer = one("dialog.drawer");

  function interval(place) {
    const [low, high] = [column.low[place], column.high[place]];
    if (low == null && high == null) return null;
    if (low === high) return `exactly ${low}`;
    return low == null ? `up to ${high}` : high == null ? `${low} or more` : `${low} to ${high}`;
  }

  function facts(place) {
    const value = (name) => column[name][place];
    const rows = [
      ["Value", make("b", {}, value("shown"))],
      ["Interval", interval(place)],
      ["Wording", joined(plain(value("qualifier")), plain(value("kind")))],
      ["When", value("when") && joined(dated(value("when")), plain(value("when_type")))],
      ["State", value("target") ? "promise or forecast, not yet a result" : null],
      ["Actor", value("actor")],
      ["Programme", value("programme")],
      ["Measure", value("indicator") && (data.indicator[value("indicator")] || plain(value("indicator")))],
      ["Theme", joined(themed(value("theme")), plain(value("relevance")))],
      ["Read by", value("rule") && make("span", { class: "rules" }, value("rule"))],
      ["Certainty", value("confidence") == null ? null : `${Math.round(value("confidence") * 100)}% of its attributes have a direct cue`],
      ["Note", value("note")],
    ];
    const list = make("dl");
    for (const [name, what] of rows) if (what) list.append(make("dt", {}, name), make("dd", {}, what));
    return list;
  }

  function verdicts(place) {
    const list = make("ul", { class: "verdicts" });
    for (const relation of relationsOf(place)) {
      const item = make("li", { class: relation.differs ? "differs" : null }, make("b", {}, verdictOf(relation.verdict)));
      if (relation.note) item.append(". ", seen(relation.note));
      const others = make("ul");
      for (const id of relation.members) {
        const other = placeOf.get(id);
        if (other == null || other === place) continue;
        const figure = make("a", { class: "figure", href: hrefOf(other), "data-claims": id }, column.shown[other]);
        others.append(make("li", {}, figure, " ", titled(other)));
      }
      item.append(others);
      list.append(item);
    }
    return list.children.length ? make("section", {}, make("h3", {}, "Compared with"), list) : null;
  }

  function card(place) {
    const source = sourceOf(place);
    const id = column.claim_id[place];
    const quotation = make(
      "blockquote",
      { lang: source.language },
      column.before[place],
      make("mark", {}, column.text[place]),
      column.after[place],
    );
    const about = make("p", { class: "source" }, make("cite", { lang: source.language }, source.title));
    const rest = joined(source.publisher, source.date, (source.language || "").toUpperCase());
    if (rest) about.append(make("br"), make("span", { class: "about" }, rest));
    const where = `characters ${column.start[place].toLocaleString("en")} to ${column.end[place].toLocaleString("en")}`;
    const link = data.alone ? null : make("p", {}, make("a", { class: "place", href: hrefOf(place) }, "Read it in the document"), " ", make("span", { class: "about" }, where));
    const printed = [source.publisher, source.date].filter(Boolean).join(", ");
    const cite = `${source.title}${printed ? ` (${printed})` : ""}, ${where}. csrbook ${id}`;
    return make("article", { class: `card t-${column.theme[place]}` }, quotation, about, link, facts(place), verdicts(place),
      make("section", {}, make("h3", {}, "Cite as"), make("p", { class: "cite" }, make("code", {}, cite))));
  }

  function open(places) {
    const body = one(".drawer-body", drawer);
    one(".drawer-title", drawer).textContent = places.length > 1 ? `Evidence, ${places.length} figures` : "Evidence";
    body.replaceChildren(...places.slice(0, 60).map(card));
    if (!drawer.open) drawer.showModal();
    body.scrollTop = 0;
    one(".close", drawer).focus();
  }

  document.addEventListener("click", (event) => {
    if (event.target === drawer || event.target.closest(".drawer .close")) return drawer.close();
    if (event.target.closest(".drawer .place")) drawer.close();
    const link = event.target.closest("a[data-claims]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const places = link.dataset.claims.split(" ").map((id) => placeOf.get(id)).filter((place) => place != null);
    if (!places.length) return;
    event.preventDefault();
    open(places);
  });

  // ------------------------------------------------------------------ the page of changes
  const chooser = one(".changefilter");
  if (chooser) {
    const lines = all("table.changes tbody tr");
    const choose = () => {
      const [kind, cause] = ["kind", "cause"].map((name) => one(`select[name=${name}]`, chooser).value);
      for (const line of lines) line.hidden = Boolean((kind && line.dataset.kind !== kind) || (cause && line.dataset.cause !== cause));
      one(".found", chooser).textContent = `${lines.filter((line) => !line.hidden).length.toLocaleString("en")} of ${lines.length.toLocaleString("en")} rows`;
    };
    for (const select of all("select", chooser)) select.addEventListener("input", choose);
    chooser.hidden = false;
    choose();
  }

  // ------------------------------------------------------------------ switches of notebook and document pages
  const code = one("button.toggle-code");
  if (code) {
    code.parentElement.hidden = !one("details.code");
    code.addEventListener("click", () => {
      const show = code.getAttribute("aria-pressed") !== "true";
      code.setAttribute("aria-pressed", show);
      code.textContent = show ? "Fold all code" : "Show all code";
      for (const fold of all("details.code")) fold.open = show;
    });
  }

  const text = one(".document .text");
  const apply = () => {
    const off = new Set(all("input.show-theme").filter((box) => !box.checked).map((box) => `t-${box.value}`));
    const hidden = (mark) => !one(mark.classList.contains("csr") ? "input.show-csr" : "input.show-context").checked || [...mark.classList].some((c) => off.has(c));
    for (const mark of all("a.m", text)) {
      mark.classList.toggle("off", hidden(mark));
      mark.tabIndex = mark.classList.contains("off") ? -1 : 0;
    }
    text.classList.toggle("with-aside", one("input.show-aside").checked);
  };
  if (text) {
    for (const box of all(".switches input")) box.addEventListener("change", apply);
    apply(); // a page that is loaded again keeps its ticks
  }

  // ------------------------------------------------------------------ the table of claims
  const finder = one(".finder");
  if (!finder) return;
  finder.hidden = false;
  const WINDOW = 100;
  const count = data.rows;
  const language = (place) => sourceOf(place).language;
  const number = (place) => Number(column.value[place]);
  const COLUMNS = [
    ["Figure", (p) => column.text[p], "said"],
    ["Value", number, "n", (p) => (column.counted[p] ? column.shown[p].slice(0, -column.counted[p].length) : column.shown[p])],
    ["Unit", (p) => column.counted[p] || "", "unit"],
    ["When", (p) => column.when[p] || "", "when", (p) => (column.when[p] || "").replace("/", "\nto ")],
    ["Who", (p) => column.actor[p] || column.programme[p] || "", "wide", (p) => column.actor[p] || ""],
    ["Theme", (p) => column.theme[p] || "", "theme", (p) => themed(column.theme[p])],
    ["Verdict", (p) => [...new Set(relationsOf(p).map((r) => r.verdict))].join(", "), "wide told", (p) => [...new Set(relationsOf(p).map((r) => verdictOf(r.verdict)))].join(", ")],
    ["Document", (p) => sourceOf(p).title, "doc"],
  ];
  const control = (name) => one(`[name="${name}"]`, finder);
  const CHOICES = {
    theme: (p) => [column.theme[p]],
    relevance: (p) => [column.relevance[p]],
    kind: (p) => [column.kind[p]],
    language: (p) => [language(p)],
    doc: (p) => [column.doc[p]],
    verdict: (p) => [...new Set(relationsOf(p).flatMap((r) => (r.differs ? ["differs", r.verdict] : [r.verdict])))],
  };
  let group = "", sort = null, shown = [], first = 0, haystack = null;

  for (const [name, values] of Object.entries(CHOICES)) {
    const tally = new Map();
    for (let p = 0; p < count; p++) for (const v of values(p)) if (v != null && v !== "") tally.set(v, (tally.get(v) || 0) + 1);
    const label = (v) => (name === "doc" ? seen(data.documents[v].title) : name === "language" ? v.toUpperCase() : v === "differs" ? "any disagreement" : name === "theme" ? themed(v) : name === "verdict" ? verdictOf(v) : plain(v));
    const options = [...tally].sort(([a], [b]) => (a < b ? -1 : 1)).map(([v, n]) => make("option", { value: v }, `${label(v)} (${n.toLocaleString("en")})`));
    control(name).replaceChildren(make("option", { value: "" }, "Any"), ...options);
  }
  const heads = COLUMNS.map(([label, , style], at) => {
    const button = make("button", { type: "button" }, label);
    button.addEventListener("click", () => {
      sort = sort && sort.at === at ? (sort.down ? null : { at, down: true }) : { at, down: false };
      update();
    });
    return make("th", { scope: "col", class: style }, button);
  });
  one("thead tr", finder).append(...heads);

  function found() {
    const words = control("q").value.toLowerCase().split(/\s+/).filter(Boolean);
    haystack ||= words.length && column.text.map((text, p) => [column.before[p], text, column.after[p], column.actor[p], column.programme[p], column.indicator[p], column.claim_id[p], column.shown[p], column.note[p]].join(" ").toLowerCase());
    const chosen = Object.entries(CHOICES).map(([name, values]) => [control(name).value, values]).filter(([value]) => value);
    const promises = control("target").checked;
    const members = group && data.groups[group] ? new Set(data.groups[group]) : null;
    const places = [];
    for (let p = 0; p < count; p++) {
      if (members && !members.has(column.claim_id[p])) continue;
      if (promises && !column.target[p]) continue;
      if (!chosen.every(([value, values]) => values(p).includes(value))) continue;
      if (words.length && !words.every((word) => haystack[p].includes(word))) continue;
      places.push(p);
    }
    return places;
  }

  function order(places) {
    if (!sort) return places;
    const key = COLUMNS[sort.at][1];
    const { compare } = new Intl.Collator("en");
    const keyed = places.map((p) => [key(p), p]);
    const less = typeof (keyed[0] || [""])[0] === "number" ? ([a], [b]) => a - b : ([a], [b]) => (!a - !b) || compare(a, b);
    keyed.sort((x, y) => (sort.down ? -less(x, y) : less(x, y)) || x[1] - y[1]);
    return keyed.map(([, p]) => p);
  }

  function row(place) {
    const line = make("tr", { class: `t-${column.theme[place]}` });
    for (const [label, key, style, show] of COLUMNS) {
      const words = (show || key)(place);
      const cell = make(label === "Figure" ? "th" : "td", { class: style, scope: label === "Figure" ? "row" : null });
      if (label === "Figure") cell.append(make("a", { class: "figure", href: hrefOf(place), "data-claims": column.claim_id[place], lang: language(place) }, words));
      else if (label === "Document") cell.append(titled(place));
      else cell.append(seen(words));
      const less = label === "Who" ? column.programme[place] : label === "Theme" ? joined(column.relevance[place] === "csr" ? "" : "context", column.target[place] ? "promise" : "") : "";
      if (less) cell.append(make("span", { class: "about" }, less));
      line.append(cell);
    }
    line.addEventListener("click", (event) => event.target.closest("a") || String(getSelection()) || open([place]));
    return line;
  }

  function draw() {
    one("tbody", finder).replaceChildren(...shown.slice(first, first + WINDOW).map(row));
    const last = Math.min(first + WINDOW, shown.length);
    one(".where", finder).textContent = shown.length ? `${(first + 1).toLocaleString("en")} to ${last.toLocaleString("en")} of ${shown.length.toLocaleString("en")}` : "";
    one(".earlier", finder).disabled = !first;
    one(".later", finder).disabled = last >= shown.length;
    one(".pager", finder).hidden = shown.length <= WINDOW;
  }

  function update() {
    shown = order(found());
    first = 0;
    heads.forEach((head, at) => (sort && sort.at === at ? head.setAttribute("aria-sort", sort.down ? "descending" : "ascending") : head.removeAttribute("aria-sort")));
    one(".found", finder).textContent = shown.length === count ? `All ${count.toLocaleString("en")} claims` : `${shown.length.toLocaleString("en")} of ${count.toLocaleString("en")} claims`;
    const named = one(".group", finder);
    named.hidden = !group;
    named.textContent = group ? `Only what ${plain(group.replace(/-/, " "))} rests on` : "";
    draw();
  }

  const turn = (by) => () => { first += by; draw(); one("table.claims", finder).scrollIntoView({ block: "start" }); };
  one(".earlier", finder).addEventListener("click", turn(-WINDOW));
  one(".later", finder).addEventListener("click", turn(WINDOW));
  for (const input of all(".filters input, .filters select", finder)) input.addEventListener("input", update);
  one(".reset", finder).addEventListener("click", () => {
    for (const input of all(".filters input, .filters select", finder)) input.type === "checkbox" ? (input.checked = false) : (input.value = "");
    group = "";
    update();
  });

  // A spreadsheet takes a cell that begins like this for a formula; an apostrophe makes it words again.
  const cell = (value) => {
    if (typeof value === "number" || typeof value === "boolean") return String(value);
    const words = String(value ?? "");
    const safe = /^[\s]*[=+\-@\t\r]/.test(words) && !/^-?[\d.]+$/.test(words) ? `'${words}` : words;
    return `"${safe.replaceAll('"', '""')}"`;
  };
  const EXPORT = ["claim_id", "doc", "start", "end", "text", "value", "value_max", "unit", "kind", "qualifier", "low", "high", "when", "when_type", "target", "actor", "programme", "theme", "relevance", "indicator", "note"];
  one(".download", finder).addEventListener("click", () => {
    const lines = [[...EXPORT, "sentence", "verdicts", "title", "publisher", "date", "language"]];
    for (const p of shown) {
      const source = sourceOf(p);
      const own = EXPORT.map((name) => (name === "low" || name === "high" ? (column[name][p] ?? "").replaceAll(",", "") : column[name][p]));
      lines.push([...own, column.before[p] + column.text[p] + column.after[p], relationsOf(p).map((r) => r.verdict).join(" "), source.title, source.publisher, source.date, source.language]);
    }
    const file = new Blob(["\ufeff", lines.map((line) => line.map(cell).join(",")).join("\r\n"), "\r\n"], { type: "text/csv;charset=utf-8" });
    const link = make("a", { href: URL.createObjectURL(file), download: "claims.csv" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  });

  // #c-<id> opens a claim, #group=chart-... or #theme=rural&q=... sets the filters.
  function follow() {
    const hash = decodeURIComponent(location.hash.slice(1));
    if (hash.startsWith("c-") && placeOf.has(hash.slice(2))) open([placeOf.get(hash.slice(2))]);
    else {
      const asked = new URLSearchParams(hash);
      group = asked.get("group") || "";
      for (const name of ["q", ...Object.keys(CHOICES)]) if (asked.has(name)) control(name).value = asked.get(name);
    }
    update();
  }
  addEventListener("hashchange", follow);
  follow();
})();
