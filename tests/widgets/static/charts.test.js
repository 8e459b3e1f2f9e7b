import assert from "node:assert/strict";
import { test } from "node:test";
import { clip, wrapped } from "../../../intercom_nb/widgets/static/charts.js";
import { highlighted } from "../../../intercom_nb/widgets/static/grid.js";

test("wrapped breaks only between words", () => {
  assert.deepEqual(wrapped("Conversations created per week", 20), [
    "Conversations",
    "created per week",
  ]);
  assert.deepEqual(wrapped("Conversations", 5), ["Conversations"]);
});

test("wrapped and clip measure a text when its letters have widths", () => {
  const measure = (text) => [...text].reduce((sum, letter) => sum + (letter === "W" ? 3 : 1), 0);
  assert.deepEqual(wrapped("WWW of one", 9, measure), ["WWW", "of one"]);
  assert.equal(clip("Wednesday", 11, measure), "Wednesday");
  assert.equal(clip("Wednesday", 10, measure), "Wednesd…");
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
