import assert from "node:assert/strict";
import { test } from "node:test";
import { openForm } from "../../../intercom_nb/widgets/static/wire.js";
import { openPage } from "./fake_dom.js";

// A model as anywidget hands it over, with its kernel or after it has lost it.
class FakeModel {
  constructor() {
    this.handlers = new Map();
    this.isLost = false;
  }

  on(name, handler) {
    this.handlers.set(name, handler);
  }

  off(name, handler) {
    if (this.handlers.get(name) === handler) this.handlers.delete(name);
  }

  send() {
    if (this.isLost) throw new Error("the comm is disposed");
  }
}

const NOTICE = "This form has lost its kernel. Run its cell again.";

function open(onLost = () => {}) {
  const [el, model] = [openPage(), new FakeModel()];
  let wire;
  const close = openForm({ model, el }, (made) => {
    wire = made;
    wire.on("lost", onLost);
    el.replaceChildren("the form");
  });
  return { el, model, wire, close };
}

test("openForm shows a notice when the kernel is restarted, before anything is pressed", () => {
  for (const event of ["comm_live_update", "comm:close"]) {
    let lost = 0;
    const { el, model } = open(() => lost++);
    assert.ok(!el.textContent.includes(NOTICE));
    model.handlers.get(event)();
    assert.equal(el.textContent, `${NOTICE}the form`);
    assert.equal(lost, 1);
  }
});

test("openForm shows one notice when a button is pressed after the restart", () => {
  const { el, model, wire } = open();
  model.handlers.get("comm_live_update")();
  model.isLost = true;
  assert.equal(wire.send("run"), false);
  assert.equal(el.textContent, `${NOTICE}the form`);
});

test("openForm listens no more when its view is closed", () => {
  const { model, close } = open();
  close();
  assert.equal(model.handlers.size, 0);
});
