import { homedir } from 'node:os';
import path from 'node:path';

/** Where large test installations are kept between runs and clones. */
export function cacheFolder() {
  return process.env.BELLWETHER_CACHE ?? path.join(homedir(), '.cache', 'bellwether');
}
