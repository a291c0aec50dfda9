/** One contestant of the streaming bench in a process of its own; see streamingProcess.ts. */
import { createRequire } from 'node:module';
import { loadTypeScript } from '../../scripts/typescript.mjs';

loadTypeScript();
const { contend } = createRequire(import.meta.url)('./streamingContestant.ts');
contend();
