import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The chart library's code and licence, as they stand in the page. */
export interface ChartLibrary {
  readonly script: string;
  readonly licence: string;
}

/** Beside the bundle in a built package, in the packages' own folder in the sources. */
const PLACES = [
  { script: 'lightweight-charts.js', licence: 'lightweight-charts.LICENSE' },
  { script: '../../../node_modules/lightweight-charts/dist/lightweight-charts.standalone.production.js', licence: '../../../node_modules/lightweight-charts/LICENSE' },
].map(({ script, licence }) => ({ script: path.resolve(__dirname, script), licence: path.resolve(__dirname, licence) }));

let known: ChartLibrary | undefined;

/** Read once. Throws where the package is not complete. */
export function chartLibrary(): ChartLibrary {
  if (known !== undefined) return known;
  const place = PLACES.find(({ script }) => existsSync(script));
  if (place === undefined) throw new Error('The chart library is missing from this installation: install the package again.');
  // A page ends a script at the first closing tag, wherever it stands.
  const script = readFileSync(place.script, 'utf8').replace(/<\/script/gi, '<\\/script').trim();
  known = { script, licence: readFileSync(place.licence, 'utf8').trim() };
  return known;
}
