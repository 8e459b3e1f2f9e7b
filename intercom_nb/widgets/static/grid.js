// The table: only the rows in view are in the page; they are pulled from the kernel.

import { button, followPointer, freshId, h, whenIdle } from "./dom.js";
import { typedText } from "./filters.js";
import { miniature } from "./miniature.js";

const ROW = 28;
const CARD = 144; // px; a row of a narrow window: its first fields below each other
const NARROW = 520;
const CARD_FIELDS = 6;
const CHUNK = 60;
// px. Browsers draw nothing below some height; in a taller table the scroll is scaled.
const TALLEST = 8_000_000;
const AHEAD = 12;
const TICK = 58; // width in px of the column to select and to open rows
const DOUBLE = 500; // ms between the clicks of a double click
const TYPING = 250; // ms without a key before a filter runs

// What people call the column, and the name that code needs.
function headName({ name, label }) {
  const below = name.toLowerCase() !== label.toLowerCase() && h("small", {}, name);
  return h("span", { class: "inb-g-name" }, h("span", {}, label), below);
}

export function filterExample({ kind, duration }) {
  if (duration) return ">1h";
  return { number: ">5", time: ">2026-10-01" }[kind] ?? "filter";
}

// The next order after a click on a column: one way, the other, none. Numbers and times start with
// the largest: people look for the slowest and the newest.
export function nextSort(sort, { name, kind }, more) {
  const old = sort.find(([n]) => n === name);
  const rest = more ? sort.filter(([n]) => n !== name) : [];
  const first = kind === "number" || kind === "time";
  if (old === undefined) return [...rest, [name, first]];
  return old[1] === first ? [...rest, [name, !first]] : rest;
}

// A cell is a text, null, [the beginning of a long text] or [a text, the raw value].
export function cellText(value) {
  if (!Array.isArray(value)) return [value, null];
  return value.length > 1 ? value : [`${value[0]}…`, null];
}

// The text with what was searched for marked.
export function highlighted(text, words) {
  const lower = text.toLowerCase();
  const parts = [];
  let from = 0;
  while (words.length) {
    const found = words.map((word) => [lower.indexOf(word, from), word.length]);
    const [at, size] = found.filter(([i]) => i >= 0).sort((a, b) => a[0] - b[0])[0] ?? [-1];
    // Lower case can be longer than the text; positions would be wrong then.
    if (at < 0 || lower.length !== text.length) break;
    parts.push(text.slice(from, at), [text.slice(at, at + size)]);
    from = at + size;
  }
  return [...parts, text.slice(from)];
}

const marked = (text, words) =>
  highlighted(text, words).map((part) => (Array.isArray(part) ? h("mark", {}, part) : part));

class GridHead {
  constructor(grid) {
    this.grid = grid;
    this.boxes = new Map(); // the filter of each column
    this.node = h("div", { class: "inb-g-head", role: "row" });
    this.filterRow = h("div", { class: "inb-g-filters", role: "row", hidden: true });
  }

  get height() {
    return this.node.offsetHeight + (this.filterRow.hidden ? 0 : this.filterRow.offsetHeight);
  }

  draw() {
    const { columns, template } = this.grid;
    const all = h("input", {
      type: "checkbox",
      "aria-label": "Select all rows shown",
      onchange: (e) => this.grid.selectAll(e.target.checked),
    });
    this.node.style.gridTemplateColumns = template;
    const focused = this.node.contains(document.activeElement) && document.activeElement;
    const label = focused ? focused.getAttribute("aria-label") : null;
    this.node.replaceChildren(
      h("div", { role: "columnheader", class: "inb-g-tick" }, all),
      ...columns.map((column) => this.columnHead(column)),
    );
    if (label) this.node.querySelector(`[aria-label="${CSS.escape(label)}"]`)?.focus();
    this.grid.node.classList.toggle("inb-profiled", this.grid.profiles.size > 0);
    if (!this.filterRow.hidden) this.drawFilters();
  }

