export { createEventReaders, type EventReaders, type EventWatch } from './createEventReaders';
