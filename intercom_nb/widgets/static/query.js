// The builder of a search: groups of rows of field, operator and value.

const OTHER = "another attribute";

function queryBuilder(search, known, { onChange = () => {} } = {}) {
  const groups = h("div", { class: "inb-groups" });
  let rows = 0;
  let byName = {};
  const learn = (attributes) => {
    known = attributes;
    const custom = attributes.map((a) => ({ ...a, operators: search.operators[a.type] }));
    byName = Object.fromEntries([...custom, ...search.fields].map((f) => [f.name, f]));
  };
  learn(known);
  const errors = new Map();

  const groupedFields = () => {
    const heads = new Map([["", []]]);
    for (const field of search.fields) {
      const head = field.name.includes(".") ? field.name.split(".")[0] : "";
      heads.set(head, [...(heads.get(head) ?? []), field.name]);
    }
    heads.set("custom attributes", [...known.map((a) => a.name), OTHER]);
    return [...heads].map(([head, names]) => {
      const options = names.map((name) => h("option", { value: name }, name === OTHER ? "other…" : name));
      return head ? h("optgroup", { label: head }, options) : options;
    });
  };

  const operatorsOf = (name) => byName[name]?.operators ?? ["eq", "ne", "in", "nin", "gt", "gte", "lt", "lte", "contains"];
  const typeOf = (name) => byName[name]?.type ?? "any";

  const valueControl = (name, op, value) => {
    const many = op === "in" || op === "nin";
    const field = byName[name];
    const label = { "aria-label": `Value for ${name || "the filter"}` };
    if (field?.values.length && ["eq", "ne"].includes(op)) return h("select", label, field.values.map((v) => h("option", { value: v, selected: v === value }, v)));
    if (typeOf(name) === "boolean" && !many) return h("select", label, ["true", "false"].map((v) => h("option", { value: v, selected: v === value }, v)));
    if (typeOf(name) === "date") return timeInput({ ...label, value });
    const numeric = typeOf(name) === "integer" || typeOf(name) === "float";
    return h("input", { type: "text", ...label, value: value ?? "", inputmode: numeric && !many ? "decimal" : null,
      placeholder: many ? "values, separated by commas" : numeric ? "number" : "text", autocomplete: "off" });
  };

  const addRow = (body, given = {}) => {
    const id = `r${++rows}`;
    const error = h("div", { class: "inb-field-error", role: "alert" });
    errors.set(id, error);
    const field = h("select", { "aria-label": "Field", class: "inb-q-field" }, groupedFields());
    const other = h("input", { type: "text", "aria-label": "Name of the custom attribute", placeholder: `${search.custom}name`, hidden: true, autocomplete: "off" });
    const op = h("select", { "aria-label": "Operator", class: "inb-q-op" });
    const value = h("div", { class: "inb-q-value" });
    const name = () => (field.value === OTHER ? other.value.trim() : field.value);
    const words = (key) => (typeOf(name()) === "date" ? search.timeWords[key] : null) ?? search.words[key] ?? key;
    const drawValue = (old) => value.replaceChildren(valueControl(name(), op.value, old));
    const drawOperators = (chosen, old) => {
      other.hidden = field.value !== OTHER;
      op.replaceChildren(...operatorsOf(name()).map((key) => h("option", { value: key, selected: key === chosen }, words(key))));
      if (!chosen && typeOf(name()) === "date") op.value = "gt";
      drawValue(old);
    };
    field.addEventListener("change", () => { drawOperators(); onChange(); });
    op.addEventListener("change", () => drawValue(value.querySelector("input,select")?.value));
    const row = h("div", { class: "inb-q-row", "data-row": id, role: "group", "aria-label": "Filter" }, field, other, op, value,
      h("button", { type: "button", class: "inb-icon", "aria-label": "Remove this filter", title: "Remove this filter", onclick: () => {
        row.remove(); error.remove(); errors.delete(id);
        if (!groups.querySelector(".inb-q-row")) addGroup();
        tidy();
      } }, "✕"));
    if (given.field) {
      if ([...field.options].some((o) => o.value === given.field)) field.value = given.field;
      else { field.value = OTHER; other.value = given.field; }
    } else if (byName.created_at) field.value = "created_at";
    drawOperators(given.op, given.value ?? (given.field ? "" : "30d"));
    row.read = () => ({ id, field: name(), type: byName[name()]?.type ?? "any", op: op.value, value: value.querySelector("input,select").value });
    // The attributes of the workspace came later: offer them, and leave what was chosen.
    row.know = () => {
      const [was, values] = [field.value, row.read()];
      field.replaceChildren(...groupedFields().flat());
      field.value = was;
      if (was === OTHER) drawOperators(values.op, values.value);
    };
    body.append(row, error);
    return row;
  };

  const joinChoice = (label, value) => h("select", { "aria-label": label, class: "inb-q-join" },
    h("option", { value: "AND", selected: value !== "OR" }, "all of these"), h("option", { value: "OR", selected: value === "OR" }, "any of these"));

  const addGroup = (given = { rows: [{}] }) => {
    const body = h("div", {});
    const join = joinChoice("How the filters of this group are joined", given.join);
    const group = h("div", { class: "inb-q-group", role: "group", "aria-label": "Group of filters" },
      h("div", { class: "inb-q-head" }, h("span", {}, "Match"), join), body,
      h("button", { type: "button", class: "inb-link", onclick: () => addRow(body).querySelector("select").focus() }, "+ Filter"));
    group.read = () => ({ join: join.value, rows: [...body.querySelectorAll(".inb-q-row")].map((row) => row.read()) });
    groups.append(group);
    for (const row of given.rows) addRow(body, row);
    tidy();
    return group;
  };

  const between = joinChoice("How the groups are joined", "AND");
  const outer = h("div", { class: "inb-q-head", hidden: true }, h("span", {}, "Groups: match"), between);
  const tidy = () => {
    for (const group of groups.children) if (!group.querySelector(".inb-q-row") && groups.children.length > 1) group.remove();
    outer.hidden = groups.children.length < 2;
  };
  addGroup();

  return {
    node: h("div", { class: "inb-query" }, outer, groups,
      h("button", { type: "button", class: "inb-link", onclick: () => addGroup().querySelector("select").focus() }, "+ Group")),
    read: () => ({ join: between.value, groups: [...groups.children].map((group) => group.read()) }),
    know: (attributes) => {
      learn(attributes);
      for (const row of groups.querySelectorAll(".inb-q-row")) row.know();
    },
    write: (query) => {
      groups.replaceChildren();
      between.value = query.join ?? "AND";
      for (const group of query.groups?.length ? query.groups : [{ rows: [{}] }]) addGroup(group);
    },
    showErrors: (found) => {
      const places = [...groups.querySelectorAll(".inb-q-row")];
      for (const row of places) {
        const text = found[`query.${row.dataset.row}`] ?? "";
        errors.get(row.dataset.row).textContent = text;
        row.classList.toggle("inb-invalid", Boolean(text));
      }
    },
  };
}

// A point in time: free text (an age like 7d, ISO text) with a calendar beside it.
function timeInput(props) {
  const list = freshId("ages");
  const text = h("input", { type: "text", autocomplete: "off", placeholder: "7d, 2026-10-01, …", list, ...props });
  const picker = h("input", { type: "datetime-local", tabindex: "-1", "aria-hidden": "true", class: "inb-picker", onchange: () => {
    text.value = `${picker.value}Z`;
    text.dispatchEvent(new Event("change", { bubbles: true }));
  } });
  const ages = [["1h", "an hour ago"], ["24h", "a day ago"], ["7d", "a week ago"], ["30d", "30 days ago"], ["90d", "90 days ago"], ["365d", "a year ago"]];
  return h("div", { class: "inb-time" }, text, h("datalist", { id: list }, ages.map(([value, label]) => h("option", { value }, label))),
    h("button", { type: "button", class: "inb-icon", "aria-label": "Choose a date (UTC)", title: "Choose a date (UTC)", onclick: () => picker.showPicker() }, "▦"), picker);
}
