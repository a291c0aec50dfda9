import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Licence texts of every package whose code is inside the bundles, or lies beside them (`others`, folders from the root), by name and version. */
export function notices(root, metafiles, others = []) {
  const folders = new Set(metafiles.flatMap((metafile) => Object.keys(metafile.inputs)).map(packageFolder).filter((folder) => folder !== undefined).concat(others));
  const texts = [...folders].sort().map((folder) => notice(path.join(root, folder)));
  return `Bellwether contains code of the following packages.\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

function packageFolder(input) {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
}

function notice(folder) {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)(\.|-|$)/i.test(entry));
  const text = file !== undefined && existsSync(path.join(folder, file)) ? readFileSync(path.join(folder, file), 'utf8').trim() : `Licensed under ${license}.`;
  return `${name} ${version} (${license})\n\n${text}\n`;
}
