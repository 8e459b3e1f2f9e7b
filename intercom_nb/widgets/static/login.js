// The login form. What is typed into a secret box leaves it in a message and is in no trait.

const MODES = [
  ["demo", "Demo workspace", "Made-up data inside the package: no account, no network."],
  ["token", "Access token", "Your workspace, by a token from Intercom's Developer Hub (Configure > Authentication)."],
  ["hosted", "Hosted by Airbyte", "Airbyte keeps the Intercom token and sends the requests; you give an Airbyte client."],
];

function loginPanel(wire, offer, { onCancel = null } = {}) {
  let mode = "demo";
  const errors = {};
  const boxes = {};
  const said = h("div", { class: "inb-login-said", role: "status" });
  const about = h("p", { class: "inb-dim" });
  const fields = h("div", { class: "inb-login-fields" });
  const connect = h("button", { type: "submit", class: "inb-primary" }, "Connect");

  const field = (name, label, help, control) => {
    const id = freshId("login");
    control.id = id;
    control.setAttribute("aria-describedby", `${id}-error ${id}-help`);
    errors[name] = h("div", { class: "inb-field-error", id: `${id}-error`, role: "alert" });
    boxes[name] = control;
    return h("div", { class: "inb-field" }, h("label", { for: id }, label), control, errors[name], h("div", { class: "inb-help", id: `${id}-help` }, help));
  };
  const secret = (name, label, help) =>
    field(name, label, help, h("input", { type: "password", autocomplete: "off", spellcheck: "false", "data-secret": name }));
  const remember = () =>
    offer.keyring && h("div", { class: "inb-row" }, h("label", { class: "inb-check" }, (boxes.remember = h("input", { type: "checkbox" })), "Remember in this computer's keyring"),
      h("button", { type: "button", class: "inb-link", onclick: () => wire.ask("forget").then(({ text }) => said.replaceChildren(text)) }, "Forget what is remembered"));

  const draw = () => {
    for (const store of [errors, boxes]) for (const key of Object.keys(store)) delete store[key];
    about.textContent = MODES.find(([name]) => name === mode)[2];
    const regions = h("select", {}, offer.regions.map((r) => h("option", { value: r }, r.toUpperCase())));
    const parts = {
      demo: () => [],
      token: () => [
        offer.found && h("div", { class: "inb-banner inb-note" }, `A token is there already: ${offer.found}. `,
          h("button", { type: "button", class: "inb-link", onclick: () => send("found", {}, {}) }, "Use it")),
        secret("access_token", "Access token", "Goes to the kernel only; it is not saved with the notebook."),
        field("region", "Region", "Where the workspace's data lives.", regions),
        remember(),
      ],
      hosted: () => [
        field("workspace_name", "Workspace name", "The workspace whose connector to use.", h("input", { type: "text", autocomplete: "off", spellcheck: "false" })),
        field("external_user_id", "or external user id", "Its older name; give one of the two.", h("input", { type: "text", autocomplete: "off", spellcheck: "false" })),
        secret("airbyte_client_id", "Airbyte client id", "From the Airbyte web app, under applications."),
        secret("airbyte_client_secret", "Airbyte client secret", "Goes to the kernel only; it is not saved with the notebook."),
        remember(),
      ],
    };
    fields.replaceChildren(...parts[mode]().filter(Boolean));
  };

  const send = (how, values, secrets) => {
    for (const node of Object.values(errors)) node.textContent = "";
    for (const node of Object.values(boxes)) node.removeAttribute("aria-invalid");
    wire.send("login", { mode: how, fields: values, secrets, remember: boxes.remember?.checked ?? false, writes: writes.checked });
  };
  const submit = (event) => {
    event.preventDefault();
    const [values, secrets] = [{}, {}];
    for (const [name, box] of Object.entries(boxes)) {
      if (box.dataset.secret) {
        secrets[name] = box.value;
        box.value = "";
      } else values[name] = box.value;
    }
    send(mode, values, secrets);
  };

  const choice = freshId("mode");
  const modes = h("fieldset", { class: "inb-modes" }, h("legend", { class: "inb-unseen" }, "How to connect"),
    MODES.map(([name, label]) => h("label", {}, h("input", { type: "radio", name: choice, value: name, checked: name === mode, onchange: () => { mode = name; said.replaceChildren(); draw(); } }), h("span", {}, label))));
  const writes = h("input", { type: "checkbox" });
  const form = h("form", { class: "inb-login", onsubmit: submit, autocomplete: "off", "aria-label": "Connect to Intercom" },
    h("h3", {}, "Connect to Intercom"), modes, about, fields,
    h("label", { class: "inb-check" }, writes, "Allow actions that change the workspace"),
    h("div", { class: "inb-row" }, connect, onCancel && h("button", { type: "button", onclick: onCancel }, "Back"), said));
  // JupyterLab keeps the browser from submitting a form by Enter.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input:not([type=radio])")) return;
    event.preventDefault();
    form.requestSubmit();
  });
  draw();

  wire.on("login", (content) => {
    connect.setAttribute("aria-busy", content.status === "checking");
    if (content.status === "checking") {
      said.replaceChildren("Asking the server… ", h("button", { type: "button", class: "inb-link", onclick: () => wire.send("login_cancel") }, "Cancel"));
    } else if (content.status === "connected") {
      said.replaceChildren(h("span", { class: "inb-ok" }, `Connected: ${[content.name, content.region].filter(Boolean).join(", ")}. `), content.note ?? "");
    } else if (content.status === "error") {
      said.replaceChildren(content.text ? banner("error", "", content.text) : "");
      for (const [name, text] of Object.entries(content.errors ?? {})) {
        if (!errors[name]) continue;
        errors[name].textContent = text;
        boxes[name].setAttribute("aria-invalid", "true");
        boxes[name].focus();
      }
    } else said.replaceChildren();
  });
  return form;
}
