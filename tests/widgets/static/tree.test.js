import assert from "node:assert/strict";
import { test } from "node:test";
import { rowAfter, rowStarting, treeRows } from "../../../intercom_nb/widgets/static/tree.js";

const ENTITIES = [
  { name: "contacts", label: "contacts", group: "People" },
  { name: "teams", label: "teams", group: "People" },
  { name: "tickets", label: "tickets", group: "Tickets" },
  { name: "ticket_types", label: "ticket types", group: "Tickets" },
];
const labels = (rows) => rows.map((row) => row.label);

test("treeRows shows the entities of open groups only", () => {
  const rows = treeRows(ENTITIES, new Set(["People"]), "");
  assert.deepEqual(labels(rows), ["People", "contacts", "teams", "Tickets"]);
});

test("treeRows opens what a search finds and hides groups without a match", () => {
  assert.deepEqual(labels(treeRows(ENTITIES, new Set(), "type")), ["Tickets", "ticket types"]);
  assert.deepEqual(treeRows(ENTITIES, new Set(), "nothing"), []);
});

test("rowAfter moves by the arrow keys and stops at both ends", () => {
  const rows = treeRows(ENTITIES, new Set(["People"]), "");
  assert.equal(rowAfter(rows, 0, "ArrowUp"), 0);
  assert.equal(rowAfter(rows, 0, "ArrowRight"), 1);
  assert.equal(rowAfter(rows, 2, "ArrowLeft"), 0);
  assert.equal(rowAfter(rows, 2, "ArrowDown"), 3);
  assert.equal(rowAfter(rows, 3, "ArrowRight"), 3);
  assert.equal(rowAfter(rows, 3, "ArrowDown"), 3);
  assert.equal(rowAfter(rows, 1, "End"), 3);
});

test("rowStarting goes to the next name with the letter, and refines with more letters", () => {
  const rows = treeRows(ENTITIES, new Set(["People", "Tickets"]), "");
  assert.equal(rows[rowStarting(rows, 0, "t")].label, "teams");
  assert.equal(rows[rowStarting(rows, 2, "t")].label, "Tickets");
  assert.equal(rows[rowStarting(rows, 2, "ticket t")].label, "ticket types");
  assert.equal(rowStarting(rows, 2, "x"), 2);
});
