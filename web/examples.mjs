// The examples of the page: files of the repository, and cases of rules.

import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

const list = fileURLToPath(new URL("examples.json", import.meta.url));

/** In the format of the page. A missing file or case is an error. */
export async function examples(root) {
  const wanted = JSON.parse(await readFile(list, "utf8"));
  return Promise.all(wanted.map((entry) => (entry.case === undefined ? ofFiles(root, entry) : ofCase(root, entry))));
}

async function ofFiles(root, { group, title, manifests, allowlists }) {
  const read = (paths) =>
    Promise.all(paths.map(async (path) => ({ name: basename(path), content: await readFile(join(root, path), "utf8") })));
  return { group, title, manifests: await read(manifests), allowlists: await read(allowlists), options: {} };
}

async function ofCase(root, { group, title, case: rule, name }) {
  const file = parse(await readFile(join(root, "cases", `${rule}.yaml`), "utf8"));
  const found = file.cases.find((one) => one.name === name);
  if (found === undefined) throw new Error(`cases/${rule}.yaml has no case \`${name}\``);
  const allowlists = found.allowlists ?? (file.allowlist === undefined ? [] : [file.allowlist]);
  const options = {};
  if (found.gkeVersion !== undefined) options.gkeVersion = found.gkeVersion;
  if (found.strict === true) options.strict = true;
  return {
    group,
    title: `${rule}: ${title}`,
    manifests: [{ name: "workload.yaml", content: found.workload }],
    allowlists: allowlists.map((content, index) => ({
      name: allowlists.length === 1 ? "allowlist.yaml" : `allowlist-${index + 1}.yaml`,
      content,
    })),
    options,
  };
}
