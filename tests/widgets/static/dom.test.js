import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { keepClicks } from "../../../intercom_nb/widgets/static/dom.js";

// A window with one button, as much of it as a click takes.
const page = new EventTarget();
globalThis.addEventListener = page.addEventListener.bind(page);
globalThis.removeEventListener = page.removeEventListener.bind(page);
globalThis.MouseEvent = class extends Event {};

const pointer = (type, more = {}) =>
  Object.assign(new Event(type), { button: 0, clientX: 10, clientY: 10, ...more });
const settled = () => new Promise((done) => setTimeout(done, 100));

let button;
let clicks;
let under;
beforeEach(() => {
  clicks = 0;
  button = new EventTarget();
  button.getRootNode = () => ({ elementFromPoint: () => under });
  button.addEventListener("click", () => clicks++);
  keepClicks(button);
  under = {};
});

test("keepClicks clicks what was pressed when it has moved away", async () => {
  button.dispatchEvent(pointer("pointerdown"));
  page.dispatchEvent(pointer("pointerup"));
  const native = new Event("click", { cancelable: true });
  page.dispatchEvent(native);
  assert.equal(clicks, 1);
  assert.ok(native.defaultPrevented);
  await settled();
  assert.equal(clicks, 1);
});

test("keepClicks clicks what was pressed when the browser sends no click", async () => {
  button.dispatchEvent(pointer("pointerdown"));
  page.dispatchEvent(pointer("pointerup"));
  await settled();
  assert.equal(clicks, 1);
});

test("keepClicks leaves the click to the browser when nothing has moved", async () => {
  under = button;
  button.dispatchEvent(pointer("pointerdown"));
  page.dispatchEvent(pointer("pointerup"));
  await settled();
  assert.equal(clicks, 0);
});

test("keepClicks sends no click when the pointer was moved or a scroll took over", async () => {
  button.dispatchEvent(pointer("pointerdown"));
  page.dispatchEvent(pointer("pointerup", { clientX: 40 }));
  button.dispatchEvent(pointer("pointerdown"));
  page.dispatchEvent(pointer("pointercancel"));
  page.dispatchEvent(pointer("pointerup"));
  button.dispatchEvent(pointer("pointerdown", { button: 2 }));
  page.dispatchEvent(pointer("pointerup"));
  await settled();
  assert.equal(clicks, 0);
});
