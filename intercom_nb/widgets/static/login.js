// The login form.

import { banner, button, copyText, freshId, h, Tabs } from "./dom.js";
import { counted } from "./format.js";
import { LoginFields, loginLink } from "./login_fields.js";

const MODES = [
  ["demo", "Demo workspace"],
  ["token", "Access token"],
  ["hosted", "Hosted by Airbyte"],
];
const TASKS = [
  ["use", "Use an existing connector"],
  ["create", "Create a connector"],
];
const OWNERS = [
  ["workspace_name", "by workspace name"],
  ["external_user_id", "by external user id (generation 1)"],
];
const PREVIEW_TYPING = 150; // ms without a key before the code is written anew

export class LoginPanel {
  constructor(wire, offer, { onCancel = null } = {}) {
    Object.assign(this, { wire, offer });
    const typed = offer.typed ?? {};
    this.state = {
      mode: MODES.some(([name]) => name === typed.mode) ? typed.mode : "demo",
      task: typed.task === "create" ? "create" : "use",
      tenant: "external_user_id" in (typed.fields ?? {}) ? "external_user_id" : "workspace_name",
    };
    this.previews = 0;
    this.timer = null;
    this.fields = new LoginFields(offer, {
      onLeave: (name) => this.preview(name),
      onType: () => this.previewSoon(),
    });
    this.buildParts();
    this.code = new LoginCode();
    this.node = this.build(onCancel);
    this.draw();
    this.askAgain(typed);
    wire.on("login", (content) => this.update(content));
  }

  buildParts() {
    this.status = h("div", { role: "status" });
    this.about = h("p", { class: "inb-dim" });
    this.place = h("div", { class: "inb-login-fields" });
    this.connect = h("button", { type: "submit", class: "inb-primary" }, "Connect");
    const onchange = () => this.preview();
    const checked = this.offer.typed?.writes === true;
    this.writes = h("input", { type: "checkbox", checked, onchange });
    this.remember = h("input", { type: "checkbox" });
    this.rememberWhat = document.createTextNode("");
    const forget = button("Delete saved credentials", () => this.forget(), { class: "inb-link" });
    const label = h(
      "label",
      { class: "inb-check" },
      this.remember,
      h("span", {}, this.rememberWhat),
    );
    this.rememberRow = h("div", { class: "inb-row" }, label, forget);
    this.more = h("details", { class: "inb-login-wide" }, h("summary", {}, "Custom server URL"));
    const text = `Found a token in ${this.offer.found}. `;
    this.found = h("div", { class: "inb-banner inb-note" }, text);
    const use = () => this.wire.send("login", { mode: "found", writes: this.writes.checked });
    this.found.append(button("Use it", use, { class: "inb-link" }));
    this.modes = this.radios("How to connect", "mode", MODES, true);
    this.tasks = this.radios("Task", "task", TASKS);
    this.owners = this.radios("Owner", "tenant", OWNERS);
  }

