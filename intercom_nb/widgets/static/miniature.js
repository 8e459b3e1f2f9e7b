// What a column holds, over all rows: a histogram, or its most frequent values. For the mouse; the
// facets, the filters and the Schema tab have the same for the keyboard.

import { h } from "./dom.js";
import { isSelected, rangeStep } from "./filters.js";
import { counted } from "./format.js";

const TOP = 3;

// The filter of one bar, or of the bars that were dragged across.
export function barStep({ column, label, kind }, from, to) {
  const bars = [from, to].map(([text, , pairs]) => ({ column, text, pairs }));
  const name = kind === "number" ? `${label} ` : "";
  if (from === to) return { column, pairs: from[2], title: `${name}${from[0]}` };
  // Numbers have labels such as "10 min to 20 min" and "1 h or more".
  const [low, high] = [from[0].split(" to ")[0], to[0].split(" to ").at(-1)];
  return rangeStep(...bars, `${name}${low} to ${high}`);
}

export function miniature(profile, steps, onFilter) {
  const { bars, kind, missing, distinct } = profile;
  const isOrdered = kind === "time" || kind === "number";
  const most = Math.max(1, ...bars.map(([, n]) => n));
  const shown = isOrdered ? bars : most > 1 ? bars.slice(0, TOP) : [];
  const drawn = shown.map((bar) =>
    slot(bar, most, isOrdered, isSelected(steps, profile.column, bar[2])),
  );
  const node = h("span", { class: "inb-g-slots" }, drawn);
  const pick = (i, j) => {
    const [from, to] = [i, j].sort((a, b) => a - b).map((at) => shown[at]);
    onFilter(barStep(profile, from, to), kind === "list");
  };
  listen(node, drawn, isOrdered, pick);
  const facts = [missing && `${missing} blank`, !isOrdered && `${distinct} distinct`];
  const kinds = `inb-g-mini ${isOrdered ? "inb-g-histogram" : "inb-g-top"}`;
  const text = h("small", {}, facts.filter(Boolean).join(", "));
  return h("span", { class: kinds, "aria-hidden": "true" }, node, text);
}

function slot([label, n], most, isOrdered, isOn) {
  const bar = h("span", { class: "inb-g-bar" });
  bar.style[isOrdered ? "height" : "width"] = `${Math.max(4, (100 * n) / most)}%`;
  const more = isOrdered ? ", drag for a range" : "";
  const title = `${label}: ${counted(n, "row")}. Click to filter${more}.`;
  const props = { class: isOn ? "inb-g-slot inb-picked" : "inb-g-slot", title };
  return h("span", props, bar, !isOrdered && h("i", {}, label));
}

// A click picks one slot; in a histogram, dragging picks a range.
function listen(node, slots, isOrdered, pick) {
  const at = ({ target }) => slots.findIndex((one) => one.contains(target));
  node.addEventListener("click", (event) => {
    const one = at(event);
    if (one >= 0) pick(one, one);
  });
  if (!isOrdered) return;
  node.addEventListener("pointerdown", (event) => {
    const from = at(event);
    if (from < 0) return;
    event.preventDefault();
    const mark = (e) => {
      const to = at(e);
      slots.forEach((one, i) => {
        const within = to >= 0 && i >= Math.min(from, to) && i <= Math.max(from, to);
        one.classList.toggle("inb-dragged", within);
      });
    };
    const stop = (e) => {
      node.removeEventListener("pointerover", mark);
      removeEventListener("pointerup", stop);
      const to = at(e);
      for (const one of slots) one.classList.remove("inb-dragged");
      if (to >= 0 && to !== from) pick(from, to);
    };
    node.addEventListener("pointerover", mark);
    addEventListener("pointerup", stop);
  });
}
