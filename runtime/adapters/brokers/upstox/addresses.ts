/** Where Upstox is reached. Every address is an option: a test gives its own, and nothing falls back to the real ones. */
export interface UpstoxAddresses {
  /** Placing, changing and cancelling: `https://api-hft.upstox.com`. */
  readonly orders: string;
  /** Everything that is read, and the leave to open streams: `https://api.upstox.com`. */
  readonly reads: string;
}

/** The hosts by an account's mode. The sandbox takes orders and nothing else: it lists none, holds no positions and streams nothing. */
export const UPSTOX_ADDRESSES: Readonly<Record<'live' | 'sandbox', UpstoxAddresses>> = {
  live: { orders: 'https://api-hft.upstox.com', reads: 'https://api.upstox.com' },
  sandbox: { orders: 'https://api-sandbox.upstox.com', reads: 'https://api-sandbox.upstox.com' },
};

/** The list of all instruments, packed. Public: no token is sent there. */
export const UPSTOX_MASTER_ADDRESS = 'https://assets.upstox.com/market-quote/instruments/exchange/complete.json.gz';

/** Where Upstox and its list of instruments are. */
export interface UpstoxPlace {
  readonly addresses: UpstoxAddresses;
  readonly masterAddress: string;
}

/** The place that was given (a test's own), else where Upstox is in this mode. */
export function upstoxPlace(mode: keyof typeof UPSTOX_ADDRESSES, given?: UpstoxPlace): UpstoxPlace {
  return given ?? { addresses: UPSTOX_ADDRESSES[mode], masterAddress: UPSTOX_MASTER_ADDRESS };
}