  build(onCancel) {
    const title = "Check whether this works; nothing is created or saved";
    const test = button("Test", () => this.send("test"), { title });
    const back = onCancel && button("Back", onCancel);
    const label = "Allow changes (create, update, delete)";
    const { modes, about, tasks, owners, place, rememberRow, status } = this;
    const main = h(
      "div",
      { class: "inb-login-main" },
      [modes, about, tasks, owners, place, rememberRow],
      h("label", { class: "inb-check" }, this.writes, label),
      h("div", { class: "inb-row" }, this.connect, test, back),
      status,
    );
    const onsubmit = (event) => {
      event.preventDefault();
      this.send("connect");
    };
    const form = h(
      "form",
      { class: "inb-login", onsubmit, autocomplete: "off", "aria-label": "Connect to Intercom" },
      h("h3", {}, "Connect to Intercom"),
      h("div", { class: "inb-login-sides" }, main, this.code.node),
    );
    // JupyterLab keeps the browser from submitting a form by Enter.
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.target.matches("input:not([type=radio])")) return;
      event.preventDefault();
      form.requestSubmit();
    });
    return form;
  }

  radios(legend, key, options, hidden = false) {
    const name = freshId(key);
    const choose = (value) => {
      this.state[key] = value;
      this.status.replaceChildren();
      this.draw();
    };
    const choices = options.map(([value, label]) => {
      const checked = value === this.state[key];
      const onchange = () => choose(value);
      const radio = h("input", { type: "radio", name, value, checked, onchange });
      return h("label", {}, radio, h("span", {}, label));
    });
    const kind = hidden ? "inb-unseen" : "inb-login-legend";
    return h("fieldset", { class: "inb-modes" }, h("legend", { class: kind }, legend), choices);
  }

  get creates() {
    return this.state.mode === "hosted" && this.state.task === "create";
  }

  // The keys of the fields that the chosen mode shows.
  get wanted() {
    const { mode, tenant } = this.state;
    if (mode === "demo") return [];
    if (mode === "token") return ["token", "region"];
    const owner = tenant === "workspace_name" ? [tenant, "organization_id"] : [tenant];
    const task = this.creates ? ["intercom_token", "start_date", "name"] : ["connector_id"];
    return [...owner, "airbyte_client_id", "airbyte_client_secret", ...task];
  }

  draw() {
    const { mode } = this.state;
    const hosted = mode === "hosted";
    this.tasks.hidden = this.owners.hidden = !hosted;
    this.fields.shown = this.wanted;
    const nodes = this.fields.visible.map((part) => part.node);
    if (mode !== "demo") nodes.push(this.serverUrl());
    if (mode === "token" && this.offer.found) nodes.unshift(this.found);
    const problem = this.offer.credential_problem;
    if (mode !== "demo" && problem) nodes.unshift(banner("warn", "", problem));
    this.place.replaceChildren(...nodes);
    this.rememberRow.hidden = mode === "demo" || !this.offer.keyring;
    const what = hosted ? "Airbyte client" : "token and region";
    this.rememberWhat.data = `Save the ${what} in this computer's keyring`;
    this.connect.textContent = this.creates ? "Create connector" : "Connect";
    this.about.replaceChildren(...this.describe());
    this.preview();
  }

  // One box for each mode: a URL typed for token mode must not lead hosted mode to it.
  serverUrl() {
    const key = `address_${this.state.mode}`;
    this.fields.shown = [...this.fields.shown, key];
    const part = this.fields.get(key);
    this.more.replaceChildren(this.more.firstChild, part.node);
    this.more.open = Boolean(part.box.value);
    return this.more;
  }

  describe() {
    const { mode } = this.state;
    if (mode === "demo") return ["Made-up data inside the package: no account, no network."];
    if (mode === "token") {
      const where = " (Your app > Configure > Authentication).";
      return ["Paste an access token from ", loginLink("hub"), where];
    }
    const text = this.creates
      ? "Airbyte stores the token and sends requests for you. "
      : "Airbyte has the Intercom token and sends requests for you; enter an Airbyte client. ";
    return [text, loginLink("hosted"), "."];
  }

  read(isWanted = () => true) {
    const { mode, task } = this.state;
    const writes = this.writes.checked;
    return { mode, task, ...this.fields.read(isWanted), writes };
  }

  previewSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.preview(), PREVIEW_TYPING);
  }

  // Requests the code, and for the field that was left its error.
  async preview(left = null) {
    clearTimeout(this.timer);
    const mine = ++this.previews;
    const content = this.read((name) => name === left);
    const { mode, task, fields, writes } = content;
    this.offer.typed = { mode, task, fields, writes };
    const reply = await this.wire.ask("login", { do: "look", ...content });
    if (left) this.fields.complain(left, reply.errors[left] ?? "");
    if (mine === this.previews) this.code.show(reply);
  }

  send(what, extra = {}) {
    for (const { name } of this.fields.visible) this.fields.complain(name, "");
    const remember = this.remember.checked && !this.rememberRow.hidden;
    this.wire.send("login", { do: what, remember, ...this.read(), ...extra });
  }

  async forget() {
    const { text } = await this.wire.ask("forget");
    this.status.replaceChildren(text);
  }

  askAgain(typed) {
    const again = this.fields.missingSecrets;
    if (!this.offer.typed || !typed.mode || !again.length) return;
    this.status.replaceChildren(`Re-enter: ${again.join(", ")} (secrets aren't kept).`);
  }

  update(content) {
    const { status } = content;
    this.connect.setAttribute("aria-busy", status === "checking");
    const show = {
      checking: () => this.showChecking(content),
      connected: () => this.showConnected(content),
      tested: () => this.status.replaceChildren(h("span", { class: "inb-ok" }, content.text)),
      exists: () => this.showExisting(content),
      error: () => this.showError(content),
    };
    if (show[status]) show[status]();
    else this.status.replaceChildren(content.text ?? "");
    if (["error", "exists", "tested"].includes(status) && !content.errors) {
      this.status.scrollIntoView({ block: "nearest" });
    }
  }

  showChecking(content) {
    const cancel = button("Cancel", () => this.wire.send("login_cancel"), { class: "inb-link" });
    this.status.replaceChildren(`${content.text ?? "Connecting…"} `, cancel);
  }

  showConnected(content) {
    this.fields.clearSecrets();
    const where = [content.name, content.region].filter(Boolean).join(", ");
    const done = h("span", { class: "inb-ok" }, `Connected: ${where}. `);
    this.status.replaceChildren(done, content.note ?? "");
  }

  showExisting(content) {
    const title = `${content.whose} already has an Intercom connector.`;
    const text = "With two connectors, the workspace name alone is ambiguous.";
    const another = button("Create another one", () => this.send("connect", { again: true }));
    this.status.replaceChildren(
      banner("warn", title, text),
      this.connectors(content.found, another),
    );
  }

  showError(content) {
    const errors = Object.entries(content.errors ?? {});
    const details = h("span", { class: "inb-dim" }, content.text);
    const text = errors.length ? `Please fix ${counted(errors.length, "field")}.` : "";
    this.status.replaceChildren(
      content.title ? banner("error", content.title, content.advice || [], details) : text,
    );
    if (content.found?.length) this.status.append(this.connectors(content.found));
    if (content.deletable) {
      const remove = button("Delete it", () => this.wire.send("login", { do: "delete" }));
      this.status.append(h("div", { class: "inb-row inb-login-choices" }, remove));
    }
    for (const [name, message] of errors) this.fields.complain(name, message);
    const first = this.fields.visible.find((part) => content.errors?.[part.name]);
    if (!first) return;
    if (this.more.contains(first.box)) this.more.open = true;
    first.box.focus();
  }

  connectors(list, ...others) {
    const use = (id) => {
      this.state.task = "use";
      this.tasks.querySelector('input[value="use"]').checked = true;
      this.fields.get("connector_id").box.value = id;
      this.draw();
      this.send("connect");
    };
    const buttons = list.map(({ id, name }) => button(`Use ${name} (${id})`, () => use(id)));
    return h("div", { class: "inb-row inb-login-choices" }, buttons, others);
  }
}

// The same request as Python and as curl, written by the kernel.
class LoginCode {
  constructor() {
    const props = { class: "inb-code", tabindex: "0" };
    const names = ["Python", "curl"];
    this.blocks = names.map((name) => h("pre", { ...props, "aria-label": name }));
    this.variables = h("p", { class: "inb-help" });
    const title = "Equivalent code";
    const tabs = new Tabs(title, names);
    names.forEach((name, i) => {
      tabs.panels[name].append(this.blocks[i]);
    });
    const copied = h("span", { class: "inb-dim", role: "status" });
    const copy = button("Copy", () => {
      copyText(this.blocks[names.indexOf(tabs.current)].textContent, copied);
    });
    this.node = h(
      "section",
      { class: "inb-login-code", "aria-label": title },
      h("div", { class: "inb-row" }, h("h4", {}, title), copy, copied),
      tabs.list,
      Object.values(tabs.panels),
      this.variables,
    );
    tabs.show("Python");
  }

  show({ python, curl, variables }) {
    const [pythonBlock, curlBlock] = this.blocks;
    pythonBlock.textContent = python;
    curlBlock.textContent = curl;
    const names = variables.join(", ");
    this.variables.textContent = names && `Contains no secrets. Set ${names} first.`;
  }
}
