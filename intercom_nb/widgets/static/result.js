// The result: the table and the other tabs.

import { banner, button, dim, h, option, Tabs, whenIdle } from "./dom.js";
import { addSteps, conditionsOf, FacetList, Trail, toggleStep, typeStep } from "./filters.js";
import { counted, hasWords, number } from "./format.js";
import { cellText, Grid } from "./grid.js";
import { RecordTab } from "./record.js";
import { savePart } from "./save.js";
import { SummarizeTab } from "./summarize.js";
import { codeTab, historyTab, jsonTab, schemaTab, searchBox } from "./tabs.js";

const TABS = ["Table", "Summarize", "Record", "Schema", "Code", "JSON"];
const KEPT_TABS = ["Summarize", "Schema", "Code", "JSON"];
const MATCH = { name: "", label: "Match", kind: "text", width: 300, pseudo: true };
const FACETS_OPEN = 640; // px of width from which the facets are unfolded
const SEARCH_TYPING = 150; // ms without a key before the search runs

export class ResultPart {
  constructor(wire, { onResult = () => {}, onLoadAll = null, hasHistory = false, name }) {
    Object.assign(this, { wire, onResult, onLoadAll, name, hasHistory });
    this.result = null;
    this.record = { at: null, index: null };
    this.steps = [];
    this.runs = [];
    this.arranging = 0;
    const ask = (what, more = {}) => wire.ask("ask", { what, result: this.result.id, ...more });
    this.ask = ask;
    this.grid = new Grid({
      ask,
      onArrange: () => this.arrange(),
      onSelect: (at, on) => this.select(at, on),
      onActive: (cell) => this.activate(cell),
      onFilter: (step, isList) => this.filter(toggleStep(this.steps, step, isList)),
      onType: (column, text) => this.filter(typeStep(this.steps, column, text)),
    });
    this.trail = new Trail(
      (steps) => this.filter(steps),
      () => this.tabs.buttons[this.tabs.current].focus(),
    );
    this.facets = new FacetList((step, isList) =>
      this.filter(toggleStep(this.steps, step, isList)),
    );
    const names = hasHistory ? [...TABS, "History"] : TABS;
    this.tabs = new Tabs("View of the result", names, (tab) => this.drawTab(tab));
    const { panels } = this.tabs;
    this.recordTab = new RecordTab(panels.Record, wire, ask, (by) => this.step(by));
    this.summaryTab = new SummarizeTab(panels.Summarize, ask, (steps) => this.drill(steps));
    this.buildTable();
    this.buildFrame();
    this.listen();
  }

  listen() {
    const { wire } = this;
    wire.on("result", (next) => this.show(next));
    wire.on("display", ({ zone }) => this.setZone(zone));
    wire.on("history", ({ runs }) => {
      this.runs = runs;
      if (this.tabs.current === "History") this.drawTab("History");
    });
  }

  buildTable() {
    const label = "Search all rows";
    this.search = h("input", { type: "search", placeholder: label, "aria-label": label });
    this.search.addEventListener(
      "input",
      whenIdle(SEARCH_TYPING, () => this.arrange()),
    );
    const filters = button("Filters", () => {
      filters.setAttribute("aria-pressed", this.grid.toggleFilters());
    });
    filters.setAttribute("aria-pressed", "false");
    this.columnPlace = h("div", { class: "inb-columns", hidden: true });
    this.savePlace = h("div", { class: "inb-columns", hidden: true });
    this.columnButton = folding("Columns", this.columnPlace, () => this.drawColumns());
    const save = folding("Export", this.savePlace, () => {
      this.savePlace.replaceChildren(savePart(this.wire));
      this.savePlace.querySelector("button").focus();
    });
    this.shown = h("span", { class: "inb-dim", role: "status" });
    this.ticked = dim();
    this.tableError = h("div", { class: "inb-field-error", role: "alert" });
    this.cellBox = h("output", { class: "inb-cell", "aria-label": "Full text of the cell" });
    this.raw = h("input", { type: "checkbox", onchange: () => this.showRaw() });
    const raw = h("label", { class: "inb-check" }, this.raw, "Raw values");
    this.zone = dim();
    const { search, columnButton, shown, ticked, zone } = this;
    this.order = h("select", { class: "inb-order", "aria-label": "Sort by" });
    this.order.addEventListener("change", () => {
      this.grid.sort = this.order.value ? [JSON.parse(this.order.value)] : [];
      this.arrange();
    });
    const { order } = this;
    const bar = [search, filters, columnButton, save, order, raw, shown, ticked, zone];
    this.tabs.panels.Table.append(
      h("div", { class: "inb-bar-row" }, bar),
      this.savePlace,
      this.tableError,
      this.columnPlace,
      h("div", { class: "inb-faceted" }, this.facets.node, this.grid.node),
      this.cellBox,
    );
  }

