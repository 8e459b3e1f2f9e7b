// The explorer: the query above, the result below.

import { banner, button, h, showProgress } from "./dom.js";
import { ExtractionPart } from "./extraction.js";
import { ActionForm } from "./form.js";
import { counted, number, numberOf } from "./format.js";
import { fullScreenButton } from "./fullscreen.js";
import { LoginPanel } from "./login.js";
import { EntityPicker } from "./picker.js";
import { ResultPart } from "./result.js";
import { SavedList, SaveQuestion } from "./saved.js";
import { StartPart } from "./start.js";
import { openForm } from "./wire.js";
import { changeTable, confirmBox } from "./write.js";

// The row with Run, and what a run reports.
class RunBar {
  constructor(onRun, onCancel) {
    this.running = false;
    const help = "Maximum number of records; leave blank for all";
    const box = { type: "text", inputmode: "numeric", class: "inb-limit", placeholder: "all" };
    this.limit = h("input", { ...box, value: "200", title: help });
    this.limitField = h("label", { class: "inb-limit-field", title: help }, "Rows ", this.limit);
    const run = { class: "inb-primary", title: "Run (Shift+Enter)" };
    this.run = button("Run", onRun, run);
    this.cancel = button("Cancel", onCancel, { hidden: true, title: "Cancel (Esc)" });
    this.progress = h("progress", { hidden: true, "aria-label": "Progress" });
    this.status = h("span", { class: "inb-said", role: "status" });
    const { limitField, cancel, progress, status } = this;
    this.node = h("div", { class: "inb-run" }, limitField, this.run, cancel, progress, status);
  }

  setRunning(on, text = "Loading…") {
    const hadFocus = [document.body, this.cancel].includes(document.activeElement);
    this.running = on;
    this.cancel.hidden = !on;
    this.progress.hidden = !on;
    showProgress(this.progress, 0, null);
    this.run.setAttribute("aria-disabled", on);
    if (on) this.say(text);
    else if (hadFocus) this.run.focus();
  }

  report({ records, total, requests }) {
    if (!this.running) return;
    const done = `${numberOf(records, total)} records`;
    this.status.textContent = `${done}, ${counted(requests, "request")}`;
    showProgress(this.progress, records, total);
  }

  say(text, isBad = false) {
    this.status.textContent = text;
    this.status.classList.toggle("inb-bad", isBad);
  }

  showLimitError(text) {
    if (!text) {
      this.limit.removeAttribute("aria-invalid");
      return;
    }
    this.say(`Rows ${text}`, true);
    this.limit.setAttribute("aria-invalid", "true");
    this.limit.focus();
  }
}

class ExplorerView {
  constructor(wire, el) {
    this.el = el;
    this.wire = wire;
    this.offer = null;
    this.connected = null;
    this.form = null;
    this.forms = new Map();
    this.attributes = {};
    this.since = {};
    this.picker = new EntityPicker((form) => this.drawForm(form));
    this.bar = new RunBar(
      () => this.run(),
      () => wire.send("cancel"),
    );
    this.result = new ResultPart(wire, {
      name: "explorer",
      hasHistory: true,
      onResult: (next) => {
        this.learnCount(next);
        this.saving.show(next.title);
        requestAnimationFrame(() => this.keepFocus()); // once the result has drawn its tab
      },
      onLoadAll: () => {
        this.bar.limit.value = "";
        this.run();
      },
    });
    this.extraction = new ExtractionPart(wire);
    this.month = new StartPart(wire);
    this.saved = new SavedList(wire, "explorer");
    this.saving = new SaveQuestion(wire, () => this.result.look);
    this.result.head.append(this.saving.node);
    this.buildTop();
    this.buildQuery();
    this.listen();
  }

  buildTop() {
    this.where = h("div", { class: "inb-where" });
    this.rate = h("div", { class: "inb-dim inb-rate" });
    const back = () => this.showLogin(this.connected !== null);
    this.switchButton = button("Switch workspace", back, { class: "inb-link" });
    this.startButton = button("Start page", () => this.showStart(), { class: "inb-link" });
    this.startButton.hidden = true;
    const full = fullScreenButton(this.el);
    this.problem = h("div", { class: "inb-problem", role: "alert" });
    const { where, rate, switchButton, problem } = this;
    this.top = h("header", { class: "inb-top" }, where, rate, switchButton, full, problem);
    this.loginPlace = h("div", { hidden: true });
  }

  buildQuery() {
    this.about = h("p", {});
    this.formPlace = h("div", {});
    this.news = h("div", {});
    const { picker, about, formPlace, bar, news, extraction } = this;
    const props = { class: "inb-main", "aria-label": "Query" };
    const parts = [picker.actions, about, formPlace, bar.node, news, extraction.node];
    this.main = h("section", props, parts);
    this.asking = h("div", { class: "inb-asking" }, picker.node, this.main);
    const { month, saved } = this;
    this.startPage = h("div", {}, month.node, saved.node);
    this.summary = h("span", { class: "inb-summary" });
    this.outcome = h("span", { class: "inb-said", role: "status" });
    this.edit = button("Edit query", () => this.fold(false));
    const folded = [this.summary, this.outcome, this.edit];
    this.folded = h("div", { class: "inb-folded", hidden: true }, folded);
  }

