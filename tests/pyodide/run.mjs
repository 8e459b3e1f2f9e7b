// Runs one Python file in Pyodide: node run.mjs FILE REPOSITORY WHEELS
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [file, repository, wheels] = process.argv.slice(2);
// Pyodide is installed in the folder that this was started in.
const found = createRequire(`${process.cwd()}/`).resolve("pyodide/pyodide.mjs");
const { loadPyodide } = await import(pathToFileURL(found).href);

const python = await loadPyodide();
for (const [place, root] of Object.entries({ "/repository": repository, "/wheels": wheels })) {
  python.FS.mkdirTree(place);
  python.FS.mount(python.FS.filesystems.NODEFS, { root }, place);
}
await python.runPythonAsync(`${readFileSync(file, "utf8")}\nawait main()`, { filename: file });
