export { findNodeRed } from './embedded';
export { headlessEntries, type RedEntry } from './entries';
export { headlessLane, type HeadlessLane, type HeadlessOptions } from './lane';
