import path from 'node:path';
import { chosenFeed, leaseRuntime, type Lease } from '../../index';
import { Accounts } from './accounts';
import { AccountTests } from './accountTests';
import { Channels } from './channels';
import { Claims } from './claims';
import { Clicks } from './clicks';
import { FlowEnds } from './flowEnds';
import { FlowState } from './flowState';
import { followForeignNodes } from './foreignNodes';
import { openHook, type HookTarget } from './hook';
import { Meanings } from './meanings';
import { Parking } from './parking';
import type { NodeAPI } from './red';
import { systemTimers, type Timers } from './timers';

/** What all nodes of one Node-RED share: the webhook route, the flows' state, the keys in use, the accounts and channels. */
export interface Host {
  readonly red: NodeAPI;
  /** The state folder. */
  readonly home: string;
  readonly timers: Timers;
  readonly flows: FlowState;
  readonly ends: FlowEnds;
  readonly hooks: Parking<HookTarget>;
  readonly nodeKeys: Claims;
  readonly accounts: Accounts;
  readonly accountTests: AccountTests;
  readonly channels: Channels;
  readonly meanings: Meanings;
  readonly clicks: Clicks;
  /** The runtime of this process; release it when the node is closed. It outlives a redeploy. */
  lease(): Promise<Lease>;
}

/** Node-RED gives every node set an API object of its own; its event emitter is the one thing they have in common. */
const hosts = new WeakMap<object, Host>();

/** The host of this Node-RED, made at the first call: one route and one set of listeners per process, whatever is redeployed. */
export function hostOf(red: NodeAPI): Host {
  const known = hosts.get(red.events);
  if (known !== undefined) return known;
  const host = createHost(red);
  hosts.set(red.events, host);
  listen(host);
  return host;
}

function createHost(red: NodeAPI): Host {
  const timers = systemTimers;
  const home = stateFolder(red);
  const lease = async (): Promise<Lease> => leaseRuntime({ home, feed: chosenFeed() });
  return {
    red, home, timers, lease,
    flows: new FlowState(), ends: new FlowEnds(timers), hooks: new Parking<HookTarget>(timers),
    nodeKeys: new Claims(), accounts: new Accounts(), accountTests: new AccountTests(), channels: new Channels(), meanings: new Meanings(), clicks: new Clicks(),
  };
}

function listen(host: Host): void {
  const { red, flows, ends, hooks, meanings, accountTests, clicks } = host;
  red.events.on('flows:stopping', () => {
    flows.stopping();
    hooks.flowsStopping();
    ends.interruptAll();
  });
  red.events.on('flows:started', () => {
    flows.started();
    hooks.flowsStarted();
  });
  followForeignNodes(red, ends);
  clicks.follow(red);
  openHook(red, hooks);
  meanings.open(red);
  accountTests.open(red);
}

/** `BELLWETHER_HOME`, or a folder beside the flows. */
function stateFolder(red: NodeAPI): string {
  const home = process.env['BELLWETHER_HOME'];
  if (home !== undefined && home !== '') return home;
  return path.join(red.settings.userDir ?? process.cwd(), 'bellwether');
}
