import { isLive, type AccountConfig } from '../../domain/account';
import { deny, type Denial } from '../../domain/denial';
import type { Command, CommandResult, OrderRequest } from '../../domain/nodeContext';

/**
 * What a run that a person tries out may do to a live account. `nothing`: an editor's test step, which n8n runs without the flow being active. `exits`: a click on a
 * button of a deployed flow (Node-RED's Inject), which may be the way to get out and is not the way to get in.
 */
export type TestStep = 'nothing' | 'exits';

/** The result of a command that a test step may not carry out; undefined where it may. Paper and sandboxes are for trying out. */
export function testStepRefusal(account: AccountConfig, command: Command, allowed: TestStep): CommandResult | undefined {
  if (!isLive(account) || (allowed === 'exits' && !mayRaiseRisk(command))) return undefined;
  const { denial } = deny('TEST_STEP_LIVE', `Account ${account.id} is live: a test step sends it ${allowed === 'nothing' ? 'nothing' : 'no entries'}.`, {
    remedy: 'Activate the flow and let its trigger start it, or choose a paper account to try it out.',
  });
  return refused(command, denial);
}

/** A test step may stop a live account; closing its positions is more than stopping. */
export function asTestStep(account: AccountConfig, command: Command, allowed: TestStep): Command {
  return command.kind === 'killSwitch' && allowed === 'nothing' && isLive(account) ? { ...command, flatten: false } : command;
}

function mayRaiseRisk(command: Command): boolean {
  const isEntry = ({ purpose }: OrderRequest): boolean => purpose === 'entry';
  if (command.kind === 'place') return isEntry(command.request);
  if (command.kind === 'basket') return command.requests.some(isEntry);
  return command.kind === 'modify' || command.kind === 'askApproval';
}

function refused(command: Command, denial: Denial): CommandResult | undefined {
  switch (command.kind) {
    case 'place': return { kind: 'place', outcomes: [{ kind: 'refused', denial }] };
    case 'basket': return { kind: 'basket', legs: command.requests.map(() => ({ outcomes: [{ kind: 'refused', denial }] })) };
    case 'modify': return { kind: 'modify', outcome: { kind: 'refused', denial } };
    case 'cancelOrder': return { kind: 'cancelOrder', outcome: { kind: 'refused', denial } };
    case 'close': return { kind: 'close', position: command.position, outcomes: [{ kind: 'refused', denial }] };
    case 'cancelAll': return { kind: 'cancelAll', cancelled: 0, failed: [denial.message] };
    case 'askApproval': return { kind: 'askApproval', outcome: { ok: false, denial } };
    case 'protect': case 'moveStop': case 'cancelProtection': return { kind: command.kind, outcome: { ok: false, denial } };
    case 'killSwitch': return command.on ? undefined : { kind: 'killSwitch', on: command.on, denial };
    case 'rearm': return { kind: 'rearm', denial };
    // These stay in the journal, and stopping is always allowed: letting orders through again is not stopping.
    case 'assess': case 'recordRefusal': case 'acquireLock': case 'releaseLock': case 'alert': case 'backtest': return undefined;
  }
}
