import assert from "node:assert/strict";
import { test } from "node:test";
import {
  counted,
  duration,
  hasWords,
  labelStep,
} from "../../../intercom_nb/widgets/static/format.js";

test("counted uses the singular for one", () => {
  assert.equal(counted(1, "row"), "1 row");
  assert.equal(counted(0, "row"), "0 rows");
  assert.equal(counted(12345, "query", "queries"), "12,345 queries");
});

test("duration names its unit", () => {
  assert.equal(duration(89), "89 s");
  assert.equal(duration(90), "2 min");
  assert.equal(duration(7200), "2.0 h");
});

test("labelStep leaves room for each label", () => {
  for (const [bars, longest, width] of [
    [62, 10, 850],
    [12, 7, 850],
    [5, 40, 200],
  ]) {
    const drawn = Math.ceil(bars / labelStep(bars, longest, width));
    assert.ok(drawn === 1 || drawn * longest * 7 <= width, `${drawn} labels`);
  }
});

test("hasWords ignores case and order", () => {
  assert.ok(hasWords("Ticket type attributes", "attr TICKET"));
  assert.ok(!hasWords("Tickets", "ticket type"));
  assert.ok(hasWords("anything", ""));
});
