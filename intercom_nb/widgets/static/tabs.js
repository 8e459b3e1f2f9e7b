// The tabs beside the table: record, schema, code, JSON, history.

import { drawBars } from "./charts.js";
import { banner, button, codeBlock, dim, h, option, table } from "./dom.js";
import { counted, hasWords, number } from "./format.js";

export function chartTab(panel, ask, result, onPick) {
  if (!result.charts.length) {
    panel.replaceChildren(h("p", { class: "inb-dim" }, "Nothing to chart in this result."));
    return;
  }
  const stage = h("div", { class: "inb-stage" });
  const kinds = { time: "over time", number: "distribution" };
  const options = result.charts.map((c) =>
    option(c.name, `${c.name} (${kinds[c.kind] ?? "top values"})`),
  );
  const draw = async () => {
    const reply = await ask("chart", { column: column.value });
    const picked = (bar) => onPick(column.value, bar);
    stage.replaceChildren(drawBars(reply, picked));
  };
  const props = { "aria-label": "What the chart shows", onchange: draw };
  const column = h("select", props, options);
  const about = dim("rows currently in the table");
  panel.replaceChildren(
    h("div", { class: "inb-bar-row" }, h("label", {}, "Chart: ", column), about),
    stage,
  );
  draw();
}

export class RecordTab {
  constructor(panel, wire, ask, onStep) {
    Object.assign(this, { panel, wire, ask, onStep });
  }

  async draw(result, at) {
    if (at === null) {
      const text = "Select a row to see its details.";
      this.panel.replaceChildren(h("p", { class: "inb-dim" }, text));
      return;
    }
    const region = { tabindex: "0", role: "region" };
    const facts = h("table", { class: "inb-facts inb-table" });
    const place = h("div", { ...region, class: "inb-facts-place", "aria-label": "Fields" }, facts);
    const thread = h("div", { ...region, class: "inb-thread", "aria-label": "Conversation" });
    const steps = h(
      "div",
      { class: "inb-bar-row" },
      button("‹ Previous", () => this.onStep(-1), { "aria-label": "Previous record" }),
      button("Next ›", () => this.onStep(1), { "aria-label": "Next record" }),
    );
    const parts = h("div", { class: "inb-record" }, result.thread && thread, place);
    this.panel.replaceChildren(steps, parts);
    const { fields, url } = await this.ask("record", { at });
    if (url) steps.append(webLink(url));
    facts.replaceChildren(h("tbody", {}, fields.map(fieldRow)));
    const id = fields.find((field) => field.name === "id")?.text;
    if (result.thread && id) this.drawThread(thread, id);
  }

  async drawThread(thread, id) {
    thread.replaceChildren(h("p", { class: "inb-dim" }, "Loading messages…"));
    const reply = await this.wire.ask("thread", { id });
    if (reply.error) {
      thread.replaceChildren(banner("error", "Can't show the messages", reply.error));
    } else thread.replaceChildren(...reply.thread.map(message));
  }
}

const fieldRow = ({ name, text, title }) =>
  h("tr", {}, h("th", { scope: "row" }, name), h("td", { title }, text));

const webLink = (href) =>
  h("a", { href, target: "_blank", rel: "noopener noreferrer" }, "Open in Intercom");

function message(part) {
  const time = h("time", {}, part.when);
  if (part.event) return h("div", { class: "inb-event" }, `${part.who} ${part.event}`, time);
  const body = h("div", { class: "inb-body" });
  body.innerHTML = part.html; // sanitized by the kernel: an allow-list of tags and attributes
  for (const link of body.querySelectorAll("a")) link.target = "_blank";
  const side = ["admin", "bot", "team"].includes(part.side) ? "inb-ours" : "inb-theirs";
  const label = part.note ? `${part.side}, internal note` : part.side;
  const who = h("div", { class: "inb-who" }, h("strong", {}, part.who), dim(label), time);
  const files = (part.attachments ?? []).map((name) =>
    h("div", { class: "inb-attachment" }, `Attachment: ${name}`),
  );
  const kind = `inb-message ${side}${part.note ? " inb-internal" : ""}`;
  return h("div", { class: kind }, who, body, files);
}

