// The evidence drawer, the table of claims, and the switches of documents, notebooks and changes. Text from documents reaches the page through
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
  const grouped = (value) => value.toLocaleString("en");
  const STATES = { promise: "promise", kept: "promise, kept", partly: "promise, kept in part", due: "promise, due and not heard of since", open: "promise, not yet due", undated: "promise without a date" };
  const stateOf = (code) => STATES[code] || `promise, ${plain(code)}`;
  const concerns = (code) => (code === "csr" ? "CSR" : plain(code));
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
  const AT_ONCE = 60;

  function interval(place) {
    const [low, high] = [column.low[place], column.high[place]];
    if (low == null && high == null) return null;
    if (low === high) return `exactly ${low}`;
    return low == null ? `up to ${high}` : high == null ? `${low} or more` : `${low} to ${high}`;
  }

  function facts(place) {
    const value = (name) => column[name][place];
    const rows = [
      ["Printed", make("span", { lang: sourceOf(place).language }, value("text"))],
      ["Read as", make("b", {}, value("shown"))],
      ["Interval", interval(place)],
      ["In base units", String(value("shown")).endsWith(value("normal")) ? null : value("normal")],
      ["Converted", value("money")],
      ["Wording", joined(plain(value("qualifier")), plain(value("kind")))],
      ["When", value("when") && joined(dated(value("when")), plain(value("when_type")))],
      ["State", value("target") ? stateOf(value("state")) : null],
      ["Actor", value("actor")],
      ["Programme", value("programme")],
      ["Measure", value("indicator") && (data.indicator[value("indicator")] || plain(value("indicator")))],
      ["Theme", joined(themed(value("theme")), concerns(value("relevance")))],
      ["Reviewed", value("reviewed") && joined(plain(value("reviewed")), value("reviewer") && `by ${value("reviewer")}`)],
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

  // What people decided about this figure: who, when and why, also where a decision does not apply.
  function decisions(place) {
    const told = data.decisions[column.claim_id[place]];
    if (!told) return null;
    const list = make("ul", { class: "verdicts" });
    const named = (field, code) => (code == null ? "none" : field === "theme" ? themed(code) : (field === "indicator" && data.indicator[code]) || code);
    for (const one of told) {
      const what = one.field === "claim" ? `${one.value}ed` : `${plain(one.field)}: ${named(one.field, one.found)} \u2192 ${named(one.field, one.value)}`;
      const signed = one.signed_by && `signed by ${joined(one.signed_by, one.signed_on)}`;
      list.append(make("li", {}, make("b", {}, seen(what)), one.state === "kept" ? "" : ` (${plain(one.state)})`,
        make("span", { class: "about by" }, joined(one.who, one.when, signed)), one.why && make("span", { class: "reason" }, one.why)));
    }
    return make("section", {}, make("h3", {}, "Decided by a person"), list);
  }

  // Copies the citation; where the clipboard is refused, the words are marked, ready for the keyboard.
  function citing(words) {
    const line = make("code", {}, words);
    const told = make("span", { class: "about", role: "status" });
    const button = make("button", { type: "button", class: "copy" }, "Copy");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(words);
        told.textContent = "Copied.";
      } catch {
        getSelection().selectAllChildren(line);
        told.textContent = "Marked: copy it with the keyboard.";
      }
    });
    return make("section", {}, make("h3", {}, "Cite as"), make("p", { class: "cite" }, line), make("p", { class: "copying" }, button, " ", told));
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
    const where = `characters ${grouped(column.start[place])} to ${grouped(column.end[place])}`;
    const link = data.alone ? null : make("p", {}, make("a", { class: "place", href: hrefOf(place) }, "Read it in the document"), " ", make("span", { class: "about" }, where));
    return make("article", { class: `card t-${column.theme[place]}`, "data-claim": id }, quotation, about, link, facts(place), decisions(place),
      verdicts(place), citing(source.cite + column.cite[place]));
  }

  function open(places) {
    const body = one(".drawer-body", drawer);
    const more = places.length > AT_ONCE ? `, the first ${AT_ONCE} shown` : "";
    one(".drawer-title", drawer).textContent = places.length > 1 ? `Evidence, ${grouped(places.length)} figures${more}` : "Evidence";
    body.replaceChildren(...places.slice(0, AT_ONCE).map(card));
    if (!drawer.open) drawer.showModal();
    body.scrollTop = 0;
    one(".close", drawer).focus();
  }

  // Points of a chart often lie over one another: a click is meant for all of them.
  const marksUnder = (event) => document.elementsFromPoint(event.clientX, event.clientY).map((one) => one.closest(".marks a")).filter((mark, at, every) => mark && every.indexOf(mark) === at);

  document.addEventListener("click", (event) => {
    if (event.target === drawer || event.target.closest(".drawer .close")) return drawer.close();
    if (event.target.closest(".drawer .place")) drawer.close();
    const link = event.target.closest("a[data-claims]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const ids = (link.closest(".marks") ? marksUnder(event) : [link]).flatMap((each) => (each.dataset.claims || "").split(" "));
    const places = [...new Set(ids)].map((id) => placeOf.get(id)).filter((place) => place != null);
    if (!places.length) return;
    event.preventDefault();
    open(places);
  });

  // A region that scrolls is a tab stop, so that the keyboard can scroll it; one that does not would only be in the way.
  const regions = all(".table-scroll[tabindex], .chart-scroll[tabindex]");
  const settle = () => {
    for (const region of regions) region.scrollWidth > region.clientWidth + 1 ? region.setAttribute("tabindex", "0") : region.removeAttribute("tabindex");
  };
  const watcher = new ResizeObserver(settle);
  for (const region of regions) watcher.observe(region);

  // ------------------------------------------------------------------ the page of changes
  const chooser = one(".changefilter");
  if (chooser) {
    const lines = all("table.changes tbody tr");
    const choose = () => {
      const [kind, cause] = ["kind", "cause"].map((name) => one(`select[name=${name}]`, chooser).value);
      for (const line of lines) line.hidden = Boolean((kind && line.dataset.kind !== kind) || (cause && line.dataset.cause !== cause));
      one(".found", chooser).textContent = `${grouped(lines.filter((line) => !line.hidden).length)} of ${grouped(lines.length)} rows`;
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
    marks = all("a.m:not(.off)", text);
    tell();
  };

  // From figure to figure, by button or with j and k; letters alone can be switched off (WCAG 2.1.4).
  const walk = one(".walk");
  let marks = [], here = null;
  const tell = () => {
    const at = marks.indexOf(here);
    one(".position", walk).textContent = marks.length ? (at < 0 ? `${grouped(marks.length)} figure${marks.length === 1 ? "" : "s"}` : `${grouped(at + 1)} of ${grouped(marks.length)}`) : "no figure marked";
    one(".earlier", walk).disabled = !marks.length || at === 0;
    one(".later", walk).disabled = !marks.length || at === marks.length - 1;
  };
  const follows = (one, other) => one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
  const go = (by) => {
    // counted from the figure last looked at, which may not be marked any more; at first from what is on the screen
    const next = !here ? marks.find((mark) => mark.getBoundingClientRect().top >= 0) || marks[0]
      : by > 0 ? marks.find((mark) => follows(here, mark)) : marks.findLast((mark) => follows(mark, here));
    if (!next) return;
    step(next);
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "center" });
  };
  const step = (mark) => {
    if (here) here.classList.remove("here");
    here = mark;
    if (here) here.classList.add("here");
    tell();
  };
  if (text) {
    for (const box of all(".switches input")) box.addEventListener("change", apply);
    apply(); // a page that is loaded again keeps its ticks
    text.addEventListener("focusin", (event) => event.target.matches("a.m") && step(event.target));
    one(".earlier", walk).addEventListener("click", () => go(-1));
    one(".later", walk).addEventListener("click", () => go(1));
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || drawer.open || !one("input.keys").checked) return;
      if (event.target.matches("input:not([type=checkbox]), select, textarea")) return;
      if (event.key === "j" || event.key === "k") go(event.key === "j" ? 1 : -1);
    });
    const arrive = () => { const mark = one("a.m:target", text); if (mark) step(mark); };
    addEventListener("hashchange", arrive);
    arrive();
    walk.hidden = false;
    for (const help of all(".needs-script")) help.hidden = false;
  }

  // ------------------------------------------------------------------ the table of claims
  const finder = one(".finder");
  if (!finder) return;
  finder.hidden = false;
  const WINDOW = 100; // rows drawn at once
  const OPTIONS = 300; // of one list; what is rarer is found by its words
  const count = data.rows;
  const language = (place) => sourceOf(place).language;
  // What is asked of every row again and again is worked out once.
  const everyRow = (make) => { let made; return () => (made ||= Array.from({ length: count }, (_, place) => make(place))); };
  const verdictsOf = everyRow((p) => [...new Set(relationsOf(p).flatMap((r) => (r.differs ? ["differs", r.verdict] : [r.verdict])))]);
  const verdictNames = everyRow((p) => joined(...new Set(relationsOf(p).map((r) => verdictOf(r.verdict)))));
  const haystack = everyRow((p) => [column.before[p], column.text[p], column.after[p], column.actor[p], column.programme[p], column.indicator[p],
    column.claim_id[p], column.shown[p], column.note[p]].join(" ").toLowerCase());

  // Heading, what it is sorted by, style of its cells, what is shown where that is something else.
  const COLUMNS = [
    ["Figure", (p) => column.text[p], "said"],
    ["Value", (p) => Number(column.value[p]), "n", (p) => (column.counted[p] ? column.shown[p].slice(0, -column.counted[p].length) : column.shown[p])],
    ["Unit", (p) => column.counted[p], "unit"],
    ["When", (p) => column.when[p], "when", (p) => (column.when[p] || "").replace("/", "\nto ")],
    ["Who", (p) => column.actor[p] || column.programme[p], "wide", (p) => column.actor[p] || ""],
    ["Theme", (p) => column.theme[p], "theme", (p) => themed(column.theme[p])],
    ["Verdict", (p) => verdictNames()[p], "wide told"],
    ["Certainty", (p) => column.confidence[p], "n wide sure", (p) => (column.confidence[p] == null ? "" : `${Math.round(column.confidence[p] * 100)}%`)],
    ["Document", (p) => sourceOf(p).title, "doc"],
  ];
  const control = (name) => one(`[name="${name}"]`, finder);
  // Filter: the code or codes of every row, and what the list calls a code.
  const CHOICES = {
    theme: [everyRow((p) => column.theme[p]), themed],
    relevance: [everyRow((p) => column.relevance[p]), concerns],
    kind: [everyRow((p) => column.kind[p]), plain],
    language: [everyRow(language), (code) => code.toUpperCase()],
    doc: [everyRow((p) => column.doc[p]), (code) => data.documents[code].title],
    verdict: [verdictsOf, (code) => (code === "differs" ? "any disagreement" : verdictOf(code))],
    year: [everyRow((p) => column.year[p] && String(column.year[p])), plain],
    actor: [everyRow((p) => column.actor[p]), String],
    programme: [everyRow((p) => column.programme[p]), String],
    state: [everyRow((p) => (column.target[p] ? [...new Set(["promise", column.state[p]])] : "result")), (code) => (code === "result" ? "result" : code === "promise" ? "any promise" : stateOf(code))],
    reviewed: [everyRow((p) => column.reviewed[p] || "nobody"), (code) => (code === "nobody" ? "not yet" : plain(code))],
  };
  const NAMES = ["q", ...Object.keys(CHOICES)];
  let group = "", sort = null, shown = [], first = 0;

  const option = (name, value, times) => make("option", { value }, `${CHOICES[name][1](value)} (${grouped(times)})`);
  const tallies = {};
  for (const [name, [codes]] of Object.entries(CHOICES)) {
    const tally = (tallies[name] = new Map());
    for (const code of codes().flat()) if (code != null && code !== "") tally.set(code, (tally.get(code) || 0) + 1);
    const most = [...tally].sort((a, b) => b[1] - a[1]).slice(0, OPTIONS);
    const back = name === "year" ? -1 : 1; // the newest year first
    most.sort(([a], [b]) => (a < b ? -back : back));
    control(name).replaceChildren(make("option", { value: "" }, "Any"), ...most.map(([value, times]) => option(name, value, times)));
  }
  const heads = COLUMNS.map(([label, , style], at) => {
    const button = make("button", { type: "button" }, label);
    button.addEventListener("click", () => {
      sort = sort && sort.at === at ? (sort.down ? null : { at, down: true }) : { at, down: false };
      changed();
    });
    return make("th", { scope: "col", class: style }, button);
  });
  one("thead tr", finder).append(...heads);

  function found() {
    const words = control("q").value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = Object.entries(CHOICES).map(([name, [codes]]) => [control(name).value, codes]).filter(([value]) => value).map(([value, codes]) => [value, codes()]);
    const members = group ? new Set(data.groups[group]) : null;
    const places = [];
    for (let p = 0; p < count; p++) {
      if (members && !members.has(p)) continue;
      if (!chosen.every(([value, codes]) => codes[p] === value || (Array.isArray(codes[p]) && codes[p].includes(value)))) continue;
      if (words.length && !words.every((word) => haystack()[p].includes(word))) continue;
      places.push(p);
    }
    return places;
  }

  // The place of every row in the order of a column, empty cells last; a number's own, a text's after its alphabet.
  const ranks = COLUMNS.map(([, key]) => everyRow(key)).map((keys) => {
    let made;
    return () => {
      if (made) return made;
      const values = [...new Set(keys())].filter((value) => value != null && value !== "");
      values.sort(typeof values[0] === "number" ? (a, b) => a - b : new Intl.Collator("en").compare);
      const rank = new Map(values.map((value, at) => [value, at]));
      return (made = keys().map((value) => rank.get(value) ?? -1));
    };
  });
  function order(places) {
    if (!sort) return places;
    const rank = ranks[sort.at](), turn = sort.down ? -1 : 1;
    return places.sort((a, b) => (rank[a] < 0) - (rank[b] < 0) || turn * (rank[a] - rank[b]) || a - b);
  }

  function row(place) {
    const line = make("tr", { class: `t-${column.theme[place]}` });
    for (const [label, key, style, show] of COLUMNS) {
      const words = (show || key)(place) ?? "";
      const cell = make(label === "Figure" ? "th" : "td", { class: style, scope: label === "Figure" ? "row" : null });
      if (label === "Figure") cell.append(make("a", { class: "figure", href: hrefOf(place), "data-claims": column.claim_id[place], lang: language(place) }, words));
      else if (label === "Document") cell.append(titled(place));
      else cell.append(seen(words));
      const less = { Who: column.programme[place], Theme: joined(column.relevance[place] === "csr" ? "" : "context", column.target[place] ? "promise" : ""), Certainty: column.reviewed[place] }[label];
      if (less) cell.append(make("span", { class: "about" }, less));
      line.append(cell);
    }
    line.addEventListener("click", (event) => event.target.closest("a") || String(getSelection()) || open([place]));
    return line;
  }

  function draw() {
    const nothing = () => make("tr", {}, make("td", { class: "nothing", colspan: COLUMNS.length }, count ? "No claim fits all of this. Clear the filters, or take one of them back." : "This run has no claims."));
    one("tbody", finder).replaceChildren(...(shown.length ? shown.slice(first, first + WINDOW).map(row) : [nothing()]));
    const last = Math.min(first + WINDOW, shown.length);
    one(".where", finder).textContent = shown.length ? `${grouped(first + 1)} to ${grouped(last)} of ${grouped(shown.length)}` : "";
    one(".earlier", finder).disabled = !first;
    one(".later", finder).disabled = last >= shown.length;
    one(".pager", finder).hidden = shown.length <= WINDOW;
  }

  function update() {
    shown = order(found());
    first = 0;
    heads.forEach((head, at) => (sort && sort.at === at ? head.setAttribute("aria-sort", sort.down ? "descending" : "ascending") : head.removeAttribute("aria-sort")));
    one(".found", finder).textContent = shown.length === count ? `All ${grouped(count)} claims` : `${grouped(shown.length)} of ${grouped(count)} claims`;
    one(".download", finder).disabled = !shown.length;
    const named = one(".group", finder);
    named.hidden = !group;
    named.textContent = group ? `Only what ${plain(group.replace(/-/, " "))} rests on` : "";
    const further = all(".further [name]", finder).filter((input) => input.value).length;
    one(".further summary", finder).textContent = further ? `More filters (${further} set)` : "More filters";
    draw();
  }

  // The address says what is shown, so that it can be sent to somebody: #theme=rural&year=2020&sort=-Value. A choice is a step
  // that Back takes back; words that are being typed are one step.
  const address = () => {
    const told = new URLSearchParams();
    if (group) told.set("group", group);
    for (const name of NAMES) if (control(name).value) told.set(name, control(name).value);
    if (sort) told.set("sort", (sort.down ? "-" : "") + COLUMNS[sort.at][0]);
    return told.size ? `#${told}` : location.pathname.split("/").pop();
  };
  let typing = 0, typed = false;
  function changed(event) {
    update();
    clearTimeout(typing);
    const words = event && event.target.name === "q";
    const tell = () => {
      history[words && typed ? "replaceState" : "pushState"](null, "", address());
      typed = words;
    };
    words ? (typing = setTimeout(tell, 300)) : tell();
  }

  const turn = (by) => () => { first += by; draw(); one("table.claims", finder).scrollIntoView({ block: "start" }); };
  one(".earlier", finder).addEventListener("click", turn(-WINDOW));
  one(".later", finder).addEventListener("click", turn(WINDOW));
  for (const name of NAMES) control(name).addEventListener("input", changed);
  one(".reset", finder).addEventListener("click", () => {
    for (const name of NAMES) control(name).value = "";
    group = "";
    sort = null;
    changed();
  });

  // A spreadsheet takes a cell that begins like this for a formula; an apostrophe makes it words again.
  const cell = (value) => {
    if (typeof value === "number" || typeof value === "boolean") return String(value);
    const words = String(value ?? "");
    const safe = /^[\s]*[=+\-@\t\r]/.test(words) && !/^-?[\d.]+$/.test(words) ? `'${words}` : words;
    return `"${safe.replaceAll('"', '""')}"`;
  };
  const EXPORT = ["claim_id", "doc", "start", "end", "text", "value", "value_max", "unit", "kind", "qualifier", "low", "high", "when", "when_type", "year", "target", "state", "actor", "programme", "theme", "relevance", "indicator", "confidence", "reviewed", "reviewer", "note"];
  one(".download", finder).addEventListener("click", () => {
    const lines = [[...EXPORT, "sentence", "verdicts", "title", "publisher", "date", "language", "cite"]];
    for (const p of shown) {
      const source = sourceOf(p);
      const own = EXPORT.map((name) => (name === "low" || name === "high" ? (column[name][p] ?? "").replaceAll(",", "") : column[name][p]));
      const sentence = column.before[p] + column.text[p] + column.after[p];
      lines.push([...own, sentence, relationsOf(p).map((r) => r.verdict).join(" "), source.title, source.publisher, source.date, source.language, source.cite + column.cite[p]]);
    }
    const file = new Blob(["\ufeff", lines.map((line) => line.map(cell).join(",")).join("\r\n"), "\r\n"], { type: "text/csv;charset=utf-8" });
    const link = make("a", { href: URL.createObjectURL(file), download: "claims.csv" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  });

  // #c-<id> opens a claim; anything else sets every filter, those it does not name to none.
  function follow() {
    clearTimeout(typing);
    typed = false;
    const hash = location.hash.slice(1);
    const asked = new URLSearchParams(hash.startsWith("c-") ? "" : hash);
    group = Object.hasOwn(data.groups, asked.get("group")) ? asked.get("group") : "";
    const by = asked.get("sort") || "";
    const at = COLUMNS.findIndex(([label]) => label === by.replace(/^-/, ""));
    sort = at < 0 ? null : { at, down: by.startsWith("-") };
    for (const name of NAMES) {
      const value = asked.get(name) || "";
      if (name !== "q" && tallies[name].has(value) && ![...control(name).options].some((one) => one.value === value)) control(name).append(option(name, value, tallies[name].get(value)));
      control(name).value = value;
      if (value && control(name).closest(".further")) one(".further", finder).open = true;
    }
    update();
    const id = hash.startsWith("c-") ? hash.slice(2) : "";
    if (placeOf.has(id)) open([placeOf.get(id)]);
  }
  addEventListener("popstate", follow); // Back and Forward, and a link to another filter of this page
  follow();
  (window.requestIdleCallback || setTimeout)(haystack); // the first word typed need not wait for it
})();
