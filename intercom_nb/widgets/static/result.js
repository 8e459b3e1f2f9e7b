// The answer: what came, as a table and as the other tabs.

// Files, the clipboard, a variable: the ticked rows, or all that the table shows.
function takeAlong(wire) {
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
  return h("div", { class: "inb-row" },
    h("button", { type: "button", onclick: () => save("csv") }, "CSV"), h("button", { type: "button", onclick: () => save("xlsx") }, "Excel"), h("button", { type: "button", onclick: () => save("parquet") }, "Parquet"),
    h("button", { type: "button", onclick: copy }, "Clipboard"), h("label", { class: "inb-check" }, whole, "all columns"),
    h("span", { class: "inb-dim" }, "or as variable"), name, h("button", { type: "button", onclick: put }, "Put"), told);
}

function resultPart(wire, onResult) {
  let result = null;
  let record = null;
  let runs = [];
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

  function toggleTake() {
    const open = takePlace.hidden;
    takePlace.hidden = !open;
    takeButton.setAttribute("aria-expanded", open);
    if (!open) return;
    takePlace.replaceChildren(takeAlong(wire));
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
    onResult(next);
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

  return {
    nodes: [empty, answer],
    columns: () => (result?.columns ?? []).map((c) => c.name),
    stale: (on) => answer.classList.toggle("inb-stale", on),
  };
}
