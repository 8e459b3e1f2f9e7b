// Charts as SVG: columns, rows, lines, a heat map. All text is made by the kernel.

import { followPointer, s, saveFile } from "./dom.js";
import { labelStep } from "./format.js";

// Distinct on light and on dark, at least 3:1 with both, also for color-blind readers.
const COLORS = ["#1976d2", "#d1601f", "#2a8f55", "#9a55bd", "#94790a", "#607d8b"];
const LABEL = "11.5px"; // fonts as in style.css
const TITLE = "600 14px";
const LINE = 17;
const DRAGGED = 6; // px of movement that make a click a brush
const PLOT = 240;
const PAIR = 38; // height of two bars
const PALE = 0.45; // opacity of an incomplete step of time
const LONGEST_HEAD = 106; // px of a heat map's column head
const SHORTEST_NAMES = 26; // px

// Returns the function that measures texts of a font in px: people's fonts differ by a third.
function meter(font) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${font} ${getComputedStyle(document.querySelector(".inb")).fontFamily}`;
  return (text) => pen.measureText(text).width;
}

const widest = (texts, measure) => Math.max(0, ...texts.map(measure));

export function clip(text, most, measure) {
  let end = text.length;
  if (measure(text) <= most) return text;
  while (end > 1 && measure(`${text.slice(0, end)}…`) > most) end -= 1;
  return `${text.slice(0, end)}…`;
}

const text = (x, y, content, props = {}) => s("text", { x, y, ...props }, content);

const hint = (node, label) => {
  node.append(s("title", {}, label));
  return node;
};

// Wraps words into lines of at most `most` characters, or of what `measure` measures.
export function wrapped(words, most, measure = (text) => text.length) {
  const lines = [""];
  for (const word of words.split(" ")) {
    const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
    if (lines.at(-1) && measure(longer) > most) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

// `onPick` gets the groups that were clicked, `onBrush` the first and last group of a brush.
export function drawChart(chart, width, { onPick, onBrush }) {
  const draw = { columns: drawColumns, lines: drawLines, rows: drawRows, heat: drawHeat };
  draw.pairs = drawPairs;
  const measure = meter(LABEL);
  const head = wrapped(chart.title, width, meter(TITLE));
  const top = head.length * 19 + 8;
  const plot = s("g", { transform: `translate(0 ${top})` });
  const height = draw[chart.form](plot, chart, width, measure);
  const notes = chart.note ? wrapped(chart.note, width, measure) : [];
  const whole = Math.max(width, plot.width ?? 0); // a wide heat map is scrolled
  const box = `0 0 ${whole} ${top + height + notes.length * LINE + 4}`;
  const svg = s("svg", { viewBox: box, class: "inb-chart", role: "img" });
  svg.setAttribute("aria-label", [chart.title, chart.note].filter(Boolean).join(": "));
  const title = head.map((line, i) => text(0, 15 + i * 19, line, { class: "inb-chart-title" }));
  const below = notes.map((line, i) => text(0, top + height + 13 + i * LINE, line));
  svg.append(...title, plot, ...below);
  svg.style.maxWidth = `${whole}px`;
  if (whole > width) svg.style.width = `${whole}px`;
  listenToChart(svg, chart, onPick, onBrush);
  return svg;
}

const titleOf = ({ title, incomplete }) => (incomplete ? `${title} (incomplete)` : title);

const namesOf = (groups) => groups.map(({ label }) => label);

const labelsOf = (cells) => cells.map(([, label]) => label);

const groupsAt = (chart, i, j) => [chart.groups[i], chart.series[j]].filter(Boolean);

function listenToChart(svg, chart, onPick, onBrush) {
  svg.addEventListener("click", ({ target }) => {
    const { i, j } = target.closest("[data-i]")?.dataset ?? {};
    if (i !== undefined && !svg.brushed) onPick(groupsAt(chart, Number(i), Number(j)));
  });
  const isOrdered = chart.groups.some((g) => g.pairs[0][0] === ">=");
  if (isOrdered && ["columns", "lines"].includes(chart.form)) brush(svg, chart, onBrush);
}

// Dragging across the plot selects a range of its groups.
function brush(svg, chart, onBrush) {
  const plot = svg.querySelector("g");
  const place = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY);
    const { x } = point.matrixTransform(plot.getScreenCTM().inverse());
    const at = Math.floor((x - plot.left) / plot.step);
    return { x, at: Math.min(Math.max(at, 0), chart.groups.length - 1) };
  };
  svg.addEventListener("pointerdown", (event) => {
    svg.brushed = false;
    const from = place(event);
    const band = s("rect", { y: 0, height: PLOT, class: "inb-brush" });
    const move = (e) => {
      const { x } = place(e);
      if (Math.abs(x - from.x) < DRAGGED) return;
      svg.brushed = true;
      plot.append(band);
      band.setAttribute("x", Math.min(x, from.x));
      band.setAttribute("width", Math.abs(x - from.x));
    };
    followPointer(move, (e) => {
      band.remove();
      if (!svg.brushed) return;
      const [first, last] = [from.at, place(e).at].sort((a, b) => a - b);
      onBrush(chart.groups[first], chart.groups[last]);
    });
  });
}

// The axes that columns and lines share; returns the scale.
function axes(plot, chart, { width, top, measure }) {
  const left = widest(labelsOf(chart.ticks), measure) + 12;
  const ceiling = chart.ticks.at(-1)[0];
  const y = (n) => top + (PLOT - top) * (1 - n / ceiling);
  for (const [value, label] of chart.ticks) {
    const at = y(value);
    plot.append(s("line", { x1: left, x2: width, y1: at, y2: at, class: "inb-line" }));
    plot.append(text(left - 8, at + 4, label, { "text-anchor": "end" }));
  }
  const count = Math.max(1, chart.groups.length);
  const step = (width - left) / count;
  Object.assign(plot, { left, step });
  const longest = Math.max(0, ...chart.groups.map((g) => g.label.length));
  const every = labelStep(count, longest, width - left);
  chart.groups.forEach(({ label }, i) => {
    if (i % every) return;
    const half = measure(label) / 2;
    const x = Math.min(Math.max(left + (i + 0.5) * step, left + half - 8), width - half);
    plot.append(text(x, PLOT + 18, label, { "text-anchor": "middle" }));
  });
  return { left, step, y, height: PLOT + 28 };
}

function drawColumns(plot, chart, width, measure) {
  const { left, step, y, height } = axes(plot, chart, { width, top: 8, measure });
  chart.groups.forEach((group, i) => {
    const [value, label] = chart.cells[0][i];
    const x = left + i * step + step * 0.1;
    const size = { x, width: step * 0.8, y: y(value ?? 0), height: y(0) - y(value ?? 0), rx: 1 };
    const pale = group.incomplete ? { "fill-opacity": PALE } : {};
    const bar = s("rect", { ...size, ...pale, class: "inb-rect", "data-i": i });
    plot.append(hint(bar, `${titleOf(group)}: ${label}`));
  });
  return height;
}

function drawLines(plot, chart, width, measure) {
  const top = drawLegend(plot, chart.series, width, measure);
  const { left, step, y, height } = axes(plot, chart, { width, top: top + 8, measure });
  chart.series.forEach((series, j) => {
    const color = COLORS[j % COLORS.length];
    const points = chart.cells[j].map(([value], i) => [left + (i + 0.5) * step, value]);
    let path = "";
    points.forEach(([x, value], i) => {
      if (value === null) return;
      const isJoined = i > 0 && points[i - 1][1] !== null;
      path += `${isJoined ? "L" : "M"}${x.toFixed(1)} ${y(value).toFixed(1)}`;
    });
    plot.append(s("path", { d: path, fill: "none", stroke: color, "stroke-width": 2 }));
    points.forEach(([x, value], i) => {
      if (value === null) return;
      const group = chart.groups[i];
      const dot = s("circle", { cx: x, cy: y(value), r: 4, fill: color, "data-i": i, "data-j": j });
      if (group.incomplete) dot.setAttribute("fill-opacity", PALE);
      const label = `${series.title}, ${titleOf(group)}: ${chart.cells[j][i][1]}`;
      plot.append(hint(dot, label));
    });
  });
  return height;
}

function drawLegend(plot, series, width, measure) {
  let [x, y] = [0, 10];
  series.forEach(({ label }, j) => {
    const size = measure(label) + 30;
    if (x && x + size > width) [x, y] = [0, y + LINE];
    plot.append(s("rect", { x, y: y - 9, width: 11, height: 11, fill: COLORS[j % COLORS.length] }));
    plot.append(text(x + 16, y, label));
    x += size;
  });
  return y + 6;
}

// Widths of the names at the left of rows and heat maps.
function nameColumn(chart, width, measure) {
  const most = width * 0.38;
  const longest = Math.max(SHORTEST_NAMES, widest(namesOf(chart.groups), measure));
  return { most, left: Math.ceil(Math.min(longest, most)) + 16 };
}

function drawRows(plot, chart, width, measure) {
  const { most, left } = nameColumn(chart, width, measure);
  const right = widest(labelsOf(chart.cells[0]), measure) + 12;
  const top = Math.max(...chart.cells[0].map(([value]) => value ?? 0)) || 1;
  chart.groups.forEach(({ label, title }, i) => {
    const [value, said] = chart.cells[0][i];
    const y = i * 26;
    const long = Math.max(2, ((width - left - right) * (value ?? 0)) / top);
    const whole = s("g", { "data-i": i });
    whole.append(s("rect", { x: 0, y, width, height: 26, class: "inb-hit" }));
    whole.append(text(left - 10, y + 17, clip(label, most, measure), { "text-anchor": "end" }));
    const bar = { x: left, y: y + 4, width: value === null ? 0 : long, height: 18 };
    whole.append(s("rect", { ...bar, class: "inb-rect" }));
    whole.append(text(left + bar.width + 6, y + 17, said, { class: "inb-strong" }));
    plot.append(hint(whole, `${title}: ${said}`));
  });
  return chart.groups.length * 26 + 4;
}

// Two steps of time in each group.
function drawPairs(plot, chart, width, measure) {
  const start = drawLegend(plot, chart.series, width, measure) + 4;
  const { most, left } = nameColumn(chart, width, measure);
  const cells = chart.cells.flat();
  const right = widest(labelsOf(cells), measure) + 12;
  const top = Math.max(...cells.map(([value]) => value ?? 0)) || 1;
  chart.groups.forEach(({ label, title }, i) => {
    const y = start + i * PAIR;
    const name = text(left - 10, y + 22, clip(label, most, measure), { "text-anchor": "end" });
    plot.append(hint(name, label));
    chart.series.forEach((series, j) => {
      const [value, said] = chart.cells[j][i];
      const long = Math.max(2, ((width - left - right) * (value ?? 0)) / top);
      const at = y + 5 + j * 14;
      const whole = s("g", { "data-i": i, "data-j": j });
      const bar = { x: left, y: at, width: value === null ? 0 : long, height: 12 };
      whole.append(
        s("rect", { x: left, y: at, width: width - left, height: 14, class: "inb-hit" }),
      );
      whole.append(s("rect", { ...bar, fill: COLORS[j] }));
      whole.append(text(left + bar.width + 6, at + 10, said, { class: "inb-strong" }));
      plot.append(hint(whole, `${title}, ${series.title}: ${said}`));
    });
  });
  return start + chart.groups.length * PAIR + 4;
}

function drawHeat(plot, chart, width, measure) {
  const { most, left } = nameColumn(chart, width, measure);
  const heads = Math.min(widest(namesOf(chart.series), measure), LONGEST_HEAD);
  const least = Math.max(heads, widest(labelsOf(chart.cells.flat()), measure)) + 6;
  const step = Math.max(least, (width - left) / Math.max(1, chart.series.length));
  plot.width = left + step * chart.series.length;
  const values = chart.cells.flat().map(([value]) => value ?? 0);
  const top = Math.max(...values) || 1;
  chart.series.forEach(({ label }, j) => {
    const name = clip(label, Math.max(LONGEST_HEAD, step), measure);
    const x = left + (j + 0.5) * step;
    plot.append(hint(text(x, 12, name, { "text-anchor": "middle" }), label));
  });
  chart.groups.forEach(({ label, title }, i) => {
    const y = 20 + i * 26;
    const name = text(left - 10, y + 17, clip(label, most, measure), { "text-anchor": "end" });
    plot.append(hint(name, label));
    chart.series.forEach((series, j) => {
      const [value, said] = chart.cells[j][i];
      const strength = value === null ? 0 : (0.08 + 0.5 * (value / top)).toFixed(3);
      const cell = s("g", { "data-i": i, "data-j": j });
      const at = { x: left + j * step + 1, y: y + 1, width: step - 2, height: 24 };
      cell.append(s("rect", { ...at, class: "inb-rect", "fill-opacity": strength }));
      const middle = { "text-anchor": "middle", class: "inb-strong" };
      cell.append(text(left + (j + 0.5) * step, y + 17, said, middle));
      plot.append(hint(cell, `${title}, ${series.title}: ${said}`));
    });
  });
  return chart.groups.length * 26 + 24;
}

const KEPT = ["fill", "fill-opacity", "stroke", "stroke-width", "font-family", "font-size"];

// The chart as a file of its own: the page's styles are written into it.
function chartSource(svg) {
  const copy = svg.cloneNode(true);
  const [from, to] = [svg, copy].map((node) => [...node.querySelectorAll("*")]);
  from.forEach((node, i) => {
    const style = getComputedStyle(node);
    for (const name of [...KEPT, "font-weight"]) {
      to[i].setAttribute(name, style.getPropertyValue(name));
    }
  });
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("viewBox", `-16 -12 ${width + 32} ${height + 24}`);
  copy.setAttribute("width", width + 32);
  copy.setAttribute("height", height + 24);
  const fill = getComputedStyle(svg.closest(".inb")).backgroundColor;
  copy.prepend(s("rect", { x: -16, y: -12, width: width + 32, height: height + 24, fill }));
  return { source: new XMLSerializer().serializeToString(copy), width, height };
}

const SHARPNESS = 2; // pixels of a PNG for one of the page

async function pngOf({ source, width, height }) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(source)}`;
  await image.decode();
  const size = { width: (width + 32) * SHARPNESS, height: (height + 24) * SHARPNESS };
  const canvas = Object.assign(document.createElement("canvas"), size);
  canvas.getContext("2d").drawImage(image, 0, 0, size.width, size.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

export async function saveChart(svg, name, kind) {
  const made = chartSource(svg);
  const blob =
    kind === "png" ? await pngOf(made) : new Blob([made.source], { type: "image/svg+xml" });
  saveFile(blob, `${name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.${kind}`);
}