  columnHead(column) {
    const { sort, profiles, steps, onFilter } = this.grid;
    if (column.pseudo) {
      const props = { role: "columnheader", class: "inb-g-th inb-g-pseudo" };
      return h("div", props, column.label);
    }
    const profile = profiles.get(column.name);
    const at = sort.findIndex(([name]) => name === column.name);
    const down = at >= 0 && sort[at][1];
    const mark = at < 0 ? "" : `${down ? "▼" : "▲"}${sort.length > 1 ? at + 1 : ""}`;
    const order = at < 0 ? "none" : down ? "descending" : "ascending";
    const title = `${column.name} (${column.dtype}): click to sort, Shift-click to add a sort key`;
    const onclick = (e) => this.sortBy(column, e.shiftKey);
    return h(
      "div",
      { role: "columnheader", "aria-sort": order, class: `inb-g-th inb-k-${column.kind}` },
      h(
        "button",
        { type: "button", "aria-label": column.name, title, onclick },
        headName(column),
        h("span", { class: "inb-g-mark", "aria-hidden": "true" }, mark),
      ),
      profile && miniature(profile, steps, onFilter),
      h("span", { class: "inb-g-grip", onpointerdown: (e) => this.resize(e, column) }),
    );
  }

  // The boxes stay while the columns do: drawn anew, the one in use would lose the focus and what
  // was typed since the rows were asked for.
  drawFilters() {
    const { columns, template, steps } = this.grid;
    this.filterRow.style.gridTemplateColumns = template;
    if (this.filtered !== columns) this.replaceFilters(columns);
    for (const [name, box] of this.boxes) {
      if (box !== document.activeElement) box.value = typedText(steps, name);
    }
  }

  replaceFilters(columns) {
    this.filtered = columns;
    const named = columns.filter((column) => !column.pseudo);
    this.boxes = new Map(named.map((column) => [column.name, this.filterBox(column)]));
    const cells = columns.map(({ name }) => h("div", { role: "gridcell" }, this.boxes.get(name)));
    this.filterRow.replaceChildren(h("div", { role: "gridcell" }), ...cells);
  }

  filterBox(column) {
    const type = whenIdle(TYPING, (text) => this.grid.onType(column.name, text));
    return h("input", {
      type: "text",
      "aria-label": `Filter ${column.name}`,
      placeholder: filterExample(column),
      title: "Text to find, or >5, >1h, <=2026-10-01, =open, !=open, empty, not empty",
      autocomplete: "off",
      oninput: (e) => type(e.target.value),
    });
  }

  sortBy(column, more) {
    this.grid.sort = nextSort(this.grid.sort, column, more);
    this.draw();
    this.grid.onArrange();
  }

  resize(event, column) {
    event.preventDefault();
    const [from, old] = [event.clientX, column.width];
    const move = (e) => {
      column.width = Math.max(48, old + e.clientX - from);
      this.draw();
      this.grid.paint(true);
    };
    followPointer(move);
  }
}

export class Grid {
  constructor(handlers) {
    // ask, onArrange, onActive, onSelect, onFilter, onType
    Object.assign(this, handlers);
    this.columns = [];
    this.total = 0;
    this.epoch = 0;
    this.chunks = new Map();
    this.sort = [];
    this.steps = [];
    this.words = [];
    this.profiles = new Map();
    this.active = { row: 0, col: 0 };
    this.awaited = []; // what was done to rows that are still to come
    this.isArranging = false;
    this.drawn = null;
    this.frame = 0;
    this.id = freshId("grid");
    this.head = new GridHead(this);
    this.space = h("div", { class: "inb-g-space", role: "presentation" });
    const props = { class: "inb-grid", role: "grid", tabindex: "0", "aria-label": "Result" };
    const parts = [this.head.node, this.head.filterRow, this.space];
    this.node = h("div", { ...props, "aria-multiselectable": "true" }, parts);
    this.listen();
  }

  listen() {
    this.node.addEventListener("scroll", () => {
      cancelAnimationFrame(this.frame);
      this.frame = requestAnimationFrame(() => this.paint(this.scale > 1));
    });
    new ResizeObserver(() => {
      this.fit();
      this.paint(true);
    }).observe(this.node);
    this.node.addEventListener("keydown", (event) => this.press(event));
  }

  get template() {
    return `${TICK}px ${this.columns.map((c) => `${c.width}px`).join(" ")}`;
  }

  get isNarrow() {
    return this.node.clientWidth > 0 && this.node.clientWidth < NARROW;
  }

  get rowHeight() {
    return this.isNarrow ? CARD : ROW;
  }

  get scale() {
    return Math.max(1, (this.total * this.rowHeight) / TALLEST);
  }

  get visibleRows() {
    return Math.max(1, Math.floor((this.node.clientHeight - this.head.height) / this.rowHeight));
  }

  rowAt(index) {
    return this.chunks.get(Math.floor(index / CHUNK))?.[index % CHUNK];
  }

