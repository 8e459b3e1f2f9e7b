import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addSteps,
  conditionsOf,
  hasStep,
  toggleStep,
  typedText,
  typeStep,
} from "../../../intercom_nb/widgets/static/filters.js";

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

test("addSteps adds each step once", () => {
  const steps = addSteps([value("team", "1")], [value("team", "1"), value("state", "open")]);
  assert.equal(steps.length, 2);
});

test("typeStep holds one typed text for each column and drops an empty one", () => {
  const typed = typeStep(typeStep([], "n", ">5"), "n", ">6");
  assert.equal(typedText(typed, "n"), ">6");
  assert.deepEqual(typeStep(typed, "n", " "), []);
});
