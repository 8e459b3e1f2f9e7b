import assert from "node:assert/strict";
import { test } from "node:test";
import { nextSort } from "../../../intercom_nb/widgets/static/grid.js";

test("nextSort goes from ascending to descending to none", () => {
  const first = nextSort([], "a", false);
  assert.deepEqual(first, [["a", false]]);
  const second = nextSort(first, "a", false);
  assert.deepEqual(second, [["a", true]]);
  assert.deepEqual(nextSort(second, "a", false), []);
});

test("nextSort replaces the order unless another key is added", () => {
  const sort = [["a", true]];
  assert.deepEqual(nextSort(sort, "b", false), [["b", false]]);
  assert.deepEqual(nextSort(sort, "b", true), [
    ["a", true],
    ["b", false],
  ]);
});
