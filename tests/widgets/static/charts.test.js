import assert from "node:assert/strict";
import { test } from "node:test";
import { wrapped } from "../../../intercom_nb/widgets/static/charts.js";
import { highlighted } from "../../../intercom_nb/widgets/static/grid.js";

test("wrapped breaks only between words", () => {
  assert.deepEqual(wrapped("Conversations created per week", 20), [
    "Conversations",
    "created per week",
  ]);
  assert.deepEqual(wrapped("Conversations", 5), ["Conversations"]);
});

test("highlighted marks every word in any case", () => {
  assert.deepEqual(highlighted("A Refund, refund", ["refund"]), [
    "A ",
    ["Refund"],
    ", ",
    ["refund"],
    "",
  ]);
  assert.deepEqual(highlighted("text", []), ["text"]);
});
