// The Summarize tab: a measure by one or two fields, as a chart, a table and code.

import { drawChart, saveChart } from "./charts.js";
import { banner, button, codeBlock, h, option } from "./dom.js";
import { rangeStep } from "./filters.js";
import { number } from "./format.js";

const NARROWEST = 300;
const WIDEST = 920;
const OF_COLUMN = [
  ["median", "Median of"],
  ["p90", "90th percentile of"],
  ["mean", "Mean of"],
  ["sum", "Sum of"],
];

export class SummarizeTab {
  constructor(panel, ask, onPick) {
    Object.assign(this, { panel, ask, onPick });
    this.result = null;
    this.drawing = 0;
    this.stage = h("div", { class: "inb-stage" });
  }

  async draw(result) {
    if (this.result?.id === result.id) {
      await this.drawStage();
      return;
    }
    this.result = result;
    const { chosen } = this;
    this.chosen = null;
    this.panel.replaceChildren(); // a click on the chart of another result would filter this one
    this.stage.replaceChildren();
    const options = await this.ask("options");
    if (!options.by.length) {
      const text = "Nothing to summarize in this result.";
      this.panel.replaceChildren(h("p", { class: "inb-dim" }, text));
      return;
    }
    this.buildControls(options);
    if (chosen) this.set(chosen);
    await this.drawStage();
  }

  // Chooses the summary that is shown when the result is drawn.
  choose(query) {
    this.chosen = query;
    this.result = null;
  }

  set({ measure, column, by }) {
    select(this.measure, measure);
    select(this.column, column);
    select(this.by, JSON.stringify(by[0] ?? null));
    select(this.by2, JSON.stringify(by[1] ?? null));
  }

  buildControls({ measures, metrics, numbers, by, units }) {
    const onchange = () => this.drawStage();
    const names = (list) => list.map((one) => option(one.name, one.label));
    const ofColumn = numbers.length ? OF_COLUMN.map((pair) => option(...pair)) : [];
    const groups = [names(measures), ofColumn];
    if (metrics.length) groups.push(h("optgroup", { label: "Metrics" }, names(metrics)));
    this.measure = h("select", { "aria-label": "Measure", onchange }, groups);
    const columns = numbers.map(({ column, label }) => option(column, label));
    this.column = h("select", { "aria-label": "Column of the measure", onchange }, columns);
    const choices = by.flatMap((one) => dimensionOptions(one, units));
    this.by = h("select", { "aria-label": "Group by", onchange }, choices);
    const none = option("", "nothing else");
    const again = choices.map((node) => node.cloneNode(true));
    this.by2 = h("select", { "aria-label": "And by", onchange }, none, again);
    this.save = ["png", "svg"].map((kind) =>
      button(kind.toUpperCase(), () => this.download(kind), { title: `Save the chart as ${kind}` }),
    );
    const label = (text, ...nodes) => h("label", {}, text, nodes);
    const bar = [label("Show ", this.measure), this.column, label("by ", this.by)];
    bar.push(label("and ", this.by2), this.save);
    this.panel.replaceChildren(h("div", { class: "inb-bar-row inb-choices" }, bar), this.stage);
  }

  get query() {
    const chosen = [this.by.value, this.by2.value].filter(Boolean).map((text) => JSON.parse(text));
    const isOfColumn = !this.column.hidden;
    const column = isOfColumn ? this.column.value : null;
    return { measure: this.measure.value, column, by: chosen };
  }

  async drawStage() {
    this.column.hidden = !OF_COLUMN.some(([name]) => name === this.measure.value);
    const mine = ++this.drawing;
    this.stage.setAttribute("aria-busy", true);
    const reply = await this.ask("summary", this.query);
    if (mine !== this.drawing) return;
    this.stage.setAttribute("aria-busy", false);
    if (reply.error) {
      this.stage.replaceChildren(banner("error", "", reply.error));
      return;
    }
    this.title = reply.title;
    const wanted = this.panel.clientWidth || WIDEST;
    const width = Math.min(Math.max(wanted, NARROWEST), WIDEST);
    const has = reply.groups.length && (!reply.series.length || reply.cells.length);
    const steps = (groups) => groups.map(stepOf);
    this.svg = drawChart(reply, width, {
      onPick: (groups) => this.onPick(steps(groups)),
      onBrush: (first, last) => this.onPick([rangeStep(first, last, rangeTitle(first, last))]),
    });
    this.stage.replaceChildren(
      has ? scrolled(this.svg) : h("p", { class: "inb-dim" }, "No data."),
      this.table(reply),
      codeBlock("Python for this table", reply.code),
    );
  }

  table({ title, heads, rows, more_rows: more }) {
    const body = rows.map(({ groups, text }) => {
      const open = () => this.onPick(groups.map(stepOf));
      const names = groups.map(({ label, incomplete }, i) => {
        const link = i || button(label, open, { class: "inb-link", title: "Open its rows" });
        return h("td", {}, i ? label : link, incomplete && " (incomplete)");
      });
      return h("tr", {}, names, h("td", { class: "inb-num" }, text));
    });
    const head = heads.map((name, i) =>
      h("th", { scope: "col", class: i === heads.length - 1 ? "inb-num" : null }, name),
    );
    const props = { class: "inb-scroll inb-summary-table", tabindex: "0", role: "region" };
    const parts = [h("caption", { class: "inb-unseen" }, title), h("thead", {}, h("tr", {}, head))];
    const table = h("table", { class: "inb-table" }, parts, h("tbody", {}, body));
    const rest = more > 0 && h("p", { class: "inb-dim" }, `${number(more)} more rows`);
    return h("div", { ...props, "aria-label": "Table of the summary" }, table, rest);
  }

  download(kind) {
    if (this.svg?.isConnected) saveChart(this.svg, this.title, kind);
  }
}

// Chooses what a list offers; anything else leaves it as it is.
function select(list, value) {
  if ([...list.options].some((one) => one.value === value)) list.value = value;
}

// A chart that is wider than the page, such as a heat map of many columns, is scrolled.
function scrolled(svg) {
  const region = { role: "region", tabindex: "0", "aria-label": "Chart" };
  return h("div", { class: "inb-chart-place", ...(svg.style.width ? region : {}) }, svg);
}

const rangeTitle = (first, last) =>
  first === last ? first.title : `${first.title} to ${last.label}`;

const stepOf = ({ column, pairs, title }) => ({ column, pairs, title });

// A time is a group of choices: the step that fits, then each step.
function dimensionOptions({ column, label, time }, units) {
  const choice = (more, text) => option(JSON.stringify({ column, ...more }), text);
  if (!time) return [choice({}, label)];
  const steps = units.map((unit) => choice({ unit }, `${label}, per ${unit}`));
  return [h("optgroup", { label }, choice({ unit: "" }, `${label}, over time`), steps)];
}
