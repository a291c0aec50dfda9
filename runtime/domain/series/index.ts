export { Taint, type Frame, type FrameCandle, type Unknown } from './frame';
export { FrameSeries } from './frameSeries';
export { History, type HistoryOptions } from './history';
export { memoryOf, taintOf, warmUpOf } from './memory';
export { evaluateOver, planOfValue, truthsOver, valuesOver } from './over';
export { resolveSource, type Resolved, type StudyReading } from './resolve';
export { ONE_SESSION, sessionsOfDays, type SessionAt } from './session';
export { ITEM_FIELDS, VOCABULARY } from './vocabulary';
