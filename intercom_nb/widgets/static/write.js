// Writes: the request before it is sent, and what it changed.

import { button, dim, h, table } from "./dom.js";
import { counted } from "./format.js";

export function confirmBox(state, workspace, onSend, onCancel) {
  const body = state.body ? `\n\n${JSON.stringify(state.body, null, 2)}` : "";
  const props = { class: "inb-code", tabindex: "0", "aria-label": "The request" };
  return h(
    "div",
    {
      class: "inb-banner inb-warn",
      role: "group",
      tabindex: "-1",
      "aria-label": "Confirm the request",
    },
    h("strong", {}, workspace ? `${state.label} in ${workspace}?` : `${state.label}?`),
    h("pre", props, `${state.method} ${state.url}${body}`),
    h(
      "div",
      { class: "inb-row" },
      button(state.label, onSend, { class: "inb-danger" }),
      button("Cancel", onCancel),
    ),
  );
}

const CHANGES = {
  changed: ["Changes", ["Field", "Before", "Now"]],
  created: ["Created", ["Field", "Value"]],
  deleted: ["Deleted", ["Field", "Was"]],
  response: ["Response", ["Field", "Value"]],
};

export function changeTable({ kind, fields, more }) {
  const [title, heads] = CHANGES[kind];
  const cells = { changed: (b, a) => [b, a], deleted: (b) => [b] }[kind] ?? ((_, a) => [a]);
  const rows = fields.map(([name, before, after]) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, name),
      cells(before, after).map((text) => h("td", {}, text || "–")),
    ),
  );
  const props = { class: "inb-banner inb-note inb-change", role: "group", tabindex: "0" };
  return h(
    "div",
    { ...props, "aria-label": title },
    h("strong", {}, title),
    fields.length ? table(heads, rows) : h("div", {}, "Nothing changed."),
    more > 0 && h("div", {}, dim(`+ ${counted(more, "more field")}`)),
  );
}
