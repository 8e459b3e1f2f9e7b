// The form of one action, drawn from the catalog.

function actionForm(action, attributes) {
  const customOf = (all) => (action.search ? all.filter((a) => a.name.startsWith(action.search.custom) || a.name.startsWith("custom_attributes.")) : []);
  const fields = new Map();
  let builder = null;

  const control = (param, id) => {
    const common = { id, "aria-describedby": `${id}-error ${id}-help`, "aria-required": param.required ? "true" : null };
    const text = { ...common, type: "text", autocomplete: "off", spellcheck: "false", placeholder: param.example || "" };
    switch (param.control) {
      case "choice":
        return h("select", common, h("option", { value: "" }, param.required ? "choose…" : "not set"), param.enum.map((v) => h("option", { value: v }, String(v))));
      case "flag":
        return h("select", common, ["", "true", "false"].map((v) => h("option", { value: v }, v || "not set")));
      case "number":
        return h("input", { ...text, inputmode: "numeric", placeholder: param.default ?? param.example ?? "" });
      case "date":
        return h("input", { ...common, type: "date" });
      case "time":
        return timeInput(common);
      case "long":
      case "list":
        return h("textarea", { ...common, rows: 3, placeholder: param.control === "list" ? "one per line" : param.example || "" });
      case "json":
        return h("textarea", { ...common, rows: 3, spellcheck: "false", class: "inb-code", placeholder: param.example || "{}", onblur: (event) => checkJson(event.target) });
      case "sort":
        return h("select", common, h("option", { value: "" }, "the server's order"),
          action.search.fields.filter((f) => f.type === "date" || f.type === "integer").flatMap((f) => [
            h("option", { value: `-${f.name}` }, `${f.name}, largest first`), h("option", { value: f.name }, `${f.name}, smallest first`)]));
      default:
        return h("input", text);
    }
  };

  const checkJson = (box) => {
    const field = [...fields.values()].find((f) => f.input === box);
    let text = "";
    try {
      if (box.value.trim()) JSON.parse(box.value);
    } catch (error) {
      text = `is not JSON: ${error.message}`;
    }
    field.error.textContent = text;
    box.toggleAttribute("aria-invalid", Boolean(text));
  };

  // A field that is to be cleared takes no value beside the null.
  const setNull = (name, on) => {
    const { input, clear } = fields.get(name);
    clear.checked = on;
    input.disabled = on;
    input.closest(".inb-field").classList.toggle("inb-cleared", on);
  };

  const field = (param) => {
    const id = freshId("param");
    const node = control(param, id);
    const input = node.matches("input, select, textarea") ? node : node.querySelector("input");
    const error = h("div", { class: "inb-field-error", id: `${id}-error`, role: "alert" });
    const clear = param.nullable && h("input", { type: "checkbox", "aria-label": `Clear ${param.name}: send null`, onchange: () => setNull(param.name, clear.checked) });
    fields.set(param.name, { input, error, clear });
    const wide = ["long", "json", "list"].includes(param.control);
    return h("div", { class: wide ? "inb-field inb-wide" : "inb-field", title: `Takes ${param.hint}` },
      h("label", { for: id }, param.name, param.required && h("span", { class: "inb-required" }, " required")), node, clear && h("label", { class: "inb-null" }, clear, "clear it (null)"), error,
      h("div", { class: "inb-help", id: `${id}-help` }, param.description, h("span", { class: "inb-unseen" }, ` Takes ${param.hint}.`)));
  };

  const plain = action.params.filter((p) => !p.advanced && p.control !== "query").sort((a, b) => b.required - a.required);
  const advanced = action.params.filter((p) => p.advanced);
  const node = h("div", { class: "inb-form" });
  if (action.search) {
    builder = queryBuilder(action.search, customOf(attributes));
    const error = h("div", { class: "inb-field-error", role: "alert" });
    fields.set("query", { input: null, error });
    node.append(builder.node, error);
  }
  if (plain.length) node.append(h("div", { class: "inb-fields" }, plain.map(field)));
  if (!action.params.length) node.append(h("p", { class: "inb-dim" }, "Nothing to fill in."));
  if (advanced.length) node.append(h("details", {}, h("summary", {}, "More options"), h("div", { class: "inb-fields" }, advanced.map(field))));

  return {
    node,
    read: () => ({
      values: Object.fromEntries([...fields].filter(([, f]) => f.input).map(([name, f]) => [name, f.input.value])),
      nulls: [...fields].filter(([, f]) => f.clear?.checked).map(([name]) => name),
      query: builder?.read() ?? null,
    }),
    know: (all) => builder?.know(customOf(all)),
    write: (form) => {
      for (const [name, value] of Object.entries(form.values ?? {})) if (fields.get(name)?.input) fields.get(name).input.value = value;
      for (const [name, f] of fields) if (f.clear) setNull(name, (form.nulls ?? []).includes(name));
      if (form.query) builder?.write(form.query);
    },
    showErrors: (found) => {
      let first = null;
      for (const [name, f] of fields) {
        f.error.textContent = found[name] ? `${name} ${found[name]}` : "";
        if (!f.input) continue;
        if (found[name]) f.input.setAttribute("aria-invalid", "true");
        else f.input.removeAttribute("aria-invalid");
        if (found[name]) {
          const folded = f.input.closest("details");
          if (folded) folded.open = true;
          first ??= f.input;
        }
      }
      builder?.showErrors(found);
      (first ?? node.querySelector(".inb-invalid input, .inb-invalid select"))?.focus();
    },
  };
}