  // After a run the query takes one line, and the result has the window.
  fold(on) {
    this.asking.hidden = on;
    this.folded.hidden = !on;
    this.showStartPage(false);
    if (on) this.edit.before(this.startButton);
    else this.switchButton.before(this.startButton);
    const { entity, action } = this.picker;
    if (on) {
      const what = [
        `${entity.label}: ${action.label.toLowerCase()}`,
        this.form.describe(this.result.zoneName),
      ];
      this.summary.textContent = what.filter(Boolean).join(", ");
      this.summary.title = this.summary.textContent;
    }
    if (on) this.keepFocus();
    else this.bar.run.focus();
  }

  // The node that had the focus may be gone, or hidden with its part.
  keepFocus() {
    const active = document.activeElement;
    const isGone = active === document.body || (this.el.contains(active) && !active.offsetParent);
    if (this.inUse && isGone) this.edit.focus({ preventScroll: true });
  }

  showStartPage(on) {
    this.startPage.hidden = !on;
    this.startButton.hidden = on;
  }

  showStart() {
    this.fold(false);
    this.showStartPage(true);
    this.result.answer.hidden = true;
    this.startPage.querySelector("button:not([hidden])")?.focus();
  }

  listen() {
    const { wire } = this;
    wire.on("facts", (found) => this.learn(found));
    wire.on("run", (state) => this.update(state));
    wire.on("progress", (progress) => this.bar.report(progress));
    wire.on("failure", ({ text }) => {
      this.bar.setRunning(false);
      this.bar.say("");
      this.news.replaceChildren(banner("error", "", text));
    });
    wire.on("form", ({ form }) => this.restore(form));
    wire.on("connection", (content) => this.connect(content));
    wire.on("lost", () => this.stop());
    wire.on("offer", (content) => this.learnOffer(content));
    this.el.addEventListener("keydown", (event) => this.press(event));
    // Whether the focus is here, or was on a node that is gone since.
    this.el.addEventListener("focusin", () => {
      this.inUse = true;
    });
    this.el.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget && !this.el.contains(relatedTarget)) this.inUse = false;
    });
    // The request that is shown is no longer that of the form.
    this.main.addEventListener("input", () => this.review?.remove());
  }

  press(event) {
    const { target, key, shiftKey } = event;
    const inFolder = target === this.extraction.to;
    const inQuery = target.matches?.("input[type=text]") && this.main.contains(target);
    if (key === "Enter" && (shiftKey || inQuery)) {
      event.preventDefault();
      // Everywhere, as JupyterLab would run the cell, and what was typed would be lost.
      if (shiftKey) event.stopPropagation();
      if (inFolder) this.extraction.send();
      else if (this.asking.contains(target)) this.run();
    } else if (key === "Escape" && this.bar.running) {
      event.preventDefault();
      this.wire.send("cancel");
    }
  }

  drawForm(values) {
    const { entity, action, picked } = this.picker;
    const key = `${entity.name}.${action.name}`;
    if (!this.forms.has(key)) {
      const known = this.knownAttributes(entity.name);
      this.forms.set(key, new ActionForm(action, known, this.since[entity.name]));
    }
    this.form = this.forms.get(key);
    if (values) this.form.write(values);
    this.about.textContent = action.description;
    if (!this.bar.running) this.bar.say("");
    this.formPlace.replaceChildren(this.form.node);
    this.bar.limitField.hidden = !action.paged;
    this.bar.run.textContent = action.writes ? "Review…" : "Run";
    this.extraction.offer(picked.entity, entity.extracts);
    this.news.replaceChildren();
  }

  // Those of the workspace with their types, and further columns of the current result.
  knownAttributes(entity) {
    const typed = this.attributes[entity] ?? [];
    const names = new Set(typed.map((a) => a.name));
    const others = this.result.columns.filter((name) => !names.has(name));
    return [...typed, ...others.map((name) => ({ name, type: "any", values: [] }))];
  }

  learn(found) {
    const { attributes, since } = found;
    const isNew =
      JSON.stringify([attributes, since]) !== JSON.stringify([this.attributes, this.since]);
    Object.assign(this, { attributes, since });
    this.picker.learn(found);
    if (!isNew) return;
    for (const [key, form] of this.forms) {
      const [entity] = key.split(".");
      form.learn(this.knownAttributes(entity), since[entity]);
    }
  }

  learnCount(next) {
    if (next.total === null || next.action !== "list") return;
    this.picker.counts.set(next.entity, next.total);
    this.picker.drawCounts();
  }

  readForm() {
    return { ...this.picker.picked, ...this.form.read(), limit: this.bar.limit.value };
  }

  run(more = {}) {
    if (this.bar.running || !this.form) return;
    this.form.showErrors({});
    const form = this.readForm();
    this.asked = JSON.stringify(form);
    const isSent = this.wire.send("run", { ...form, ...more });
    if (isSent) this.bar.setRunning(true, "Waiting for the kernel…");
  }

  update(state) {
    const { status } = state;
    this.bar.setRunning(status === "running");
    this.result.dim(["running", "error"].includes(status));
    const notes = (state.notes ?? []).map((note) => banner("note", "", note));
    this.news.replaceChildren(...notes);
    if (status !== "running") this.bar.say(state.text && status !== "error" ? state.text : "");
    const errors = status === "refused" ? state.errors : {};
    if (status === "refused") {
      this.bar.say(state.text, true);
      this.form.showErrors(errors);
    }
    this.bar.showLimitError(errors.limit);
    if (status === "error") this.news.replaceChildren(errorBanner(state));
    if (status === "confirm") this.confirm(state);
    if (state.change) this.news.replaceChildren(changeTable(state.change));
    if (state.rate?.limit) {
      const { remaining, limit } = state.rate;
      this.rate.textContent = `${number(remaining)} of ${number(limit)} requests left`;
    }
    if (status === "done" && !state.change) this.showResult(state.text);
  }

  showResult(outcome) {
    this.fold(true);
    this.bar.say("");
    this.outcome.textContent = outcome;
    this.result.scrollIntoView();
  }

  confirm(state) {
    // The kernel may answer late: what it shows must be what the form says now.
    if (JSON.stringify(this.readForm()) !== this.asked) {
      this.bar.say("The form has changed. Review it again.");
      return;
    }
    const send = () => {
      this.news.replaceChildren();
      this.run({ confirmed: true });
    };
    const cancel = () => {
      this.news.replaceChildren();
      this.bar.run.focus();
    };
    this.review = confirmBox(state, this.connected?.name, send, cancel);
    this.news.replaceChildren(this.review);
    // Not a button: a second Enter must not send what nobody has read.
    this.review.focus();
  }

  restore(form) {
    this.picker.pick(form.entity, form.action, form);
    if (form.limit !== undefined) this.bar.limit.value = form.limit;
  }

  showLogin(canGoBack) {
    this.asking.hidden = true;
    this.folded.hidden = true;
    this.showStartPage(false);
    this.startButton.hidden = true;
    this.loginPlace.hidden = false;
    const back = () => {
      this.showQuery();
      this.switchButton.focus();
    };
    const onCancel = canGoBack ? back : null;
    this.loginPlace.replaceChildren(new LoginPanel(this.wire, this.offer, { onCancel }).node);
  }

  showQuery() {
    this.loginPlace.hidden = true;
    this.asking.hidden = false;
    this.folded.hidden = true;
    this.showStartPage(true);
  }

  connect({ connection, entities }) {
    const { picker } = this;
    if (this.connected?.mode !== connection?.mode) {
      this.forms.clear();
      picker.counts.clear();
      picker.picked = { entity: null, action: null };
    }
    const leavesLogin = !this.connected || !this.loginPlace.hidden;
    this.connected = connection;
    if (!this.el.contains(this.top)) this.drawParts();
    picker.entities = entities;
    this.switchButton.hidden = !connection || !this.offer;
    if (!connection) {
      this.showLogin(false);
      return;
    }
    if (leavesLogin) this.showQuery();
    this.describeConnection(connection);
    if (!picker.picked.entity) picker.pick(entities[0].name, entities[0].actions[0].name);
  }

  describeConnection(connection) {
    const access = connection.writes ? "read and write" : "read-only";
    const tags = [connection.region, connection.mode, access].filter(Boolean);
    const dot = connection.problem ? "inb-dot inb-down" : "inb-dot";
    this.where.replaceChildren(
      h("span", { class: dot, "aria-hidden": "true" }),
      h("strong", {}, connection.name),
      ...tags.map((text) => h("span", { class: "inb-tag" }, text)),
    );
    this.problem.textContent = connection.problem ?? "";
  }

  // Nothing runs any more, and no message will say so.
  stop() {
    if (this.bar.running) this.update({ status: "cancelled", text: "Kernel restarted." });
    const text = "The kernel was restarted. Download into the same folder to resume.";
    if (this.extraction.running) this.extraction.update({ status: "error", text });
    this.month.stop();
    this.where.querySelector(".inb-dot")?.classList.add("inb-down");
  }

  learnOffer(offer) {
    this.offer ??= offer; // sent again for another view, without what was typed here
    this.switchButton.hidden = !this.connected;
  }

  drawParts() {
    const { top, loginPlace, startPage, asking, folded, result } = this;
    this.el.replaceChildren(top, loginPlace, startPage, asking, folded, ...result.nodes);
  }
}

function errorBanner({ title, text, details }) {
  const box = banner("error", title, text);
  if (!details?.length) return box;
  const lines = details.map((line) => h("div", {}, line));
  box.append(h("details", {}, h("summary", {}, "Details"), lines));
  return box;
}

export default { render: (view) => openForm(view, (wire, el) => new ExplorerView(wire, el)) };
