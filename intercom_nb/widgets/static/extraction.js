// Download of a whole entity to a folder: options, progress, resume.

import { banner, button, codeBlock, h, showProgress, table } from "./dom.js";
import { duration, number, numberOf } from "./format.js";

export class ExtractionPart {
  constructor(wire) {
    this.wire = wire;
    this.entity = null;
    this.running = false;
    const box = { type: "text", autocomplete: "off", "aria-label": "Folder", class: "inb-folder" };
    this.to = h("input", { ...box, value: "workspace/" });
    this.parts = h("input", { type: "checkbox" });
    this.partsField = h("label", { class: "inb-check", hidden: true }, this.parts);
    this.partsField.append("include messages");
    this.start = button("Download", () => this.send());
    this.cancel = button("Stop", () => wire.send("extract_cancel"), { hidden: true });
    this.bar = h("progress", { hidden: true, "aria-label": "Progress of the download" });
    this.status = h("span", { class: "inb-said", role: "status" });
    this.after = h("div", {});
    this.name = h("span", {}, "");
    this.node = this.build();
    wire.on("extraction", (state) => this.update(state));
  }

  build() {
    const help = "All records as Parquet files. Run it again to update the folder or resume.";
    const folder = h("label", { class: "inb-limit-field" }, "Folder ", this.to);
    const { partsField, start, cancel, bar, status } = this;
    return h(
      "details",
      { class: "inb-extract" },
      h("summary", {}, "Download all ", this.name, " (Parquet)"),
      h("p", { class: "inb-help" }, help),
      h("div", { class: "inb-row" }, folder, partsField, start, cancel, bar, status),
      this.after,
    );
  }

  send() {
    const with_parts = this.parts.checked && !this.partsField.hidden;
    this.wire.send("extract", { entity: this.entity, to: this.to.value, with_parts });
  }

  update(state) {
    this.running = state.status === "running";
    this.node.open = true;
    this.start.setAttribute("aria-disabled", this.running);
    const hadFocus = document.activeElement === this.cancel;
    this.cancel.hidden = !this.running;
    this.bar.hidden = !this.running;
    if (hadFocus && !this.running) this.start.focus();
    if (this.running) this.showProgress(state.entity, state.progress);
    else this.showEnd(state);
  }

  showProgress(entity, now) {
    this.after.replaceChildren();
    showProgress(this.bar, now?.rows, now?.total);
    this.status.textContent = now ? extractionProgress(entity, now) : `${entity}: starting…`;
  }

  showEnd(state) {
    this.status.textContent = "";
    const done = state.status === "done";
    const code = codeBlock(done ? "Update and load from Python" : "Resume from Python", state.code);
    if (state.status === "error") {
      this.after.replaceChildren(banner("error", "Extraction failed", state.text));
      if (state.to) this.after.append(code);
      return;
    }
    const title = done ? `${state.to} is complete` : "Stopped; you can resume";
    this.after.replaceChildren(banner("note", title, state.text ?? sizesTable(state.tables)), code);
  }

  // Shows what can be downloaded of the chosen entity.
  offer(entity, extracts) {
    this.node.hidden = !extracts && !this.running;
    if (this.running) return;
    if (entity !== this.entity) {
      this.node.open = false;
      this.after.replaceChildren();
    }
    this.entity = entity;
    this.name.textContent = entity.replaceAll("_", " ");
    this.partsField.hidden = entity !== "conversations";
  }
}

function sizesTable(tables) {
  const rows = tables.map(([name, rows]) =>
    h("tr", {}, h("th", { scope: "row" }, name), h("td", { class: "inb-num" }, number(rows))),
  );
  return table(["Table", "Rows"], rows);
}

export function extractionProgress(entity, now) {
  const allowed = now.allowed ? ` of ${number(now.allowed)}` : "";
  return [
    `${entity}, ${now.stage}: ${numberOf(now.rows, now.total)} ${now.rows === 1 ? "row" : "rows"}`,
    `${number(now.rows_per_second)} rows/s`,
    `${now.requests_per_second}${allowed} requests/s`,
    now.left !== null && `${duration(now.left)} left`,
  ]
    .filter(Boolean)
    .join(", ");
}
