import { z } from 'zod';
import { BrokerName } from '../../runtime/domain/account';
import type { Outcome } from '../../runtime/domain/denial';
import { BROKER_LABELS, capitalField, idField, limitFields, openAlgoFields, paperFields, toAccount, upstoxFields, type DeclaredAccount } from '../../runtime/hosts/accountForm';
import { field, shownWhen } from '../../runtime/hosts/field';
import { defineConfig, TEST_ACCOUNT_PATH } from '../../runtime/hosts/nodeRed/config';

const AccountForm = z.object({
  // `id` is Node-RED's own property of every node.
  accountId: idField('paper'),
  broker: BrokerName.default('paper').register(field, { label: 'Broker', options: BROKER_LABELS, help: 'Who gets the orders. Paper fills by itself and needs nothing.' }),
  ...shownWhen(openAlgoFields, { broker: ['openalgo'] }),
  ...shownWhen(upstoxFields, { broker: ['upstox'] }),
  capital: capitalField,
  ...shownWhen(paperFields, { broker: ['paper'] }),
  ...limitFields,
});

/** Node-RED's account: its broker, capital and risk limits, shared by the nodes that point to it. Keys and tokens are kept by Node-RED's credential store. */
export const bellwetherAccount = defineConfig({
  type: 'bellwetherAccount',
  title: 'Bellwether Account',
  description: 'An account with its broker, capital and risk limits',
  version: 1,
  params: AccountForm,
  testPath: TEST_ACCOUNT_PATH,
});

/** The form's values as an account of the domain and its secrets. */
export function accountOf({ accountId: id, broker, ...rest }: z.infer<typeof AccountForm>): Outcome<DeclaredAccount> {
  return toAccount(broker, { id, ...rest });
}
