import assert from "node:assert/strict";
import { test } from "node:test";
import { historyTab } from "../../../intercom_nb/widgets/static/tabs.js";
import { labelled, openPage } from "./fake_dom.js";

const RUN = { at: "14:02:11", label: "conversations.search(limit=None)", rows: 642, seconds: 0.34 };
const named = (id, question) => ({ ...RUN, id, question, entity: "conversations" });

test("historyTab names the questions when their calls are the same", () => {
  const panel = openPage();
  const runs = [named(2, "Which teams reply slowest?"), named(1, "")];
  historyTab(panel, {}, runs, 2);
  const cells = panel.querySelectorAll("tr").map((row) => row.children[1].textContent);
  assert.deepEqual(cells.slice(1), [`Which teams reply slowest?${RUN.label}`, RUN.label]);
  assert.ok(labelled(panel, "Run Which teams reply slowest? again"));
  assert.ok(labelled(panel, `Run ${RUN.label} again`));
  assert.ok(panel.textContent.includes("340 ms"));
});
