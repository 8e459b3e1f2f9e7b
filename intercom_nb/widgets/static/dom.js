// Elements that all forms use. Text enters the page as text, never as HTML.

const PROPERTIES = new Set(["value", "checked", "disabled", "hidden", "selected", "textContent"]);
const SVG = "http://www.w3.org/2000/svg";

export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (PROPERTIES.has(name)) node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter(isShown));
  return node;
}

const isShown = (child) => child !== null && child !== undefined && child !== false;

export function s(tag, props = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(props)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

let ids = 0;
export const freshId = (name) => `inb-${name}-${Math.random().toString(36).slice(2, 7)}-${++ids}`;

export const button = (label, onclick, props = {}) =>
  h("button", { type: "button", onclick, ...props }, label);

export const dim = (...children) => h("span", { class: "inb-dim" }, children);

export const option = (value, label, selected = false, props = {}) =>
  h("option", { value, selected, ...props }, label);

export function table(heads, rows, props = {}) {
  const head = h(
    "tr",
    {},
    heads.map((text) => h("th", { scope: "col" }, text)),
  );
  return h("table", { class: "inb-table", ...props }, h("thead", {}, head), h("tbody", {}, rows));
}

// JupyterLab takes single keys as its own commands unless the focus is on a text box ("a" adds a
// cell). Its own mark on the focused element turns that off. Saving must still work.
export function ownKeys(root) {
  const isTextBox = (node) => node.matches?.("input:not([type=checkbox], [type=radio]), textarea");
  root.addEventListener("focusin", ({ target }) => {
    if (!isTextBox(target)) target.dataset.lmSuppressShortcuts = "true";
  });
  root.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s" && !isTextBox(event.target)) {
      event.preventDefault();
      document.body.dispatchEvent(new KeyboardEvent("keydown", event));
    }
  });
}

// Draws a list anew. If one of its buttons had the focus, the one of the same name gets it, else
// the one in the same place, or the last. Returns whether the focus was in the list and is lost.
export function redraw(root, draw) {
  const label = (node) => node?.getAttribute("aria-label") || node?.textContent;
  const inItems = () => [...root.querySelectorAll("li button")];
  const old = document.activeElement;
  if (!root.contains(old)) {
    draw();
    return false;
  }
  const [at, name] = [inItems().indexOf(old), label(old)];
  draw();
  const same = [...root.querySelectorAll("button")].find((node) => label(node) === name);
  const next = same ?? inItems()[at] ?? inItems().at(-1);
  next?.focus();
  return !next;
}

const STILL = 6; // px that a hand moves during a click
const CLICKED = 50; // ms from the release until the browser has sent a click

// A click is for what was pressed. If that moves or is drawn anew before the release, the browser
// sends the click to something else or to nothing.
export function keepClicks(root) {
  let last = new AbortController();
  const press = ({ target, button, clientX, clientY }) => {
    last.abort(); // a press that was released out of sight
    if (button !== 0) return;
    last = new AbortController();
    const { signal } = last;
    const release = (up) => {
      last.abort();
      const isStill = Math.hypot(up.clientX - clientX, up.clientY - clientY) < STILL;
      const under = root.getRootNode().elementFromPoint(up.clientX, up.clientY);
      if (isStill && under !== target) clickInstead(target, up);
    };
    addEventListener("pointerup", release, { capture: true, signal });
    addEventListener("pointercancel", () => last.abort(), { capture: true, signal });
  };
  root.addEventListener("pointerdown", press, true);
}

function clickInstead(target, up) {
  const finish = (native) => {
    clearTimeout(timer);
    removeEventListener("click", finish, true);
    native?.preventDefault();
    native?.stopImmediatePropagation();
    target.dispatchEvent(new MouseEvent("click", up));
  };
  addEventListener("click", finish, true);
  const timer = setTimeout(finish, CLICKED);
}

// Tabs by the ARIA pattern: one Tab stop, arrow keys between the tabs.
export class Tabs {
  constructor(label, names, onChange = () => {}) {
    this.names = names;
    this.onChange = onChange;
    this.current = null;
    this.panels = {};
    this.buttons = {};
    this.list = h("div", { role: "tablist", "aria-label": label, class: "inb-tabs" });
    for (const name of names) this.add(name);
    this.list.addEventListener("keydown", (event) => this.step(event));
  }

  add(name) {
    const [tab, panel] = [freshId("tab"), freshId("panel")];
    this.buttons[name] = button(name, () => this.show(name), {
      role: "tab",
      id: tab,
      "aria-controls": panel,
    });
    this.panels[name] = h("div", {
      role: "tabpanel",
      id: panel,
      "aria-labelledby": tab,
      hidden: true,
      class: "inb-panel",
    });
    this.list.append(this.buttons[name]);
  }

  show(name, focus = false) {
    if (!this.buttons[name]) return;
    this.current = name;
    for (const key of this.names) {
      const on = key === name;
      this.buttons[key].setAttribute("aria-selected", on);
      this.buttons[key].tabIndex = on ? 0 : -1;
      this.panels[key].hidden = !on;
    }
    if (focus) this.buttons[name].focus();
    this.onChange(name);
  }

  step(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const count = this.names.length;
    this.show(this.names[(this.names.indexOf(this.current) + step + count) % count], true);
  }
}

export function banner(kind, title, ...lines) {
  const role = kind === "error" ? "alert" : "status";
  const parts = lines.flat().map((line) => h("div", {}, line));
  return h(
    "div",
    { class: `inb-banner inb-${kind}`, role },
    title && h("strong", {}, title),
    parts,
  );
}

// A bar without a known total only moves.
export function showProgress(bar, done, total) {
  if (!total) {
    bar.removeAttribute("value");
    return;
  }
  bar.max = total;
  bar.value = Math.min(done, total);
}

// Calls `act` when nothing was typed for `ms` milliseconds.
export function whenIdle(ms, act) {
  let timer = 0;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...args), ms);
  };
}

// Follows the pointer from where it was pressed until it is released.
export function followPointer(onMove, onRelease = () => {}) {
  const release = (event) => {
    removeEventListener("pointermove", onMove);
    removeEventListener("pointerup", release);
    onRelease(event);
  };
  addEventListener("pointermove", onMove);
  addEventListener("pointerup", release);
}

const DOWNLOADING = 10_000; // ms until the browser has surely read a file that it saves

export function saveFile(blob, name) {
  const url = URL.createObjectURL(blob);
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), DOWNLOADING);
}

const COPIED = 2_000; // ms that "Copied" is shown

export async function copyText(text, status) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const box = h("textarea", { value: text, class: "inb-unseen" });
    document.body.append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
  }
  status.textContent = "Copied";
  setTimeout(() => {
    status.textContent = "";
  }, COPIED);
}

export function codeBlock(title, text) {
  const status = h("span", { class: "inb-dim", role: "status" });
  const copy = button("Copy", () => copyText(text, status));
  const head = h("div", { class: "inb-bar-row" }, h("h4", {}, title), copy, status);
  const code = h("pre", { class: "inb-code", tabindex: "0", "aria-label": title }, text);
  return h("section", { class: "inb-codeblock" }, head, code);
}

// A button with a calendar, beside a text box: `props` are the hidden input's.
export function calendar(label, type, onPick) {
  const picker = h("input", { type, tabindex: "-1", "aria-hidden": "true", class: "inb-picker" });
  picker.addEventListener("change", () => onPick(picker.value));
  const open = button("▦", () => picker.showPicker(), {
    class: "inb-icon",
    "aria-label": label,
    title: label,
  });
  return [open, picker];
}
