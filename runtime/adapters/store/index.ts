export { openSqliteStore, type SqliteStoreOptions } from './sqlite/open';
export { fileOwners, lonelyOwner } from './sqlite/owners';
export { StoreError, type StoreErrorCode } from './storeError';