  pull(chunk) {
    if (this.chunks.has(chunk)) return;
    this.chunks.set(chunk, []);
    const { epoch } = this;
    this.ask("rows", { start: chunk * CHUNK, stop: (chunk + 1) * CHUNK }).then((reply) => {
      if (epoch !== this.epoch) return;
      this.chunks.set(chunk, reply.rows);
      this.paint(true);
      const awaited = this.awaited;
      this.awaited = [];
      for (const [index, act] of awaited) this.whenHere(index, act);
    });
  }

  whenHere(index, act) {
    const row = this.rowAt(index);
    if (row) act(row);
    else this.awaited.push([index, act]);
  }

  drawCell(column, value, index, col) {
    const [text, title] = cellText(value);
    const on = index === this.active.row && col === this.active.col;
    const more = `${on ? " inb-on" : ""}${text === null ? " inb-none" : ""}`;
    const props = {
      role: "gridcell",
      id: on ? `${this.id}-active` : null,
      "aria-colindex": col + 2,
      title,
      class: `inb-g-td inb-k-${column.kind}${more}`,
    };
    const content = text === null ? "–" : marked(text, this.words);
    if (!this.isNarrow) return h("div", props, content);
    return h("div", props, h("b", {}, column.label), h("span", {}, content));
  }

  drawRow(index, top) {
    const row = this.rowAt(index);
    const selected = row ? String(Boolean(row.on)) : null;
    const node = h("div", {
      role: "row",
      "aria-rowindex": index + 2,
      "aria-selected": selected,
      class: row?.on ? "inb-g-row inb-ticked" : "inb-g-row",
      onclick: (event) => this.click(event, index),
    });
    node.style.transform = `translateY(${top}px)`;
    if (!this.isNarrow) node.style.gridTemplateColumns = this.template;
    if (!row) {
      const blank = (text) => h("div", { role: "gridcell", class: "inb-g-td inb-dim" }, text);
      node.append(blank(""), blank("…"));
      return node;
    }
    const tick = h("input", {
      type: "checkbox",
      checked: row.on,
      tabindex: "-1",
      "aria-label": `Select row ${index + 1}`,
      onchange: (e) => this.select(index, e.target.checked),
    });
    const columns = this.isNarrow ? this.columns.slice(0, CARD_FIELDS) : this.columns;
    const cells = columns.map((c, col) => this.drawCell(c, row.cells[col], index, col));
    const open = button("›", () => this.openRow(index), {
      tabindex: "-1",
      class: "inb-open",
      "aria-label": `Open row ${index + 1}`,
      title: "Open record (Enter)",
    });
    node.append(h("div", { role: "gridcell", class: "inb-g-tick" }, tick, open), ...cells);
    return node;
  }

  paint(force = false) {
    const { rowHeight } = this;
    const { scrollTop } = this.node;
    const offset = scrollTop * this.scale;
    const first = Math.max(0, Math.floor(offset / rowHeight) - AHEAD);
    const last = Math.min(this.total, Math.ceil(offset / rowHeight) + this.visibleRows + AHEAD);
    const key = `${first}:${last}`;
    if (!force && key === this.drawn) return;
    this.drawn = key;
    for (let chunk = Math.floor(first / CHUNK); chunk * CHUNK < last; chunk++) this.pull(chunk);
    const rows = [];
    for (let i = first; i < last; i++) {
      rows.push(this.drawRow(i, i * rowHeight - offset + scrollTop));
    }
    this.space.replaceChildren(...rows);
    this.markBusy();
    const { row } = this.active;
    if (row >= first && row < last && this.rowAt(row)) {
      this.node.setAttribute("aria-activedescendant", `${this.id}-active`);
    } else this.node.removeAttribute("aria-activedescendant");
  }

  setArranging(on) {
    this.isArranging = on;
    this.markBusy();
  }

  // Until the rows shown are those of the order and the filters chosen.
  markBusy() {
    const isWhole = !this.space.querySelector(".inb-g-row:not([aria-selected])");
    this.node.setAttribute("aria-busy", this.isArranging || !isWhole);
  }

  activate(row, col, open = false) {
    if (!this.total) return;
    const within = (n, most) => Math.min(Math.max(n, 0), most - 1);
    this.active = { row: within(row, this.total), col: within(col, this.columns.length) };
    this.scrollToActive();
    this.paint(true);
    const { active } = this;
    const column = this.columns[active.col]?.name;
    if (column === undefined) return;
    this.whenHere(active.row, ({ at, cells }) => {
      if (active !== this.active) return;
      this.onActive({ at, column, value: cells[active.col], index: active.row, open });
    });
  }

  openRow(index) {
    this.node.focus({ preventScroll: true });
    this.activate(index, this.active.col, true);
  }

