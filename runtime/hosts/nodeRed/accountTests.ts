import { z } from 'zod';
import { SECRET_FIELDS } from '../../domain/account';
import { deny, explained, type Outcome } from '../../domain/denial';
import { testAccount } from '../../index';
import type { DeclaredAccount } from '../accountForm';
import { asError } from './asError';
import { TEST_ACCOUNT_PATH } from './config';
import { bodyOf } from './rawBody';
import type { HookRequest, NodeAPI } from './red';

/** Whoever may deploy may test: a test sends the account's key to the address in the form. */
const PERMISSION = 'flows.write';

/** What Node-RED's editor shows instead of a saved password. */
const UNCHANGED = '__PWRD__';

const Asked = z.object({ id: z.string().max(100).default(''), values: z.record(z.string(), z.unknown()) });
const SECRET_NAMES = Object.values(SECRET_FIELDS).flat().map(({ name }) => name);

export interface AccountTestAnswer {
  readonly ok: boolean;
  readonly message: string;
}

type Read = (values: Readonly<Record<string, unknown>>) => Outcome<DeclaredAccount>;

/** The Test button of the account's form: one permanent route, whatever is redeployed. */
export class AccountTests {
  /** How the form's values are read; set by the config node. */
  read: Read | undefined;
  readonly #test: typeof testAccount;

  constructor(test = testAccount) {
    this.#test = test;
  }

  open(red: NodeAPI): void {
    const app = red.httpAdmin;
    if (app === undefined || red.auth === undefined) return;
    app.post(TEST_ACCOUNT_PATH, red.auth.needsPermission(PERMISSION), (request, response) => {
      this.#answer(red, request).then((answer) => { response.status(200).json(answer); }).catch((error: unknown) => {
        red.log.warn(`Bellwether: an account could not be tested: ${asError(error).message}`);
        response.status(400).json({ ok: false, message: 'The form could not be read.' });
      });
    });
  }

  async #answer(red: NodeAPI, request: HookRequest): Promise<AccountTestAnswer> {
    const body = await bodyOf(request);
    const { id, values } = Asked.parse('parsed' in body ? body.parsed : JSON.parse(Buffer.from(body.raw).toString()));
    const account = this.read?.({ ...values, ...saved(red, id, values) }) ?? deny('NOT_READY', 'The account node is not loaded.');
    const outcome = account.ok ? await this.#test(account.value.config, account.value.secrets ?? {}) : account;
    return outcome.ok ? { ok: true, message: outcome.value } : { ok: false, message: explained(outcome.denial) };
  }
}

/** Secrets that were not typed anew, from the deployed node's credentials; one that was never saved is none. */
function saved(red: NodeAPI, id: string, values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const unchanged = SECRET_NAMES.filter((name) => values[name] === UNCHANGED);
  const credentials = unchanged.length === 0 ? undefined : red.nodes.getNode(id)?.credentials;
  return Object.fromEntries(unchanged.map((name) => [name, credentials?.[name]]));
}
