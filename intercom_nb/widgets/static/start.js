// The first screen: tiles of the last full month, and questions that run by a click.

import { button, h, showProgress } from "./dom.js";
import { counted, numberOf } from "./format.js";

export class StartPart {
  constructor(wire) {
    this.wire = wire;
    this.month = h("h3", {});
    this.before = h("span", { class: "inb-dim" });
    this.load = button("Show last month", () => wire.send("start_show"));
    this.cancel = button("Cancel", () => wire.send("start_cancel"), { hidden: true });
    this.progress = h("progress", { hidden: true, "aria-label": "Progress of the last month" });
    this.status = h("span", { class: "inb-dim", role: "status" });
    const head = [this.month, this.before, this.load, this.cancel, this.progress, this.status];
    this.tiles = h("ul", { class: "inb-tiles", "aria-label": "The last full month" });
    this.questions = h("ul", { class: "inb-questions", "aria-label": "Questions" });
    this.node = h(
      "section",
      { class: "inb-start", "aria-label": "Start page", hidden: true },
      h("div", { class: "inb-row" }, head),
      this.tiles,
      h("h4", {}, "Questions"),
      this.questions,
    );
    wire.on("start", (state) => this.draw(state));
    wire.on("start_progress", (progress) => this.report(progress));
  }

  draw(state) {
    const { status, month, before, questions, offer, text, tiles = [] } = state;
    this.state = state;
    this.node.hidden = status === "hidden";
    if (this.node.hidden) return;
    const isLoading = status === "loading";
    const hadFocus = [this.load, this.cancel].includes(document.activeElement);
    this.month.textContent = month;
    this.before.textContent = `compared with ${before}`;
    this.load.hidden = isLoading || status === "ready";
    this.cancel.hidden = !isLoading;
    this.progress.hidden = !isLoading;
    showProgress(this.progress, 0, null);
    if (hadFocus) (isLoading ? this.cancel : this.load).focus();
    this.status.textContent = isLoading ? "Loading…" : [text, offer].filter(Boolean).join(" ");
    this.status.classList.toggle("inb-bad", status === "error");
    this.tiles.replaceChildren(...tiles.map((tile) => tileOf(tile, isLoading)));
    this.tiles.setAttribute("aria-busy", isLoading);
    this.tiles.hidden = !tiles.length;
    if (this.questions.childElementCount) return; // a button that is drawn anew loses its click
    const ask = (key) => () => this.wire.send("question", { key });
    const items = questions.map((one) => h("li", {}, button(one.text, ask(one.key))));
    this.questions.replaceChildren(...items);
  }

  // Loads no more; the kernel will not say so.
  stop() {
    if (!this.cancel.hidden) this.draw({ ...this.state, status: "idle", tiles: [] });
  }

  report({ records, total, requests }) {
    if (this.progress.hidden) return;
    this.status.textContent = progressText(records, total, requests);
    showProgress(this.progress, records, total);
  }
}

export function progressText(records, total, requests) {
  return `${numberOf(records, total)} conversations, ${counted(requests, "request")}`;
}

function tileOf({ name, text, change, verdict, detail }, isLoading) {
  return h(
    "li",
    { class: isLoading ? "inb-dim" : "inb-tile" },
    h("span", { class: "inb-dim" }, name),
    h("strong", {}, text),
    h("span", { class: `inb-change-${verdict}` }, change),
    detail && h("span", { class: "inb-dim" }, detail),
  );
}
