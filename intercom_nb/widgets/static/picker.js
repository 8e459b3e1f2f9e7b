// The choice of an entity and of one of its actions: what to look up.

import { button, h, option } from "./dom.js";
import { counted } from "./format.js";
import { EntityTree } from "./tree.js";

const FEW_ACTIONS = 4;

export class EntityPicker {
  constructor(onPick) {
    this.onPick = onPick;
    this.picked = { entity: null, action: null };
    this.tree = new EntityTree((name) => this.pickEntity(name));
    const props = { class: "inb-side", "aria-label": "Entities" };
    this.node = h("nav", props, this.tree.find, this.tree.list, this.tree.hint);
    this.actions = h("div", { class: "inb-actions" });
  }

  get entities() {
    return this.tree.entities;
  }

  set entities(all) {
    this.tree.entities = all;
    this.tree.draw();
  }

  get counts() {
    return this.tree.counts;
  }

  get entity() {
    return this.entities.find((e) => e.name === this.picked.entity);
  }

  get action() {
    return this.entity?.actions.find((a) => a.name === this.picked.action);
  }

  learn(facts) {
    this.tree.learn(facts);
  }

  drawCounts() {
    this.tree.drawCounts();
  }

  drawActions() {
    const all = this.entity.actions;
    const reads = this.readGroup(all.filter((a) => !a.writes));
    const writes = this.writeGroup(all.filter((a) => a.writes));
    this.actions.replaceChildren(...[reads, writes].filter(Boolean));
  }

  readGroup(all) {
    if (!all.length) return null;
    const many = all.length > FEW_ACTIONS + 1;
    const [first, rest] = many ? [all.slice(0, FEW_ACTIONS), all.slice(FEW_ACTIONS)] : [all, []];
    const more = rest.length > 0 && this.moreActions(rest);
    const props = { role: "group", "aria-label": "Read", class: "inb-group" };
    return h("div", props, this.actionButtons(first), more);
  }

  // Folded away: most people read. A connector that is read-only has none.
  writeGroup(all) {
    if (!all.length) return null;
    const props = { role: "group", "aria-label": "Change", class: "inb-group" };
    const group = h("div", props, this.actionButtons(all));
    const open = all.some((a) => a.name === this.picked.action);
    const summary = h("summary", {}, `Change data: ${counted(all.length, "action")}`);
    return h("details", { class: "inb-writes", open }, summary, group);
  }

  actionButtons(all) {
    return all.map((a) =>
      button(a.label, () => this.pick(this.picked.entity, a.name), {
        "aria-pressed": String(a.name === this.picked.action),
        title: a.description,
      }),
    );
  }

  moreActions(rest) {
    const { action } = this.picked;
    const props = {
      "aria-label": "More read actions",
      class: rest.some((a) => a.name === action) ? "inb-chosen" : null,
      onchange: (e) => e.target.value && this.pick(this.picked.entity, e.target.value),
    };
    const options = rest.map((a) =>
      option(a.name, a.label, a.name === action, { title: a.description }),
    );
    return h("select", props, option("", "more…"), options);
  }

  pickEntity(name) {
    const { entity, action } = this.picked;
    const found = this.entities.find((e) => e.name === name);
    this.pick(name, name === entity ? action : found.actions[0].name);
  }

  pick(entity, action, form = null) {
    const restoreFocus = this.rememberFocus();
    this.picked = { entity, action };
    this.tree.mark(entity);
    this.drawActions();
    restoreFocus();
    this.onPick(form);
  }

  // Buttons are drawn anew; the focus goes to the one that takes the old one's place.
  rememberFocus() {
    const focused = document.activeElement;
    if (!this.actions.contains(focused)) return () => {};
    const { tagName, textContent } = focused;
    const isSame = (node) => tagName === "SELECT" || node.textContent === textContent;
    return () => [...this.actions.querySelectorAll(tagName)].find(isSame)?.focus();
  }
}
