// The explorer: what to ask on the left and above, the answer below.

function explorer(model, el) {
  const wire = channel(model);
  el.classList.add("inb");
  ownKeys(el);
  let entities = [];
  let offer = null;
  let picked = { entity: null, action: null };
  let form = null;
  let running = false;
  let connected = null;
  const forms = new Map();
  const counts = new Map();
  let facts = { counts: {}, hints: {}, attributes: {} };

  // Connection
  const where = h("div", { class: "inb-where" });
  const rate = h("div", { class: "inb-dim inb-rate" });
  const switchButton = h("button", { type: "button", class: "inb-link", onclick: () => showLogin(connected !== null) }, "Switch workspace");
  const problem = h("div", { class: "inb-problem", role: "alert" });
  const top = h("header", { class: "inb-top" }, where, rate, switchButton, problem);
  const loginPlace = h("div", { hidden: true });

  // Asking
  const find = h("input", { type: "search", placeholder: "Find an entity", "aria-label": "Find an entity", oninput: () => drawEntities() });
  const list = h("ul", { class: "inb-entities" });
  const hint = h("p", { class: "inb-dim inb-hint" });
  const side = h("nav", { class: "inb-side", "aria-label": "Entities" }, find, list, hint);
  const actions = h("div", { class: "inb-actions" });
  const about = h("p", { class: "inb-about" });
  const formPlace = h("div", {});
  const limit = h("input", { type: "text", inputmode: "numeric", value: "200", class: "inb-limit", placeholder: "all", "aria-describedby": "" });
  const limitField = h("label", { class: "inb-limit-field", title: "Records at most; empty for all of them" }, "Limit ", limit);
  const runButton = h("button", { type: "button", class: "inb-primary", title: "Run (Shift-Enter)", onclick: () => run() }, "Run");
  const cancelButton = h("button", { type: "button", hidden: true, title: "Cancel (Esc)", onclick: () => wire.send("cancel") }, "Cancel");
  const bar = h("progress", { hidden: true, "aria-label": "Progress" });
  const said = h("span", { class: "inb-said", role: "status" });
  const news = h("div", {});
  const runRow = h("div", { class: "inb-run" }, limitField, runButton, cancelButton, bar, said);
  const extractPlace = h("div", {});
  const main = h("section", { class: "inb-main", "aria-label": "What to ask" }, actions, about, formPlace, runRow, news, extractPlace);
  const asking = h("div", { class: "inb-asking" }, side, main);

  const answer = resultPart(wire, (next) => {
    if (next.total !== null && next.action === "list") { counts.set(next.entity, next.total); showCounts(); }
  });
  const extraction = extractionPart(wire);
  extractPlace.append(extraction.node);

  const entity = () => entities.find((e) => e.name === picked.entity);
  const action = () => entity()?.actions.find((a) => a.name === picked.action);

  function drawEntities() {
    const wanted = find.value.trim().toLowerCase();
    list.replaceChildren(...entities.filter((e) => e.label.includes(wanted)).map((e) =>
      h("li", {}, h("button", { type: "button", "data-entity": e.name, "aria-current": e.name === picked.entity ? "true" : null, title: e.description, onclick: () => pick(e.name, e.name === picked.entity ? picked.action : e.actions[0].name) },
        h("span", {}, e.label), h("span", { class: "inb-count", "aria-hidden": "true" })))));
    showCounts();
  }

  // In place: a button that is drawn anew under the mouse would lose the click.
  function showCounts() {
    for (const button of list.querySelectorAll("button")) {
      const { entity: name } = button.dataset;
      button.lastChild.textContent = counts.get(name)?.toLocaleString("en") ?? "";
      const said = counts.has(name) ? `${counted(counts.get(name), "record")}.` : facts.hints[name];
      button.title = [entities.find((e) => e.name === name).description, said].filter(Boolean).join(" ");
    }
  }

  const FEW = 4;
  function drawActions() {
    const button = (a) => h("button", { type: "button", "aria-pressed": String(a.name === picked.action), title: a.description, onclick: () => pick(picked.entity, a.name) }, a.name);
    const others = (label, rest) => h("select", { "aria-label": `More ${label} actions`, class: rest.some((a) => a.name === picked.action) ? "inb-chosen" : null, onchange: (e) => e.target.value && pick(picked.entity, e.target.value) },
      h("option", { value: "" }, "more…"), rest.map((a) => h("option", { value: a.name, selected: a.name === picked.action, title: a.description }, a.name)));
    const group = (label, all) => {
      const [first, rest] = all.length > FEW + 1 ? [all.slice(0, FEW), all.slice(FEW)] : [all, []];
      return all.length > 0 && h("div", { role: "group", "aria-label": label, class: "inb-group" }, h("span", { class: "inb-group-name", "aria-hidden": "true" }, label), first.map(button), rest.length > 0 && others(label, rest));
    };
    const all = entity().actions;
    actions.replaceChildren(...[group("read", all.filter((a) => !a.writes)), group("write", all.filter((a) => a.writes))].filter(Boolean));
  }

  function pick(entityName, actionName, values = null) {
    const focused = document.activeElement?.textContent;
    const inside = [list, actions].find((place) => place.contains(document.activeElement));
    const choosing = document.activeElement?.matches?.("select") ? document.activeElement.getAttribute("aria-label") : null;
    picked = { entity: entityName, action: actionName };
    drawEntities();
    drawActions();
    // Redrawn buttons are new elements: keep the focus where it was.
    if (inside && choosing) inside.querySelector(`select[aria-label="${choosing}"]`)?.focus();
    else if (inside) [...inside.querySelectorAll("button")].find((b) => b.textContent === focused)?.focus();
    const key = `${entityName}.${actionName}`;
    if (!forms.has(key)) forms.set(key, actionForm(action(), knownAttributes(entityName)));
    form = forms.get(key);
    if (values) form.write(values);
    about.textContent = action().description;
    if (!running) said.textContent = "";
    formPlace.replaceChildren(form.node);
    limitField.hidden = !action().paged;
    extraction.offer(entityName, entity().extracts);
    news.replaceChildren(action().writes && connected && !connected.writes
      ? banner("note", "Read only", "This connector may only read, so this action is refused. Make it with allow_writes=True to change the workspace.") : "");
    runButton.textContent = action().writes ? "Review…" : "Run";
  }

  // Those of the workspace, with their types, and what a result shows besides.
  const knownAttributes = (of) => {
    const typed = facts.attributes[of] ?? [];
    const names = new Set(typed.map((a) => a.name));
    return [...typed, ...answer.columns().filter((name) => !names.has(name)).map((name) => ({ name, type: "any", values: [] }))];
  };
  wire.on("facts", (found) => {
    const attributesCame = JSON.stringify(found.attributes) !== JSON.stringify(facts.attributes);
    facts = found;
    for (const [name, n] of Object.entries(found.counts)) counts.set(name, n);
    hint.textContent = [found.hints["*"], found.hints.attributes].filter(Boolean).join(" ");
    showCounts();
    if (attributesCame) for (const [key, made] of forms) made.know(knownAttributes(key.split(".")[0]));
  });

  function run(more = {}) {
    if (running || !form) return;
    form.showErrors({});
    wire.send("run", { ...picked, ...form.read(), limit: limit.value, ...more });
  }

  function setRunning(on, label = "") {
    running = on;
    cancelButton.hidden = !on;
    bar.hidden = !on;
    bar.removeAttribute("value");
    runButton.setAttribute("aria-disabled", on);
    answer.stale(on);
    if (on) said.textContent = label ? "Asking…" : "";
    else if (document.activeElement === document.body || document.activeElement === cancelButton) runButton.focus();
  }

  wire.on("run", (state) => {
    const hadFocus = cancelButton.contains(document.activeElement);
    setRunning(state.status === "running", state.label);
    if (hadFocus && !running) runButton.focus();
    if (state.status !== "running") said.textContent = "";
    news.replaceChildren(...(state.notes ?? []).map((note) => banner("note", "", note)));
    if (state.status === "done" || state.status === "cancelled" || state.status === "refused") said.textContent = state.text;
    said.classList.toggle("inb-bad", state.status === "refused");
    if (state.status === "refused") {
      form.showErrors(state.errors);
      if (state.errors.limit) { said.textContent = `Limit ${state.errors.limit}`; limit.setAttribute("aria-invalid", "true"); limit.focus(); } else limit.removeAttribute("aria-invalid");
    } else limit.removeAttribute("aria-invalid");
    if (state.status === "error") news.replaceChildren(banner("error", state.title, state.text, state.details ?? []));
    if (state.status === "confirm") confirm(state);
    if (state.change) news.replaceChildren(changeTable(state.change));
    if (state.rate?.limit) rate.textContent = `${state.rate.remaining.toLocaleString("en")} of ${state.rate.limit.toLocaleString("en")} requests left`;
  });
  wire.on("progress", ({ records, total, requests }) => {
    if (!running) return;
    said.textContent = `${records.toLocaleString("en")}${total === null ? "" : ` of ${total.toLocaleString("en")}`} records, ${counted(requests, "request")}`;
    if (total) { bar.max = total; bar.value = Math.min(records, total); }
  });
  wire.on("failure", ({ text }) => { setRunning(false); news.replaceChildren(banner("error", "", text)); });

  const confirm = (state) => {
    const box = confirmBox(state, () => { news.replaceChildren(); run({ confirmed: true }); }, () => { news.replaceChildren(); runButton.focus(); });
    news.replaceChildren(box);
    box.querySelector("button").focus();
  };

  wire.on("form", ({ form: old }) => { pick(old.entity, old.action, old); if (old.limit !== undefined) limit.value = old.limit; });

  function showLogin(canGoBack) {
    asking.hidden = true;
    loginPlace.hidden = false;
    loginPlace.replaceChildren(loginPanel(wire, offer, { onCancel: canGoBack ? () => { loginPlace.hidden = true; asking.hidden = false; } : null }));
  }

  wire.on("connection", ({ connection, entities: known }) => {
    if (connected?.mode !== connection?.mode) {
      forms.clear();
      counts.clear();
      picked = { entity: null, action: null };
    }
    connected = connection;
    entities = known;
    switchButton.hidden = !connection;
    if (!connection) return showLogin(false);
    loginPlace.hidden = true;
    asking.hidden = false;
    const tags = [connection.region, connection.mode, connection.writes ? "reads and writes" : "read only"].filter(Boolean);
    where.replaceChildren(h("span", { class: connection.problem ? "inb-dot inb-down" : "inb-dot", "aria-hidden": "true" }), h("strong", {}, connection.name), ...tags.map((t) => h("span", { class: "inb-tag" }, t)));
    problem.textContent = connection.problem ?? "";
    if (!picked.entity) pick(entities[0].name, entities[0].actions[0].name);
  });

  wire.on("offer", (content) => {
    if (offer) return; // said again for another view
    offer = content;
    el.replaceChildren(top, loginPlace, asking, ...answer.nodes);
  });

  el.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.shiftKey) { event.preventDefault(); event.stopPropagation(); run(); }
    else if (event.key === "Enter" && event.target.matches?.("input[type=text]") && main.contains(event.target)) { event.preventDefault(); run(); }
    else if (event.key === "Escape" && running) { event.preventDefault(); wire.send("cancel"); }
  });

  el.append(h("p", { class: "inb-dim" }, "Waiting for the kernel. If nothing happens, run the cell again."));
  wire.send("hello");
  return wire.close;
}

export default { render: ({ model, el }) => explorer(model, el) };
