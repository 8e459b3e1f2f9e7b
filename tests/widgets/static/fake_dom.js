// As much of a page as the widgets' parts take: a tree, attributes, events and the focus.

class FakeStyle {
  setProperty(name, value) {
    this[name] = value;
  }
}

class FakeClassList {
  constructor(node) {
    this.node = node;
  }

  toggle(name, on = !this.contains(name)) {
    const rest = this.node.className.split(" ").filter((one) => one && one !== name);
    this.node.className = (on ? [...rest, name] : rest).join(" ");
  }

  add(name) {
    this.toggle(name, true);
  }

  contains(name) {
    return this.node.className.split(" ").includes(name);
  }
}

class FakeNode extends EventTarget {
  constructor(tag) {
    super();
    Object.assign(this, { tag, childNodes: [], parentNode: null, attributes: {}, dataset: {} });
    Object.assign(this, { className: "", value: "", hidden: false, style: new FakeStyle() });
    this.classList = new FakeClassList(this);
  }

  get children() {
    return this.childNodes.filter((node) => node instanceof FakeNode);
  }

  get childElementCount() {
    return this.children.length;
  }

  get textContent() {
    return this.childNodes.map((node) => node.textContent ?? node).join("");
  }

  set textContent(text) {
    this.replaceChildren(text);
  }

  append(...nodes) {
    for (const node of nodes) {
      node.parentNode?.drop?.(node);
      if (node instanceof FakeNode) node.parentNode = this;
      this.childNodes.push(node);
    }
  }

  prepend(...nodes) {
    const rest = this.childNodes;
    this.childNodes = [];
    this.append(...nodes);
    this.childNodes.push(...rest);
  }

  // As in a browser, what leaves the page loses the focus, also if it comes back.
  drop(node) {
    if (node.contains(document.activeElement)) document.activeElement = document.body;
    this.childNodes = this.childNodes.filter((one) => one !== node);
    node.parentNode = null;
  }

  replaceChildren(...nodes) {
    for (const node of this.children) this.drop(node);
    this.childNodes = [];
    this.append(...nodes);
  }

  remove() {
    this.parentNode?.drop(this);
  }

  contains(node) {
    for (let one = node; one; one = one.parentNode) if (one === this) return true;
    return false;
  }

  setAttribute(name, value) {
    this.attributes[name] = String(value);
  }

  getAttribute(name) {
    return this.attributes[name] ?? null;
  }

  removeAttribute(name) {
    delete this.attributes[name];
  }

  focus() {
    if (document.body.contains(this) && !this.isHidden) document.activeElement = this;
  }

  get isHidden() {
    return this.hidden || Boolean(this.parentNode?.isHidden);
  }

  scrollIntoView() {}

  // Only tags, classes and one attribute, with spaces between ancestors.
  matches(selector) {
    return selector.split(",").some((one) => matchesPath(this, one.trim().split(/ (?![^[]*\])/)));
  }

  closest(selector) {
    return this.matches(selector) ? this : (this.parentNode?.closest(selector) ?? null);
  }

  querySelectorAll(selector) {
    return this.children.flatMap((node) => [
      ...(node.matches(selector) ? [node] : []),
      ...node.querySelectorAll(selector),
    ]);
  }

  querySelector(selector) {
    return this.querySelectorAll(selector)[0] ?? null;
  }
}

function matchesPath(node, path) {
  if (!matchesOne(node, path.at(-1))) return false;
  const above = path.slice(0, -1);
  if (!above.length) return true;
  for (let one = node.parentNode; one; one = one.parentNode)
    if (matchesPath(one, above)) return true;
  return false;
}

function matchesOne(node, selector) {
  const [, tag, classes, name, value] = selector.match(
    /^([a-z0-9]*)((?:\.[\w-]+)*)(?:\[([\w-]+)(?:="(.*)")?\])?$/,
  );
  if (tag && node.tag !== tag) return false;
  if (!classes.split(".").every((one) => !one || node.classList.contains(one))) return false;
  if (!name) return true;
  const given = node.getAttribute(name);
  return value === undefined ? given !== null : given === value;
}

// Makes an empty page the current one, and returns its body.
export function openPage() {
  const body = new FakeNode("body");
  globalThis.document = { body, activeElement: body, createElement: (tag) => new FakeNode(tag) };
  globalThis.CSS = { escape: (text) => text };
  globalThis.ResizeObserver = class {
    observe() {}
  };
  return body;
}

export const press = (node) => node.dispatchEvent(new Event("click"));

export const labelled = (root, label) => root.querySelector(`[aria-label="${label}"]`);
