import { liveAsNodeRed } from '../runtime/hosts/backtests';
import { DEFINITIONS } from './definitions';

/** The program of the process in which a flow is backtested by a headless Node-RED. */
liveAsNodeRed(process, DEFINITIONS);
