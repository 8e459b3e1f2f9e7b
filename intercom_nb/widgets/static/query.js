// Query builder: groups of filters, each of a field, an operator and a value.

import { button, calendar, freshId, h, option } from "./dom.js";
import { moment } from "./format.js";

const OTHER = "another attribute";
const ANY_OPERATORS = ["eq", "ne", "in", "nin", "gt", "gte", "lt", "lte", "contains"];
const MONTH = "30d"; // what a search looks at, unless the workspace has been quiet for longer
const AGES = [
  ["1h", "an hour ago"],
  ["24h", "a day ago"],
  ["7d", "a week ago"],
  [MONTH, "30 days ago"],
  ["90d", "90 days ago"],
  ["365d", "a year ago"],
];

// A time: text (an age such as 7d, ISO text) with a calendar beside it.
export function timeInput(props) {
  const list = freshId("ages");
  const box = { type: "text", autocomplete: "off", placeholder: "7d, 2026-10-01, …", list };
  const text = h("input", { ...box, ...props });
  const pick = calendar("Choose a date (UTC)", "datetime-local", (value) => {
    text.value = `${value}Z`;
    text.dispatchEvent(new Event("change", { bubbles: true }));
  });
  const ages = h(
    "datalist",
    { id: list },
    AGES.map(([value, label]) => option(value, label)),
  );
  return h("div", { class: "inb-time" }, text, ages, pick);
}

// The fields that a filter can have: those of the API, then the workspace's custom attributes.
class FieldList {
  constructor(search, attributes, since) {
    this.search = search;
    this.learn(attributes, since);
  }

  learn(attributes, since = MONTH) {
    this.attributes = attributes;
    this.since = since;
    const { fields, operators } = this.search;
    const custom = attributes.map((a) => ({ ...a, operators: operators[a.type] }));
    this.byName = Object.fromEntries([...custom, ...fields].map((f) => [f.name, f]));
  }

  type(name) {
    return this.byName[name]?.type ?? "any";
  }

  operators(name) {
    return this.byName[name]?.operators ?? ANY_OPERATORS;
  }

  // "is after" for times, "is more than" for numbers.
  operatorLabel(name, op) {
    const { timeWords, words } = this.search;
    return (this.type(name) === "date" ? timeWords[op] : null) ?? words[op] ?? op;
  }

  options() {
    const heads = new Map([["", []]]);
    for (const { name } of this.search.fields) {
      const head = name.includes(".") ? name.split(".")[0] : "";
      heads.set(head, [...(heads.get(head) ?? []), name]);
    }
    heads.set("custom attributes", [...this.attributes.map((a) => a.name), OTHER]);
    return [...heads].flatMap(([head, names]) => {
      const options = names.map((name) => option(name, name === OTHER ? "other…" : name));
      return head ? h("optgroup", { label: head }, options) : options;
    });
  }

  valueControl(name, op, value) {
    const many = op === "in" || op === "nin";
    const field = this.byName[name];
    const label = { "aria-label": `Value for ${name || "the filter"}` };
    const choice = (values) =>
      h(
        "select",
        label,
        values.map((v) => option(v, v, v === value)),
      );
    if (field?.values.length && ["eq", "ne"].includes(op)) return choice(field.values);
    if (this.type(name) === "boolean" && !many) return choice(["true", "false"]);
    if (this.type(name) === "date") return timeInput({ ...label, value });
    const numeric = ["integer", "float"].includes(this.type(name));
    return h("input", {
      type: "text",
      ...label,
      value: value ?? "",
      inputmode: numeric && !many ? "decimal" : null,
      placeholder: many ? "values, separated by commas" : numeric ? "number" : "text",
      autocomplete: "off",
    });
  }
}

class FilterRow {
  constructor(id, fields, given, onRemove) {
    this.id = id;
    this.fields = fields;
    this.field = h("select", { "aria-label": "Field", class: "inb-q-field" }, fields.options());
    this.other = h("input", {
      type: "text",
      "aria-label": "Name of the custom attribute",
      placeholder: `${fields.search.custom}name`,
      hidden: true,
      autocomplete: "off",
    });
    this.op = h("select", { "aria-label": "Operator", class: "inb-q-op" });
    this.value = h("div", { class: "inb-q-value" });
    this.error = h("div", { class: "inb-field-error", role: "alert" });
    this.field.addEventListener("change", () => this.drawOperators());
    this.op.addEventListener("change", () => this.drawValue(this.input.value));
    this.node = this.build(onRemove);
    this.fill(given);
  }

  build(onRemove) {
    const label = "Remove this filter";
    const remove = button("✕", onRemove, { class: "inb-icon", "aria-label": label, title: label });
    const props = { class: "inb-q-row", role: "group", "aria-label": "Filter" };
    const { field, other, op, value } = this;
    return h("div", {}, h("div", props, field, other, op, value, remove), this.error);
  }

  fill(given) {
    if (given.field) {
      const known = [...this.field.options].some((o) => o.value === given.field);
      this.field.value = known ? given.field : OTHER;
      if (!known) this.other.value = given.field;
    } else if (this.fields.byName.created_at) this.field.value = "created_at";
    this.drawOperators(given.op, given.value ?? (given.field ? "" : this.fields.since));
  }