  scrollToActive() {
    const { node, columns, active } = this;
    const { rowHeight } = this;
    const top = (active.row * rowHeight) / this.scale;
    const room = node.clientHeight - this.head.height;
    if (top < node.scrollTop) node.scrollTop = top;
    else if (top + rowHeight > node.scrollTop + room) node.scrollTop = top + rowHeight - room;
    if (this.isNarrow) return;
    const left = columns.slice(0, active.col).reduce((sum, c) => sum + c.width, TICK);
    const right = left + (columns[active.col]?.width ?? 0);
    if (left < node.scrollLeft + TICK) node.scrollLeft = left - TICK;
    else if (right > node.scrollLeft + node.clientWidth) node.scrollLeft = right - node.clientWidth;
  }

  select(index, on) {
    const row = this.rowAt(index);
    if (!row) return;
    row.on = on;
    this.onSelect(row.at, on);
    this.paint(true);
  }

  selectAll(on) {
    this.onSelect(null, on).then(() => this.refresh());
  }

  // Draws the rows again: names arrived, or raw values are wanted.
  refresh() {
    this.forget();
    this.paint(true);
  }

  forget() {
    this.chunks = new Map();
    this.epoch += 1;
  }

  // Each row listens itself: one that is drawn anew during a click is no longer in the table.
  click(event, index) {
    const cell = event.target.closest(".inb-g-td");
    if (!cell) return;
    this.node.focus({ preventScroll: true });
    // The first click draws the rows anew, so the browser reports no double click on one.
    const isDouble = index === this.clicked?.index && event.timeStamp - this.clicked.at < DOUBLE;
    this.clicked = { index, at: event.timeStamp };
    this.activate(
      index,
      [...cell.parentNode.children].indexOf(cell) - 1,
      isDouble || this.isNarrow,
    );
  }

  press(event) {
    if (event.key === "ArrowDown" && event.target.closest(".inb-g-th")) this.node.focus();
    if (event.target !== this.node) return;
    const { row, col } = this.active;
    const page = this.visibleRows - 1;
    const [all, width] = [this.total, this.columns.length];
    const moves = {
      ArrowDown: [1, 0],
      ArrowUp: [-1, 0],
      ArrowRight: [0, 1],
      ArrowLeft: [0, -1],
      PageDown: [page, 0],
      PageUp: [-page, 0],
      Home: event.ctrlKey ? [-all, 0] : [0, -width],
      End: event.ctrlKey ? [all, 0] : [0, width],
    };
    const move = moves[event.key];
    if (event.key === "Enter" && !event.shiftKey) this.activate(row, col, true);
    else if (event.key === " ") this.whenHere(row, ({ on }) => this.select(row, !on));
    else if (move) this.activate(row + move[0], col + move[1]);
    else return;
    event.preventDefault();
  }

  // Drops the rows pulled so far: another result, another order, other columns.
  reset(state) {
    if (state.columns) this.columns = state.columns;
    if (state.sort) this.sort = state.sort;
    if (state.steps) this.steps = state.steps;
    if (state.words) this.words = state.words;
    this.total = state.total ?? this.total;
    this.forget();
    this.awaited = [];
    this.isArranging = false;
    this.active = { row: 0, col: Math.min(this.active.col, Math.max(this.columns.length - 1, 0)) };
    this.node.setAttribute("aria-rowcount", this.total + 1);
    this.node.setAttribute("aria-colcount", this.columns.length + 1);
    if (state.sort || state.columns) this.node.scrollTop = 0;
    this.head.draw();
    this.fit();
    this.paint(true);
  }

  // Sizes of the scrolled area: as wide as its columns, or one column of cards.
  fit() {
    const { isNarrow, rowHeight, total } = this;
    const width = this.columns.reduce((sum, c) => sum + c.width, TICK);
    this.node.classList.toggle("inb-cards", isNarrow);
    for (const node of [this.head.node, this.head.filterRow, this.space]) {
      node.style.width = isNarrow ? "100%" : `${width}px`;
    }
    this.space.style.height = `${Math.min(total * rowHeight, TALLEST)}px`;
    this.node.style.setProperty("--inb-rows", Math.min(Math.max(total, 1), 12));
  }

  setProfiles(profiles) {
    this.profiles = new Map(profiles.map((profile) => [profile.column, profile]));
    this.head.draw();
    this.paint(true);
  }

  toggleFilters() {
    const on = this.head.filterRow.hidden;
    this.head.filterRow.hidden = !on;
    if (on) this.head.drawFilters();
    this.paint(true);
    return on;
  }
}
