import { existsSync } from 'node:fs';
import path from 'node:path';

/** File of the journal inside a state folder. */
export const DATABASE_FILE = 'bellwether.db';

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  readonly userFolder: string;
}

/** There is no state where we looked; the message lists the places. */
export class HomeNotFound extends Error {
  override readonly name = 'HomeNotFound';
}

/**
 * The state folder to work on. A folder that was named, by option or by BELLWETHER_HOME, is the only one looked at:
 * `kill` must never act on another state than the one meant. Otherwise the first usual place that holds a journal.
 */
export function findHome(named: string | undefined, { env, workingDirectory, userFolder }: Surroundings): string {
  const wanted = named ?? filled(env.BELLWETHER_HOME);
  const places = wanted !== undefined
    ? [path.resolve(workingDirectory, wanted)]
    : [path.join(workingDirectory, '.bellwether'), path.join(userFolder, '.node-red', 'bellwether'), path.join(filled(env.N8N_USER_FOLDER) ?? userFolder, '.n8n', 'bellwether')];
  const home = places.find((place) => existsSync(path.join(place, DATABASE_FILE)));
  if (home === undefined) {
    throw new HomeNotFound(`No ${DATABASE_FILE} in ${places.join(', ')}. Start n8n or Node-RED with Bellwether once, or name its state folder with --home.`);
  }
  return home;
}

function filled(value: string | undefined): string | undefined {
  return value === undefined || value === '' ? undefined : value;
}