  buildFrame() {
    const hint = [
      "Pick what to look up and press Run. The result is also available in Python as ",
      h("code", {}, `${this.name}.df`),
      ".",
    ];
    const title = h("strong", {}, "No results yet");
    this.empty = h("div", { class: "inb-empty" }, title, h("div", {}, hint));
    // A question and a frame have a title; that of a query is the line to which it is folded.
    this.title = h("h3", {});
    this.finding = h("p", { class: "inb-finding" });
    this.notes = h("div", { class: "inb-notes" });
    this.head = h("div", { class: "inb-result-head" }, this.title, this.notes);
    this.answer = h(
      "section",
      { class: "inb-answer", "aria-label": "The result", hidden: true },
      this.head,
      this.finding,
      this.trail.node,
      this.tabs.list,
      Object.values(this.tabs.panels),
    );
    this.nodes = [this.empty, this.answer];
  }

  get columns() {
    return (this.result?.columns ?? []).map((c) => c.name);
  }

  // Below the line of the folded query, which stays in sight.
  scrollIntoView() {
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    this.answer.scrollIntoView({ block: "nearest", behavior });
  }

  dim(on) {
    this.answer.classList.toggle("inb-stale", on);
  }

  show(next) {
    this.wasQuestion = Boolean(this.result?.look.tab);
    this.result = next;
    this.record = { at: null, index: null };
    this.empty.hidden = true;
    this.answer.hidden = false;
    this.dim(false);
    this.title.textContent = next.title;
    this.title.classList.toggle("inb-unseen", this.hasHistory && !next.look.tab);
    this.finding.textContent = next.finding;
    this.finding.hidden = !next.finding;
    this.notes.replaceChildren(...this.noteBanners(next));
    this.onResult(next);
    this.search.value = "";
    this.tableError.textContent = "";
    this.ticked.textContent = "";
    this.columnPlace.hidden = true;
    this.columnButton.setAttribute("aria-expanded", "false");
    const hint = "Click a cell to see its full text; press Enter to open the record.";
    this.cellBox.replaceChildren(dim(hint));
    this.steps = [];
    this.trail.draw([], []);
    this.facets.show([], false);
    this.grid.profiles = new Map();
    const columns = this.visibleColumns();
    this.grid.reset({ columns, total: next.shown, sort: [], steps: [], words: [] });
    this.showCount(next.shown);
    this.drawOrders();
    if (next.look.tab) this.showLook(next.look);
    else this.showFirstTab(next);
    this.describeColumns(next);
  }

  // What a question shows besides its rows: the tab, the summary, the filters, the order.
  async showLook({ tab, steps = [], sort = [], search = "", ...summary }) {
    this.steps = steps;
    this.search.value = search;
    this.grid.sort = sort;
    if (summary.measure) this.summaryTab.choose(summary);
    this.tabs.show("Table");
    await this.arrange();
    this.tabs.show(tab);
  }

