import assert from "node:assert/strict";
import { test } from "node:test";
import { nextSort } from "../../../intercom_nb/widgets/static/grid.js";

const text = { name: "a", kind: "text" };

test("nextSort goes from ascending to descending to none when a column has text", () => {
  const first = nextSort([], text, false);
  assert.deepEqual(first, [["a", false]]);
  const second = nextSort(first, text, false);
  assert.deepEqual(second, [["a", true]]);
  assert.deepEqual(nextSort(second, text, false), []);
});

test("nextSort starts with the largest when a column has numbers or times", () => {
  for (const kind of ["number", "time"]) {
    const slowest = nextSort([], { name: "n", kind }, false);
    assert.deepEqual(slowest, [["n", true]]);
    assert.deepEqual(nextSort(slowest, { name: "n", kind }, false), [["n", false]]);
    assert.deepEqual(nextSort([["n", false]], { name: "n", kind }, false), []);
  }
});

test("nextSort replaces the order unless another key is added", () => {
  const sort = [["a", true]];
  const other = { name: "b", kind: "text" };
  assert.deepEqual(nextSort(sort, other, false), [["b", false]]);
  assert.deepEqual(nextSort(sort, other, true), [
    ["a", true],
    ["b", false],
  ]);
});
