import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import path from 'node:path';

/** What the demo and the tests know of starting a real n8n. Types: n8nHost.d.mts. */

/** A port nobody listens on now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** n8n wants the owner's password hashed as it hashes it itself. */
export function hashPassword(n8nFolder, password) {
  const require = createRequire(path.join(n8nFolder, 'node_modules/n8n/package.json'));
  return require('bcryptjs').hashSync(password, 10);
}

/** The program to run with Node 24 and n8n's arguments. */
export function n8nProgram(n8nFolder) {
  return path.join(n8nFolder, 'node_modules/n8n/bin/n8n');
}

/** Puts the built package where n8n looks for community nodes: its manifest and dist, nothing else is needed. */
export function placePackage(packageFolder, userFolder) {
  const { name } = JSON.parse(readFileSync(path.join(packageFolder, 'package.json'), 'utf8'));
  const target = path.join(userFolder, '.n8n/nodes/node_modules', name);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  cpSync(path.join(packageFolder, 'package.json'), path.join(target, 'package.json'));
  cpSync(path.join(packageFolder, 'dist'), path.join(target, 'dist'), { recursive: true });
}

/**
 * A quiet, local n8n with an owner who needs no registration. Variables that change how n8n loads nodes are not inherited.
 * Lazy expression engines: a webhook of ours needs no expression, so none is made ready for it.
 */
export function n8nEnvironment({ userFolder, port, brokerPort, owner }) {
  const { NODE_ENV: _env, NODE_OPTIONS: _options, NODE_V8_COVERAGE: _coverage, EXECUTIONS_MODE: _mode, ...inherited } = process.env;
  return {
    ...inherited,
    N8N_USER_FOLDER: userFolder, N8N_PORT: String(port), N8N_LISTEN_ADDRESS: '127.0.0.1', N8N_HOST: '127.0.0.1', N8N_SECURE_COOKIE: 'false',
    N8N_RUNNERS_BROKER_PORT: String(brokerPort), DB_SQLITE_POOL_SIZE: '2', N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true',
    N8N_UNVERIFIED_PACKAGES_ENABLED: 'true', N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'true',
    N8N_DIAGNOSTICS_ENABLED: 'false', N8N_VERSION_NOTIFICATIONS_ENABLED: 'false', N8N_TEMPLATES_ENABLED: 'false', N8N_PERSONALIZATION_ENABLED: 'false', N8N_HIRING_BANNER_ENABLED: 'false',
    N8N_MCP_REGISTRY_ENABLED: 'false', N8N_DISABLED_MODULES: 'mcp-registry,insights,instance-ai,chat-hub,agents',
    N8N_INSTANCE_OWNER_MANAGED_BY_ENV: 'true', N8N_INSTANCE_OWNER_EMAIL: owner.email, N8N_INSTANCE_OWNER_FIRST_NAME: 'Bellwether', N8N_INSTANCE_OWNER_LAST_NAME: 'Owner',
    N8N_INSTANCE_OWNER_PASSWORD_HASH: owner.passwordHash,
    N8N_WORKFLOW_PUBLICATION_OUTBOX_POLL_INTERVAL_MS: '200', N8N_WORKFLOW_PUBLICATION_RECONCILE_INTERVAL_SECONDS: '1',
    // Killed while it started a workflow, n8n starts it again only when this is over (2 minutes by default).
    N8N_WORKFLOW_PUBLICATION_OUTBOX_LEASE_SECONDS: '30',
  };
}
