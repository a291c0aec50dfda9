import type { IsoDate } from '../time';

/** Which row of the tariff a trade falls under. */
export type ChargeClass = 'delivery' | 'intraday' | 'future' | 'option' | 'currencyFuture' | 'currencyOption' | 'commodityFuture' | 'commodityOption';

/** Rates of one class in rupees per crore (10,000,000) of turnover, so that every published percentage is a whole number. For options turnover is premium. */
export interface Tariff {
  /** `perCrore` capped at `capRupees` an order; a flat fee has no rate. */
  readonly brokerage: { readonly perCrore?: number; readonly capRupees: number };
  /** Securities (commodities) transaction tax, to the rupee. */
  readonly sttBuy: number;
  readonly sttSell: number;
  readonly transactionNse: number;
  readonly transactionBse: number;
  /** Stamp duty of the buyer, to the rupee. */
  readonly stampBuy: number;
}

export interface RateSet {
  /** First day on which the set holds. */
  readonly from: IsoDate;
  readonly tariffs: Readonly<Record<ChargeClass, Tariff>>;
}

/** SEBI's turnover fee, every class. */
export const SEBI_PER_CRORE = 10;

/** On brokerage, SEBI's fee and the exchange's transaction charge. */
export const GST_PERCENT = 18;

const DISCOUNT_BROKER = { perCrore: 3_000, capRupees: 20 };
const FLAT_PER_ORDER = { capRupees: 20 };

/** Currency and commodity classes are the exchanges' published rates; the project's market rules do not vouch for them. */
const OTHER_TARIFFS = {
  currencyFuture: { brokerage: DISCOUNT_BROKER, sttBuy: 0, sttSell: 0, transactionNse: 35, transactionBse: 45, stampBuy: 10 },
  currencyOption: { brokerage: FLAT_PER_ORDER, sttBuy: 0, sttSell: 0, transactionNse: 3_110, transactionBse: 100, stampBuy: 10 },
  commodityFuture: { brokerage: DISCOUNT_BROKER, sttBuy: 0, sttSell: 1_000, transactionNse: 210, transactionBse: 210, stampBuy: 200 },
  commodityOption: { brokerage: FLAT_PER_ORDER, sttBuy: 0, sttSell: 5_000, transactionNse: 4_180, transactionBse: 4_180, stampBuy: 300 },
} as const satisfies Partial<Record<ChargeClass, Tariff>>;

/** Oldest first. A day before the first set is charged by the first. */
export const RATE_SETS: readonly [RateSet, ...RateSet[]] = [
  {
    from: '2024-10-01',
    tariffs: {
      ...OTHER_TARIFFS,
      delivery: { brokerage: { capRupees: 0 }, sttBuy: 10_000, sttSell: 10_000, transactionNse: 297, transactionBse: 375, stampBuy: 1_500 },
      intraday: { brokerage: DISCOUNT_BROKER, sttBuy: 0, sttSell: 2_500, transactionNse: 297, transactionBse: 375, stampBuy: 300 },
      future: { brokerage: DISCOUNT_BROKER, sttBuy: 0, sttSell: 2_000, transactionNse: 173, transactionBse: 0, stampBuy: 200 },
      option: { brokerage: FLAT_PER_ORDER, sttBuy: 0, sttSell: 10_000, transactionNse: 3_503, transactionBse: 3_250, stampBuy: 300 },
    },
  },
  {
    from: '2026-04-01',
    tariffs: {
      ...OTHER_TARIFFS,
      delivery: { brokerage: { capRupees: 0 }, sttBuy: 10_000, sttSell: 10_000, transactionNse: 307, transactionBse: 375, stampBuy: 1_500 },
      intraday: { brokerage: DISCOUNT_BROKER, sttBuy: 0, sttSell: 2_500, transactionNse: 307, transactionBse: 375, stampBuy: 300 },
      future: { brokerage: DISCOUNT_BROKER, sttBuy: 0, sttSell: 5_000, transactionNse: 183, transactionBse: 0, stampBuy: 200 },
      option: { brokerage: FLAT_PER_ORDER, sttBuy: 0, sttSell: 15_000, transactionNse: 3_553, transactionBse: 3_250, stampBuy: 300 },
    },
  },
];
