// Export of a result: to a file, the clipboard, a variable.

import { button, copyText, dim, h, saveFile } from "./dom.js";
import { counted } from "./format.js";

export function savePart(wire) {
  const status = h("span", { role: "status" });
  const whole = h("input", { type: "checkbox" });
  const box = { type: "text", value: "df", class: "inb-limit", autocomplete: "off" };
  const name = h("input", { ...box, "aria-label": "Name of the variable" });
  const fetch = async (kind) => {
    status.textContent = "Exporting…";
    const reply = await wire.ask("export", { as: kind, all_columns: whole.checked });
    const where = kind === "tsv" ? "copied" : `saved to ${reply.name}`;
    status.textContent = reply.error ?? `${counted(reply.rows, "row")} ${where}`;
    return reply.error ? null : reply;
  };
  const download = async (kind) => {
    const reply = await fetch(kind);
    if (reply) saveFile(new Blob([reply.buffers[0]], { type: reply.type }), reply.name);
  };
  const copy = async () => {
    const reply = await fetch("tsv");
    if (reply) await copyText(new TextDecoder().decode(reply.buffers[0]), status);
  };
  const assign = async () => {
    const reply = await wire.ask("variable", { name: name.value });
    status.textContent = reply.error ?? reply.text;
  };
  const files = [
    ["csv", "CSV"],
    ["xlsx", "Excel"],
    ["parquet", "Parquet"],
  ];
  return h(
    "div",
    { class: "inb-row" },
    files.map(([kind, label]) => button(label, () => download(kind))),
    button("Copy", copy),
    h("label", { class: "inb-check" }, whole, "all columns"),
    dim("Save to variable"),
    name,
    button("Save", assign),
    status,
  );
}
