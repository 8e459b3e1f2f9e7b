// Charts of counts: columns for time and numbers, rows for top values.

import { h, s } from "./dom.js";
import { labelStep, niceCeiling, number } from "./format.js";

const SIZE = { width: 900, height: 260, left: 46, bottom: 24, top: 10 };

// A hidden table has the numbers for people who cannot see the bars.
export function drawBars(chart, onPick = null) {
  const most = Math.max(1, ...chart.bars.map(([, n]) => n));
  const rows = chart.bars.map(([label, n]) =>
    h("tr", {}, h("th", {}, label), h("td", {}, String(n))),
  );
  const figure =
    chart.form === "columns" ? columnChart(chart.bars, most) : rowChart(chart.bars, most);
  if (onPick) pickable(figure, chart.bars, onPick);
  return h(
    "div",
    {},
    h("h4", { class: "inb-chart-title" }, chart.title),
    chart.bars.length ? figure : h("p", { class: "inb-dim" }, "No data."),
    h("table", { class: "inb-unseen" }, h("caption", {}, chart.title), rows),
    chart.note && h("p", { class: "inb-dim" }, chart.note),
  );
}

function pickable(figure, bars, onPick) {
  figure.classList.add("inb-pickable");
  figure.addEventListener("click", (event) => {
    const bar = event.target.closest("[data-bar]");
    if (bar) onPick(bars[Number(bar.dataset.bar)]);
  });
}

function rowChart(bars, most) {
  const parts = bars.map(([label, n], i) => {
    const bar = h("div", { class: "inb-bar" });
    bar.style.width = `${(100 * n) / most}%`;
    return [
      h("div", { class: "inb-bar-label", title: label, "data-bar": i }, label),
      h("div", { class: "inb-bar-track", "data-bar": i }, bar),
      h("div", { class: "inb-bar-n" }, number(n)),
    ];
  });
  return h("div", { class: "inb-lying", "aria-hidden": "true" }, parts);
}

function columnChart(bars, most) {
  const { width, height, left, bottom, top } = SIZE;
  const ceiling = niceCeiling(most);
  const y = (n) => top + (height - top - bottom) * (1 - n / ceiling);
  const box = `0 0 ${width} ${height}`;
  const svg = s("svg", { viewBox: box, class: "inb-standing", "aria-hidden": "true" });
  for (const part of [0, 0.25, 0.5, 0.75, 1]) {
    const value = ceiling * part;
    if (!Number.isInteger(value)) continue;
    const [at, text] = [y(value), number(value)];
    svg.append(s("line", { x1: left, x2: width, y1: at, y2: at, class: "inb-line" }));
    svg.append(s("text", { x: left - 8, y: at + 4, "text-anchor": "end" }, text));
  }
  const longest = Math.max(0, ...bars.map(([label]) => label.length));
  const every = labelStep(bars.length, longest, width - left);
  const step = (width - left) / bars.length;
  bars.forEach(([label, n], i) => {
    const x = left + i * step + step * 0.1;
    const place = { x, width: step * 0.8, y: y(n), height: y(0) - y(n), rx: 1 };
    const bar = s("rect", { ...place, class: "inb-rect", "data-bar": i });
    bar.append(s("title", {}, `${label}: ${number(n)}`));
    svg.append(bar);
    if (i % every === 0) svg.append(columnLabel(label, left + (i + 0.5) * step));
  });
  return svg;
}

// Labels at the edges are anchored so that they are not clipped.
function columnLabel(label, x) {
  const half = (label.length * 6.5) / 2;
  const anchor = x + half > SIZE.width ? "end" : "middle";
  const at = anchor === "end" ? SIZE.width : x;
  return s("text", { x: at, y: SIZE.height - 6, "text-anchor": anchor }, label);
}
