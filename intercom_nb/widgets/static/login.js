// The login form. What is typed into a secret box leaves it in a message and is in no trait.

const MODES = [
  ["demo", "Demo workspace"],
  ["token", "Access token"],
  ["hosted", "Hosted by Airbyte"],
];
const TASKS = [
  ["use", "Use an existing connector"],
  ["create", "Create a connector"],
];
const TENANTS = [
  ["workspace_name", "by workspace name"],
  ["external_user_id", "by external user id (first API)"],
];
const LOGIN_LINKS = {
  hub: ["https://app.intercom.com/a/apps/_/developer-hub", "Intercom's Developer Hub"],
  token: ["https://developers.intercom.com/docs/build-an-integration/learn-more/authentication", "How to get a token"],
  hosted: ["https://docs.airbyte.com/ai-agents/quickstarts/tutorial-hosted", "Hosted execution, step by step"],
};

function loginPanel(wire, offer, { onCancel = null } = {}) {
  const typed = offer.typed ?? {};
  const old = typed.fields ?? {};
  const state = {
    mode: MODES.some(([name]) => name === typed.mode) ? typed.mode : "demo",
    task: typed.task === "create" ? "create" : "use",
    tenant: "external_user_id" in old ? "external_user_id" : "workspace_name",
  };
  const said = h("div", { class: "inb-login-said", role: "status" });
  const about = h("p", { class: "inb-dim" });
  const fields = h("div", { class: "inb-login-fields" });
  const connect = h("button", { type: "submit", class: "inb-primary" }, "Connect");
  const link = (key) => h("a", { href: LOGIN_LINKS[key][0], target: "_blank", rel: "noopener noreferrer" }, LOGIN_LINKS[key][1]);

  // Fields are made once, so that what is typed survives a look at another mode.
  const made = {};
  let shown = [];
  const field = (name, label, help, control, wide = false) => {
    const id = freshId("login");
    const box = control.matches("input, select") ? control : control.querySelector("input");
    box.id = id;
    box.setAttribute("aria-describedby", `${id}-error ${id}-help`);
    const error = h("div", { class: "inb-field-error", id: `${id}-error`, role: "alert" });
    const node = h("div", { class: wide ? "inb-field inb-login-wide" : "inb-field" }, h("label", { for: id }, label), control, error, h("div", { class: "inb-help", id: `${id}-help` }, help));
    box.addEventListener("change", () => look(name));
    box.addEventListener("input", () => { complain(name, ""); lookSoon(); });
    return { name, label, box, error, node };
  };
  const text = (name, props = {}) => h("input", { type: "text", autocomplete: "off", spellcheck: "false", value: old[name] ?? "", ...props });
  const secret = (name, label, help, wide) => {
    const source = offer.sources?.[name];
    return field(name, label, [help, source && ` Leave it empty to use the one from ${source}.`],
      h("input", { type: "password", autocomplete: "off", spellcheck: "false", "data-secret": name, placeholder: source ? "found already" : "" }), wide);
  };
  const date = () => {
    const box = text("start_date", { value: old.start_date ?? offer.start_date, placeholder: "YYYY-MM-DDTHH:mm:ssZ", inputmode: "text" });
    const picker = h("input", { type: "date", tabindex: "-1", "aria-hidden": "true", class: "inb-picker", onchange: () => {
      box.value = picker.value && `${picker.value}T00:00:00Z`;
      complain("start_date", "");
      look("start_date");
    } });
    return h("div", { class: "inb-time" }, box, h("button", { type: "button", class: "inb-icon", "aria-label": "Choose the start day (UTC)", title: "Choose the start day (UTC)", onclick: () => picker.showPicker() }, "▦"), picker);
  };
  const makers = {
    token: () => secret("access_token", "Access token", ["Goes to the kernel only; it is not saved with the notebook. ", link("token"), "."], true),
    region: () => {
      const made = field("region", "Region", "Where the workspace's data lives.", h("select", {}, offer.regions.map((r) => h("option", { value: r, selected: r === (old.region ?? offer.region) }, r.toUpperCase()))));
      made.error.textContent = old.region ? "" : (offer.region_problem ?? "");
      return made;
    },
    workspace_name: () => field("workspace_name", "Workspace name", "Whose connector; a new name makes a new workspace when a connector is created.", text("workspace_name")),
    external_user_id: () => field("external_user_id", "External user id", "Whose connector, by the name that the first API has for it.", text("external_user_id")),
    organization_id: () => field("organization_id", "Organization id (optional)", "Needed where the Airbyte client belongs to several.", text("organization_id")),
    connector_id: () => field("connector_id", "Connector id (optional)", "Needed where there are several connectors.", text("connector_id")),
    airbyte_client_id: () => secret("airbyte_client_id", "Airbyte client id", "From the Airbyte web app, under applications."),
    airbyte_client_secret: () => secret("airbyte_client_secret", "Airbyte client secret", "Goes to the kernel only, like the id."),
    intercom_token: () => secret("access_token", "Intercom access token", ["Airbyte keeps it; this notebook forgets it. ", link("token"), "."], true),
    start_date: () => field("start_date", "Start date (UTC)", "From when on Airbyte copies data for its searches.", date()),
    name: () => field("name", "Name (optional)", "What the connector is called at Airbyte.", text("name")),
    address: () => field("address", "Address (optional)", "Another server than the usual one, such as the demo's socket; http only on this machine.", text("address", { placeholder: "https://…" }), true),
  };
  const part = (key) => (made[key] ??= makers[key]());
  const visible = () => shown.map(part);
  const complain = (name, message) => {
    for (const { box, error } of visible().filter((p) => p.name === name)) {
      error.textContent = message;
      message ? box.setAttribute("aria-invalid", "true") : box.removeAttribute("aria-invalid");
    }
  };

  const rememberBox = h("input", { type: "checkbox" });
  const rememberWhat = document.createTextNode("");
  const rememberRow = h("div", { class: "inb-row" }, h("label", { class: "inb-check" }, rememberBox, h("span", {}, rememberWhat)),
    h("button", { type: "button", class: "inb-link", onclick: () => wire.ask("forget").then(({ text }) => said.replaceChildren(text)) }, "Forget what is remembered"));
  const found = h("div", { class: "inb-banner inb-note" }, `A token is there already: ${offer.found}. `,
    h("button", { type: "button", class: "inb-link", onclick: () => wire.send("login", { mode: "found", writes: writes.checked }) }, "Use it"));
  const more = h("details", { class: "inb-login-wide" }, h("summary", {}, "Another address"));

  const radios = (legend, key, options, unseen = false) => {
    const group = freshId(key);
    return h("fieldset", { class: "inb-modes" }, h("legend", { class: unseen ? "inb-unseen" : "inb-login-legend" }, legend),
      options.map(([name, label]) => h("label", {}, h("input", { type: "radio", name: group, value: name, checked: name === state[key], onchange: () => { state[key] = name; said.replaceChildren(); draw(); } }), h("span", {}, label))));
  };
  const modes = radios("How to connect", "mode", MODES, true);
  const tasks = radios("What to do", "task", TASKS);
  const tenants = radios("Whose connector", "tenant", TENANTS);
  const tick = (group, value) => (group.querySelector(`input[value="${value}"]`).checked = true);

  const draw = () => {
    const hosted = state.mode === "hosted";
    const creates = hosted && state.task === "create";
    const whose = state.tenant === "workspace_name" ? ["workspace_name", "organization_id"] : ["external_user_id"];
    tasks.hidden = tenants.hidden = !hosted;
    shown = {
      demo: [],
      token: ["token", "region"],
      hosted: [...whose, "airbyte_client_id", "airbyte_client_secret", ...(creates ? ["intercom_token", "start_date", "name"] : ["connector_id"])],
    }[state.mode];
    const nodes = visible().map((p) => p.node);
    if (state.mode !== "demo") {
      shown = [...shown, "address"];
      more.replaceChildren(more.firstChild, part("address").node);
      more.open ||= Boolean(part("address").box.value);
      nodes.push(more);
    }
    if (state.mode === "token" && offer.found) nodes.unshift(found);
    fields.replaceChildren(...nodes);
    rememberRow.hidden = state.mode === "demo" || !offer.keyring;
    rememberWhat.data = `Remember the ${hosted ? "Airbyte client" : "token and region"} in this computer's keyring`;
    connect.textContent = creates ? "Create connector" : "Connect";
    about.replaceChildren(...{
      demo: () => ["Made-up data inside the package: no account, no network."],
      token: () => ["Your workspace, by a token from ", link("hub"), " (your app, Configure > Authentication)."],
      hosted: () => [creates
        ? "Give Airbyte your Intercom token once: it makes a connector, keeps the token and sends the requests from then on. "
        : "Airbyte keeps the Intercom token and sends the requests; you give an Airbyte client. ", link("hosted"), "."],
    }[state.mode]());
    look();
  };

  // The same request as Python and as curl, written by the kernel from what is typed.
  const codes = { Python: h("pre", { class: "inb-code", tabindex: "0", "aria-label": "Python" }), curl: h("pre", { class: "inb-code", tabindex: "0", "aria-label": "curl" }) };
  const variables = h("p", { class: "inb-help" });
  const copied = h("span", { class: "inb-dim", role: "status" });
  const codeTabs = tabs("The same in code", Object.keys(codes), () => {});
  for (const [name, pre] of Object.entries(codes)) codeTabs.panels[name].append(pre);
  const code = h("section", { class: "inb-login-code", "aria-label": "The same in code" }, h("div", { class: "inb-row" }, h("h4", {}, "The same in code"),
    h("button", { type: "button", onclick: () => copyText(codes[codeTabs.current()].textContent, copied) }, "Copy"), copied),
    codeTabs.list, ...Object.values(codeTabs.panels), variables);
  codeTabs.show("Python");

  const values = (wanted = () => true) => {
    const [plain, secrets] = [{}, {}];
    for (const { name, box } of visible()) {
      if (!box.dataset.secret) plain[name] = box.value;
      else if (wanted(name)) secrets[name] = box.value;
    }
    return { mode: state.mode, task: state.task, fields: plain, secrets, writes: writes.checked };
  };
  let looks = 0;
  let soon = null;
  const lookSoon = () => { clearTimeout(soon); soon = setTimeout(look, 150); };
  // Asks for the code; with the name of a field that was left, also for what is wrong with it.
  const look = async (left = null) => {
    clearTimeout(soon);
    const asked = ++looks;
    const content = values((name) => name === left);
    offer.typed = { mode: content.mode, task: content.task, fields: content.fields, writes: content.writes };
    const answer = await wire.ask("login", { do: "look", ...content });
    if (left) complain(left, answer.errors[left] ?? "");
    if (asked !== looks) return;
    codes.Python.textContent = answer.python;
    codes.curl.textContent = answer.curl;
    const names = answer.variables;
    variables.textContent = names.length ? `No secret is in it: set ${names.join(", ")} before you run it.` : "";
  };

  const send = (what, extra = {}) => {
    for (const { name } of visible()) complain(name, "");
    wire.send("login", { do: what, remember: rememberBox.checked && !rememberRow.hidden, ...values(), ...extra });
  };
  const writes = h("input", { type: "checkbox", checked: typed.writes === true, onchange: () => look() });
  const test = h("button", { type: "button", title: "Ask the server whether this would work; nothing is made or kept", onclick: () => send("test") }, "Test");
  const form = h("form", { class: "inb-login", onsubmit: (event) => { event.preventDefault(); send("connect"); }, autocomplete: "off", "aria-label": "Connect to Intercom" },
    h("h3", {}, "Connect to Intercom"),
    h("div", { class: "inb-login-sides" }, h("div", { class: "inb-login-main" }, modes, about, tasks, tenants, fields, rememberRow,
      h("label", { class: "inb-check" }, writes, "Allow actions that change the workspace"),
      h("div", { class: "inb-row" }, connect, test, onCancel && h("button", { type: "button", onclick: onCancel }, "Back")), said), code));
  // JupyterLab keeps the browser from submitting a form by Enter.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input:not([type=radio])")) return;
    event.preventDefault();
    form.requestSubmit();
  });
  draw();
  const again = visible().filter((p) => p.box.dataset.secret && !offer.sources?.[p.name]).map((p) => p.label);
  if (offer.typed && typed.mode && again.length) said.replaceChildren(`Type again: ${again.join(", ")}. The browser keeps no secret; the rest is as you left it.`);

  const button = (label, act, kind = "") => h("button", { type: "button", class: kind, onclick: act }, label);
  const use = ({ id }) => {
    state.task = "use";
    tick(tasks, "use");
    part("connector_id").box.value = id;
    draw();
    send("connect");
  };
  const choices = (list, ...others) => h("div", { class: "inb-row inb-login-choices" }, list.map((each) => button(`Use ${each.name} (${each.id})`, () => use(each))), others);

  const statuses = {
    checking: (content) => said.replaceChildren(`${content.text ?? "Asking the server…"} `, button("Cancel", () => wire.send("login_cancel"), "inb-link")),
    connected: (content) => {
      for (const { box } of Object.values(made)) if (box.dataset.secret) box.value = "";
      said.replaceChildren(h("span", { class: "inb-ok" }, `Connected: ${[content.name, content.region].filter(Boolean).join(", ")}. `), content.note ?? "");
    },
    tested: (content) => said.replaceChildren(h("span", { class: "inb-ok" }, content.text)),
    exists: (content) => said.replaceChildren(banner("warn", `${content.whose} has an Intercom connector already.`, "With another one its name alone would not tell which one is meant."),
      choices(content.found, button("Create another one", () => send("connect", { again: true })))),
    error: (content) => {
      const errors = Object.entries(content.errors ?? {});
      said.replaceChildren(content.title ? banner("error", content.title, content.advice || [], h("span", { class: "inb-dim" }, content.text)) : errors.length ? `${counted(errors.length, "field")} to look at.` : "");
      if (content.found?.length) said.append(choices(content.found));
      if (content.deletable) said.append(h("div", { class: "inb-row inb-login-choices" }, button("Delete it again", () => wire.send("login", { do: "delete" }))));
      for (const [name, message] of errors) complain(name, message);
      const first = visible().find((p) => content.errors?.[p.name]);
      if (!first) return;
      if (more.contains(first.box)) more.open = true;
      first.box.focus();
    },
  };
  wire.on("login", (content) => {
    connect.setAttribute("aria-busy", content.status === "checking");
    (statuses[content.status] ?? (() => said.replaceChildren(content.text ?? "")))(content);
    if (["error", "exists", "tested"].includes(content.status) && !content.errors) said.scrollIntoView({ block: "nearest" });
  });
  return form;
}
