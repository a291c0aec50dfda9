import { z } from 'zod';
import { until } from './poll';
import { OWNER } from './process';

const Key = z.object({ rawApiKey: z.string() });
const Node = z.looseObject({ id: z.string(), name: z.string(), type: z.string(), webhookId: z.string().optional(), credentials: z.record(z.string(), z.looseObject({ name: z.string() })).optional() });
export const Workflow = z.looseObject({ id: z.string(), name: z.string(), nodes: z.array(Node) });
export type Workflow = z.infer<typeof Workflow>;

const NodeRun = z.looseObject({ data: z.looseObject({ main: z.array(z.array(z.looseObject({ json: z.record(z.string(), z.unknown()), pairedItem: z.unknown().optional() })).nullable()) }).optional(), error: z.looseObject({ message: z.string(), description: z.string().nullish() }).optional() });
const Execution = z.looseObject({
  id: z.coerce.string(), status: z.string(), finished: z.boolean(), mode: z.string(),
  data: z.looseObject({ resultData: z.looseObject({ runData: z.record(z.string(), z.array(NodeRun)), error: z.looseObject({ message: z.string() }).optional() }) }).optional(),
});
export type Execution = z.infer<typeof Execution>;

const ENDED = new Set(['success', 'error', 'crashed', 'canceled']);
const SCOPES = ['workflow:create', 'workflow:read', 'workflow:update', 'workflow:delete', 'workflow:list', 'workflow:activate', 'workflow:deactivate', 'execution:read', 'execution:list', 'credential:create', 'credential:delete'];

/** What the tests ask of a running n8n: the editor's own REST interface and the public API. */
export class N8nClient {
  private cookie = '';
  private apiKey = '';

  constructor(private readonly base: string) {}

  /** Signs in as the owner; needed again after a restart only when the key is asked for again. */
  async signIn(): Promise<void> {
    const response = await fetch(`${this.base}/rest/login`, { method: 'POST', headers: this.headers(), body: JSON.stringify({ emailOrLdapLoginId: OWNER.email, password: OWNER.password }) });
    if (!response.ok) throw new Error(`Sign-in failed: ${response.status} ${await response.text()}`);
    this.cookie = response.headers.getSetCookie().find((cookie) => cookie.startsWith('n8n-auth='))?.split(';')[0] ?? '';
    const { rawApiKey } = Key.parse(await this.rest('POST', '/api-keys', { label: `tests ${Date.now()}`, expiresAt: null, scopes: SCOPES }));
    this.apiKey = rawApiKey;
  }

  /** The editor's interface; answers its `data`. */
  async rest(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.base}/rest${path}`, { method, headers: { ...this.headers(), cookie: this.cookie }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    return z.object({ data: z.unknown() }).parse(await parsed(response, `${method} ${path}`)).data;
  }

  /** A file that only signed-in people may read, as JSON. */
  async asset(path: string): Promise<unknown> {
    return parsed(await fetch(`${this.base}${path}`, { headers: { ...this.headers(), cookie: this.cookie } }), path);
  }

  /** The same as text: a file of binary data. */
  async file(path: string): Promise<string> {
    const response = await fetch(`${this.base}${path}`, { headers: { ...this.headers(), cookie: this.cookie } });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.text();
  }

  async api(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.base}/api/v1${path}`, { method, headers: { ...this.headers(), 'X-N8N-API-KEY': this.apiKey }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    return parsed(response, `${method} ${path}`);
  }

  async createCredential(name: string, type: string, data: Readonly<Record<string, unknown>>): Promise<{ id: string; name: string }> {
    return z.object({ id: z.string(), name: z.string() }).parse(await this.api('POST', '/credentials', { name, type, data }));
  }

  /** Creates a workflow as an import does: n8n gives its nodes their webhook ids. */
  async createWorkflow(workflow: { readonly name: string; readonly nodes: readonly unknown[]; readonly connections: unknown; readonly settings?: unknown }): Promise<Workflow> {
    const { name, nodes, connections, settings = { executionOrder: 'v1' } } = workflow;
    return Workflow.parse(await this.api('POST', '/workflows', { name, nodes, connections, settings }));
  }

  /** The workflow of this name, as soon as n8n has saved it in a shape that satisfies. */
  saved(name: string, satisfies: (workflow: Workflow) => boolean): Promise<Workflow> {
    return until(`the saved workflow "${name}"`, async () => {
      const { data } = z.object({ data: z.array(Workflow) }).parse(await this.api('GET', `/workflows?name=${encodeURIComponent(name)}`));
      return data.find(satisfies);
    });
  }

  async activate(workflowId: string): Promise<void> {
    await this.api('POST', `/workflows/${workflowId}/activate`, {});
  }

  async deactivate(workflowId: string): Promise<void> {
    await this.api('POST', `/workflows/${workflowId}/deactivate`, {});
  }

  async executions(workflowId: string): Promise<readonly Execution[]> {
    const page = await this.api('GET', `/executions?workflowId=${workflowId}&includeData=true&limit=50`);
    return z.object({ data: z.array(Execution) }).parse(page).data;
  }

  /** Of every execution, those that still run included, which the public API leaves out. */
  async executionStatuses(workflowId: string): Promise<readonly string[]> {
    const list = await this.rest('GET', `/executions?limit=50&filter=${encodeURIComponent(JSON.stringify({ workflowId }))}`);
    return z.object({ results: z.array(z.object({ status: z.string() })) }).parse(list).results.map(({ status }) => status);
  }

  /** The ended executions, as soon as there are `count` of them. */
  endedExecutions(workflowId: string, count: number, timeoutMs = 30_000): Promise<readonly Execution[]> {
    return until(`${count} ended executions of ${workflowId}`, async () => {
      const ended = (await this.executions(workflowId)).filter(({ status }) => ENDED.has(status));
      return ended.length >= count ? ended : undefined;
    }, timeoutMs);
  }

  /** n8n registers webhooks a moment after it says that a workflow is published: asks with GET, which runs nothing. */
  async webhookReady(url: string): Promise<void> {
    await until(`the registration of ${url}`, async () => ((await (await fetch(url)).text()).includes('not registered for GET requests') ? true : undefined));
  }

  private headers(): Record<string, string> {
    return { 'content-type': 'application/json', 'browser-id': 'tests' };
  }
}

async function parsed(response: Response, what: string): Promise<unknown> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${what}: ${response.status} ${text.slice(0, 1_000)}`);
  return text === '' ? undefined : JSON.parse(text);
}
