/** The door of the triggers service. */
export { createTriggers, type TriggerPorts, type TriggersService } from './createTriggers';
export { isScheduleNote, journalMemory, type ScheduleMemory } from './scheduleMemory';
export type { AtTime } from './recordedSchedule';
