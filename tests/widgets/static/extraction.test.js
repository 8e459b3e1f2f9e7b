import assert from "node:assert/strict";
import { test } from "node:test";
import { extractionProgress } from "../../../intercom_nb/widgets/static/extraction.js";

test("extractionProgress has a unit beside every number", () => {
  const now = {
    stage: "reading",
    rows: 1200,
    total: 3260,
    rows_per_second: 400,
    requests_per_second: 2.5,
    allowed: 166,
    left: 120,
  };
  assert.equal(
    extractionProgress("conversations", now),
    "conversations, reading: 1,200 of 3,260 rows, 400 rows/s, 2.5 of 166 requests/s, 2 min left",
  );
  assert.ok(!extractionProgress("tags", { ...now, total: null, left: null }).includes("left"));
});
