/**
 * `npm run simulate -- --seed N --steps M`: a simulated machine, brokers and disk around the real order path, with faults and crashes, all of it
 * decided by the seed. Checks every promise after every step. The last line is JSON: {seed, steps, intents, sends, crashes, faults, violations}.
 * `npm run simulate:mutants`: the same against routers, gates and journals that are broken on purpose. The last line is JSON: {mutants, caught}.
 */
import { createRequire } from 'node:module';
import { loadTypeScript } from './typescript.mjs';

loadTypeScript();
const require = createRequire(import.meta.url);
const args = process.argv.slice(2);
if (args[0] === 'mutants') await require('../tests/simulate/mutants/main.ts').main();
else await require('../tests/simulate/main.ts').main(args);
