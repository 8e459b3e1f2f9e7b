// The tabs beside the table: chart, record, schema, code, JSON, history.

const SVG = "http://www.w3.org/2000/svg";

function s(tag, props = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(props)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

// Bars lie (frequent values) or stand (time, numbers); the numbers are in a table for who cannot see them.
function drawBars(chart) {
  const most = Math.max(1, ...chart.bars.map(([, n]) => n));
  const table = h("table", { class: "inb-unseen" }, h("caption", {}, chart.title), chart.bars.map(([label, n]) => h("tr", {}, h("th", {}, label), h("td", {}, String(n)))));
  const figure = chart.form === "columns" ? standing(chart.bars, most) : lying(chart.bars, most);
  return h("div", {}, h("h4", { class: "inb-chart-title" }, chart.title), chart.bars.length ? figure : h("p", { class: "inb-dim" }, "There is nothing to count."),
    table, chart.note && h("p", { class: "inb-dim" }, chart.note));
}

function lying(bars, most) {
  return h("div", { class: "inb-lying", "aria-hidden": "true" }, bars.map(([label, n]) => {
    const bar = h("div", { class: "inb-bar" });
    bar.style.width = `${(100 * n) / most}%`;
    return [h("div", { class: "inb-bar-label", title: label }, label), h("div", { class: "inb-bar-track" }, bar), h("div", { class: "inb-bar-n" }, n.toLocaleString("en"))];
  }));
}

function standing(bars, most) {
  const [width, height, left, bottom, top] = [900, 260, 46, 24, 10];
  const step = (width - left) / bars.length;
  const y = (n) => top + (height - top - bottom) * (1 - n / ceiling);
  const ceiling = niceCeiling(most);
  const svg = s("svg", { viewBox: `0 0 ${width} ${height}`, class: "inb-standing", "aria-hidden": "true" });
  for (const part of [0, 0.25, 0.5, 0.75, 1]) {
    const value = ceiling * part;
    if (!Number.isInteger(value)) continue;
    svg.append(s("line", { x1: left, x2: width, y1: y(value), y2: y(value), class: "inb-line" }), s("text", { x: left - 8, y: y(value) + 4, "text-anchor": "end" }, value.toLocaleString("en")));
  }
  const every = Math.ceil(bars.length / Math.max(1, Math.floor((width - left) / (bars[0][0].length * 7.5 + 14))));
  bars.forEach(([label, n], i) => {
    const bar = s("rect", { x: left + i * step + step * 0.1, width: step * 0.8, y: y(n), height: y(0) - y(n), class: "inb-rect", rx: 1 });
    bar.append(s("title", {}, `${label}: ${n.toLocaleString("en")}`));
    svg.append(bar);
    if (i % every === 0) svg.append(s("text", { x: left + (i + 0.5) * step, y: height - 6, "text-anchor": "middle" }, label));
  });
  return svg;
}

function niceCeiling(n) {
  const power = 10 ** Math.floor(Math.log10(n));
  return [1, 2, 4, 5, 8, 10].map((k) => k * power).find((v) => v >= n);
}

function chartTab(panel, ask, result) {
  const stage = h("div", { class: "inb-stage" });
  if (!result.charts.length) {
    panel.replaceChildren(h("p", { class: "inb-dim" }, "No column of this result makes a chart."));
    return;
  }
  const column = h("select", { "aria-label": "What the chart shows", onchange: () => draw() },
    result.charts.map((c) => h("option", { value: c.name }, `${c.name} (${{ time: "over time", number: "spread" }[c.kind] ?? "most frequent"})`)));
  const draw = () => ask("chart", { column: column.value }).then((answer) => stage.replaceChildren(drawBars(answer)));
  panel.replaceChildren(h("div", { class: "inb-bar-row" }, h("label", {}, "Chart of ", column), h("span", { class: "inb-dim" }, "of the rows that the table shows")), stage);
  draw();
}

function recordTab(panel, wire, ask, result, at) {
  if (at === null) {
    panel.replaceChildren(h("p", { class: "inb-dim" }, "Choose a row in the table: click it, or press Enter on it."));
    return;
  }
  const [facts, thread] = [h("table", { class: "inb-facts inb-table" }), h("div", { class: "inb-thread", tabindex: "0", role: "region", "aria-label": "Conversation" })];
  panel.replaceChildren(h("div", { class: "inb-record" }, result.thread && thread, h("div", { class: "inb-facts-place", tabindex: "0", role: "region", "aria-label": "Fields" }, facts)));
  ask("record", { at }).then(({ fields }) => {
    facts.replaceChildren(h("tbody", {}, fields.map(([name, text]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, text)))));
    if (!result.thread) return;
    const id = fields.find(([name]) => name === "id")?.[1];
    thread.replaceChildren(h("p", { class: "inb-dim" }, "Fetching the thread…"));
    wire.ask("thread", { id }).then((answer) => {
      if (answer.error) thread.replaceChildren(banner("error", "The thread cannot be shown", answer.error));
      else thread.replaceChildren(...answer.thread.map(message));
    });
  });
}

