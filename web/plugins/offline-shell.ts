import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Plugin, Rolldown } from "vite";

const WORKER = fileURLToPath(new URL("../offline/service-worker.js", import.meta.url));
/** Beside what is built: files that stand in `public/` under their own names. */
const PLAIN = ["/early.js", "/favicon.svg", "/verify-proof.mjs"];
/** Administration is of no use without a connection. */
const LEFT_OUT = /admin/i;

/** Writes `/sw.js`, which keeps every file of the public site. */
export function offlineShell(): Plugin {
  return {
    name: "offline-shell",
    apply: "build",
    async generateBundle(_, bundle) {
      const files = [...PLAIN, ...shellOf(bundle)].toSorted();
      const worker = await readFile(WORKER, "utf8");
      // What has no hash in its name is kept under the version, too.
      const plain = await Promise.all(
        ["index.html", ...PLAIN.map((name) => `public${name}`)].map(readSource),
      );
      const version = createHash("sha256")
        .update([...files, worker, ...plain].join())
        .digest("hex")
        .slice(0, 12);
      const source = worker
        .replace(/^\/\* global .*\n/m, "")
        .replace("__VERSION__", JSON.stringify(version))
        .replace("__FILES__", JSON.stringify(files));
      this.emitFile({ type: "asset", fileName: "sw.js", source });
    },
  };
}

const readSource = (name: string) => readFile(fileURLToPath(new URL(`../${name}`, import.meta.url)), "utf8");

/** The addresses of all that the site's page leads to, now or later. */
function shellOf(bundle: Rolldown.OutputBundle): Set<string> {
  const files = new Set<string>();
  const follow = (name: string) => {
    const chunk = bundle[name];
    if (chunk?.type !== "chunk" || files.has(`/${name}`) || LEFT_OUT.test(chunk.facadeModuleId ?? "")) return;
    const { importedCss = [], importedAssets = [] } = chunk.viteMetadata ?? {};
    for (const file of [name, ...importedCss, ...importedAssets]) files.add(`/${file}`);
    for (const next of [...chunk.imports, ...chunk.dynamicImports]) follow(next);
  };
  for (const chunk of Object.values(bundle)) {
    if (chunk.type === "chunk" && chunk.facadeModuleId?.endsWith("/index.html")) follow(chunk.fileName);
  }
  return files;
}
