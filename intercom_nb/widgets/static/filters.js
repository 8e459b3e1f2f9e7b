// The filters of a result: one list of steps drives table, summary, code and SQL.

import { button, h, redraw } from "./dom.js";
import { number } from "./format.js";

// A step is {column, pairs: [[operator, value]], title}; typed ones have the operator "text".
export const TYPED = "text";

const same = (a, b) => a.column === b.column && JSON.stringify(a.pairs) === JSON.stringify(b.pairs);
const isChosen = (step) => ["in", "empty", ">="].includes(step.pairs[0][0]);
const isBlank = (step) => step.pairs[0][0] === "empty";
const isTyped = (step) => step.pairs[0][0] === TYPED;

export const hasStep = (steps, step) => steps.some((one) => same(one, step));

// A value or range of a column replaces another one, unless rows have several values; the same
// again removes it.
export function toggleStep(steps, step, isList = false) {
  if (hasStep(steps, step)) return steps.filter((one) => !same(one, step));
  const isEither = (one) => !isList || isBlank(step) || isBlank(one);
  const replaces = (one) =>
    one.column === step.column && isChosen(step) && isChosen(one) && isEither(one);
  return [...steps.filter((one) => !replaces(one)), step];
}

// A chart's groups are added one after the other, each once.
export const addSteps = (steps, more) => [
  ...steps,
  ...more.filter((step) => !hasStep(steps, step)),
];

// From one group of an ordered column to another, the last one included.
export function rangeStep(first, last, title) {
  return { column: first.column, pairs: [first.pairs[0], ...last.pairs.slice(1)], title };
}

// Whether a group of a column lies within what its steps select.
export function isSelected(steps, column, pairs) {
  const [[op, low]] = pairs;
  return steps.some((step) => {
    if (step.column !== column || isTyped(step)) return false;
    if (op !== ">=") return JSON.stringify(step.pairs) === JSON.stringify(pairs);
    const [[from, start], [, end] = []] = step.pairs;
    return from === ">=" && low >= start && (end === undefined || low < end);
  });
}

export function typeStep(steps, column, text) {
  const rest = steps.filter((one) => one.column !== column || !isTyped(one));
  return text.trim() ? [...rest, { column, pairs: [[TYPED, text]], title: null }] : rest;
}

export const typedText = (steps, column) =>
  steps.find((one) => one.column === column && isTyped(one))?.pairs[0][1] ?? "";

export const conditionsOf = (steps) =>
  steps.flatMap(({ column, pairs }) => pairs.map(([op, value]) => [column, op, value]));

// The way back: All > Billing > week of 26 Oct 2026.
export class Trail {
  // `onEmptied` is called when the focus was on the filter that was removed last.
  constructor(onChange, onEmptied = () => {}) {
    Object.assign(this, { onChange, onEmptied });
    this.list = h("ol", { class: "inb-trail" });
    this.node = h("nav", { "aria-label": "Filters", hidden: true }, this.list);
  }

  draw(steps, titles) {
    const hadFocus = this.list.contains(document.activeElement);
    redraw(this.list, () => this.replace(steps, titles));
    this.node.hidden = !steps.length;
    if (hadFocus && !steps.length) this.onEmptied();
  }

  replace(steps, titles) {
    let at = 0;
    const items = steps.map((step, i) => {
      const title = step.title ?? titles[at] ?? "";
      at += step.pairs.length;
      const isLast = i === steps.length - 1;
      const props = { class: "inb-link", "aria-current": isLast ? "step" : null };
      const back = button(title, () => this.onChange(steps.slice(0, i + 1)), props);
      const remove = button("×", () => this.onChange(steps.filter((one) => one !== step)), {
        class: "inb-icon",
        "aria-label": `Remove filter ${title}`,
      });
      return h("li", {}, back, remove);
    });
    const all = button("All", () => this.onChange([]), { class: "inb-link" });
    this.list.replaceChildren(h("li", {}, all), ...items);
  }
}

// The side list of facets: what there is, how many rows have it, and a click to filter.
export class FacetList {
  constructor(onToggle) {
    this.onToggle = onToggle;
    this.values = [];
    this.node = h("aside", { class: "inb-facets", "aria-label": "Facets", hidden: true });
  }

  show(facets, isOpen) {
    this.values = [];
    this.node.hidden = !facets.length;
    const parts = facets.map((facet) => {
      const items = facet.bars.map((bar) => h("li", {}, this.value(facet, bar)));
      return h("details", { open: isOpen }, h("summary", {}, facet.label), h("ul", {}, items));
    });
    this.node.replaceChildren(...parts);
    this.count(facets);
  }

  value(facet, [label, , pairs, title]) {
    const step = { column: facet.column, pairs, title };
    const toggle = () => this.onToggle(step, facet.kind === "list");
    const node = button("", toggle, { "aria-pressed": "false", title: label });
    const count = h("span", { class: "inb-dim" });
    node.replaceChildren(h("span", { class: "inb-facet" }, label), " ", count);
    this.values.push({ node, step, count });
    return node;
  }

  // In place, so that no value moves away under the mouse.
  count(facets) {
    if (!this.values.length) return; // those of a new result are not shown yet
    facets
      .flatMap(({ bars }) => bars)
      .forEach(([, n], i) => {
        const { node, count } = this.values[i];
        count.textContent = number(n);
        node.classList.toggle("inb-none", n === 0);
      });
  }

  mark(steps) {
    for (const { node, step } of this.values) {
      node.setAttribute("aria-pressed", hasStep(steps, step));
    }
  }
}
