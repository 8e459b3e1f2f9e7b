// A tree of entities in groups: one Tab stop, arrow keys, letters that find a name.

import { freshId, h } from "./dom.js";
import { counted, hasWords, number } from "./format.js";

const OPEN_FIRST = ["People", "Conversations"];
const TYPED_TOGETHER = 700; // ms between two letters of one name

// The rows that are shown: each group, and the entities of those that are open. A search shows
// the groups that have a match, and opens them.
export function treeRows(entities, open, wanted) {
  const groups = [...new Set(entities.map((e) => e.group))];
  return groups.flatMap((group) => {
    const inside = entities.filter(
      (e) => e.group === group && hasWords(`${e.label} ${group}`, wanted),
    );
    if (!inside.length) return [];
    const isOpen = wanted !== "" || open.has(group);
    const row = { id: group, label: group, level: 1, isOpen, size: inside.length };
    return [row, ...(isOpen ? inside.map((e) => ({ ...e, id: e.name, level: 2 })) : [])];
  });
}

// The row that a key moves to; the row itself if there is none.
export function rowAfter(rows, at, key) {
  const last = rows.length - 1;
  const first = rows.slice(0, at + 1).findLastIndex((row) => row.level === 1);
  const moves = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last };
  if (rows[at].level === 2) moves.ArrowLeft = first;
  else if (rows[at].isOpen) moves.ArrowRight = at + 1;
  return Math.min(Math.max(moves[key] ?? at, 0), last);
}

// The next row that starts with what was typed, from the current one on and around.
export function rowStarting(rows, at, typed) {
  const from = typed.length > 1 ? at : at + 1;
  const order = rows.map((_, i) => (from + i) % rows.length);
  return order.find((i) => rows[i].label.toLowerCase().startsWith(typed)) ?? at;
}

export class EntityTree {
  constructor(onPick) {
    this.onPick = onPick;
    this.entities = [];
    this.picked = null;
    this.counts = new Map();
    this.hints = {};
    this.open = new Set(OPEN_FIRST);
    this.current = null; // the row that Tab reaches
    this.typed = "";
    this.timer = 0;
    const label = "Find an entity";
    this.find = h("input", { type: "search", placeholder: label, "aria-label": label });
    this.find.addEventListener("input", () => this.draw());
    this.find.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown") this.enter(event);
    });
    this.list = h("ul", { class: "inb-tree", role: "tree", "aria-label": "Entities" });
    this.list.addEventListener("keydown", (event) => this.press(event));
    this.hint = h("p", { class: "inb-dim inb-hint" });
  }

  get rows() {
    return treeRows(this.entities, this.open, this.find.value.trim());
  }

  mark(name) {
    this.picked = name;
    this.current = name;
    this.open.add(this.entities.find((e) => e.name === name)?.group);
    this.draw();
    this.reveal(name);
  }

  // Scrolls the list alone; the page stays where it is.
  reveal(name) {
    const item = this.item(name)?.getBoundingClientRect();
    const { top, bottom } = this.list.getBoundingClientRect();
    if (item && (item.top < top || item.bottom > bottom)) {
      this.list.scrollTop += item.top - (top + bottom) / 2;
    }
  }

  draw() {
    const hadFocus = this.list.contains(document.activeElement);
    const { rows } = this;
    if (!rows.some((row) => row.id === this.current)) this.current = rows[0]?.id ?? null;
    const groups = rows.filter((row) => row.level === 1);
    this.list.replaceChildren(...groups.map((group) => this.groupItem(group, rows)));
    this.drawCounts();
    if (hadFocus) this.item(this.current)?.focus();
  }

  groupItem(group, rows) {
    const inside = rows.filter((row) => row.group === group.id);
    const name = freshId("group");
    const props = { ...this.itemProps(group), "aria-expanded": String(group.isOpen) };
    const size = h("span", { class: "inb-dim" }, number(group.size));
    const head = h("span", { class: "inb-tree-row", id: name }, h("span", {}, group.label), size);
    const list = h(
      "ul",
      { role: "group" },
      inside.map((entity) => this.entityItem(entity)),
    );
    return h("li", { ...props, "aria-labelledby": name }, head, group.isOpen && list);
  }

  entityItem(entity) {
    const isPicked = entity.name === this.picked;
    const count = h("span", { class: "inb-count", "aria-hidden": "true" });
    const row = h("span", { class: "inb-tree-row" }, h("span", {}, entity.label), count);
    const props = { "aria-selected": String(isPicked), "aria-label": entity.label };
    return h("li", { ...this.itemProps(entity), ...props }, row);
  }

  // Each item listens itself: one that is drawn anew during a click is no longer in the list.
  itemProps({ id, level }) {
    const tabindex = id === this.current ? "0" : "-1";
    const onclick = ({ target, currentTarget }) => {
      if (target.closest("[role=treeitem]") === currentTarget) this.activate(id);
    };
    return { role: "treeitem", "aria-level": level, "data-row": id, tabindex, onclick };
  }

  item(id) {
    return this.list.querySelector(`[data-row="${CSS.escape(id)}"]`);
  }

  drawCounts() {
    for (const { name, description } of this.entities) {
      const item = this.item(name);
      if (!item) continue;
      const known = this.counts.has(name);
      const count = this.counts.get(name);
      item.querySelector(".inb-count").textContent = known ? number(count) : "";
      const more = known ? `${counted(count, "record")}.` : this.hints[name];
      item.title = [description, more].filter(Boolean).join(" ");
    }
  }

  learn({ counts, hints }) {
    for (const [name, n] of Object.entries(counts)) this.counts.set(name, n);
    this.hints = hints;
    this.hint.textContent = [hints["*"], hints.attributes].filter(Boolean).join(" ");
    this.drawCounts();
  }

  activate(id) {
    this.current = id;
    if (this.entities.some((e) => e.name === id)) this.onPick(id);
    else this.toggle(id);
  }

  toggle(group) {
    if (!this.open.delete(group)) this.open.add(group);
    this.draw();
    this.item(group)?.focus();
  }

  enter(event) {
    event.preventDefault();
    if (this.current) this.item(this.current)?.focus();
  }

  move(id) {
    const before = this.item(this.current);
    if (before) before.tabIndex = -1;
    this.current = id;
    const item = this.item(id);
    item.tabIndex = 0;
    item.focus();
  }

  press(event) {
    const { key } = event;
    const { rows } = this;
    const at = rows.findIndex((row) => row.id === this.current);
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const row = rows[at];
    if (key === "Enter" || (key === " " && !this.typed)) this.activate(row.id);
    else if (row.level === 1 && key === (row.isOpen ? "ArrowLeft" : "ArrowRight")) {
      this.toggle(row.id);
    } else if (/^(Arrow|Home|End)/.test(key)) this.move(rows[rowAfter(rows, at, key)].id);
    else if (key.length === 1) this.type(rows, at, key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  type(rows, at, letter) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.typed = "";
    }, TYPED_TOGETHER);
    this.typed += letter.toLowerCase();
    this.move(rows[rowStarting(rows, at, this.typed)].id);
  }
}
