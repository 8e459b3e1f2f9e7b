// Writes: the request before it is sent, and what it changed.

function confirmBox(state, onSend, onLeave) {
  return h("div", { class: "inb-banner inb-warn", role: "group", "aria-label": "Confirm the request" }, h("strong", {}, `${state.label}?`),
    h("pre", { class: "inb-code", tabindex: "0", "aria-label": "The request" }, `${state.method} ${state.url}${state.body ? `\n\n${JSON.stringify(state.body, null, 2)}` : ""}`),
    h("div", { class: "inb-row" }, h("button", { type: "button", class: "inb-danger", onclick: onSend }, state.label), h("button", { type: "button", onclick: onLeave }, "Cancel")));
}

const CHANGES = {
  changed: ["What changed", ["Field", "Before", "Now"]],
  created: ["Created", ["Field", "Now"]],
  deleted: ["Deleted", ["Field", "Was"]],
  response: ["Response", ["Field", "Value"]],
};

function changeTable({ kind, fields, more }) {
  const [title, heads] = CHANGES[kind];
  const cells = ([name, before, after]) => ({ changed: [before, after], deleted: [before] })[kind] ?? [after];
  const rows = fields.map((row) => h("tr", {}, h("th", { scope: "row" }, row[0]), cells(row).map((text) => h("td", {}, text || "–"))));
  return h("div", { class: "inb-banner inb-note inb-change", role: "group", "aria-label": title, tabindex: "0" }, h("strong", {}, title),
    fields.length ? h("table", { class: "inb-table" }, h("thead", {}, h("tr", {}, heads.map((t) => h("th", { scope: "col" }, t)))), h("tbody", {}, rows)) : h("div", {}, "Nothing changed."),
    more > 0 && h("div", { class: "inb-dim" }, `+ ${counted(more, "more field")}`));
}
