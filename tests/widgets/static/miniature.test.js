import assert from "node:assert/strict";
import { test } from "node:test";
import { barStep } from "../../../intercom_nb/widgets/static/miniature.js";

const range = (label, low, high) => [
  label,
  7,
  high === undefined
    ? [[">=", low]]
    : [
        [">=", low],
        ["<", high],
      ],
];
const REPLIES = { column: "reply", label: "first reply time", kind: "number" };
const BARS = [range("0 s to 10 min", 0, 600), range("10 min to 20 min", 600, 1200)];

test("barStep names the column of a bar of numbers", () => {
  const step = barStep(REPLIES, BARS[1], BARS[1]);
  assert.deepEqual(step, {
    column: "reply",
    pairs: BARS[1][2],
    title: "first reply time 10 min to 20 min",
  });
});

test("barStep spans the bars that were dragged across", () => {
  const step = barStep(REPLIES, BARS[0], range("20 min or more", 1200));
  assert.deepEqual(step.pairs, [[">=", 0]]);
  assert.equal(step.title, "first reply time 0 s to 20 min or more");
  const days = { column: "created_at", label: "created", kind: "time" };
  const week = barStep(days, range("26 Oct 2026", "a", "b"), range("1 Nov 2026", "c", "d"));
  assert.equal(week.title, "26 Oct 2026 to 1 Nov 2026");
  assert.deepEqual(week.pairs, [
    [">=", "a"],
    ["<", "d"],
  ]);
});