function message(part) {
  if (part.event) return h("div", { class: "inb-event" }, `${part.who} ${part.event}`, h("time", {}, part.when));
  const body = h("div", { class: "inb-body" });
  body.innerHTML = part.html; // cleaned by the kernel: an allow-list of tags and attributes
  for (const link of body.querySelectorAll("a")) link.target = "_blank";
  const side = ["admin", "bot", "team"].includes(part.side) ? "inb-ours" : "inb-theirs";
  return h("div", { class: `inb-message ${side}${part.note ? " inb-internal" : ""}` },
    h("div", { class: "inb-who" }, h("strong", {}, part.who), h("span", { class: "inb-dim" }, part.note ? `${part.side}, internal note` : part.side), h("time", {}, part.when)), body);
}

function schemaTab(panel, ask) {
  ask("schema").then(({ schema }) => {
    const box = h("input", { type: "search", "aria-label": "Find a column", placeholder: "Find a column" });
    const body = h("tbody", {}, schema.map((c) => h("tr", {}, h("th", { scope: "row" }, c.name), h("td", { class: "inb-code" }, c.dtype), h("td", { class: "inb-num" }, c.missing ? `${c.missing} %` : ""), h("td", {}, c.examples.join("  ·  ")))));
    box.addEventListener("input", () => { for (const row of body.rows) row.hidden = !row.textContent.toLowerCase().includes(box.value.toLowerCase()); });
    panel.replaceChildren(h("div", { class: "inb-bar-row" }, box, h("span", { class: "inb-dim" }, counted(schema.length, "column"))),
      h("div", { class: "inb-scroll", tabindex: "0", role: "region", "aria-label": "Columns of the result" }, h("table", { class: "inb-table" }, h("thead", {}, h("tr", {}, ["Column", "dtype", "Missing", "Examples"].map((t) => h("th", { scope: "col" }, t)))), body)));
  });
}

function codeBlock(title, text) {
  const said = h("span", { class: "inb-dim", role: "status" });
  return h("section", { class: "inb-codeblock" }, h("div", { class: "inb-bar-row" }, h("h4", {}, title), h("button", { type: "button", onclick: () => copyText(text, said) }, "Copy"), said),
    h("pre", { class: "inb-code", tabindex: "0", "aria-label": title }, text));
}

function codeTab(panel, result) {
  const below = h("p", { class: "inb-dim" }, "To have it in a cell of its own: run ", h("code", {}, "explorer.insert()"),
    " in a cell, and it stands in a new one below. (A notebook takes new cells from cells only, not from a click.)");
  panel.replaceChildren(codeBlock("Python: the same DataFrame without the form", result.code), below, result.curl ? codeBlock("curl: the first request", result.curl) : "");
}

function jsonTab(panel, ask) {
  ask("json").then((answer) => {
    const few = answer.rows < answer.shown ? `, the first ${answer.rows} of ${answer.shown.toLocaleString("en")} rows` : "";
    panel.replaceChildren(codeBlock(`JSON${few}`, answer.text));
  });
}

function comparison(reply) {
  if (reply.error) return banner("error", "", reply.error);
  const ids = (label, list) => list.length > 0 && h("p", {}, `${label}: ${list.join(", ")}`);
  return h("div", {}, h("h4", {}, "From that result to the one that is shown"),
    h("p", { class: "inb-dim" }, `${counted(reply.both, "record")} in both, ${counted(reply.changed, "field")} changed, ${reply.added} added, ${reply.removed} removed`),
    ids("Added", reply.added_ids), ids("Removed", reply.removed_ids),
    reply.changes.length > 0 && h("table", { class: "inb-table" }, h("thead", {}, h("tr", {}, ["id", "Field", "Before", "Now"].map((t) => h("th", { scope: "col" }, t)))),
      h("tbody", {}, reply.changes.map((change) => h("tr", {}, change.map((text) => h("td", {}, text ?? "–")))))));
}

function historyTab(panel, wire, runs, rerun, current) {
  if (!runs.length) {
    panel.replaceChildren(h("p", { class: "inb-dim" }, "What you ask in this session is listed here."));
    return;
  }
  const stage = h("div", { class: "inb-stage", role: "status" });
  const compare = (id) => wire.ask("compare", { id }).then((reply) => stage.replaceChildren(comparison(reply)));
  panel.replaceChildren(h("table", { class: "inb-table inb-history" }, h("thead", {}, h("tr", {}, ["When", "What", "Rows", "Seconds", ""].map((t) => h("th", { scope: "col" }, t)))),
    h("tbody", {}, runs.map((run) => h("tr", {}, h("td", {}, run.at), h("td", { class: "inb-code" }, run.label), h("td", { class: "inb-num" }, run.rows.toLocaleString("en")), h("td", { class: "inb-num" }, String(run.seconds)),
      h("td", { class: "inb-num" }, h("button", { type: "button", "aria-label": `Show ${run.label} again`, onclick: () => wire.send("restore", { id: run.id }) }, "Show"), " ",
        h("button", { type: "button", "aria-label": `Run ${run.label} again`, onclick: () => rerun(run.id) }, "Run again"), " ",
        h("button", { type: "button", disabled: run.id === current, "aria-label": `Compare ${run.label} with what is shown`, onclick: () => compare(run.id) }, "Compare")))))), stage);
}
