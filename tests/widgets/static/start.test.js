import assert from "node:assert/strict";
import { test } from "node:test";
import { progressText, StartPart } from "../../../intercom_nb/widgets/static/start.js";
import { openPage } from "./fake_dom.js";

test("progressText has a unit beside every number", () => {
  assert.equal(progressText(150, 642, 1), "150 of 642 conversations, 1 request");
  assert.equal(progressText(1500, null, 10), "1,500 conversations, 10 requests");
});

test("StartPart stops its progress when the kernel is lost while it loads", () => {
  openPage();
  const part = new StartPart({ on: () => {}, send: () => {} });
  part.draw({ status: "loading", month: "October 2026", before: "September", questions: [] });
  assert.ok(!part.progress.hidden);
  part.stop();
  assert.ok(part.progress.hidden && part.cancel.hidden);
  assert.equal(part.status.textContent, "");
});
