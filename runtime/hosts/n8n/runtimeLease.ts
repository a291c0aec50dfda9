import { NodeOperationError, type INode } from 'n8n-workflow';
import { chosenFeed, leaseRuntime, type Lease } from '../../index';
import { stateFolder } from './stateFolder';

/**
 * The process's runtime, kept open until released.
 * Queue mode spreads one workflow over several processes and machines, which the embedded store can not serve: refused by name.
 */
export async function leaseFor(node: INode): Promise<Lease> {
  if (process.env['EXECUTIONS_MODE'] === 'queue') {
    throw new NodeOperationError(node, 'Bellwether’s embedded store does not work in n8n’s queue mode', {
      description: 'Run n8n in regular mode (remove EXECUTIONS_MODE=queue). A PostgreSQL store for queue mode comes later.',
    });
  }
  return leaseRuntime({ home: stateFolder(), feed: chosenFeed() });
}
