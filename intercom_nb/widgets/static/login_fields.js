// Fields of the login form. A typed secret leaves its box in a message and is in no trait.

import { calendar, freshId, h, option } from "./dom.js";

const LINKS = {
  hub: ["https://app.intercom.com/a/apps/_/developer-hub", "Intercom's Developer Hub"],
  token: [
    "https://developers.intercom.com/docs/build-an-integration/learn-more/authentication",
    "How to get a token",
  ],
  hosted: [
    "https://docs.airbyte.com/ai-agents/quickstarts/tutorial-hosted",
    "Hosted execution, step by step",
  ],
};
// [label, help, options of a plain text box]
const TEXTS = {
  workspace_name: [
    "Workspace name",
    "The owner of the connector. A new name creates a workspace along with the connector.",
  ],
  external_user_id: [
    "External user id",
    "The owner of the connector in generation 1 of Airbyte's API.",
  ],
  organization_id: [
    "Organization id (optional)",
    "Required if the Airbyte client has several organizations.",
  ],
  connector_id: ["Connector id (optional)", "Required if the owner has several connectors."],
  name: ["Name (optional)", "The connector's name at Airbyte."],
};
const SECRETS = {
  token: [
    "access_token",
    "Access token",
    ["Sent only to your Python session; never saved in the notebook. ", "token"],
    true,
  ],
  airbyte_client_id: [
    "airbyte_client_id",
    "Airbyte client id",
    ["From the Airbyte web app, under Applications."],
  ],
  airbyte_client_secret: [
    "airbyte_client_secret",
    "Airbyte client secret",
    ["Sent only to your Python session, like the id."],
  ],
  intercom_token: [
    "access_token",
    "Intercom access token",
    ["Airbyte stores it; your Python session does not. ", "token"],
    true,
  ],
};

export function loginLink(key) {
  const [href, label] = LINKS[key];
  return h("a", { href, target: "_blank", rel: "noopener noreferrer" }, label);
}

// Fields are made once, so that typed text survives a look at another mode.
export class LoginFields {
  constructor(offer, { onLeave, onType }) {
    Object.assign(this, { offer, onLeave, onType });
    this.old = offer.typed?.fields ?? {};
    this.made = {};
    this.shown = [];
  }

  get(key) {
    this.made[key] ??= this.make(key);
    return this.made[key];
  }

  get visible() {
    return this.shown.map((key) => this.get(key));
  }

  make(key) {
    if (SECRETS[key]) return this.secret(...SECRETS[key]);
    if (TEXTS[key]) return this.field(key, ...TEXTS[key], this.text(key));
    if (key === "region") return this.region();
    if (key === "start_date") {
      const help = "Earliest data Airbyte copies.";
      return this.field(key, "Start date (UTC)", help, this.date());
    }
    return this.serverUrl(key);
  }

  // What was typed before belongs to the mode of that time.
  serverUrl(key) {
    const was = key === `address_${this.offer.typed?.mode}` ? this.old.address : "";
    const box = this.text("address", { value: was ?? "", placeholder: "https://…" });
    const help = "For testing. Plain http is allowed only for localhost.";
    return this.field("address", "Custom server URL (optional)", help, box, true);
  }

  field(name, label, help, control, wide = false) {
    const id = freshId("login");
    const box = control.matches("input, select") ? control : control.querySelector("input");
    box.id = id;
    box.setAttribute("aria-describedby", `${id}-error ${id}-help`);
    const error = h("div", { class: "inb-field-error", id: `${id}-error`, role: "alert" });
    const node = h(
      "div",
      { class: wide ? "inb-field inb-login-wide" : "inb-field" },
      h("label", { for: id }, label),
      control,
      error,
      h("div", { class: "inb-help", id: `${id}-help` }, help),
    );
    box.addEventListener("change", () => this.onLeave(name));
    box.addEventListener("input", () => {
      this.complain(name, "");
      this.onType();
    });
    return { name, label, box, error, node };
  }

  text(name, props = {}) {
    const box = { type: "text", autocomplete: "off", spellcheck: "false" };
    return h("input", { ...box, value: this.old[name] ?? "", ...props });
  }

  secret(name, label, [text, link], wide) {
    const source = this.offer.sources?.[name];
    const help = [text, link && [loginLink(link), "."]];
    if (source) help.push(` Leave it empty to use the one from ${source}.`);
    const box = { type: "password", autocomplete: "off", spellcheck: "false", "data-secret": name };
    const placeholder = source ? "already found" : "";
    return this.field(name, label, help, h("input", { ...box, placeholder }), wide);
  }

  region() {
    const { regions, region, region_problem } = this.offer;
    const chosen = this.old.region ?? region;
    const options = regions.map((r) => option(r, r.toUpperCase(), r === chosen));
    const help = "Where Intercom hosts the workspace.";
    const made = this.field("region", "Region", help, h("select", {}, options));
    made.error.textContent = this.old.region ? "" : (region_problem ?? "");
    return made;
  }

  date() {
    const value = this.old.start_date ?? this.offer.start_date;
    const box = this.text("start_date", { value, placeholder: "YYYY-MM-DDTHH:mm:ssZ" });
    const pick = calendar("Choose the start day (UTC)", "date", (day) => {
      box.value = day && `${day}T00:00:00Z`;
      this.complain("start_date", "");
      this.onLeave("start_date");
    });
    return h("div", { class: "inb-time" }, box, pick);
  }

  complain(name, message) {
    for (const { box, error } of this.visible.filter((part) => part.name === name)) {
      error.textContent = message;
      if (message) box.setAttribute("aria-invalid", "true");
      else box.removeAttribute("aria-invalid");
    }
  }

  // Plain values by name, and those secrets that are wanted.
  read(isWanted) {
    const [fields, secrets] = [{}, {}];
    for (const { name, box } of this.visible) {
      if (!box.dataset.secret) fields[name] = box.value;
      else if (isWanted(name)) secrets[name] = box.value;
    }
    return { fields, secrets };
  }

  clearSecrets() {
    for (const { box } of Object.values(this.made)) if (box.dataset.secret) box.value = "";
  }

  // Labels of secrets that must be typed again after the page was reloaded.
  get missingSecrets() {
    const missing = (part) => part.box.dataset.secret && !this.offer.sources?.[part.name];
    return this.visible.filter(missing).map((part) => part.label);
  }
}