  get name() {
    return this.field.value === OTHER ? this.other.value.trim() : this.field.value;
  }

  get input() {
    return this.value.querySelector("input,select");
  }

  drawOperators(chosen, old) {
    this.other.hidden = this.field.value !== OTHER;
    this.drawnType = this.fields.type(this.name);
    const options = this.fields
      .operators(this.name)
      .map((op) => option(op, this.fields.operatorLabel(this.name, op), op === chosen));
    this.op.replaceChildren(...options);
    if (!chosen && this.fields.type(this.name) === "date") this.op.value = "gt";
    this.drawValue(old);
  }

  drawValue(old) {
    this.value.replaceChildren(this.fields.valueControl(this.name, this.op.value, old));
  }

  read() {
    const type = this.fields.type(this.name);
    return { id: this.id, field: this.name, type, op: this.op.value, value: this.input.value };
  }

  // Offers attributes that arrived later, and keeps what was chosen.
  refresh(oldSince) {
    const [was, values] = [this.field.value, this.read()];
    if (was === "created_at" && values.value === oldSince) this.input.value = this.fields.since;
    this.field.replaceChildren(...this.fields.options());
    this.field.value = was;
    if (was !== OTHER || values.type === this.drawnType) return;
    const isTyping = this.input === this.node.getRootNode().activeElement;
    this.drawOperators(values.op, values.value);
    if (isTyping) this.input.focus();
  }

  // As people write it: "created at is after 30 days ago".
  describe(zone) {
    const { field, op, value } = this.read();
    const age = this.fields.type(field) === "date" && AGES.find(([text]) => text === value)?.[1];
    const words = `${field.replaceAll("_", " ")} ${this.fields.operatorLabel(field, op)}`;
    return `${words} ${age || moment(value, zone)}`;
  }

  showError(text) {
    this.error.textContent = text;
    this.node.firstChild.classList.toggle("inb-invalid", Boolean(text));
  }
}

const FOLLOWING = ["all of the following", "any of the following"];

const joinChoice = (label, value, [all, any] = FOLLOWING) =>
  h(
    "select",
    { "aria-label": label, class: "inb-q-join" },
    option("AND", all, value !== "OR"),
    option("OR", any, value === "OR"),
  );

class FilterGroup {
  constructor(given, makeRow, onChange) {
    this.makeRow = makeRow;
    this.onChange = onChange;
    this.rows = [];
    this.body = h("div", {});
    this.join = joinChoice("How the filters of this group combine", given.join);
    const add = button("+ Filter", () => this.add({}).field.focus(), { class: "inb-link" });
    const head = h("div", { class: "inb-q-head" }, h("span", {}, "Match"), this.join);
    const props = { class: "inb-q-group", role: "group", "aria-label": "Group of filters" };
    this.node = h("div", props, head, this.body, add);
    for (const row of given.rows) this.add(row);
  }

  add(given) {
    const row = this.makeRow(given, () => this.remove(row));
    this.rows.push(row);
    this.body.append(row.node);
    return row;
  }

  remove(row) {
    this.rows = this.rows.filter((other) => other !== row);
    row.node.remove();
    this.onChange();
  }

  read() {
    return { join: this.join.value, rows: this.rows.map((row) => row.read()) };
  }
}

export class QueryBuilder {
  constructor(search, attributes, since) {
    this.fields = new FieldList(search, attributes, since);
    this.groups = [];
    this.count = 0;
    this.body = h("div", { class: "inb-groups" });
    this.join = joinChoice("How the groups combine", "AND", ["all groups", "any group"]);
    this.outer = h("div", { class: "inb-q-head", hidden: true }, h("span", {}, "Match"), this.join);
    this.addGroup();
    const add = button("+ Group", () => this.addGroup().rows[0].field.focus(), {
      class: "inb-link",
    });
    this.node = h("div", { class: "inb-query" }, this.outer, this.body, add);
  }

  addGroup(given = { rows: [{}] }) {
    const makeRow = (row, onRemove) =>
      new FilterRow(`r${++this.count}`, this.fields, row, onRemove);
    const group = new FilterGroup(given, makeRow, () => this.tidy());
    this.groups.push(group);
    this.body.append(group.node);
    this.tidy();
    return group;
  }

  tidy() {
    const kept = this.groups.filter((group) => group.rows.length);
    for (const group of this.groups) if (!kept.includes(group)) group.node.remove();
    this.groups = kept;
    if (!kept.length) this.addGroup();
    this.outer.hidden = this.groups.length < 2;
  }

  get rows() {
    return this.groups.flatMap((group) => group.rows);
  }

  read() {
    return { join: this.join.value, groups: this.groups.map((group) => group.read()) };
  }

  describe(zone) {
    return this.rows.map((row) => row.describe(zone)).join(", ");
  }

  learn(attributes, since) {
    const { since: old } = this.fields;
    this.fields.learn(attributes, since);
    for (const row of this.rows) row.refresh(old);
  }

  write(query) {
    this.groups = [];
    this.body.replaceChildren();
    this.join.value = query.join ?? "AND";
    for (const group of query.groups?.length ? query.groups : [{ rows: [{}] }])
      this.addGroup(group);
  }

  showErrors(found) {
    for (const row of this.rows) row.showError(found[`query.${row.id}`] ?? "");
  }
}
