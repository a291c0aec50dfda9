import type { FollowerOptions, ChangeAnswer } from '../following/follower';
import type { UpstoxAnswer } from './answer';
import type { UpstoxClient } from './client';
import { denialOf, isSessionOver } from './denials';
import { modificationOf } from './mapper';
import type { SessionKeeper } from './sessionKeeper';

/** What is asked of Upstox about orders that it has; a session that turns out to be over is remembered. */
export function createChanges({ client, session }: { readonly client: UpstoxClient; readonly session: SessionKeeper }): Pick<FollowerOptions, 'askToCancel' | 'askToModify'> {
  const changeOf = (answer: UpstoxAnswer): ChangeAnswer => {
    if (answer.kind === 'success') return answer;
    const denial = denialOf(answer, 'command');
    if (isSessionOver(answer)) session.failed(denial);
    return { kind: answer.kind === 'unsure' ? 'unsure' : 'refused', denial };
  };
  return {
    askToCancel: async (_orderId, brokerOrderId) => changeOf(await client.command({ method: 'DELETE', path: '/v3/order/cancel', query: { order_id: brokerOrderId } })),
    askToModify: async (changed, brokerOrderId) => changeOf(await client.command({ method: 'PUT', path: '/v3/order/modify', body: modificationOf(changed, brokerOrderId) })),
  };
}
