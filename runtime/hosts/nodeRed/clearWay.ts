import type { HookHandler, NodeAPI, RouterLayer, WebApp } from './red';

/** Layers of Express and of Node-RED itself that let a POST whose body was read pass as it came. Any other one may be a guard. */
const HARMLESS: ReadonlySet<string> = new Set(['query', 'expressInit', 'rawBodyCapture', 'jsonParser', 'urlencodedParser', 'serveStatic']);
/** The name of a layer behind which another application begins. */
const MOUNTED = 'mounted_app';
/** Strangers choose paths. */
const REMEMBERED_LIMIT = 1_000;

export interface OwnLayers {
  /** At the front of the root application. */
  readonly front: HookHandler;
  /** Our route in the nodes' application. */
  readonly route: RouterLayer | undefined;
}

/**
 * Whether nothing but the host's own machinery stands between the front of the root application and our route, so that a call may be answered
 * at the front: the way through two applications and their routers costs a fifth of an alert. A password, a rate limit or a list of addresses on that
 * way (`httpNodeAuth`, `httpAdminMiddleware`, a layer of the application that Node-RED is embedded in) keeps every call on it.
 */
export class ClearWay {
  readonly #red: Pick<NodeAPI, 'httpNode' | 'httpAdmin' | 'settings'>;
  readonly #own: OwnLayers;
  readonly #rootPath: string;
  readonly #known = new Map<string, boolean>();
  #seen: readonly unknown[] = [];

  /** `rootPath` is `httpNodeRoot` without a slash at its end. */
  constructor(red: Pick<NodeAPI, 'httpNode' | 'httpAdmin' | 'settings'>, own: OwnLayers, rootPath: string) {
    this.#red = red;
    this.#own = own;
    this.#rootPath = rootPath;
  }

  /** `path` as the root application sees it, without a query. Layers are looked at again when some came or went. */
  isClear(path: string): boolean {
    const { httpNode, httpAdmin } = this.#red;
    // A layer that comes is the last one, and whatever comes or goes changes their number or the last of them.
    const seen = [httpNode?.parent, httpNode, httpAdmin, httpAdmin?.parent].flatMap((app) => [layersOf(app).length, layersOf(app).at(-1)]);
    if (seen.some((each, index) => each !== this.#seen[index]) || this.#known.size >= REMEMBERED_LIMIT) this.#known.clear();
    this.#seen = seen;
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    const isClear = this.#look(path);
    this.#known.set(path, isClear);
    return isClear;
  }

  #look(path: string): boolean {
    const { httpNode, httpAdmin, settings } = this.#red;
    const root = httpNode?.parent;
    // An application within an application is somebody else's arrangement; the editor's application looks at `requireHttps` where nobody sees it.
    if (httpNode === undefined || root === undefined || root.parent !== undefined || settings.requireHttps === true) return false;
    const nodeLayers = layersOf(httpNode);
    const route = nodeLayers.findIndex((layer) => layer === this.#own.route);
    return route >= 0 && this.#isRootClear(root, path)
      && [httpAdmin, httpAdmin?.parent].every((app) => app === root || matching(layersOf(app), path).every(({ name }) => name === MOUNTED || HARMLESS.has(name)))
      && matching(nodeLayers.slice(0, route), path.slice(this.#rootPath.length)).every(({ name }) => HARMLESS.has(name));
  }

  /** Up to the last application that is mounted there; there may be no other than Node-RED's two. */
  #isRootClear(root: WebApp, path: string): boolean {
    const layers = matching(layersOf(root), path);
    const before = layers.slice(0, layers.findLastIndex(({ name }) => name === MOUNTED) + 1);
    const { httpNode, httpAdmin } = this.#red;
    // What nodes know as `httpAdmin` stands within the application of the editor and its API.
    const applications = [httpNode, httpAdmin, httpAdmin?.parent].filter((app) => app?.parent === root).length;
    const mounted = before.filter(({ name }) => name === MOUNTED).length;
    return mounted <= applications && before.every(({ name, handle }) => name === MOUNTED || handle === this.#own.front || HARMLESS.has(name));
  }
}

function layersOf(app: WebApp | undefined): readonly RouterLayer[] {
  return app?._router?.stack ?? [];
}

/** A layer that does not say where it stands stands everywhere. */
function matching(layers: readonly RouterLayer[], path: string): readonly RouterLayer[] {
  return layers.filter(({ regexp }) => regexp?.test(path) ?? true);
}
