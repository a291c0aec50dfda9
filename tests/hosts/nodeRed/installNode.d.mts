/** Installs the older Nodes into the cache where they are not there yet and returns their executables: 22.9.0, 22.13.0. */
export function ensureOlderNodes(): [string, string];