  get look() {
    const { current: tab } = this.tabs;
    const summary = tab === "Summarize" ? this.summaryTab.query : {};
    const { steps, search } = this;
    return { tab, steps, sort: this.grid.sort, search: search.value, ...summary };
  }

  // Profiles and facets come after the rows, which do not wait for them.
  async describeColumns(next) {
    if (!next.rows) {
      this.facets.show([], false);
      return;
    }
    const { profiles } = await this.ask("profiles", { columns: next.visible });
    if (next !== this.result) return;
    this.grid.setProfiles(profiles);
    const { facets } = await this.ask("facets");
    if (next !== this.result) return;
    this.facets.show(facets, this.answer.clientWidth > FACETS_OPEN);
    this.facets.mark(this.steps);
  }

  async countFacets() {
    const mine = this.arranging;
    const { facets } = await this.ask("facets");
    if (mine === this.arranging) this.facets.count(facets);
  }

  drawOrders() {
    const choices = this.visibleColumns().flatMap(({ name, label }) => [
      option(JSON.stringify([name, true]), `${label} ▼`),
      option(JSON.stringify([name, false]), `${label} ▲`),
    ]);
    this.order.replaceChildren(option("", "Default order"), ...choices);
  }

  noteBanners(next) {
    const notes = next.notes.map((note) => banner("note", "", note));
    if (!next.rows) notes.push(banner("note", "", "No matches. Remove a filter and run it again."));
    if (next.truncated && this.onLoadAll) {
      const all = button("Load all", () => this.onLoadAll(), { class: "inb-link" });
      notes.at(-1).lastChild.append(" ", all);
    }
    return notes;
  }

  showFirstTab(next) {
    const single = next.rows === 1 && next.action === "get";
    if (single) this.record = { at: 0, index: 0 };
    const { current } = this.tabs;
    const isKept = KEPT_TABS.includes(current) && !this.wasQuestion; // its tab was not chosen
    this.tabs.show(isKept ? current : single ? "Record" : "Table");
  }

  async showRaw() {
    await this.ask("display", { raw: this.raw.checked });
    this.zone.hidden = this.raw.checked;
    this.grid.refresh();
  }

  setZone(zone) {
    this.zoneName = zone;
    this.zone.textContent = `Times: ${zone}`;
    if (!this.result) return;
    this.grid.refresh();
    this.describeColumns(this.result);
  }

  async arrange() {
    const mine = ++this.arranging;
    this.grid.setArranging(true);
    const { sort } = this.grid;
    const { steps, search } = this;
    const conditions = conditionsOf(steps);
    const arrangement = { result: this.result.id, search: search.value, sort, conditions };
    const reply = await this.wire.ask("arrange", arrangement);
    if (mine !== this.arranging) return;
    this.tableError.textContent = reply.error ?? "";
    if (reply.error) {
      this.grid.setArranging(false);
      return;
    }
    this.trail.draw(steps, reply.trail);
    this.facets.mark(steps);
    const { words } = reply;
    const hadMatches = this.grid.columns.some((column) => column.pseudo);
    const columns = hadMatches === words.length > 0 ? undefined : this.visibleColumns(words);
    this.grid.reset({ total: reply.shown, sort, steps, words, columns });
    this.showCount(reply.shown);
    this.record.index = null;
    this.countFacets();
    if (this.tabs.current !== "Table") this.drawTab(this.tabs.current);
  }

  filter(steps) {
    this.steps = steps;
    return this.arrange();
  }

  showCount(n) {
    const all = counted(this.result.rows, "row");
    this.shown.textContent = n === this.result.rows ? all : `${number(n)} of ${all}`;
  }

  async select(at, on) {
    const { selected } = await this.ask("select", { at, on });
    const text = `${counted(selected, "row")} selected (${this.name}.selected)`;
    this.ticked.textContent = selected ? text : "";
  }

