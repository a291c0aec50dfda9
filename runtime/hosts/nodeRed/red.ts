/**
 * What Bellwether uses of Node-RED 4 and 5, and nothing more. The published typings describe an older API.
 * Values that come from outside (messages, saved configurations, request bodies) are `unknown` until they are read.
 */
export interface FlowMessage {
  _msgid?: string;
  payload?: unknown;
  [property: string]: unknown;
}

/** One entry per output: nothing, or messages sent one after the other. */
export type SendMessages = (messages: readonly (readonly FlowMessage[] | null)[]) => void;

export interface NodeStatus {
  readonly fill: 'red' | 'green' | 'yellow' | 'blue' | 'grey';
  readonly shape: 'dot' | 'ring';
  readonly text: string;
}

export type InputHandler = (message: FlowMessage, send: SendMessages, done: (error?: Error) => void) => void;

/** A deployed node. */
export interface RedNode {
  readonly id: string;
  readonly type?: string;
  /** The flow, or the instance of a subflow, that holds the node. */
  readonly z?: string;
  readonly name?: string;
  /** Set inside subflow instances: the node's id in the template. */
  readonly _alias?: string;
  /** Number of input handlers that report completion. */
  readonly _expectedDoneCount?: number;
  readonly credentials?: Readonly<Record<string, unknown>>;
  on(event: 'input', handler: InputHandler): void;
  on(event: 'close', handler: (removed: boolean, done: () => void) => void): void;
  send(messages: FlowMessage): void;
  status(status: NodeStatus | Readonly<Record<string, never>>): void;
  error(message: string, about?: FlowMessage): void;
  warn(message: string): void;
}

/** A node's saved configuration: text, booleans and lists as the editor's form left them. */
export type SavedConfig = Readonly<Record<string, unknown>>;

export type NodeConstructor = (this: RedNode, config: SavedConfig) => void;

export interface CredentialFields {
  readonly [name: string]: { readonly type: 'text' | 'password' };
}

/** The part of an Express request that the hook reads; a readable stream unless a body parser ran first. */
export interface HookRequest extends NodeJS.ReadableStream {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly socket: { readonly remoteAddress?: string | undefined };
  readonly params?: Readonly<Record<string, string | undefined>>;
  readonly method?: string;
  readonly originalUrl?: string;
  /** True once a body parser has consumed the stream. */
  _body?: boolean;
  body?: unknown;
}

export interface HookResponse {
  readonly headersSent: boolean;
  /** Node's own: an answer at the front of the root application knows no more, and the rest is cheaper without what Express adds. */
  writeHead(status: number, headers: Readonly<Record<string, string | number>>): unknown;
  end(text: string): unknown;
  status(code: number): HookResponse;
  set(headers: Readonly<Record<string, string>>): HookResponse;
  json(body: unknown): void;
  send(text: string): void;
}

export type HookHandler = (request: HookRequest, response: HookResponse, next: (error?: unknown) => void) => void;
export type HookErrorHandler = (error: unknown, request: HookRequest, response: HookResponse, next: (error?: unknown) => void) => void;

/** A step of a router of Express 4: called for the paths that `regexp` matches. */
export interface RouterLayer {
  readonly handle: unknown;
  /** Of its function. */
  readonly name: string;
  readonly regexp?: RegExp;
}

/** An Express application. `parent` is the application it is mounted on; `_router` is Express 4's own and may be absent. */
export interface WebApp {
  readonly parent?: WebApp;
  readonly _router?: { readonly stack: RouterLayer[] };
  get(path: string, ...handlers: readonly HookHandler[]): void;
  post(path: string, ...handlers: readonly HookHandler[]): void;
  use(handler: HookHandler | HookErrorHandler): void;
}

interface HookEvents {
  /** A node is about to be given a message. */
  'onReceive.bellwether': { readonly msg: FlowMessage; readonly destination: { readonly node?: RedNode } };
  /** A message was handed to a node. */
  'postDeliver.bellwether': { readonly msg: FlowMessage; readonly destination: { readonly node?: RedNode } };
  /** A node reported that it is done with a message. */
  'onComplete.bellwether': { readonly msg: FlowMessage; readonly node: { readonly node?: RedNode } };
}

export interface NodeAPI {
  readonly nodes: {
    registerType(type: string, constructor: NodeConstructor, options?: { readonly credentials?: CredentialFields }): void;
    createNode(node: RedNode, config: SavedConfig): void;
    getNode(id: string): RedNode | null | undefined;
    /** Calls back with the saved configuration of everything that is deployed, tabs and config nodes included. */
    eachNode(visit: (config: SavedConfig) => void): void;
  };
  readonly events: {
    on(event: 'flows:stopping' | 'flows:starting' | 'flows:started', listener: () => void): void;
  };
  readonly hooks: {
    add<K extends keyof HookEvents>(name: K, listener: (event: HookEvents[K]) => void): void;
  };
  readonly util: {
    cloneMessage(message: FlowMessage): FlowMessage;
    generateId(): string;
  };
  readonly log: {
    info(text: string): void;
    warn(text: string): void;
    error(text: string): void;
  };
  readonly settings: {
    readonly userDir?: string;
    readonly httpNodeRoot?: string | false;
    readonly httpNodeAuth?: unknown;
    readonly requireHttps?: unknown;
  };
  /** Absent where the host serves no HTTP for nodes. */
  readonly httpNode?: WebApp;
  /** The editor's application; absent where Node-RED runs without an editor. */
  readonly httpAdmin?: WebApp;
  readonly auth?: { needsPermission(permission: string): HookHandler };
}
