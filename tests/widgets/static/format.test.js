import assert from "node:assert/strict";
import { test } from "node:test";
import {
  counted,
  duration,
  elapsed,
  hasWords,
  labelStep,
  moment,
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

test("moment writes a time as people do in the workspace's zone, and leaves other text", () => {
  assert.equal(moment("2026-10-01T04:00:00Z", "America/New_York"), "1 Oct 2026");
  assert.equal(moment("2026-10-01T04:30:00Z", "America/New_York"), "1 Oct 2026, 00:30");
  assert.equal(moment("2026-10-01T04:00:00Z"), "1 Oct 2026, 04:00");
  for (const text of ["", "30d", "open", "007", "2026-10-01", "2026-99-99T99:99:00Z"]) {
    assert.equal(moment(text, "Asia/Tokyo"), text);
  }
});

test("elapsed names a unit that is not zero when a request was fast or slow", () => {
  const texts = [0, 0.0004, 0.34, 0.9996, 2.44, 15, 200].map(elapsed);
  assert.deepEqual(texts, ["< 1 ms", "< 1 ms", "340 ms", "1.0 s", "2.4 s", "15 s", "3 min"]);
});
