// The Record tab: a record's fields, and a conversation as a readable thread.

import { banner, button, dim, h } from "./dom.js";
import { number } from "./format.js";

const OURS = ["admin", "bot", "team"];
const SIDES = { user: "customer", contact: "customer", admin: "teammate" };

export class RecordTab {
  constructor(panel, wire, ask, onStep) {
    Object.assign(this, { panel, wire, ask, onStep });
    this.drawing = 0;
  }

  // `index` is the place among the `count` rows shown, null if it is unknown.
  async draw(result, { at, index }, count) {
    if (at === null) {
      const text = "Select a row to see its details.";
      this.panel.replaceChildren(h("p", { class: "inb-dim" }, text));
      return;
    }
    const mine = ++this.drawing;
    const { fields, url } = await this.ask("record", { at });
    if (mine !== this.drawing) return;
    const focused = this.panel.contains(document.activeElement) && document.activeElement;
    const label = focused ? focused.getAttribute("aria-label") : null;
    const region = { tabindex: "0", role: "region" };
    const rows = h("tbody", {}, fields.map(fieldRow));
    const facts = h("table", { class: "inb-facts inb-table" }, rows);
    const place = h("div", { ...region, class: "inb-facts-place", "aria-label": "Fields" }, facts);
    const thread = h("div", { ...region, class: "inb-thread", "aria-label": "Conversation" });
    const steps = [
      button("‹ Previous", () => this.onStep(-1), {
        "aria-label": "Previous record",
        disabled: index === 0,
      }),
      button("Next ›", () => this.onStep(1), {
        "aria-label": "Next record",
        disabled: index === count - 1,
      }),
      index !== null && dim(`${number(index + 1)} of ${number(count)}`),
      url && webLink(url),
    ];
    const contact = h("div", { hidden: true });
    const side = h("div", { class: "inb-record-side" }, contact, place);
    const parts = h("div", { class: "inb-record" }, result.thread && thread, side);
    this.panel.replaceChildren(h("div", { class: "inb-bar-row" }, steps), parts);
    if (label) this.focus(label);
    const id = fields.find((field) => field.name === "id");
    if (result.thread && id) this.drawThread(thread, contact, id.title ?? id.text);
  }

  // The control that had the focus, or the first one where that one is of no use any more.
  focus(label) {
    const again = this.panel.querySelector(`[aria-label="${label}"]`);
    (again?.disabled ? this.panel.querySelector("button:enabled") : again)?.focus();
  }

  async drawThread(thread, contact, id) {
    thread.replaceChildren(h("p", { class: "inb-dim" }, "Loading messages…"));
    const reply = await this.wire.ask("thread", { id });
    if (reply.error) {
      thread.replaceChildren(banner("error", "Can't show the messages", reply.error));
      return;
    }
    thread.replaceChildren(...reply.thread.map(message));
    contact.hidden = !reply.contact.length;
    const facts = reply.contact.map(([name, text]) => [h("dt", {}, name), h("dd", {}, text)]);
    contact.replaceChildren(h("h4", {}, "Contact"), h("dl", { class: "inb-contact" }, facts));
  }
}

const fieldRow = ({ name, text, title }) =>
  h("tr", {}, h("th", { scope: "row" }, name), h("td", { title }, text));

const webLink = (href) =>
  h("a", { href, target: "_blank", rel: "noopener noreferrer" }, "Open in Intercom");

function message(part) {
  const time = h("time", {}, part.when);
  if (part.event) {
    return h("div", { class: "inb-event" }, h("span", {}, `${part.who} ${part.event}`), time);
  }
  const body = h("div", { class: "inb-body" });
  body.innerHTML = part.html; // sanitized by the kernel: an allow-list of tags and attributes
  for (const link of body.querySelectorAll("a")) link.target = "_blank";
  const side = OURS.includes(part.side) ? " inb-ours" : "";
  const label = part.note ? "internal note" : (SIDES[part.side] ?? part.side);
  const who = h("div", { class: "inb-who" }, h("strong", {}, part.who), dim(label), time);
  const files = part.attachments.map((name) =>
    h("div", { class: "inb-attachment" }, `Attachment: ${name}`),
  );
  const kind = `inb-message${side}${part.note ? " inb-internal" : ""}`;
  return h("div", { class: kind }, who, body, files);
}
