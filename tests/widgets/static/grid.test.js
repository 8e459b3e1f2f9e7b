import assert from "node:assert/strict";
import { test } from "node:test";
import { filterExample, Grid, nextSort } from "../../../intercom_nb/widgets/static/grid.js";
import { labelled, openPage } from "./fake_dom.js";

const text = { name: "a", kind: "text" };

test("nextSort goes from ascending to descending to none when a column has text", () => {
  const first = nextSort([], text, false);
  assert.deepEqual(first, [["a", false]]);
  const second = nextSort(first, text, false);
  assert.deepEqual(second, [["a", true]]);
  assert.deepEqual(nextSort(second, text, false), []);
});

test("nextSort starts with the largest when a column has numbers or times", () => {
  for (const kind of ["number", "time"]) {
    const slowest = nextSort([], { name: "n", kind }, false);
    assert.deepEqual(slowest, [["n", true]]);
    assert.deepEqual(nextSort(slowest, { name: "n", kind }, false), [["n", false]]);
    assert.deepEqual(nextSort([["n", false]], { name: "n", kind }, false), []);
  }
});

test("nextSort replaces the order unless another key is added", () => {
  const sort = [["a", true]];
  const other = { name: "b", kind: "text" };
  assert.deepEqual(nextSort(sort, other, false), [["b", false]]);
  assert.deepEqual(nextSort(sort, other, true), [
    ["a", true],
    ["b", false],
  ]);
});

const COLUMNS = [
  { name: "team", label: "Team", kind: "text", width: 100 },
  { name: "reply", label: "Reply", kind: "number", width: 100 },
];

function openGrid() {
  openPage();
  const typed = [];
  const grid = new Grid({
    ask: () => new Promise(() => {}),
    onType: (...what) => typed.push(what),
  });
  document.body.append(grid.node);
  grid.reset({ columns: COLUMNS, total: 3, sort: [], steps: [], words: [] });
  grid.toggleFilters();
  return { grid, typed, box: (name) => labelled(grid.node, `Filter ${name}`) };
}

function type(box, text) {
  box.focus();
  box.value = text;
  box.dispatchEvent(new Event("input"));
}

const typedStep = (column, text) => ({ column, pairs: [["text", text]], title: null });

test("Grid keeps the filter in use and its text when rows arrive while a person types", () => {
  const { grid, box } = openGrid();
  const team = box("team");
  type(team, "bil");
  grid.reset({ total: 1, sort: [], steps: [typedStep("team", "b")], words: [] });
  grid.setProfiles([]);
  assert.equal(box("team"), team);
  assert.equal(document.activeElement, team);
  assert.equal(team.value, "bil");
});

test("Grid shows the filters of the steps when no one types in them", () => {
  const { grid, box } = openGrid();
  grid.reset({ total: 1, steps: [typedStep("team", "b")] });
  assert.equal(box("team").value, "b");
  grid.reset({ total: 3, steps: [] });
  assert.equal(box("team").value, "");
  grid.reset({ columns: COLUMNS.slice(1) });
  assert.equal(box("team"), null);
});

test("Grid filters both columns when the second is typed in at once", async () => {
  const { typed, box } = openGrid();
  type(box("team"), "b");
  type(box("reply"), ">5");
  await new Promise((done) => setTimeout(done, 400));
  assert.deepEqual(typed, [
    ["team", "b"],
    ["reply", ">5"],
  ]);
});

test("filterExample has a unit when the numbers are durations", () => {
  assert.equal(filterExample({ kind: "number", duration: true }), ">1h");
  assert.equal(filterExample({ kind: "number", duration: false }), ">5");
  assert.equal(filterExample({ kind: "text" }), "filter");
});
