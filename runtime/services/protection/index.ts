export { cancelProtection, moveStop, protect, type ProtectionCommandPorts, type ProtectionTarget } from './commands';
export { createProtectionKeeper, type Guarded, type ProtectionKeeper } from './createProtectionKeeper';
export { protectionLease } from './guard';
export type { ProtectionPorts } from './ports';
