// The form of one action, drawn from the catalog.

import { freshId, h, option } from "./dom.js";
import { QueryBuilder, timeInput } from "./query.js";

const CONTROLS = {
  choice: (param, props) =>
    h(
      "select",
      props,
      option("", param.required ? "choose…" : "not set"),
      param.enum.map((v) => option(v, String(v))),
    ),
  flag: (_, props) =>
    h(
      "select",
      props,
      ["", "true", "false"].map((v) => option(v, v || "not set")),
    ),
  number: (param, props) =>
    textBox(props, { inputmode: "numeric", placeholder: param.default ?? param.example ?? "" }),
  date: (_, props) => h("input", { ...props, type: "date" }),
  time: (_, props) => timeInput(props),
  long: (param, props) => h("textarea", { ...props, rows: 3, placeholder: param.example || "" }),
  list: (_, props) => h("textarea", { ...props, rows: 3, placeholder: "one per line" }),
  json: (param, props) =>
    h("textarea", {
      ...props,
      rows: 3,
      spellcheck: "false",
      class: "inb-code",
      placeholder: param.example || "{}",
    }),
  text: (param, props) => textBox(props, { placeholder: param.example || "" }),
};

const textBox = (props, more) =>
  h("input", { ...props, type: "text", autocomplete: "off", spellcheck: "false", ...more });

function sortControl(search, props) {
  const sortable = search.fields.filter((f) => ["date", "integer"].includes(f.type));
  const options = sortable.flatMap(({ name, type }) => {
    const [down, up] = type === "date" ? ["newest", "oldest"] : ["largest", "smallest"];
    return [option(`-${name}`, `${name}, ${down} first`), option(name, `${name}, ${up} first`)];
  });
  return h("select", props, option("", "Default order"), options);
}

function jsonError(text) {
  try {
    if (text.trim()) JSON.parse(text);
  } catch (error) {
    return `is not valid JSON: ${error.message}`;
  }
  return "";
}

// What of a filter is wrong: a custom attribute's name, blank or of a form that is refused, else
// the value.
function wrongControl(row) {
  const name = row.querySelector(":scope > input");
  if (!name.hidden && /^$|__/.test(name.value.trim())) return name;
  return row.querySelector(".inb-q-value :is(input, select)");
}

class FormField {
  constructor(param, search) {
    this.param = param;
    const id = freshId("param");
    const required = param.required ? "true" : null;
    const props = { id, "aria-describedby": `${id}-error ${id}-help`, "aria-required": required };
    const node =
      param.control === "sort"
        ? sortControl(search, props)
        : (CONTROLS[param.control] ?? CONTROLS.text)(param, props);
    const isBox = node.matches("input, select, textarea");
    this.input = isBox ? node : node.querySelector("input");
    this.error = h("div", { class: "inb-field-error", id: `${id}-error`, role: "alert" });
    this.clear = param.nullable && this.clearBox();
    this.node = this.build(id, node);
    if (param.control === "json") {
      this.input.addEventListener("blur", () => this.showError(jsonError(this.input.value)));
    }
  }

  clearBox() {
    const label = `Clear ${this.param.name}: send null`;
    const onchange = () => this.setNull(this.clear.checked);
    return h("input", { type: "checkbox", "aria-label": label, onchange });
  }

  build(id, control) {
    const { param } = this;
    const wide = ["long", "json", "list"].includes(param.control);
    const mark = param.required && h("span", { class: "inb-required" }, " required");
    const help = h("div", { class: "inb-help", id: `${id}-help` }, param.description);
    help.append(h("span", { class: "inb-unseen" }, ` Expects ${param.hint}.`));
    return h(
      "div",
      { class: wide ? "inb-field inb-wide" : "inb-field", title: `Expects ${param.hint}` },
      h("label", { for: id }, param.name, mark),
      control,
      this.clear && h("label", { class: "inb-null" }, this.clear, "clear it (null)"),
      this.error,
      help,
    );
  }

  // A field that is to be cleared takes no value besides null.
  setNull(on) {
    if (!this.clear) return;
    this.clear.checked = on;
    this.input.disabled = on;
    this.node.classList.toggle("inb-cleared", on);
  }

  showError(text) {
    this.error.textContent = text ? `${this.param.name} ${text}` : "";
    if (text) this.input.setAttribute("aria-invalid", "true");
    else this.input.removeAttribute("aria-invalid");
  }
}

export class ActionForm {
  constructor(action, attributes, since) {
    this.action = action;
    this.fields = [];
    this.builder = null;
    this.queryError = h("div", { class: "inb-field-error", role: "alert" });
    this.node = h("div", { class: "inb-form" });
    if (action.search) {
      this.builder = new QueryBuilder(action.search, this.customOf(attributes), since);
      this.node.append(this.builder.node, this.queryError);
    }
    const plain = action.params.filter((p) => !p.advanced && p.control !== "query");
    plain.sort((a, b) => b.required - a.required);
    if (plain.length) this.node.append(this.grid(plain));
    if (!action.params.length) this.node.append(h("p", { class: "inb-dim" }, "No options."));
    const advanced = action.params.filter((p) => p.advanced);
    if (advanced.length) {
      const summary = h("summary", {}, "More options");
      this.node.append(h("details", {}, summary, this.grid(advanced)));
    }
  }

  grid(params) {
    const fields = params.map((param) => new FormField(param, this.action.search));
    this.fields.push(...fields);
    return h(
      "div",
      { class: "inb-fields" },
      fields.map((field) => field.node),
    );
  }

  customOf(attributes) {
    if (!this.action.search) return [];
    const starts = [this.action.search.custom, "custom_attributes."];
    return attributes.filter((a) => starts.some((start) => a.name.startsWith(start)));
  }

  read() {
    return {
      values: Object.fromEntries(this.fields.map((f) => [f.param.name, f.input.value])),
      nulls: this.fields.filter((f) => f.clear?.checked).map((f) => f.param.name),
      query: this.builder?.read() ?? null,
    };
  }

  // In one line: what the folded query shows.
  describe(zone) {
    const set = this.fields
      .filter((f) => f.input.value.trim())
      .map((f) => `${f.param.name} ${f.input.value.trim()}`);
    return [this.builder?.describe(zone), ...set].filter(Boolean).join(", ");
  }

  learn(attributes, since) {
    this.builder?.learn(this.customOf(attributes), since);
  }

  write(form) {
    for (const field of this.fields) {
      const value = form.values?.[field.param.name];
      if (value !== undefined) field.input.value = value;
      field.setNull((form.nulls ?? []).includes(field.param.name));
    }
    if (form.query) this.builder?.write(form.query);
  }

  showErrors(found) {
    this.queryError.textContent = found.query ? `The query ${found.query}` : "";
    this.builder?.showErrors(found);
    for (const field of this.fields) field.showError(found[field.param.name] ?? "");
    const first = this.fields.find((field) => found[field.param.name]);
    const folded = first?.input.closest("details");
    if (folded) folded.open = true;
    const wrong = this.markFilters();
    (first?.input ?? wrong[0])?.focus();
  }

  markFilters() {
    for (const row of this.node.querySelectorAll(".inb-q-row")) {
      for (const node of row.querySelectorAll("[aria-invalid]"))
        node.removeAttribute("aria-invalid");
    }
    const wrong = [...this.node.querySelectorAll(".inb-q-row.inb-invalid")].map(wrongControl);
    for (const node of wrong) node.setAttribute("aria-invalid", "true");
    return wrong;
  }
}
