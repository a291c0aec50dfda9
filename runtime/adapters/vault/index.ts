export { LEAST_KEY_LENGTH, openVault, VAULT_KEY_VARIABLE, type Vault } from './vault';
export { VAULT_FILE } from './vaultFile';
