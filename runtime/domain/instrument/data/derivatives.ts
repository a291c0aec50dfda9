import type { Exchange, TickBands } from '../../market';
import type { IsoDate } from '../../time';

/** Units of one lot for contracts that expire (or are traded) up to `until`; the row without an end holds today. */
export interface LotRow {
  readonly until?: IsoDate;
  readonly units: number;
}

/** What is known of every contract on one underlying. */
export interface DerivativeBase {
  readonly exchange: Exchange;
  readonly base: string;
  /** Oldest first. */
  readonly lots: readonly LotRow[];
  /** Currency units (rupees). Of options, and of futures where nothing else is said of them. */
  readonly tickSize: number;
  /** By which bands the tick of futures goes, from the day on from which they hold. */
  readonly futureTicks?: TickBands;
  readonly freezeQuantity?: number;
  /** Strikes outside are no contracts; tells a monthly form from a dated one. Rupees. */
  readonly strikes?: { readonly from: number; readonly to: number };
  /** How far ahead contracts are listed, in days. */
  readonly horizonDays: number;
}

const YEAR_DAYS = 366;

/**
 * Index contracts. Rows that hold in 2026 and NIFTY's 75 until 2025-12-30 follow the project's market rules;
 * earlier rows are the exchange's published revisions, for backtests.
 */
const INDEX_BASES: readonly DerivativeBase[] = [
  {
    exchange: 'NFO', base: 'NIFTY', tickSize: 0.05, futureTicks: 'indexFutures', freezeQuantity: 1_800, strikes: { from: 2_000, to: 100_000 }, horizonDays: 5 * YEAR_DAYS,
    lots: [{ until: '2021-07-29', units: 75 }, { until: '2024-04-25', units: 50 }, { until: '2024-12-26', units: 25 }, { until: '2025-12-30', units: 75 }, { units: 65 }],
  },
  {
    exchange: 'NFO', base: 'BANKNIFTY', tickSize: 0.05, futureTicks: 'indexFutures', freezeQuantity: 600, strikes: { from: 4_000, to: 200_000 }, horizonDays: YEAR_DAYS,
    lots: [{ until: '2023-06-29', units: 25 }, { until: '2024-12-24', units: 15 }, { until: '2025-06-26', units: 30 }, { until: '2025-12-30', units: 35 }, { units: 30 }],
  },
  {
    exchange: 'NFO', base: 'FINNIFTY', tickSize: 0.05, futureTicks: 'indexFutures', freezeQuantity: 1_200, strikes: { from: 2_000, to: 100_000 }, horizonDays: YEAR_DAYS,
    lots: [{ until: '2024-04-30', units: 40 }, { until: '2024-12-31', units: 25 }, { until: '2025-12-30', units: 65 }, { units: 60 }],
  },
  {
    exchange: 'NFO', base: 'MIDCPNIFTY', tickSize: 0.05, futureTicks: 'indexFutures', freezeQuantity: 2_800, strikes: { from: 1_000, to: 60_000 }, horizonDays: YEAR_DAYS,
    lots: [{ until: '2024-04-29', units: 75 }, { until: '2024-12-30', units: 50 }, { until: '2025-06-26', units: 120 }, { until: '2025-12-30', units: 140 }, { units: 120 }],
  },
  { exchange: 'NFO', base: 'NIFTYNXT50', tickSize: 0.05, futureTicks: 'indexFutures', strikes: { from: 5_000, to: 200_000 }, horizonDays: YEAR_DAYS, lots: [{ until: '2024-12-27', units: 10 }, { units: 25 }] },
  // [?] Whether BSE grades the ticks of its index futures as NSE does is not confirmed: 0.05 until it is, where the broker's list says nothing else.
  { exchange: 'BFO', base: 'SENSEX', tickSize: 0.05, strikes: { from: 7_000, to: 240_000 }, horizonDays: 5 * YEAR_DAYS, lots: [{ until: '2024-12-27', units: 10 }, { units: 20 }] },
  { exchange: 'BFO', base: 'BANKEX', tickSize: 0.05, strikes: { from: 4_000, to: 240_000 }, horizonDays: YEAR_DAYS, lots: [{ until: '2024-12-30', units: 15 }, { units: 30 }] },
];