  async activate(cell) {
    this.record = { at: cell.at, index: cell.index };
    const put = (text) => {
      const name = h("span", { class: "inb-cell-name" }, cell.column);
      const open = button("Open record", () => this.tabs.show("Record", true), {
        class: "inb-link",
      });
      this.cellBox.replaceChildren(open, name, h("span", {}, text ?? "blank"));
    };
    const isCut = Array.isArray(cell.value) && cell.value.length === 1;
    const [text, raw] = isCut ? cell.value : cellText(cell.value);
    put(raw ? `${text} (${raw})` : text);
    if (cell.open) this.tabs.show("Record", true);
    else if (this.tabs.current === "Record") this.drawTab("Record"); // the row came after its tab
    if (isCut) put((await this.ask("cell", { at: cell.at, column: cell.column })).text);
  }

  // Opens the record of the row above or below, in the table's order.
  async step(by) {
    const index = (this.record.index ?? -1) + by;
    if (index < 0 || index >= this.grid.total) return;
    const { rows } = await this.ask("rows", { start: index, stop: index + 1 });
    if (!rows.length) return;
    this.record = { at: rows[0].at, index };
    this.drawTab("Record");
  }

  drawColumns() {
    const { result } = this;
    const chosen = new Set(result.visible);
    const box = searchBox("Find a column");
    const toggle = (name, on) => {
      if (on) chosen.add(name);
      else chosen.delete(name);
      const kept = result.visible.filter((n) => chosen.has(n));
      this.setColumns([...kept, ...[...chosen].filter((n) => !result.visible.includes(n))]);
    };
    const checks = result.columns.map(({ name, filled }) => {
      const onchange = (e) => toggle(name, e.target.checked);
      const tick = h("input", { type: "checkbox", checked: chosen.has(name), onchange });
      return h("label", { class: filled ? "inb-check" : "inb-check inb-dim" }, tick, name);
    });
    box.addEventListener("input", () => {
      for (const label of checks) label.hidden = !hasWords(label.textContent, box.value);
    });
    const group = { class: "inb-checks", role: "group", "aria-label": "Columns shown" };
    this.columnPlace.replaceChildren(box, h("div", group, checks));
    box.focus();
  }

  async setColumns(names) {
    this.result.visible = names;
    await this.ask("columns", { visible: names });
    this.grid.reset({ columns: this.visibleColumns(this.grid.words) });
    this.drawOrders();
    const { profiles } = await this.ask("profiles", { columns: names });
    this.grid.setProfiles(profiles);
  }

  // A search adds a column in front: the text around its match.
  visibleColumns(words = []) {
    const { visible, columns } = this.result;
    const chosen = visible.map((name) => columns.find((c) => c.name === name));
    return words.length ? [MATCH, ...chosen] : chosen;
  }

  drawTab(name) {
    const { panels } = this.tabs;
    const { result, ask } = this;
    if (name === "History") historyTab(panels.History, this.wire, this.runs, result?.id ?? null);
    if (!result) return;
    const draw = {
      Summarize: () => this.summaryTab.draw(result),
      Record: () => this.recordTab.draw(result, this.record, this.grid.total),
      Schema: () => schemaTab(panels.Schema, ask),
      Code: () => codeTab(panels.Code, ask, result, this.name),
      JSON: () => jsonTab(panels.JSON, ask),
    };
    draw[name]?.();
  }

  // Shows the rows of a part of the chart in the table.
  drill(steps) {
    this.tabs.show("Table", true);
    this.filter(addSteps(this.steps, steps));
  }
}

// A button that opens and closes a place below; `draw` fills it when it opens.
function folding(label, place, draw) {
  const toggle = button(label, () => {
    place.hidden = !place.hidden;
    toggle.setAttribute("aria-expanded", !place.hidden);
    if (!place.hidden) draw();
  });
  toggle.setAttribute("aria-expanded", "false");
  return toggle;
}
