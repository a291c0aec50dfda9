export { BEAT_MS, createHealth, type Health, type HealthState } from './health';
