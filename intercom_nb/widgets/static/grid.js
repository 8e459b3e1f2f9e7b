// The table: only the rows that are seen are in the page, and they are pulled from the kernel.

const ROW = 28;
const CHUNK = 60;
const TALLEST = 8_000_000; // browsers draw nothing below some height; beyond it the scroll is scaled
const AHEAD = 12;

// The path above, small, and the name below it: "statistics" over "time_to_admin_reply".
function headName(path) {
  const cut = path.lastIndexOf(".") + 1;
  return h("span", { class: "inb-g-name" }, cut > 0 && h("small", {}, path.slice(0, cut)), h("span", {}, path.slice(cut)));
}

function createGrid({ ask, onSort, onActive, onSelect }) {
  let columns = [];
  let total = 0;
  let epoch = 0;
  let chunks = new Map();
  let sort = [];
  let filters = {};
  let filtering = false;
  let typing = 0;
  let active = { row: 0, col: 0 };
  let drawn = null;

  const head = h("div", { class: "inb-g-head", role: "row" });
  const filterRow = h("div", { class: "inb-g-filters", role: "row", hidden: true });
  const space = h("div", { class: "inb-g-space", role: "presentation" });
  const scroller = h("div", { class: "inb-grid", role: "grid", tabindex: "0", "aria-label": "Result", "aria-multiselectable": "true" }, head, filterRow, space);

  const width = () => 34 + columns.reduce((sum, c) => sum + c.width, 0);
  const height = () => Math.min(total * ROW, TALLEST);
  const scale = () => (total * ROW > TALLEST ? (total * ROW) / TALLEST : 1);
  const headHeight = () => head.offsetHeight + (filterRow.hidden ? 0 : filterRow.offsetHeight);
  const visibleRows = () => Math.max(1, Math.floor((scroller.clientHeight - headHeight()) / ROW));
  const template = () => `34px ${columns.map((c) => `${c.width}px`).join(" ")}`;

  const drawHead = () => {
    const marks = Object.fromEntries(sort.map(([name, down], i) => [name, { down, place: sort.length > 1 ? i + 1 : "" }]));
    const everything = h("input", { type: "checkbox", "aria-label": "Select all rows shown", tabindex: "0", onchange: (e) => onSelect(null, e.target.checked).then(refreshSelection) });
    head.style.gridTemplateColumns = template();
    head.replaceChildren(h("div", { role: "columnheader", class: "inb-g-tick" }, everything), ...columns.map((column) => {
      const mark = marks[column.name];
      const order = mark ? (mark.down ? "descending" : "ascending") : "none";
      return h("div", { role: "columnheader", "aria-sort": order, class: `inb-g-th inb-k-${column.kind}` },
        h("button", { type: "button", "aria-label": column.name, title: `${column.name} (${column.dtype}): click to sort, with Shift to sort by it as well`, onclick: (e) => sortBy(column.name, e.shiftKey) },
          headName(column.name), h("span", { class: "inb-g-mark", "aria-hidden": "true" }, mark ? `${mark.down ? "▼" : "▲"}${mark.place}` : "")),
        h("span", { class: "inb-g-grip", onpointerdown: (e) => resize(e, column) }));
    }));
    if (filtering) drawFilters();
  };

  const drawFilters = () => {
    filterRow.style.gridTemplateColumns = template();
    filterRow.replaceChildren(h("div", { role: "gridcell" }), ...columns.map((column) =>
      h("div", { role: "gridcell" }, h("input", { type: "text", value: filters[column.name] ?? "", "aria-label": `Filter ${column.name}`, placeholder: column.kind === "number" ? ">5" : column.kind === "time" ? ">2026-10-01" : "filter",
        title: "Text to look for, or >5, <=2026-10-01, =open, !=open, empty, not empty", autocomplete: "off",
        oninput: (e) => { filters[column.name] = e.target.value; clearTimeout(typing); typing = setTimeout(() => onSort(sort, filters), 250); } }))));
  };

  const sortBy = (name, more) => {
    const old = sort.find(([n]) => n === name);
    const rest = more ? sort.filter(([n]) => n !== name) : [];
    sort = old === undefined ? [...rest, [name, false]] : old[1] === false ? [...rest, [name, true]] : rest;
    drawHead();
    [...head.querySelectorAll("button")][columns.findIndex((c) => c.name === name)]?.focus();
    onSort(sort, filters);
  };

  const resize = (event, column) => {
    event.preventDefault();
    const [from, old] = [event.clientX, column.width];
    const move = (e) => { column.width = Math.max(48, old + e.clientX - from); drawHead(); paint(true); };
    const stop = () => { removeEventListener("pointermove", move); removeEventListener("pointerup", stop); };
    addEventListener("pointermove", move);
    addEventListener("pointerup", stop);
  };

  const rowAt = (index) => chunks.get(Math.floor(index / CHUNK))?.rows?.[index % CHUNK];

  const pull = (chunk) => {
    if (chunks.has(chunk)) return;
    chunks.set(chunk, { rows: null });
    const mine = epoch;
    ask("rows", { start: chunk * CHUNK, stop: (chunk + 1) * CHUNK }).then((answer) => {
      if (mine !== epoch) return;
      chunks.set(chunk, { rows: answer.rows });
      paint(true);
    });
  };

  const drawCell = (column, value, index, col) => {
    const cut = Array.isArray(value);
    const text = cut ? `${value[0]}…` : value;
    const on = index === active.row && col === active.col;
    return h("div", { role: "gridcell", id: on ? `${base}-active` : null, "aria-colindex": col + 2, class: `inb-g-td inb-k-${column.kind}${on ? " inb-on" : ""}${text === null ? " inb-none" : ""}` }, text ?? "–");
  };

  const drawRow = (index, top) => {
    const row = rowAt(index);
    const node = h("div", { role: "row", "aria-rowindex": index + 2, "aria-selected": row ? String(Boolean(row.on)) : null, class: `inb-g-row${index % 2 ? " inb-odd" : ""}${row?.on ? " inb-ticked" : ""}` });
    node.style.transform = `translateY(${top}px)`;
    node.style.gridTemplateColumns = template();
    if (!row) {
      node.append(h("div", { role: "gridcell", class: "inb-g-td inb-dim" }, ""), h("div", { role: "gridcell", class: "inb-g-td inb-dim" }, "…"));
      return node;
    }
    node.dataset.index = index;
    const tick = h("input", { type: "checkbox", checked: row.on, tabindex: "-1", "aria-label": `Select row ${index + 1}`, onchange: (e) => select(index, e.target.checked) });
    node.append(h("div", { role: "gridcell", class: "inb-g-tick" }, tick), ...columns.map((column, col) => drawCell(column, row.cells[col], index, col)));
    return node;
  };

  const paint = (force = false) => {
    const offset = scroller.scrollTop * scale();
    const first = Math.max(0, Math.floor(offset / ROW) - AHEAD);
    const last = Math.min(total, Math.ceil(offset / ROW) + visibleRows() + AHEAD);
    const key = `${first}:${last}`;
    if (!force && key === drawn) return;
    drawn = key;
    for (let chunk = Math.floor(first / CHUNK); chunk * CHUNK < last; chunk++) pull(chunk);
    const rows = [];
    for (let index = first; index < last; index++) rows.push(drawRow(index, index * ROW - offset + scroller.scrollTop));
    space.replaceChildren(...rows);
    const shown = active.row >= first && active.row < last;
    if (shown && rowAt(active.row)) scroller.setAttribute("aria-activedescendant", `${base}-active`);
    else scroller.removeAttribute("aria-activedescendant");
  };

  const base = freshId("grid");
  let frame = 0;
  scroller.addEventListener("scroll", () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => paint(scale() > 1));
  });
  new ResizeObserver(() => paint(true)).observe(scroller);

  const activate = (row, col, open = false) => {
    if (!total) return;
    active = { row: Math.min(Math.max(row, 0), total - 1), col: Math.min(Math.max(col, 0), columns.length - 1) };
    const top = (active.row * ROW) / scale();
    const room = scroller.clientHeight - headHeight();
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top + ROW > scroller.scrollTop + room) scroller.scrollTop = top + ROW - room;
    let left = 34;
    for (let i = 0; i < active.col; i++) left += columns[i].width;
    if (left < scroller.scrollLeft + 34) scroller.scrollLeft = left - 34;
    else if (left + columns[active.col].width > scroller.scrollLeft + scroller.clientWidth) scroller.scrollLeft = left + columns[active.col].width - scroller.clientWidth;
    paint(true);
    const found = rowAt(active.row);
    if (found) onActive({ at: found.at, column: columns[active.col].name, value: found.cells[active.col], index: active.row, open });
  };

  const select = (index, on) => {
    const row = rowAt(index);
    if (!row) return;
    row.on = on;
    onSelect(row.at, on);
    paint(true);
  };
  const refreshSelection = () => {
    chunks = new Map();
    epoch += 1;
    paint(true);
  };

  scroller.addEventListener("click", (event) => {
    const cell = event.target.closest(".inb-g-td");
    const row = event.target.closest(".inb-g-row");
    if (!cell || !row?.dataset.index) return;
    scroller.focus({ preventScroll: true });
    activate(Number(row.dataset.index), [...row.children].indexOf(cell) - 1);
  });
  scroller.addEventListener("dblclick", (event) => {
    if (event.target.closest(".inb-g-td")) activate(active.row, active.col, true);
  });
  scroller.addEventListener("keydown", (event) => {
    if (event.target !== scroller) return;
    const page = visibleRows() - 1;
    const moves = {
      ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1], PageDown: [page, 0], PageUp: [-page, 0],
      Home: event.ctrlKey ? [-total, 0] : [0, -columns.length], End: event.ctrlKey ? [total, 0] : [0, columns.length],
    };
    if (event.key === "Enter" && !event.shiftKey) activate(active.row, active.col, true);
    else if (event.key === " ") select(active.row, !rowAt(active.row)?.on);
    else if (moves[event.key]) activate(active.row + moves[event.key][0], active.col + moves[event.key][1]);
    else return;
    event.preventDefault();
  });

  return {
    node: scroller,
    // Forget the rows that were pulled: another result, another order, other columns.
    reset: (state) => {
      if (state.columns) columns = state.columns;
      if (state.sort) sort = state.sort;
      if (state.filters) filters = state.filters;
      total = state.total ?? total;
      chunks = new Map();
      epoch += 1;
      active = { row: 0, col: Math.min(active.col, Math.max(columns.length - 1, 0)) };
      scroller.setAttribute("aria-rowcount", total + 1);
      scroller.setAttribute("aria-colcount", columns.length + 1);
      for (const node of [head, filterRow, space]) node.style.width = `${width()}px`;
      space.style.height = `${height()}px`;
      scroller.style.setProperty("--inb-rows", Math.min(Math.max(total, 1), 12));
      if (state.sort || state.columns) scroller.scrollTop = 0;
      drawHead();
      paint(true);
    },
    toggleFilters: () => {
      filtering = filterRow.hidden;
      filterRow.hidden = !filtering;
      if (filtering) drawFilters();
      paint(true);
      return filtering;
    },
    filters: () => filters,
    sort: () => sort,
  };
}
