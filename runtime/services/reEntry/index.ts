export { createReEntryWatch, REENTRY_ROUND_MS, type ReEntryPorts, type ReEntryWatch } from './createReEntryWatch';
