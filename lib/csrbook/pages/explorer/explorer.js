// The explorer of a run. What a document says is data: it enters the page as text alone, never as markup.
// The page asks by messages {what: "find" | "choose" | "decide" | ...}; the kernel answers; at most one question is under way.

const UNSEEN = /[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;
const plain = (text) => String(text ?? "").replace(UNSEEN, (sign) => `[U+${sign.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}]`);
const COLUMNS = [["figure", "Figure"], ["year", "When"], ["actor", "Body, programme"], ["theme", "Theme", "wide"], ["document", "Document", "wide"], ["verdict", "Compared"]];
const FIELDS = [["value", "value"], ["unit", "unit"], ["when", "date"], ["theme", "theme"]];
const HINTS = { value: "digits and a point: 2500000, 2.5", unit: "a code as CNY or kg, or what is counted: tree", when: "2020, 2020-03, 2020-03-31, or 2019/2020-03", theme: "" };
const ORDERS = [["place", "as in the documents"], ["money", "largest amounts of money"], ["figure", "largest figures, unit by unit"], ["year", "latest first"], ["", "by a column"]];
const PATIENCE = 8000; // milliseconds until silence is told
const MANY = 12; // choices of a filter, from which on they can be searched
const OPEN = ["orphan", "ambiguous", "disputed", "bad"];
let widgets = 0;

function make(tag, told = {}, ...inside) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(told)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  for (const part of inside.flat()) if (part !== null && part !== undefined && part !== "") node.append(part.nodeType ? part : plain(part));
  return node;
}
const fill = (node, ...inside) => node.replaceChildren(...inside.flat().filter((part) => part !== null && part !== undefined).map((part) => (part.nodeType ? part : plain(part))));
// in command mode a notebook takes plain keys as orders: "d d" deletes the cell; those with Ctrl or Meta stay the notebook's
const keep = (event) => { if (!event.ctrlKey && !event.metaKey) event.stopPropagation(); };
const said = (text, told = {}) => make("bdi", told, text);