/** Single-stock lots as NSE published them for late 2025. They change twice a year: the override file corrects a row. */
const STOCK_LOTS: readonly (readonly [base: string, units: number])[] = `
360ONE:500 AARTIIND:1325 ABB:125 ABCAPITAL:3100 ABFRL:2600 ACC:300 ADANIENSOL:675 ADANIENT:300 ADANIGREEN:600 ADANIPORTS:475
ALKEM:125 AMBER:100 AMBUJACEM:1050 ANGELONE:250 APLAPOLLO:350 APOLLOHOSP:125 ASHOKLEY:2500 ASIANPAINT:250 ASTRAL:425 ATGL:875
AUBANK:1000 AUROPHARMA:550 AXISBANK:625 BAJAJ-AUTO:75 BAJAJFINSV:500 BAJFINANCE:750 BALKRISIND:300 BANDHANBNK:3600
BANKBARODA:2925 BANKINDIA:5200 BDL:325 BEL:2850 BHARATFORG:500 BHARTIARTL:475 BHEL:2625 BIOCON:2500 BLUESTARCO:325 BOSCHLTD:25
BPCL:1975 BRITANNIA:125 BSE:375 BSOFT:1300 CAMS:150 CANBK:6750 CDSL:475 CESC:3625 CGPOWER:850 CHAMBLFERT:950 CHOLAFIN:625
CIPLA:375 COALINDIA:1350 COFORGE:375 COLPAL:225 CONCOR:1000 CROMPTON:1800 CUMMINSIND:200 CYIENT:425 DABUR:1250 DALBHARAT:325
DELHIVERY:2075 DIVISLAB:100 DIXON:50 DLF:825 DMART:150 DRREDDY:625 EICHERMOT:175 ETERNAL:2425 EXIDEIND:1800 FEDERALBNK:5000
FORTIS:775 GAIL:3150 GLENMARK:375 GMRAIRPORT:6975 GODREJCP:500 GODREJPROP:275 GRANULES:1075 GRASIM:250 HAL:150 HAVELLS:500
HCLTECH:350 HDFCAMC:150 HDFCBANK:550 HDFCLIFE:1100 HEROMOTOCO:150 HFCL:6450 HINDALCO:1400 HINDCOPPER:2650 HINDPETRO:2025
HINDUNILVR:300 HINDZINC:1225 HUDCO:2775 ICICIBANK:700 ICICIGI:325 ICICIPRULI:925 IDEA:71475 IDFCFIRSTB:9275 IEX:3750 IGL:2750
IIFL:1650 INDHOTEL:1000 INDIANB:1000 INDIGO:150 INDUSINDBK:700 INDUSTOWER:1700 INFY:400 INOXWIND:3225 IOC:4875 IRB:11675
IRCTC:875 IREDA:3450 IRFC:4250 ITC:1600 JINDALSTEL:625 JIOFIN:2350 JSL:850 JSWENERGY:1000 JSWSTEEL:675 JUBLFOOD:1250
KALYANKJIL:1175 KAYNES:100 KEI:175 KFINTECH:450 KOTAKBANK:400 KPITTECH:400 LAURUSLABS:1700 LICHSGFIN:1000 LICI:700 LODHA:450
LT:175 LTF:4462 LTIM:150 LUPIN:425 M&M:200 M&MFIN:2056 MANAPPURAM:3000 MANKIND:225 MARICO:1200 MARUTI:50 MAXHEALTH:525
MAZDOCK:175 MCX:125 MFSL:800 MGL:400 MOTHERSON:4100 MPHASIS:275 MUTHOOTFIN:275 NATIONALUM:3750 NAUKRI:375 NBCC:6500 NCC:2700
NESTLEIND:250 NHPC:6400 NMDC:13500 NTPC:1500 NYKAA:3125 OBEROIRLTY:350 OIL:1400 ONGC:2250 PAGEIND:15 PATANJALI:300 PAYTM:725
PEL:750 PETRONET:1800 PFC:1300 PGEL:700 PHOENIXLTD:350 PIDILITIND:250 PIIND:175 PNB:8000 PNBHOUSING:650 POLICYBZR:350
POLYCAB:125 POONAWALLA:1700 POWERGRID:1900 PPLPHARMA:2500 PRESTIGE:450 RBLBANK:3175 RECLTD:1275 RELIANCE:500 RVNL:1375 SAIL:4700
SBICARD:800 SBILIFE:375 SBIN:750 SHREECEM:25 SHRIRAMFIN:825 SIEMENS:125 SJVN:5875 SOLARINDS:75 SONACOMS:1050 SRF:200
SUNPHARMA:350 SUPREMEIND:175 SYNGENE:1000 TATACHEM:650 TATACOMM:350 TATACONSUM:550 TATAELXSI:100 TATAMOTORS:800 TATAPOWER:1450
TATASTEEL:5500 TATATECH:800 TCS:175 TECHM:600 TIINDIA:200 TITAGARH:725 TITAN:175 TMPV:800 TORNTPHARM:250 TORNTPOWER:375
TRENT:100 TVSMOTOR:175 ULTRACEMCO:50 UNIONBANK:4425 UNITDSPR:400 UNOMINDA:550 UPL:1355 VBL:1025 VEDL:1150 VOLTAS:375 WIPRO:3000
YESBANK:31100 ZYDUSLIFE:900
`.trim().split(/\s+/).map((row) => {
  const [base = '', units = ''] = row.split(':');
  return [base, Number(units)] as const;
});

