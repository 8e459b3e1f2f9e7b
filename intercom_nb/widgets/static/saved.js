// Saved questions: save what the result shows, run it again, share it, pin it to the dashboard.

import { button, copyText, h, redraw } from "./dom.js";
import { counted } from "./format.js";

export class SavedList {
  constructor(wire, name) {
    Object.assign(this, { wire, name });
    this.node = h("section", { class: "inb-saved", "aria-label": "Saved questions", hidden: true });
    this.status = h("span", { class: "inb-dim", role: "status" });
    wire.on("saved", ({ saved }) => this.draw(saved));
  }

  // After the last question was removed, the focus goes to the heading "No saved questions".
  draw(saved) {
    this.node.hidden = false; // what is hidden takes no focus
    const isEmptied = redraw(this.node, () => this.replace(saved));
    this.node.hidden = !saved.length && !isEmptied;
    if (isEmptied) this.head.focus();
  }

  replace(saved) {
    this.head = h(
      "h4",
      { tabindex: "-1" },
      saved.length ? "Saved questions" : "No saved questions",
    );
    const items = saved.map((one) => this.item(one));
    const hint = saved.length > 0 && this.dashboardHint(saved.filter((one) => one.pinned).length);
    this.node.replaceChildren(
      ...[this.head, h("ul", {}, items), hint, this.status].filter(Boolean),
    );
  }

  item({ name, about, code, pinned }) {
    const send = (kind, more = {}) => this.wire.send(kind, { name, ...more });
    const label = (text) => ({ "aria-label": `${text}: ${name}` });
    const pin = { "aria-pressed": String(pinned), ...label("Pin to the dashboard") };
    return h(
      "li",
      { class: "inb-row" },
      button(name, () => send("saved_run"), { class: "inb-link", ...label("Run again") }),
      h("span", { class: "inb-dim" }, about),
      button("Copy code", () => copyText(code, this.status), label("Copy code")),
      button("Pin", () => send("saved_pin", { on: !pinned }), pin),
      button("Remove", () => send("saved_remove"), label("Remove")),
    );
  }

  dashboardHint(pinned) {
    const code = `inb.dashboard(${this.name}.pinned)`;
    const copy = button("Copy", () => copyText(code, this.status), {
      "aria-label": `Copy ${code}`,
    });
    if (!pinned) return h("p", { class: "inb-dim" }, "Pin questions to show them as a dashboard.");
    const text = `${counted(pinned, "question")} on the dashboard. Run `;
    return h("p", { class: "inb-row" }, h("span", {}, text, h("code", {}, code)), copy);
  }
}

// The control beside a result; `lookOf` returns the filters, the order and the summary shown.
export class SaveQuestion {
  constructor(wire, lookOf) {
    this.wire = wire;
    this.lookOf = lookOf;
    this.toggle = button("Save question", () => this.open(this.box.hidden));
    this.toggle.setAttribute("aria-expanded", "false");
    const label = "Name of the question";
    this.name = h("input", { type: "text", "aria-label": label, placeholder: label });
    this.name.addEventListener("keydown", (event) => this.press(event));
    const save = button("Save", () => this.save());
    this.box = h("span", { class: "inb-row", hidden: true }, this.name, save);
    this.status = h("span", { class: "inb-dim", role: "status" });
    this.node = h("div", { class: "inb-save-question" }, this.toggle, this.box, this.status);
  }

  // The name starts as the title of what is shown.
  show(title) {
    this.name.value = title;
    this.status.textContent = "";
    this.open(false, false);
  }

  open(on, moveFocus = true) {
    this.box.hidden = !on;
    this.toggle.setAttribute("aria-expanded", on);
    if (moveFocus) (on ? this.name : this.toggle).focus();
  }

  press(event) {
    if (!["Enter", "Escape"].includes(event.key)) return;
    event.stopPropagation();
    if (event.key === "Enter") this.save();
    else this.open(false);
  }

  async save() {
    const name = this.name.value.trim();
    const reply = await this.wire.ask("save_question", { name, look: this.lookOf() });
    this.status.textContent = reply.error ?? `Saved. It is on the start page.`;
    this.status.classList.toggle("inb-bad", Boolean(reply.error));
    if (reply.error) this.name.focus();
    else this.open(false);
  }
}
