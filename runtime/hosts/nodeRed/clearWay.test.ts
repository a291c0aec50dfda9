import { ClearWay } from './clearWay';
import type { HookHandler, NodeAPI, RouterLayer, WebApp } from './red';

const EVERYWHERE = /^\/?(?=\/|$)/i;
const PATH = '/bellwether/hook/token';
const front: HookHandler = () => undefined;

const layer = (name: string, regexp = EVERYWHERE, handle: unknown = name): RouterLayer => ({ name, regexp, handle });
const application = (names: readonly (string | RouterLayer)[], parent?: WebApp): WebApp & { readonly _router: { readonly stack: RouterLayer[] } } => ({
  _router: { stack: names.map((each) => (typeof each === 'string' ? layer(each) : each)) }, ...(parent === undefined ? {} : { parent }),
  get: () => undefined, post: () => undefined, use: () => undefined,
});

const ROUTE = layer('bound dispatch', /^\/bellwether\/hook\/([^/]+?)\/?$/i, 'ours');

interface Scene {
  readonly root?: readonly (string | RouterLayer)[];
  readonly editor?: readonly (string | RouterLayer)[];
  readonly admin?: readonly (string | RouterLayer)[];
  readonly nodes?: readonly (string | RouterLayer)[];
  readonly settings?: Partial<NodeAPI['settings']>;
  readonly rootPath?: string;
}

/** As Node-RED 5 builds it: the editor's application with the one that nodes know, then the one of the nodes' HTTP. */
function scene({ root: atRoot = [], editor = [], admin = [], nodes = [], settings = {}, rootPath = '' }: Scene = {}) {
  const root = application([layer('capture', EVERYWHERE, front), 'query', 'expressInit', ...atRoot, 'mounted_app', 'mounted_app']);
  const editorApp = application(['query', 'expressInit', 'jsonParser', 'urlencodedParser', ...editor, 'mounted_app'], root);
  const httpAdmin = application(['query', 'expressInit', ...admin], editorApp);
  const httpNode = application(['query', 'expressInit', ...nodes, ROUTE], root);
  return { root, editor: editorApp, httpNode, way: new ClearWay({ httpNode, httpAdmin, settings }, { front, route: ROUTE }, rootPath) };
}

test('the way through a Node-RED as it comes is clear', () => {
  expect(scene().way.isClear(PATH)).toBe(true);
});

test.each<[string, Scene]>([
  ['a password on the nodes\' HTTP, which has no name', { root: ['<anonymous>'] }],
  ['a rate limit of the application that Node-RED is embedded in', { root: ['rateLimit'] }],
  ['another application on the way', { root: ['mounted_app'] }],
  ['a middleware of the editor', { editor: ['guard'] }],
  ['a middleware that a node added to the editor\'s application', { admin: ['guard'] }],
  ['a middleware that a node added to the nodes\' HTTP', { nodes: ['guard'] }],
  ['somebody else\'s route at our address', { nodes: [layer('bound dispatch', /^\/bellwether\/.*$/, 'theirs')] }],
  ['a guard at one address', { root: [layer('guard', /^\/bellwether\/hook\/token\/?(?=\/|$)/i)] }],
  ['the wish for HTTPS', { settings: { requireHttps: true } }],
])('%s keeps calls on the long way', (_name, what) => {
  expect(scene(what).way.isClear(PATH)).toBe(false);
});

test.each<[string, Scene, string]>([
  ['a guard at another address', { root: [layer('guard', /^\/private\/?(?=\/|$)/i)] }, PATH],
  ['a route at another address', { nodes: [layer('bound dispatch', /^\/other\/?$/i, 'theirs')] }, PATH],
  ['a root of the nodes\' HTTP', { rootPath: '/api' }, `/api${PATH}`],
])('%s is not in the way', (_name, what, path) => {
  expect(scene(what).way.isClear(path)).toBe(true);
});

test('a guard that comes later is seen at the next call, and one that goes is forgotten', () => {
  const { root, way } = scene();
  expect(way.isClear(PATH)).toBe(true);
  root._router.stack.splice(1, 0, layer('guard'));
  expect(way.isClear(PATH)).toBe(false);
  root._router.stack.splice(1, 1);
  expect(way.isClear(PATH)).toBe(true);
});

test('a guard that takes the place of another layer is seen', () => {
  const { editor, way } = scene({ editor: ['serveStatic'] });
  expect(way.isClear(PATH)).toBe(true);
  const { stack } = editor._router;
  stack.splice(stack.findIndex(({ name }) => name === 'serveStatic'), 1);
  stack.push(layer('guard'));
  expect(way.isClear(PATH)).toBe(false);
});

test('a layer behind our route is in nobody\'s way', () => {
  const { httpNode, way } = scene();
  httpNode._router.stack.push(layer('guard'));
  expect(way.isClear(PATH)).toBe(true);
});

test('an application that looks different, or that is embedded deeper, keeps the long way', () => {
  const bare: WebApp = { get: () => undefined, post: () => undefined, use: () => undefined };
  expect(new ClearWay({ httpNode: bare, settings: {} }, { front, route: undefined }, '').isClear(PATH)).toBe(false);
  const { root, httpNode } = scene();
  const deeper = { ...httpNode, parent: { ...root, parent: bare } };
  expect(new ClearWay({ httpNode: deeper, settings: {} }, { front, route: ROUTE }, '').isClear(PATH)).toBe(false);
});
