import { ok, type Outcome } from '../../../domain/denial';
import { toMoney } from '../../../domain/money';
import type { Broker } from '../../../domain/ports';
import { followedOrders } from '../following/followedOrders';
import { createFollower, type ChangeAnswer } from '../following/follower';
import type { Lists } from '../following/listed';
import type { FollowingOptions } from '../following/options';
import { listedOrder } from '../following/shown';
import { checkTerms } from '../../../domain/paper';
import { cautiousMargin } from '../ordering/margin';
import { readRows } from '../reading/rows';
import type { GatewayAnswer } from './answer';
import type { OpenAlgoClient } from './client';
import { denialOf, isSemiAuto } from './denials';
import { readGatewayState, SEMI_AUTO, type GatewayState } from './gatewayState';
import { readLists } from './lists';
import { modificationOf, positionOf, strategyTag } from './mapper';
import { createPlacement } from './placement';
import { FundsAnswer, PositionBookAnswer, PositionRow } from './schema';
import { createStateKeeper } from './stateKeeper';

export interface OpenAlgoBrokerOptions extends FollowingOptions {
  readonly client: OpenAlgoClient;
  /** `analyze`: the account is for the gateway's sandbox, and before each order the gateway is asked whether it still is. Default `live`. */
  readonly expects?: 'live' | 'analyze';
}

/** The broker port with everything that an OpenAlgo gateway can do of it. */
export interface OpenAlgoBroker extends Broker {
  readonly modify: NonNullable<Broker['modify']>;
  readonly orders: NonNullable<Broker['orders']>;
  readonly positions: NonNullable<Broker['positions']>;
  /** What was last seen of the gateway. */
  state(): GatewayState;
  /** Asks the gateway for its mode and session. */
  preflight(): Promise<GatewayState>;
  /** Something may have happened to an order (the order stream says so): look soon. */
  nudge(): void;
}

/**
 * One account behind an OpenAlgo gateway. A placement is sent once: its answer is acceptance with an order id, a refusal in the gateway's own words, or unknown.
 * The gateway knows no client order id, so absence from its lists proves nothing (`lookupProvesAbsence` is false): a lost order is found by the tag that the sandbox
 * shows, or as the one new order of the same terms. Reports come from the order and trade lists, which are read while any order of ours is open.
 * One process at a time follows an account: fills without trade ids are named after sums, which two watchers may cut differently.
 */
export function openAlgoBroker(options: OpenAlgoBrokerOptions): OpenAlgoBroker {
  const { client, account, instruments, clock, log, expects = 'live' } = options;
  const orders = followedOrders(options);
  const state = createStateKeeper({ account, expects, log });

  async function read(): Promise<Outcome<Lists>> {
    const lists = await readLists(options);
    if (lists.ok) state.saw(lists.value);
    else state.failed(lists.denial);
    return lists;
  }

  const { port, lookFor, nudge } = createFollower({
    ...options, name: 'OpenAlgo', orders, read,
    async askToCancel(orderId, brokerOrderId) {
      const answer = await client.command('cancelorder', { strategy: strategyTag(orderId), orderid: brokerOrderId });
      if (isSemiAuto(answer)) state.set({ ...state.current(), mode: 'semi_auto', denial: SEMI_AUTO });
      return changeOf(answer);
    },
    askToModify: async (changed, brokerOrderId) => changeOf(await client.command('modifyorder', modificationOf(changed, brokerOrderId))),
    refuseTerms(changed) {
      const instrument = instruments.find(changed.instrument, clock.now());
      return instrument === undefined ? undefined : checkTerms(changed, instrument);
    },
  });

  return {
    ...port, nudge,
    capabilities: { lookupProvesAbsence: false },
    place: createPlacement({ client, orders, state, instruments, clock, log, expects, lookFor, onAccepted: nudge }),
    async orders() {
      return mapped(await readLists(options), ({ orders: rows }) => [...rows.values()].flatMap((row) => listedOrder(row, orders.ownerOf(row.brokerOrderId)) ?? []));
    },
    async positions() {
      return mapped(await client.read('positionbook', {}, PositionBookAnswer), ({ data }) => readRows(data, PositionRow, { source: 'openalgo', log }).flatMap((row) => positionOf(row) ?? []));
    },
    async funds() {
      const answer = await client.read('funds', {}, FundsAnswer);
      if (!answer.ok) throw new Error(`The funds could not be read: ${answer.denial.message}`);
      const { availablecash: available, utiliseddebits: used } = answer.value.data;
      return { available: toMoney(available), used: toMoney(used) };
    },
    marginPerUnit: (instrument, _product, price) => cautiousMargin(instrument, price),
    state: () => state.current(),
    async preflight() {
      state.set(await readGatewayState(client));
      return state.current();
    },
  };
}

function changeOf(answer: GatewayAnswer): ChangeAnswer {
  return answer.kind === 'success' ? answer : { kind: answer.kind === 'unsure' ? 'unsure' : 'refused', denial: denialOf(answer, 'command') };
}

function mapped<A, B>(outcome: Outcome<A>, map: (value: A) => B): Outcome<B> {
  return outcome.ok ? ok(map(outcome.value)) : outcome;
}
