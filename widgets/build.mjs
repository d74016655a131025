// Bundles src/index.js into one unminified module. With `--check`, fails if the committed file differs.
import { build } from "esbuild";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const BUNDLE = fileURLToPath(new URL("../eagle_nb/widgets/static/eagle_nb.js", import.meta.url));
const LIMIT = 216 * 1024; // every exported page holds the bundle

const result = await build({
  entryPoints: [fileURLToPath(new URL("src/index.js", import.meta.url))],
  absWorkingDir: fileURLToPath(new URL(".", import.meta.url)),
  bundle: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  loader: { ".css": "text" },
  write: false,
  banner: { js: "// Built from widgets/src by `npm run build`; do not edit here." },
});
const text = result.outputFiles[0].text;
const size = Buffer.byteLength(text);
if (size > LIMIT) throw new Error(`the bundle has ${size} bytes, more than ${LIMIT}`);
if (/<\/script|<!--/i.test(text)) throw new Error("the bundle contains the end of a script or a comment and could not be part of a page");
if (process.argv.includes("--check")) {
  if (readFileSync(BUNDLE, "utf8") !== text) throw new Error("the committed bundle differs: run `npm run build` in widgets/");
  console.log(`the committed bundle is up to date, ${size} bytes`);
} else {
  writeFileSync(BUNDLE, text);
  console.log(`${size} bytes`);
}
