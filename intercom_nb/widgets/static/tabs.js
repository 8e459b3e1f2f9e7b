// The tabs beside the table: schema, code, JSON, history.

import { banner, button, codeBlock, dim, h, table } from "./dom.js";
import { counted, elapsed, hasWords, number } from "./format.js";

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
  const list = table(["Column", "dtype", "Missing", "Examples"], rows, {
    class: "inb-table inb-schema inb-stacked",
  });
  panel.replaceChildren(
    h("div", { class: "inb-bar-row" }, box, dim(counted(schema.length, "column"))),
    h("div", { ...props, "aria-label": "Columns of the result" }, list),
  );
}

export const searchBox = (label) =>
  h("input", { type: "search", "aria-label": label, placeholder: label });

export async function codeTab(panel, ask, result, name) {
  const { code, arranged, sql } = await ask("code");
  const insert = h("code", {}, `${name}.insert()`);
  const below =
    result.curl && h("p", { class: "inb-dim" }, "Run ", insert, " to add this code as a new cell.");
  const shown = arranged ? "Python for the rows shown" : "Python for this result";
  panel.replaceChildren(
    code ? codeBlock(shown, code) : "",
    sql ? codeBlock("The same filter in SQL", sql) : "",
    below || "",
    result.curl ? codeBlock("curl: the first request", result.curl) : "",
  );
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
  // The panel may have been drawn anew for another run meanwhile.
  const compare = async (id) => {
    const reply = await wire.ask("compare", { id });
    panel.querySelector(".inb-stage")?.replaceChildren(comparison(reply));
  };
  const shown = runs.find((run) => run.id === current);
  const rows = runs.map((run) => historyRow(run, wire, shown, compare));
  const heads = ["When", "Query", "Rows", "Time", ""];
  panel.replaceChildren(table(heads, rows, { class: "inb-table inb-history inb-stacked" }), stage);
}

// A question is known by its name; several have the same call.
function historyRow(run, wire, shown, compare) {
  const { id, label, question } = run;
  const name = question || label;
  const call = h("div", { class: "inb-code" }, label);
  const buttons = [
    button("Show", () => wire.send("restore", { id }), { "aria-label": `Show ${name} again` }),
    button("Run again", () => wire.send("rerun", { id }), { "aria-label": `Run ${name} again` }),
    button("Compare", () => compare(id), {
      disabled: run === shown || run.entity !== shown?.entity,
      "aria-label": `Compare ${name} with the current result`,
    }),
  ];
  return h(
    "tr",
    {},
    h("td", {}, run.at),
    h("td", { class: "inb-query-name" }, question && h("strong", {}, question), call),
    h("td", { class: "inb-num" }, number(run.rows)),
    h("td", { class: "inb-num" }, elapsed(run.seconds)),
    h("td", { class: "inb-num" }, h("div", { class: "inb-row" }, buttons)),
  );
}
