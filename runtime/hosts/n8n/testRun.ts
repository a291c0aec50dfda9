import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';

/** Runs that a person starts in the editor, or an evaluation does; everything else is the active workflow's own. */
const TEST_MODES: ReadonlySet<string> = new Set(['manual', 'chat', 'evaluation']);

/** n8n keeps the mode of the outermost workflow beside the execution; older versions do not, and then the node's own mode decides. */
const Host = z.object({ additionalData: z.object({ rootExecutionMode: z.string().optional() }).optional().catch(undefined) });

/** True for a test step: of this workflow, or of one that calls it as a sub-workflow (which runs in a mode of its own). */
export function isTestRun(host: Pick<IExecuteFunctions, 'getMode'>): boolean {
  const root = Host.safeParse(host).data?.additionalData?.rootExecutionMode;
  return [host.getMode(), root].some((mode) => mode !== undefined && TEST_MODES.has(mode));
}
