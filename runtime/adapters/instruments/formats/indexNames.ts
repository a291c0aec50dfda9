/** Indices whose brokers' names do not give their symbol when blanks are left out. */
const SYMBOLS: Readonly<Record<string, string>> = {
  'NIFTY50': 'NIFTY', 'NIFTYBANK': 'BANKNIFTY', 'NIFTYNEXT50': 'NIFTYNXT50', 'NIFTYFINSERVICE': 'FINNIFTY', 'NIFTYFINANCIALSERVICES': 'FINNIFTY',
  'NIFTYMIDSELECT': 'MIDCPNIFTY', 'NIFTYMIDCAPSELECT': 'MIDCPNIFTY', 'SNSX50': 'SENSEX50', 'S&PBSESENSEX': 'SENSEX', 'BSESENSEX': 'SENSEX', 'BSEBANKEX': 'BANKEX',
};

/** The symbol of an index from a broker's name for it: `Nifty 50` is `NIFTY`, `NIFTY PSU BANK` is `NIFTYPSUBANK`. */
export function indexSymbol(name: string): string {
  const word = name.toUpperCase().replace(/[\s.()/_]+/g, '');
  return Object.hasOwn(SYMBOLS, word) ? SYMBOLS[word] ?? word : word;
}
