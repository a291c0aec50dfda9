export { BEAT_MS, createHealth, type Health, type HealthState } from './health';
export { createHealthTeller, TELL_EVERY_MS, type HealthTeller, type HealthTellerOptions } from './tell';
