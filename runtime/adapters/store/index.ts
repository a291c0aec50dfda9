export { openSqliteStore, type SqliteStoreOptions } from './sqlite/open';
export { StoreError, type StoreErrorCode } from './storeError';
