// The explorer: what to ask on the left and above, the answer below.

function explorer(model, el) {
  const wire = channel(model);
  el.classList.add("inb");
  ownKeys(el);
  let entities = [];
  let offer = null;
  let picked = { entity: null, action: null };
  let form = null;
  let result = null;
  let record = null;
  let runs = [];
  let running = false;
  let connected = null;
  const forms = new Map();
  const counts = new Map();

  // Connection
  const where = h("div", { class: "inb-where" });
  const rate = h("div", { class: "inb-dim inb-rate" });
  const switchButton = h("button", { type: "button", class: "inb-link", onclick: () => showLogin(connected !== null) }, "Switch workspace");
  const problem = h("div", { class: "inb-problem", role: "alert" });
  const top = h("header", { class: "inb-top" }, where, rate, switchButton, problem);
  const loginPlace = h("div", { hidden: true });

  // Asking
  const find = h("input", { type: "search", placeholder: "Find an entity", "aria-label": "Find an entity", oninput: () => drawEntities() });
  const list = h("ul", { class: "inb-entities" });
  const side = h("nav", { class: "inb-side", "aria-label": "Entities" }, find, list);
  const actions = h("div", { class: "inb-actions" });
  const about = h("p", { class: "inb-about" });
  const formPlace = h("div", {});
  const limit = h("input", { type: "text", inputmode: "numeric", value: "200", class: "inb-limit", placeholder: "all", "aria-describedby": "" });
  const limitField = h("label", { class: "inb-limit-field", title: "Records at most; empty for all of them" }, "Limit ", limit);
  const runButton = h("button", { type: "button", class: "inb-primary", title: "Run (Shift-Enter)", onclick: () => run() }, "Run");
  const cancelButton = h("button", { type: "button", hidden: true, title: "Cancel (Esc)", onclick: () => wire.send("cancel") }, "Cancel");
  const bar = h("progress", { hidden: true, "aria-label": "Progress" });
  const said = h("span", { class: "inb-said", role: "status" });
  const news = h("div", {});
  const runRow = h("div", { class: "inb-run" }, limitField, runButton, cancelButton, bar, said);
  const main = h("section", { class: "inb-main", "aria-label": "What to ask" }, actions, about, formPlace, runRow, news);
  const asking = h("div", { class: "inb-asking" }, side, main);

  // The answer
  const ask = (what, more = {}) => wire.ask("ask", { what, result: result.id, ...more });
  const grid = createGrid({
    ask,
    onSort: () => arrange(),
    onSelect: (at, on) => ask("select", { at, on }).then(({ selected }) => (ticked.textContent = selected ? `${counted(selected, "row")} selected (explorer.selected)` : "")),
    onActive: (cell) => {
      record = cell.at;
      showCell(cell);
      if (cell.open) view.show("Record", true);
    },
  });
  const search = h("input", { type: "search", placeholder: "Search all rows", "aria-label": "Search all rows", class: "inb-search" });
  const filterButton = h("button", { type: "button", "aria-pressed": "false", onclick: () => filterButton.setAttribute("aria-pressed", grid.toggleFilters()) }, "Filters");
  const columnButton = h("button", { type: "button", "aria-expanded": "false", onclick: () => toggleColumns() }, "Columns");
  const takeButton = h("button", { type: "button", "aria-expanded": "false", onclick: () => toggleTake() }, "Take along");
  const takePlace = h("div", { class: "inb-columns", hidden: true });
  const columnPlace = h("div", { class: "inb-columns", hidden: true });
  const shown = h("span", { class: "inb-dim", role: "status" });
  const ticked = h("span", { class: "inb-dim" });
  const tableError = h("div", { class: "inb-field-error", role: "alert" });
  const cellBox = h("output", { class: "inb-cell", "aria-label": "The cell in full" });
  const title = h("h3", {});
  const notes = h("div", {});
  const view = tabs("The result as", ["Table", "Chart", "Record", "Schema", "Code", "JSON", "History"], (name) => drawTab(name));
  view.panels.Table.append(h("div", { class: "inb-bar-row" }, search, filterButton, columnButton, takeButton, shown, ticked), takePlace, tableError, columnPlace, grid.node, cellBox);
  const empty = h("div", { class: "inb-empty" }, h("strong", {}, "Nothing asked yet"), h("div", {}, "Choose an entity and an action, then Run. The answer is a DataFrame: explorer.df."));
  const answer = h("section", { class: "inb-answer", "aria-label": "The result", hidden: true }, h("div", { class: "inb-result-head" }, title, notes), view.list, Object.values(view.panels));

  const entity = () => entities.find((e) => e.name === picked.entity);
  const action = () => entity()?.actions.find((a) => a.name === picked.action);

  function drawEntities() {
    const wanted = find.value.trim().toLowerCase();
    list.replaceChildren(...entities.filter((e) => e.label.includes(wanted)).map((e) =>
      h("li", {}, h("button", { type: "button", "aria-current": e.name === picked.entity ? "true" : null, title: e.description, onclick: () => pick(e.name, e.name === picked.entity ? picked.action : e.actions[0].name) },
        h("span", {}, e.label), counts.has(e.name) && h("span", { class: "inb-count" }, counts.get(e.name).toLocaleString("en"))))));
  }

  const FEW = 4;
  function drawActions() {
    const button = (a) => h("button", { type: "button", "aria-pressed": String(a.name === picked.action), title: a.description, onclick: () => pick(picked.entity, a.name) }, a.name);
    const others = (label, rest) => h("select", { "aria-label": `More ${label} actions`, class: rest.some((a) => a.name === picked.action) ? "inb-chosen" : null, onchange: (e) => e.target.value && pick(picked.entity, e.target.value) },
      h("option", { value: "" }, "more…"), rest.map((a) => h("option", { value: a.name, selected: a.name === picked.action, title: a.description }, a.name)));
    const group = (label, all) => {
      const [first, rest] = all.length > FEW + 1 ? [all.slice(0, FEW), all.slice(FEW)] : [all, []];
      return all.length > 0 && h("div", { role: "group", "aria-label": label, class: "inb-group" }, h("span", { class: "inb-group-name", "aria-hidden": "true" }, label), first.map(button), rest.length > 0 && others(label, rest));
    };
    const all = entity().actions;
    actions.replaceChildren(...[group("read", all.filter((a) => !a.writes)), group("write", all.filter((a) => a.writes))].filter(Boolean));
  }

  function pick(entityName, actionName, values = null) {
    const focused = document.activeElement?.textContent;
    const inside = [list, actions].find((place) => place.contains(document.activeElement));
    const choosing = document.activeElement?.matches?.("select") ? document.activeElement.getAttribute("aria-label") : null;
    picked = { entity: entityName, action: actionName };
    drawEntities();
    drawActions();
    // Redrawn buttons are new elements: keep the focus where it was.
    if (inside && choosing) inside.querySelector(`select[aria-label="${choosing}"]`)?.focus();
    else if (inside) [...inside.querySelectorAll("button")].find((b) => b.textContent === focused)?.focus();
    const key = `${entityName}.${actionName}`;
    if (!forms.has(key)) forms.set(key, actionForm(action(), knownAttributes()));
    form = forms.get(key);
    if (values) form.write(values);
    about.textContent = action().description;
    formPlace.replaceChildren(form.node);
    limitField.hidden = !action().paged;
    news.replaceChildren(action().writes && connected && !connected.writes
      ? banner("note", "Read only", "This connector may only read, so this action is refused. Make it with allow_writes=True to change the workspace.") : "");
    runButton.textContent = action().writes ? "Review…" : "Run";
  }

  const knownAttributes = () => (result?.columns ?? []).map((c) => c.name);

  function run(more = {}) {
    if (running || !form) return;
    form.showErrors({});
    wire.send("run", { ...picked, ...form.read(), limit: limit.value, ...more });
  }

  function setRunning(on, label = "") {
    running = on;
    cancelButton.hidden = !on;
    bar.hidden = !on;
    bar.removeAttribute("value");
    runButton.setAttribute("aria-disabled", on);
    answer.classList.toggle("inb-stale", on);
    if (on) said.textContent = label ? "Asking…" : "";
    else if (document.activeElement === document.body || document.activeElement === cancelButton) runButton.focus();
  }

  wire.on("run", (state) => {
    const hadFocus = cancelButton.contains(document.activeElement);
    setRunning(state.status === "running", state.label);
    if (hadFocus && !running) runButton.focus();
    if (state.status !== "running") said.textContent = "";
    news.replaceChildren(...(state.notes ?? []).map((note) => banner("note", "", note)));
    if (state.status === "done" || state.status === "cancelled" || state.status === "refused") said.textContent = state.text;
    said.classList.toggle("inb-bad", state.status === "refused");
    if (state.status === "refused") {
      form.showErrors(state.errors);
      if (state.errors.limit) { said.textContent = `Limit ${state.errors.limit}`; limit.setAttribute("aria-invalid", "true"); limit.focus(); } else limit.removeAttribute("aria-invalid");
    } else limit.removeAttribute("aria-invalid");
    if (state.status === "error") news.replaceChildren(banner("error", state.title, state.text, state.details ?? []));
    if (state.status === "confirm") confirm(state);
    if (state.rate?.limit) rate.textContent = `${state.rate.remaining.toLocaleString("en")} of ${state.rate.limit.toLocaleString("en")} requests left`;
  });
  wire.on("progress", ({ records, total, requests }) => {
    if (!running) return;
    said.textContent = `${records.toLocaleString("en")}${total === null ? "" : ` of ${total.toLocaleString("en")}`} records, ${counted(requests, "request")}`;
    if (total) { bar.max = total; bar.value = Math.min(records, total); }
  });
  wire.on("failure", ({ text }) => { setRunning(false); news.replaceChildren(banner("error", "", text)); });

  function confirm(state) {
    const send = h("button", { type: "button", class: "inb-danger", onclick: () => { news.replaceChildren(); run({ confirmed: true }); } }, `Send ${state.method}`);
    news.replaceChildren(h("div", { class: "inb-banner inb-warn", role: "group", "aria-label": "Confirm the request" }, h("strong", {}, "This changes the workspace. Send this request?"),
      h("pre", { class: "inb-code" }, `${state.method} ${state.url}${state.body ? `\n\n${JSON.stringify(state.body, null, 2)}` : ""}`),
      h("div", { class: "inb-row" }, send, h("button", { type: "button", onclick: () => { news.replaceChildren(); runButton.focus(); } }, "Do not send"))));
    send.focus();
  }

  let asked = 0;
  function arrange() {
    const mine = ++asked;
    wire.ask("arrange", { result: result.id, search: search.value, sort: grid.sort(), filters: grid.filters() }).then((reply) => {
      if (mine !== asked) return;
      tableError.textContent = reply.error ?? "";
      if (reply.error) return;
      grid.reset({ total: reply.shown, sort: grid.sort() });
      sayShown(reply.shown);
      if (view.current() !== "Table") drawTab(view.current());
    });
  }
  let typing = 0;
  search.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(arrange, 150); });

  const sayShown = (n) => (shown.textContent = n === result.rows ? counted(n, "row") : `${n.toLocaleString("en")} of ${counted(result.rows, "row")}`);

  function showCell(cell) {
    const put = (text) => cellBox.replaceChildren(h("span", { class: "inb-cell-name" }, cell.column), h("span", {}, text ?? "no value"));
    put(Array.isArray(cell.value) ? cell.value[0] : cell.value);
    if (Array.isArray(cell.value)) ask("cell", { at: cell.at, column: cell.column }).then(({ text }) => put(text));
  }

  function toggleColumns() {
    const open = columnPlace.hidden;
    columnPlace.hidden = !open;
    columnButton.setAttribute("aria-expanded", open);
    if (!open) return;
    const chosen = new Set(result.visible);
    const box = h("input", { type: "search", placeholder: "Find a column", "aria-label": "Find a column" });
    const checks = result.columns.map((c) => h("label", { class: c.filled ? "inb-check" : "inb-check inb-dim" }, h("input", { type: "checkbox", checked: chosen.has(c.name), onchange: (e) => {
      if (e.target.checked) chosen.add(c.name); else chosen.delete(c.name);
      setColumns([...result.visible.filter((n) => chosen.has(n)), ...[...chosen].filter((n) => !result.visible.includes(n))]);
    } }), c.name));
    box.addEventListener("input", () => checks.forEach((label) => (label.hidden = !label.textContent.toLowerCase().includes(box.value.trim().toLowerCase()))));
    columnPlace.replaceChildren(box, h("div", { class: "inb-checks", role: "group", "aria-label": "Columns that are shown" }, checks));
    box.focus();
  }

  // Files, the clipboard, a variable: the ticked rows, or all that the table shows.
  function toggleTake() {
    const open = takePlace.hidden;
    takePlace.hidden = !open;
    takeButton.setAttribute("aria-expanded", open);
    if (!open) return;
    const told = h("span", { role: "status" });
    const whole = h("input", { type: "checkbox" });
    const name = h("input", { type: "text", value: "df", "aria-label": "Name of the variable", class: "inb-limit", autocomplete: "off" });
    const fetch = async (kind) => {
      told.textContent = "Writing…";
      const reply = await wire.ask("export", { as: kind, all_columns: whole.checked });
      told.textContent = reply.error ?? `${counted(reply.rows, "row")} ${kind === "tsv" ? "copied" : `in ${reply.name}`}`;
      return reply.error ? null : reply;
    };
    const save = async (kind) => {
      const reply = await fetch(kind);
      if (!reply) return;
      const url = URL.createObjectURL(new Blob([reply.buffers[0]], { type: reply.type }));
      h("a", { href: url, download: reply.name }).click();
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
    };
    const copy = async () => {
      const reply = await fetch("tsv");
      if (reply) await copyText(new TextDecoder().decode(reply.buffers[0]), told);
    };
    const put = () => wire.ask("variable", { name: name.value }).then((reply) => (told.textContent = reply.error ?? reply.text));
    takePlace.replaceChildren(h("div", { class: "inb-row" },
      h("button", { type: "button", onclick: () => save("csv") }, "CSV"), h("button", { type: "button", onclick: () => save("xlsx") }, "Excel"), h("button", { type: "button", onclick: () => save("parquet") }, "Parquet"),
      h("button", { type: "button", onclick: copy }, "Clipboard"), h("label", { class: "inb-check" }, whole, "all columns"),
      h("span", { class: "inb-dim" }, "or as variable"), name, h("button", { type: "button", onclick: put }, "Put"), told));
    takePlace.querySelector("button").focus();
  }

  function setColumns(names) {
    result.visible = names;
    ask("columns", { visible: names }).then(() => grid.reset({ columns: visibleColumns() }));
  }
  const visibleColumns = () => result.visible.map((name) => result.columns.find((c) => c.name === name));

  function drawTab(name) {
    if (name === "History") historyTab(view.panels.History, wire, runs, (id) => wire.send("rerun", { id }), result?.id ?? null);
    if (!result) return;
    if (name === "Chart") chartTab(view.panels.Chart, ask, result);
    if (name === "Record") recordTab(view.panels.Record, wire, ask, result, record);
    if (name === "Schema") schemaTab(view.panels.Schema, ask);
    if (name === "Code") codeTab(view.panels.Code, result);
    if (name === "JSON") jsonTab(view.panels.JSON, ask);
  }

  wire.on("result", (next) => {
    result = next;
    record = null;
    empty.hidden = true;
    answer.hidden = false;
    title.textContent = `${next.entity} ${next.action}`;
    notes.replaceChildren(...next.notes.map((note) => banner("note", "", note)), ...(next.rows ? [] : [banner("note", "", "The answer is empty: nothing matches, or there is nothing yet.")]));
    if (next.total !== null && next.action === "list") { counts.set(next.entity, next.total); drawEntities(); }
    search.value = "";
    tableError.textContent = "";
    ticked.textContent = "";
    columnPlace.hidden = true;
    columnButton.setAttribute("aria-expanded", "false");
    cellBox.replaceChildren(h("span", { class: "inb-dim" }, "Click a cell to read it in full; Enter opens its record."));
    grid.reset({ columns: visibleColumns(), total: next.shown, sort: [], filters: {} });
    sayShown(next.shown);
    view.show(["Chart", "Schema", "Code", "JSON"].includes(view.current()) ? view.current() : next.rows === 1 && next.action === "get" ? "Record" : "Table");
    if (next.rows === 1 && next.action === "get") { record = 0; drawTab("Record"); }
  });
  wire.on("history", (content) => { runs = content.runs; if (view.current() === "History") drawTab("History"); });
  wire.on("form", ({ form: old }) => { pick(old.entity, old.action, old); if (old.limit !== undefined) limit.value = old.limit; });

  function showLogin(canGoBack) {
    asking.hidden = true;
    loginPlace.hidden = false;
    loginPlace.replaceChildren(loginPanel(wire, offer, { onCancel: canGoBack ? () => { loginPlace.hidden = true; asking.hidden = false; } : null }));
  }

  wire.on("connection", ({ connection, entities: known }) => {
    if (connected?.mode !== connection?.mode) {
      forms.clear();
      counts.clear();
      picked = { entity: null, action: null };
    }
    connected = connection;
    entities = known;
    switchButton.hidden = !connection;
    if (!connection) return showLogin(false);
    loginPlace.hidden = true;
    asking.hidden = false;
    const tags = [connection.region, connection.mode, connection.writes ? "reads and writes" : "read only"].filter(Boolean);
    where.replaceChildren(h("span", { class: connection.problem ? "inb-dot inb-down" : "inb-dot", "aria-hidden": "true" }), h("strong", {}, connection.name), ...tags.map((t) => h("span", { class: "inb-tag" }, t)));
    problem.textContent = connection.problem ?? "";
    if (!picked.entity) pick(entities[0].name, entities[0].actions[0].name);
  });

  wire.on("offer", (content) => {
    if (offer) return; // said again for another view
    offer = content;
    el.replaceChildren(top, loginPlace, asking, empty, answer);
  });

  el.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.shiftKey) { event.preventDefault(); event.stopPropagation(); run(); }
    else if (event.key === "Enter" && event.target.matches?.("input[type=text]") && main.contains(event.target)) { event.preventDefault(); run(); }
    else if (event.key === "Escape" && running) { event.preventDefault(); wire.send("cancel"); }
  });

  el.append(h("p", { class: "inb-dim" }, "Waiting for the kernel. If nothing happens, run the cell again."));
  wire.send("hello");
  return wire.close;
}

export default { render: ({ model, el }) => explorer(model, el) };
