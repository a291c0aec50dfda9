export { resultOfJournal, type PerformanceRequest, type PerformanceStore } from './resultOfJournal';
