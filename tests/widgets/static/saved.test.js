import assert from "node:assert/strict";
import { test } from "node:test";
import { SavedList } from "../../../intercom_nb/widgets/static/saved.js";
import { labelled, openPage, press } from "./fake_dom.js";

// The list with its questions; the kernel replies at once.
function openList(...names) {
  openPage();
  const pinned = new Set();
  let rest = names;
  const kernel = {
    saved_remove: ({ name }) => {
      rest = rest.filter((one) => one !== name);
    },
    saved_pin: ({ name }) => pinned.add(name),
  };
  const all = () => rest.map((name) => ({ name, about: "", code: "", pinned: pinned.has(name) }));
  const wire = {
    on: () => {},
    send: (kind, content) => {
      kernel[kind](content);
      list.draw(all());
    },
  };
  const list = new SavedList(wire, "explorer");
  document.body.append(list.node);
  list.draw(all());
  return list;
}

function pressed(list, label) {
  const node = labelled(list.node, label);
  node.focus();
  press(node);
}

test("SavedList focuses the next question when one is removed", () => {
  const list = openList("a", "b", "c");
  pressed(list, "Pin to the dashboard: a");
  assert.equal(document.activeElement, labelled(list.node, "Pin to the dashboard: a"));
  pressed(list, "Remove: b");
  assert.equal(document.activeElement, labelled(list.node, "Remove: c"));
  pressed(list, "Remove: c");
  assert.equal(document.activeElement, labelled(list.node, "Remove: a"));
});

test("SavedList focuses its heading when the last question is removed", () => {
  const list = openList("a");
  pressed(list, "Remove: a");
  assert.equal(document.activeElement.textContent, "No saved questions");
  assert.ok(!list.node.hidden);
});

test("SavedList is hidden when nothing was saved", () => {
  assert.ok(openList().node.hidden);
});
