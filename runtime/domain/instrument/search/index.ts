export { rankEntries, searchEntry, type SearchEntry } from './match';
export { readSearchText, type SearchText } from './searchText';
