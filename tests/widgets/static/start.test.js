import assert from "node:assert/strict";
import { test } from "node:test";
import { progressText } from "../../../intercom_nb/widgets/static/start.js";

test("progressText has a unit beside every number", () => {
  assert.equal(progressText(150, 642, 1), "150 of 642 conversations, 1 request");
  assert.equal(progressText(1500, null, 10), "1,500 conversations, 10 requests");
});
