import { deny, ok, type Outcome } from '../../domain/denial';
import type { ReadFlow } from './document';
import type { Definitions } from './graph';
import { readN8nFlow } from './readN8n';
import { readNodeRedFlows } from './readNodeRed';

/** Every flow of a file, whichever editor wrote it: one n8n workflow or a list of them, Node-RED's list of nodes (one flow for each tab, tabs that links join are one). */
export function readFlows(file: unknown, definitions: Definitions): Outcome<readonly ReadFlow[]> {
  if (isWorkflow(file)) return readWorkflows([file], definitions);
  if (isList(file) && file.length > 0 && file.every(isWorkflow)) return readWorkflows(file, definitions);
  if (isList(file) || (isObject(file) && 'flows' in file)) return readNodeRedFlows(file, definitions);
  return deny('MALFORMED_BODY', 'This is neither an n8n workflow nor a Node-RED flow.', { remedy: 'n8n: the menu of a workflow, "Download". Node-RED: menu, "Export", the tab, "Download".' });
}

/** The one flow of a file, or the one with this name or id where there are several. */
export function readFlow(file: unknown, definitions: Definitions, wanted?: string): Outcome<ReadFlow> {
  const flows = readFlows(file, definitions);
  if (!flows.ok) return flows;
  const found = wanted === undefined ? flows.value : flows.value.filter(({ document: { id, name } }) => id === wanted || name === wanted);
  const [only] = found;
  if (found.length === 1 && only !== undefined) return ok(only);
  if (flows.value.length === 0) return deny('NOT_FOUND', 'There is no flow in this file.');
  const names = flows.value.map(({ document: { name } }) => `"${name}"`).join(', ');
  return wanted === undefined
    ? deny('NOT_FOUND', `This file holds several flows: ${names}.`, { remedy: 'Name the one that is meant.', field: 'flow' })
    : deny('NOT_FOUND', `${found.length === 0 ? 'No flow' : 'More than one flow'} of this file is called "${wanted}": ${names}.`, { field: 'flow' });
}

function readWorkflows(files: readonly unknown[], definitions: Definitions): Outcome<readonly ReadFlow[]> {
  const flows: ReadFlow[] = [];
  for (const file of files) {
    const read = readN8nFlow(file, definitions);
    if (!read.ok) return read;
    flows.push(read.value);
  }
  return ok(flows);
}

function isWorkflow(file: unknown): boolean {
  return isObject(file) && 'nodes' in file && 'connections' in file;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
