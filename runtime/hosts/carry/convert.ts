import { deny, ok, type Outcome } from '../../domain/denial';
import type { Host, ReadFlow } from '../replay';
import type { Conversion } from './report';
import { writeN8n } from './writeN8n';
import { writeRed } from './writeRed';

/**
 * A flow in the other editor's file. Nodes of ours lose nothing; translated ones act the same; what can not be carried is in the report, in a note beside its place,
 * and its wires end: nothing is reached that was reached only through it. Never any secret.
 */
export function convertFlow({ host, document }: Pick<ReadFlow, 'host' | 'document'>, to: Host): Outcome<Conversion> {
  if (host === to) return deny('INVALID_PARAMETER', `This flow is one of ${to === 'n8n' ? 'n8n' : 'Node-RED'} already.`, { field: 'to', remedy: `Convert it to ${to === 'n8n' ? 'node-red' : 'n8n'}.` });
  return ok(to === 'n8n' ? writeN8n(document) : writeRed(document));
}
