import { parentPort, workerData } from 'node:worker_threads';
import { liveAsThread } from '../runtime/hosts/backtests';
import { DEFINITIONS } from './definitions';

/** The program of the threads in which backtests run: of the command, and of the Backtest node in both editors. */
if (parentPort !== null) liveAsThread(parentPort, workerData, DEFINITIONS);
