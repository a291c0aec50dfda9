import { changedAfterGate } from './changedAfterGate';
import { cycle } from './cycle';
import { entryWithoutExit } from './entryWithoutExit';
import { firesTwice } from './firesTwice';
import { formingCandle } from './formingCandle';
import { liveWithoutSquareOff } from './liveWithoutSquareOff';
import { nodeKeyTwice } from './nodeKeyTwice';
import { noKillPath } from './noKillPath';
import { orderUnreached } from './orderUnreached';
import { orderWithoutGate } from './orderWithoutGate';
import { parametersRefused } from './parametersRefused';
import { refusalUnwired } from './refusalUnwired';
import type { FlowRule } from './rule';
import { strategyMissing } from './strategyMissing';
import { symbolUnresolved } from './symbolUnresolved';
import { triggersDouble } from './triggersDouble';

/** Every rule. A new one adds its file and a line here. */
export const RULES: readonly FlowRule[] = [
  parametersRefused, orderWithoutGate, entryWithoutExit, firesTwice, triggersDouble, cycle, changedAfterGate, formingCandle, symbolUnresolved,
  nodeKeyTwice, strategyMissing, orderUnreached, refusalUnwired, noKillPath, liveWithoutSquareOff,
];