/** Three serial months, and a few days for a listing that begins before the expiry of the last. */
const STOCK_HORIZON_DAYS = 100;

/**
 * Lots are cut so that one is worth some 15 lakh rupees; strikes lie within a wide band around that price.
 * The band's ends are a factor of 25 apart, and the two readings of one option text by more than that (the monthly one begins with the year):
 * so at most one of them is a contract, also where day and year are the same digits (`SBIN26MAY26800CE`).
 */
const LOT_VALUE = { from: 220_000, to: 5_500_000 };

const STOCK_BASES: readonly DerivativeBase[] = STOCK_LOTS.map(([base, units]) => ({
  exchange: 'NFO', base, tickSize: 0.05, futureTicks: 'cash', lots: [{ units }], horizonDays: STOCK_HORIZON_DAYS,
  strikes: { from: LOT_VALUE.from / units, to: LOT_VALUE.to / units },
}));

/** Underlyings with NSE derivatives; their shares leave continuous trading earlier (see the session table). */
export const DERIVATIVE_STOCKS: ReadonlySet<string> = new Set(STOCK_LOTS.map(([base]) => base));

const currency = (exchange: 'CDS' | 'BCD', base: string): DerivativeBase =>
  ({ exchange, base, tickSize: 0.0025, lots: [{ units: 1_000 }], horizonDays: YEAR_DAYS });

const commodity = (base: string, units: number, tickSize: number): DerivativeBase =>
  ({ exchange: 'MCX', base, tickSize, lots: [{ units }], horizonDays: YEAR_DAYS });

/** Lots in the unit that the price is quoted for, so that price × quantity is money. */
const OTHER_BASES: readonly DerivativeBase[] = [
  ...(['CDS', 'BCD'] as const).flatMap((exchange) => ['USDINR', 'EURINR', 'GBPINR', 'JPYINR'].map((base) => currency(exchange, base))),
  commodity('CRUDEOIL', 100, 1), commodity('CRUDEOILM', 10, 1), commodity('NATURALGAS', 1_250, 0.1), commodity('NATGASMINI', 250, 0.1),
  commodity('GOLD', 100, 1), commodity('GOLDM', 10, 1), commodity('SILVER', 30, 1), commodity('SILVERM', 5, 1),
  commodity('COPPER', 2_500, 0.05), commodity('ZINC', 5_000, 0.05), commodity('LEAD', 5_000, 0.05), commodity('ALUMINIUM', 5_000, 0.05),
];

export const DERIVATIVE_BASES: readonly DerivativeBase[] = [...INDEX_BASES, ...STOCK_BASES, ...OTHER_BASES];