export async function schemaTab(panel, ask) {
  const { schema } = await ask("schema");
  const box = searchBox("Find a column");
  const rows = schema.map((c) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, c.name),
      h("td", { class: "inb-code" }, c.dtype),
      h("td", { class: "inb-num" }, c.missing ? `${c.missing} %` : ""),
      h("td", {}, c.examples.join("  ·  ")),
    ),
  );
  box.addEventListener("input", () => {
    for (const row of rows) row.hidden = !hasWords(row.textContent, box.value);
  });
  const props = { class: "inb-scroll", tabindex: "0", role: "region" };
  const list = table(["Column", "dtype", "Missing", "Examples"], rows);
  panel.replaceChildren(
    h("div", { class: "inb-bar-row" }, box, dim(counted(schema.length, "column"))),
    h("div", { ...props, "aria-label": "Columns of the result" }, list),
  );
}

export const searchBox = (label) =>
  h("input", { type: "search", "aria-label": label, placeholder: label });

export function codeTab(panel, result) {
  const insert = h("code", {}, "explorer.insert()");
  const below = h("p", { class: "inb-dim" }, "Run ", insert, " to add this code as a new cell.");
  const curl = result.curl ? codeBlock("curl: the first request", result.curl) : "";
  panel.replaceChildren(codeBlock("Python for this result", result.code), below, curl);
}

export async function jsonTab(panel, ask) {
  const { text, rows, shown } = await ask("json");
  const few = rows < shown ? `, the first ${rows} of ${number(shown)} rows` : "";
  panel.replaceChildren(codeBlock(`JSON${few}`, text));
}

function comparison(reply) {
  if (reply.error) return banner("error", "", reply.error);
  const counts = [
    `In both: ${number(reply.both)}`,
    `Added: ${number(reply.added)}`,
    `Removed: ${number(reply.removed)}`,
    `Changed: ${counted(reply.changed, "field")}`,
  ];
  const ids = (label, list, count) => {
    const more = count > list.length ? ` and ${number(count - list.length)} more` : "";
    return count > 0 && h("p", {}, `${label}: ${list.join(", ")}${more}`);
  };
  const rows = reply.changes.map((change) =>
    h(
      "tr",
      {},
      change.map((text) => h("td", {}, text ?? "–")),
    ),
  );
  return h(
    "div",
    {},
    h("h4", {}, "Changes since that run"),
    h("p", { class: "inb-dim" }, counts.join(". ")),
    ids("Added", reply.added_ids, reply.added),
    ids("Removed", reply.removed_ids, reply.removed),
    rows.length > 0 && table(["id", "Field", "Before", "Now"], rows),
  );
}

export function historyTab(panel, wire, runs, current) {
  if (!runs.length) {
    const text = "Your queries from this session appear here.";
    panel.replaceChildren(h("p", { class: "inb-dim" }, text));
    return;
  }
  const stage = h("div", { class: "inb-stage", role: "status" });
  const compare = async (id) =>
    stage.replaceChildren(comparison(await wire.ask("compare", { id })));
  const shown = runs.find((run) => run.id === current);
  const rows = runs.map((run) => {
    const { id, label } = run;
    const unlike = id === current || run.entity !== shown?.entity;
    const buttons = [
      button("Show", () => wire.send("restore", { id }), { "aria-label": `Show ${label} again` }),
      button("Run again", () => wire.send("rerun", { id }), { "aria-label": `Run ${label} again` }),
      button("Compare", () => compare(id), {
        disabled: unlike,
        "aria-label": `Compare ${label} with the current result`,
      }),
    ];
    return h(
      "tr",
      {},
      h("td", {}, run.at),
      h("td", { class: "inb-code" }, label),
      h("td", { class: "inb-num" }, number(run.rows)),
      h("td", { class: "inb-num" }, `${run.seconds} s`),
      h("td", { class: "inb-num" }, h("div", { class: "inb-row" }, buttons)),
    );
  });
  const heads = ["When", "Query", "Rows", "Time", ""];
  panel.replaceChildren(table(heads, rows, { class: "inb-table inb-history" }), stage);
}
