export { actionsOf, type ProtectionAction } from './actions';
export { REST_AGAIN_MS, stopRoom, type StopRoom } from './heldStop';
export type { Notice, Reduced } from './outcome';
export { RULES, type PlanRules } from './plan';
export {
  canTurn, closedQuantity, closingAction, excessQuantity, isHeldStop, isLive, LIVE_STATUSES, netClosed, originOf, PROTECTION_NODE, openingAction, pendingProtection, protectedPart, Protection, protectionIdOf, ProtectionStatus, ProtectionStep, remainingQuantity, standingProtection, stepOrderId, type ExitReason, type ProtectionWish,
} from './protection';
export { reached as reachedLevel } from './levels';
export { onClock, onExitReport, onFill, onHolder, onPosition, onPrice, onRoom, onStepFill, type EntryReport, type SeenPrice, type StepReport } from './reduce';
export { cancelled, revised, type ProtectionRevision } from './revise';
export { shownLevels, type ShownLevels } from './shown';
export type { ProtectionChange, ProtectionChanged, ProtectionEvent, ProtectionStore } from './store';
export { amountOf, baseStop, BreakEven, checkedTerms, Direction, Distance, gainAt, Level, ProtectionTerms, TimeStop, tighter, Trailing } from './terms';