function render({ model, el }) {
  const id = (name) => `csr${number}-${name}`, number = ++widgets;
  const query = { chosen: {}, since: null, until: null, words: "", order: "place", falling: false };
  const state = { asked: 0, answered: 0, waiting: false, page: 0, options: null, row: null, findings: [], evidence: null, found: null, newer: false, pending: 0, timer: null, find: {} };

  // ---- the parts of the page -------------------------------------------------------------------------------------------
  const search = make("input", { type: "search", id: id("words"), placeholder: "words, figures, names", autocomplete: "off", spellcheck: "false", oninput: () => { query.words = search.value; ask(0); } });
  const since = make("select", { id: id("since"), onchange: () => { query.since = since.value || null; ask(0); } });
  const until = make("select", { id: id("until"), onchange: () => { query.until = until.value || null; ask(0); } });
  const reset = make("button", { type: "button", class: "quiet", onclick: clear }, "Clear filters");
  const order = make("select", { id: id("order"), onchange: () => { Object.assign(query, { order: order.value || "place", falling: order.value !== "place" }); ask(0); } }, ORDERS.map(([value, words]) => make("option", { value, hidden: !value }, words)));
  const menus = make("div", { class: "menus" });
  const total = make("p", { class: "total", role: "status" }, "Loading \u2026");
  const save = make("button", { type: "button", title: "What the filters leave, all columns; the browser saves it where it saves all files", onclick: () => { save.disabled = true; model.send({ what: "save" }); } }, "Save as CSV");
  const notice = make("p", { class: "notice", role: "status", hidden: true });
  const head = make("tr"), body = make("tbody");
  const table = make("table", { class: "rows", "aria-label": "Figures that the filters leave" }, make("thead", {}, head), body);
  const pager = make("div", { class: "pager" });
  const evidence = make("div", { class: "evidence" }, make("p", { class: "soft" }, "Choose a figure to see its sentence, how it was read, and what it was compared with."));
  const charts = { theme: make("figure"), year: make("figure"), money: make("figure") };
  const desk = make("section", { class: "desk", "aria-label": "Review", hidden: true });
  const list = make("details", { class: "decisions" }, make("summary", {}, "Decisions"), make("div"));
  const problem = make("p", { class: "problem", role: "alert", hidden: true });
  const side = make("aside", { class: "side", "aria-label": "Evidence of the chosen figure", tabindex: "0" }, evidence, desk);
  const root = make("div", { class: "csrbook-explorer", "data-answered": "0", onkeydown: keep },
    make("div", { class: "bar" },
      make("div", { class: "field grow" }, make("label", { for: id("words") }, "Search"), search),
      make("div", { class: "field" }, make("label", { for: id("since") }, "From year"), since),
      make("div", { class: "field" }, make("label", { for: id("until") }, "To year"), until),
      make("div", { class: "field" }, make("label", { for: id("order") }, "Order"), order), reset),
    menus, notice, problem,
    make("div", { class: "main" },
      make("div", { class: "left" }, make("div", { class: "above" }, total, make("div", { class: "pager" }, pager, save)), make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table of figures" }, table)),
      side),
    make("div", { class: "charts" }, charts.theme, charts.year, charts.money), list);
  el.append(root);

  // ---- asking and answering --------------------------------------------------------------------------------------------
  function ask(page) {
    state.page = page;
    state.asked += 1;
    if (!state.waiting) send();
  }
  function send() {
    state.waiting = true;
    wait();
    model.send({ what: "find", number: state.asked, page: state.page, query, find: state.find });
  }
  function wait() { // a kernel that was restarted never answers: say so
    clearTimeout(state.timer);
    state.timer = setTimeout(() => { fill(problem, "No answer yet: the kernel is busy, or was restarted. After a restart, run all cells again."); problem.hidden = false; }, PATIENCE);
  }
  const heard = {
    start(told) {
      state.options = told;
      Object.assign(query, told.query);
      const years = (first) => [make("option", { value: "" }, first), ...told.years.map((year) => make("option", { value: year }, year))];
      fill(since, years("first"));
      fill(until, years("last"));
      fill(menus, told.facets.map(menu));
      setControls();
      ask(told.page);
      model.send({ what: "findings" });
    },
    set(told) {
      Object.assign(query, told.query);
      setControls();
      ask(0);
    },
    found(told) {
      state.waiting = false;
      if (told.number !== state.asked) return send();
      state.found = told;
      state.page = told.page;
      state.newer = told.newer;
      clearTimeout(state.timer);
      problem.hidden = true;
      drawNotice();
      drawTable(told);
      drawMenus();
      drawCharts(told.charts);
      root.dataset.answered = String(told.number);
    },
    evidence(told) {
      state.evidence = told;
      drawEvidence(told);
    },
    decided(told) {
      state.findings = told.findings;
      state.pending = told.waiting;
      drawNotice();
      drawDecisions(told.said);
      if (state.found) drawTable(state.found);
    },
    saved(told, buffers) {
      const address = URL.createObjectURL(new Blob(buffers, { type: "text/csv" })), link = make("a", { href: address, download: told.name });
      root.append(link);
      link.click();
      link.remove();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
      save.disabled = false;
    },
    problem(told) {
      if (told.about === "find") state.waiting = false;
      clearTimeout(state.timer);
      save.disabled = false;
      const place = ["decide", "undo"].includes(told.about) ? desk.querySelector(".answer") : null;
      fill(place || problem, told.text);
      (place || problem).hidden = false;
      place?.classList.add("wrong");
    },
  };
  const listen = (told, buffers) => heard[told.what]?.(told, buffers);
  model.on("msg:custom", listen);
  wait();
  model.send({ what: "open" });

  function setControls() {
    search.value = query.words;
    since.value = query.since ?? "";
    until.value = query.until ?? "";
    drawOrder();
  }
  function drawOrder() {
    order.value = ORDERS.some(([value]) => value === query.order && query.falling === (value !== "place")) ? query.order : "";
  }
  function drawNotice() {
    const waits = state.pending ? `${state.pending} ${state.pending === 1 ? "change" : "changes"} of decisions ${state.pending === 1 ? "waits" : "wait"} for the next run: type "make run" (or "csrbook run") in a terminal, then run all cells here again.` : "";
    notice.hidden = !(waits || state.newer);
    fill(notice, state.newer ? "There is a newer run than the one shown: run all cells again to see it." : waits);
  }
  function clear() {
    Object.assign(query, { chosen: {}, since: null, until: null, words: "" });
    setControls();
    state.find = {};
    for (const find of menus.querySelectorAll(".find")) find.value = "";
    ask(0);
    search.focus();
  }

  // ---- filters ---------------------------------------------------------------------------------------------------------
  function menu({ name, title }) {
    const summary = make("summary", {}, title), boxes = make("div", { role: "group", "aria-label": title, tabindex: "-1" });
    const find = make("input", { type: "search", class: "find", hidden: true, placeholder: "find in the list", "aria-label": `Find in the list: ${title}`, autocomplete: "off", spellcheck: "false", oninput: () => { state.find[name] = find.value; ask(state.page); } });
    const details = make("details", { class: "menu", "data-facet": name }, summary, make("div", { class: "boxes" }, find, boxes));
    details.addEventListener("toggle", () => { if (!details.open || !state.found) return; for (const other of menus.children) if (other !== details) other.open = false; drawMenu(details); });
    details.addEventListener("keydown", (event) => { if (event.key === "Escape" && details.open) { details.open = false; summary.focus(); event.stopPropagation(); } });
    details.addEventListener("focusout", (event) => { if (event.relatedTarget && !details.contains(event.relatedTarget)) details.open = false; });
    return details;
  }
  function toggle(name, value) {
    const chosen = new Set(query.chosen[name] ?? []);
    chosen.delete(value) || chosen.add(value);
    query.chosen[name] = [...chosen];
    if (!chosen.size) delete query.chosen[name];
    ask(0);
  }
  function drawMenus() {
    for (const details of menus.children) drawMenu(details);
    reset.disabled = !(Object.keys(query.chosen).length || query.since || query.until || query.words);
  }
  function drawMenu(details) { // its boxes only while it is open
    const name = details.dataset.facet, offers = state.found.counts[name], chosen = query.chosen[name] ?? [], [summary, list] = details.children, [find, boxes] = list.children;
    const first = offers.find(([value]) => value === chosen[0]);
    const title = state.options.facets.find((facet) => facet.name === name).title;
    fill(summary, make("span", {}, title), chosen.length ? make("span", { class: "chosen" }, said(first ? first[1] : chosen[0]), chosen.length > 1 ? ` +${chosen.length - 1}` : "") : null);
    details.classList.toggle("set", chosen.length > 0);
    if (!details.open) return;
    find.hidden = !(find.value || offers.length > MANY);
    const focused = boxes.contains(document.activeElement) ? document.activeElement.value : null;
    fill(boxes, offers.length ? null : make("p", { class: "soft" }, "None."), offers.map(([value, label, count]) => {
      const box = make("input", { type: "checkbox", value, onchange: () => toggle(name, value) });
      box.checked = chosen.includes(value);
      return make("label", {}, box, said(label, { class: "name" }), make("span", { class: "count" }, count.toLocaleString("en")));
    }));
    if (focused !== null) [...boxes.querySelectorAll("input")].find((box) => box.value === focused)?.focus();
  }

  // ---- table -----------------------------------------------------------------------------------------------------------
  function drawTable(told) {
    fill(total, make("b", {}, told.total.toLocaleString("en")), told.total === 1 ? " figure" : " figures", told.total === state.options.claims ? "" : ` of ${state.options.claims.toLocaleString("en")}`);
    drawOrder();
    fill(head, COLUMNS.map(([order, title, width]) => {
      const by = query.order === order, way = query.falling ? "descending" : "ascending";
      const sort = () => { Object.assign(query, by && query.falling ? { order: "place", falling: false } : { order, falling: by }); ask(0); };
      return make("th", { scope: "col", class: width, "aria-sort": by ? way : null }, make("button", { type: "button", onclick: sort }, title, make("span", { class: "way", "aria-hidden": "true" }, by ? (query.falling ? " \u25be" : " \u25b4") : "")));
    }));
    const focused = body.contains(document.activeElement) ? document.activeElement.closest("tr")?.dataset.id : null;
    const decided = new Map(state.findings.filter((one) => one.id).map((one) => [one.id, one]));
    fill(body, told.rows.length ? told.rows.map((row, at) => line(row, at, decided.get(row.id))) : make("tr", { class: "none" }, make("td", { colspan: COLUMNS.length, class: "soft" }, state.options.claims ? "No figure is left by these filters." : "This run holds no figures; notebook 02 tells what was read.")));
    save.disabled = !told.total;
    if (focused) body.querySelector(`tr[data-id="${CSS.escape(focused)}"] button`)?.focus();
    fill(pager, told.pages < 2 ? [] : [turn("Previous", told.page - 1, told.page > 0), make("span", {}, `${told.first.toLocaleString("en")}\u2013${(told.first + told.rows.length - 1).toLocaleString("en")}`), turn("Next", told.page + 1, told.page + 1 < told.pages)]);
  }
  const turn = (words, page, can) => make("button", { type: "button", disabled: !can, onclick: () => { ask(page); root.querySelector(".scroll").scrollTop = 0; } }, words);
  function line(row, at, finding) {
    const here = row.id === state.row, mark = finding ? finding.state === "kept" ? finding.field === "claim" ? finding.value === "reject" ? "rejected" : "accepted" : "corrected" : finding.state : row.reviewed;
    const pick = make("button", { type: "button", class: "pick", tabindex: here || (!at && !told(state.row)) ? "0" : "-1", "aria-pressed": String(here), onclick: () => choose(row.id) }, said(row.shown));
    pick.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const next = step && pick.closest("tr")[step > 0 ? "nextElementSibling" : "previousElementSibling"]?.querySelector("button");
      if (next) { event.preventDefault(); next.focus(); next.click(); }
    });
    return make("tr", { "data-id": row.id, class: here ? "here" : null, onclick: (event) => { if (!event.target.closest("button")) choose(row.id); } },
      make("td", {}, pick, row.promise ? make("span", { class: "tag promise" }, "promise") : null, mark ? make("span", { class: `tag ${OPEN.includes(mark) ? "open" : "done"}` }, mark) : null, said(row.text, { class: "printed", lang: row.language }), row.money ? make("span", { class: "converted" }, row.money) : null),
      make("td", { class: "when" }, row.when.split(" to ").map((day, at) => [at ? " to " : "", make("span", {}, day)]).flat()), make("td", {}, said(row.who)), make("td", { class: "wide" }, row.theme), make("td", { class: "wide" }, said(row.doc)), make("td", {}, row.verdict));
  }
  const told = (one) => one && state.found?.rows.some((row) => row.id === one);
  function choose(one) {
    state.row = one;
    for (const row of body.children) {
      const here = row.dataset.id === one, pick = row.querySelector("button");
      row.classList.toggle("here", here);
      pick?.setAttribute("aria-pressed", String(here));
      pick?.setAttribute("tabindex", here ? "0" : "-1");
    }
    model.send({ what: "choose", id: one });
  }

  // ---- evidence --------------------------------------------------------------------------------------------------------
  function drawEvidence(told) {
    const { document: source } = told, about = [source.publisher, source.date].filter(Boolean).join(", ");
    fill(evidence,
      make("h3", {}, said(told.shown)),
      make("blockquote", { lang: source.language, dir: "auto" }, told.before, make("mark", {}, told.text), told.after),
      make("p", { class: "source" }, make("cite", { lang: source.language }, said(source.title)), about ? make("span", { class: "soft" }, said(about)) : null),
      make("p", { class: "acts" }, place(told.place), make("button", { type: "button", class: "link", onclick: (event) => copy(event.target, plain(told.cite)) }, "Copy citation")),
      make("dl", {}, told.facts.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, said(value))))),
      told.others.length ? make("section", {}, make("h4", {}, "Compared with"), make("ul", { class: "others" }, told.others.map(other))) : null,
      make("details", { class: "rules" }, make("summary", {}, "Rules and citation"), make("pre", { tabindex: "0" }, told.rule), make("p", {}, said(told.cite))));
    drawDesk(told);
    side.scrollTop = 0;
  }
  function place(page) { // its place in the pages of the run, as JupyterLab serves files
    const base = JSON.parse(document.getElementById("jupyter-config-data")?.textContent || "{}").baseUrl, notebook = location.pathname.match(/\/tree\/(.*)$/);
    if (!base || !notebook) return null;
    const folder = state.options.folder.split("/").map(encodeURIComponent).join("/");
    return make("a", { href: new URL(`${base}files/${notebook[1].replace(/[^/]*$/, "")}${folder}/${page}`, location.origin).href, target: "_blank", rel: "noopener" }, "Open in its document");
  }
  async function copy(button, words) {
    try { await navigator.clipboard.writeText(words); button.textContent = "Copied"; } catch { evidence.querySelector(".rules").open = true; button.textContent = "Mark and copy it below"; }
    setTimeout(() => { button.textContent = "Copy citation"; }, 2000);
  }
  const other = (relation) => make("li", { class: relation.differs ? "differs" : null }, make("b", {}, relation.verdict), relation.meant ? make("div", {}, relation.meant) : null, make("span", { class: "soft" }, said(relation.note)),
    make("ul", {}, relation.members.slice(0, 6).map((one) => make("li", {}, make("button", { type: "button", class: "link", onclick: () => choose(one.id) }, said(one.shown)), make("span", { class: "soft" }, " ", said(one.doc))))));

  // ---- charts ----------------------------------------------------------------------------------------------------------
  const key = () => make("span", { class: "key" }, make("i", { class: "result" }), "result ", make("i", { class: "promise" }), "promise");
  function drawCharts(told) {
    fill(charts.theme, make("figcaption", {}, "Figures by theme", key()), bars(told.theme, "theme"));
    fill(charts.year, make("figcaption", {}, "Figures by year", key()), columns(told.year));
    const most = Math.max(1, ...told.money.map((one) => one.value));
    fill(charts.money, make("figcaption", {}, "Largest amounts, converted"), told.money.length ? make("ol", { class: "bars" }, told.money.map((one) =>
      make("li", {}, make("button", { type: "button", title: `${plain(one.name)}: ${one.shown}`, onclick: () => choose(one.id) }, said(one.name, { class: "label" }),
        make("span", { class: "track" }, make("span", { class: one.promise ? "promise" : "result", style: `width:${(100 * one.value) / most}%` })), make("span", { class: "number" }, one.shown))))) : none());
  }
  const none = () => make("p", { class: "soft" }, "None in this choice.");
  function bars(rows, facet) {
    const most = Math.max(1, ...rows.map(([, , results, promises]) => results + promises));
    return rows.length ? make("ol", { class: "bars" }, rows.map(([value, label, results, promises]) =>
      make("li", {}, make("button", { type: "button", "aria-pressed": String((query.chosen[facet] ?? []).includes(value)), title: `${plain(label)}: ${results} results, ${promises} promises`, onclick: () => toggle(facet, value) }, said(label, { class: "label" }),
        make("span", { class: "track" }, make("span", { class: "result", style: `width:${(100 * results) / most}%` }), make("span", { class: "promise", style: `width:${(100 * promises) / most}%` })), make("span", { class: "number" }, (results + promises).toLocaleString("en")))))) : none();
  }
  function columns(rows) {
    const most = Math.max(1, ...rows.map(([, , results, promises]) => results + promises));
    const only = (year) => { const same = String(query.since) === year && String(query.until) === year; query.since = query.until = same ? null : year; setControls(); ask(0); };
    return rows.length ? make("ol", { class: rows.length > 8 ? "columns many" : "columns" }, rows.map(([value, label, results, promises]) =>
      make("li", {}, make("button", { type: "button", "aria-label": `${label}: ${results} results, ${promises} promises`, title: `${label}: ${results} results, ${promises} promises`, onclick: () => only(value) },
        make("span", { class: "number", "aria-hidden": "true" }, (results + promises).toLocaleString("en")),
        make("span", { class: "promise", style: `height:${(100 * promises) / most}%` }), make("span", { class: "result", style: `height:${(100 * results) / most}%` })), make("span", { class: "year", "aria-hidden": "true" }, label)))) : none();
  }

  // ---- the desk --------------------------------------------------------------------------------------------------------
  const kept = (name) => desk.querySelector(`[name="${name}"]`)?.value;
  function drawDesk(told) {
    const who = kept("who") ?? state.options.reviewer;
    desk.hidden = false;
    if (state.options.closed) return fill(desk, make("h4", {}, "Review"), make("p", { class: "soft" }, state.options.closed));
    const field = make("select", { name: "field", id: id("field"), onchange: () => swap() }, FIELDS.map(([value, words]) => make("option", { value }, words)));
    const right = make("div", { class: "field grow" }), why = make("input", { name: "why", id: id("why"), required: true, autocomplete: "off" });
    const name = make("input", { name: "who", id: id("who"), required: true, autocomplete: "off", value: who });
    const answer = make("p", { class: "answer", role: "status" });
    const swap = () => {
      const now = told.now[field.value], at = id("value");
      const input = field.value === "theme" ? make("select", { name: "value", id: at }, state.options.themes.map((one) => make("option", { value: one.id, selected: one.id === now }, one.name))) : make("input", { name: "value", id: at, autocomplete: "off", value: now, "aria-describedby": id("hint") });
      fill(right, make("label", { for: at }, "Right is"), input, HINTS[field.value] ? make("span", { class: "hint", id: id("hint") }, HINTS[field.value]) : null);
    };
    const decide = (asked) => {
      answer.classList.remove("wrong");
      const lacking = [name, why].find((input) => !input.value.trim());
      if (lacking) { answer.classList.add("wrong"); fill(answer, lacking === name ? "Your name is needed: decisions are signed." : "A reason is needed, for those who read it later."); return lacking.focus(); }
      fill(answer, "Writing \u2026");
      model.send({ what: "decide", id: told.id, who: name.value, why: why.value, ...asked });
    };
    fill(desk, make("h4", {}, "Review"),
      make("div", { class: "bar" }, make("div", { class: "field" }, make("label", { for: id("who") }, "Your name"), name), make("div", { class: "field grow" }, make("label", { for: id("why") }, "Reason"), why)),
      make("div", { class: "bar" }, make("button", { type: "button", onclick: () => decide({ field: "claim", value: "accept" }) }, "Accept"), make("button", { type: "button", onclick: () => decide({ field: "claim", value: "reject" }) }, "Reject: no such figure")),
      make("div", { class: "bar" }, make("div", { class: "field" }, make("label", { for: id("field") }, "Correct the"), field), right), make("div", { class: "bar" }, make("button", { type: "button", class: "strong", onclick: () => decide({ field: field.value, value: desk.querySelector('[name="value"]').value }) }, "Save correction")),
      answer, make("ul", { class: "own" }));
    swap();
    drawOwn();
  }
  function item(one, withPlace) {
    const words = one.field === "claim" ? (one.value === "reject" ? "rejected" : one.value === "accept" ? "accepted" : one.value) : `${one.field}: ${one.expect || "nothing"} \u2192 ${one.value || "nothing"}`;
    const undo = one.signed_by || state.options.closed ? null : make("button", { type: "button", class: "quiet", "aria-label": `Undo ${plain(words)}`, onclick: () => { fill(desk.querySelector(".answer") ?? problem, ""); model.send({ what: "undo", line: one.line, who: kept("who") ?? state.options.reviewer }); } }, "Undo");
    const state_ = one.state === "kept" ? (one.new ? "waits for the next run" : "kept") : one.state;
    return make("li", {}, withPlace ? [said(one.quotation), make("span", { class: "soft" }, " in ", said(one.doc), ": ")] : null, make("b", {}, said(words)), " ", make("span", { class: `tag ${OPEN.includes(one.state) ? "open" : "done"}` }, state_),
      make("div", { class: "soft" }, said(`${one.who}, ${one.when}${one.signed_by ? `, signed by ${one.signed_by}` : ""}: ${one.why}`), one.told ? make("div", {}, said(one.told)) : null), undo);
  }
  function drawOwn() {
    const place = desk.querySelector(".own");
    if (place && state.evidence) fill(place, state.findings.filter((one) => one.id === state.evidence.id).map((one) => item(one, false)));
  }
  function drawDecisions(told) {
    const open = state.findings.filter((one) => OPEN.includes(one.state)).length, [summary, place] = list.children;
    fill(summary, `Decisions of people: ${state.findings.length}`, open ? make("span", { class: "tag open" }, `${open} to look at`) : null);
    fill(place, state.findings.length ? make("ul", {}, state.findings.map((one) => item(one, true))) : make("p", { class: "soft" }, "None yet."));
    drawOwn();
    const answer = desk.querySelector(".answer");
    if (answer && told) { answer.classList.remove("wrong"); fill(answer, told); }
  }
  return () => { clearTimeout(state.timer); model.off("msg:custom", listen); };
}
export default { render };
