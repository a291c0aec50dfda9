export { canonicalIntents } from './canonical';
export type { Definitions, FlowGraph, GraphNode } from './graph';
export { readN8n } from './readN8n';
export { readNodeRed } from './readNodeRed';
export { replayFlow, type ReplayedFlow, type ReplayOptions } from './replayFlow';
