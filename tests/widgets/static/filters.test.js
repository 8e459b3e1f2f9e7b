import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addSteps,
  conditionsOf,
  hasStep,
  isSelected,
  rangeStep,
  Trail,
  toggleStep,
  typedText,
  typeStep,
} from "../../../intercom_nb/widgets/static/filters.js";
import { labelled, openPage, press } from "./fake_dom.js";

const value = (column, text) => ({ column, pairs: [["in", text]], title: text });

test("toggleStep replaces a value of the same column and removes the same value", () => {
  const billing = toggleStep([], value("team", "1"));
  const sales = toggleStep(billing, value("team", "2"));
  assert.deepEqual(conditionsOf(sales), [["team", "in", "2"]]);
  assert.deepEqual(toggleStep(sales, value("team", "2")), []);
});

test("toggleStep keeps both values when rows can have several", () => {
  const both = toggleStep([value("tags", "a")], value("tags", "b"), true);
  assert.equal(both.length, 2);
  assert.ok(hasStep(both, value("tags", "a")));
});

const day = (from, to) => ({
  column: "created_at",
  pairs: [
    [">=", from],
    ["<", to],
  ],
  title: from,
});

test("toggleStep replaces a range of the same column, and a blank one a value of a list", () => {
  const [monday, tuesday] = [day("01", "02"), day("02", "03")];
  assert.deepEqual(toggleStep([monday], tuesday), [tuesday]);
  assert.deepEqual(toggleStep([monday], monday), []);
  const none = { column: "tags", pairs: [["empty", null]], title: "no tag" };
  assert.deepEqual(toggleStep([value("tags", "a")], none, true), [none]);
  assert.deepEqual(toggleStep([none], value("tags", "a"), true), [value("tags", "a")]);
});

test("isSelected finds the groups within a range, and a value that was chosen", () => {
  const week = rangeStep(day("01", "02"), day("03", "04"), "week");
  const within = ["01", "02", "03", "04"].map((from) =>
    isSelected([week], "created_at", day(from).pairs),
  );
  assert.deepEqual(within, [true, true, true, false]);
  assert.ok(isSelected([value("team", "1")], "team", [["in", "1"]]));
  assert.ok(!isSelected([value("team", "1")], "state", [["in", "1"]]));
});

test("addSteps adds each step once", () => {
  const steps = addSteps([value("team", "1")], [value("team", "1"), value("state", "open")]);
  assert.equal(steps.length, 2);
});

test("typeStep holds one typed text for each column and drops an empty one", () => {
  const typed = typeStep(typeStep([], "n", ">5"), "n", ">6");
  assert.equal(typedText(typed, "n"), ">6");
  assert.deepEqual(typeStep(typed, "n", " "), []);
});

function openTrail(titles) {
  openPage();
  const rest = document.createElement("button");
  const trail = new Trail(
    (steps) => trail.draw(steps, []),
    () => rest.focus(),
  );
  document.body.append(trail.node, rest);
  trail.draw(
    titles.map((title) => value(title, title)),
    titles,
  );
  const remove = (title) => {
    const cross = labelled(trail.node, `Remove filter ${title}`);
    cross.focus();
    press(cross);
  };
  return { trail, rest, remove, cross: (title) => labelled(trail.node, `Remove filter ${title}`) };
}

test("Trail keeps the focus in its place when a filter is removed", () => {
  const { remove, cross } = openTrail(["a", "b", "c"]);
  remove("b");
  assert.equal(document.activeElement, cross("c"));
  remove("c");
  assert.equal(document.activeElement, cross("a"));
});

test("Trail hands the focus on when the last filter is removed", () => {
  const { trail, rest, remove } = openTrail(["a"]);
  remove("a");
  assert.equal(document.activeElement, rest);
  assert.ok(trail.node.hidden);
});

test("Trail takes no focus when rows are filtered elsewhere", () => {
  const { trail, rest } = openTrail(["a"]);
  rest.focus();
  trail.draw([], []);
  assert.equal(document.activeElement, rest);
});
