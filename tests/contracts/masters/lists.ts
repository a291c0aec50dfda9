import type { MasterBatch, MasterRow, RejectedRow } from '../../../runtime/domain/instrument';
import { readMaster, type ReadMasterOptions } from '../../../runtime/adapters/instruments/masters/readMaster';

/** The bytes of a text in pieces of `size`, so that a record may break anywhere. */
export async function* pieces(bytes: Uint8Array | string, size = 65_536): AsyncGenerator<Uint8Array> {
  const all = typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes;
  for (let from = 0; from < all.length; from += size) {
    await Promise.resolve();
    yield all.subarray(from, from + size);
  }
}

export interface ReadList {
  readonly rows: readonly MasterRow[];
  readonly rejected: number;
  readonly samples: readonly RejectedRow[];
  readonly skipped: number;
}

/** A whole list, read. */
export async function readList(bytes: Uint8Array | string, { size = 65_536, ...options }: ReadMasterOptions & { readonly size?: number } = {}): Promise<ReadList> {
  const batches: MasterBatch[] = [];
  for await (const batch of readMaster(pieces(bytes, size), options)) batches.push(batch);
  const sum = (count: (batch: MasterBatch) => number): number => batches.reduce((total, batch) => total + count(batch), 0);
  return { rows: batches.flatMap(({ rows }) => rows), rejected: sum(({ rejected }) => rejected), samples: batches.flatMap(({ samples }) => samples), skipped: sum(({ skipped }) => skipped) };
}

export const OPENALGO_COLUMNS = 'symbol,brsymbol,name,exchange,brexchange,token,expiry,strike,lotsize,instrumenttype,tick_size';

/** The same six instruments as every broker writes them: a share, an index, a future, two options (one with paise in its strike) and a commodity's future. */
export const LISTS: Readonly<Record<string, string>> = {
  'OpenAlgo CSV': [
    OPENALGO_COLUMNS,
    'SBIN,SBIN-EQ,"STATE BANK, OF INDIA",NSE,NSE,3045,,0.0,1,EQ,0.05',
    'NIFTY,NIFTY 50,NIFTY 50,NSE_INDEX,NSE,256265,,0.0,1,INDEX,0.05',
    'NIFTY29DEC26FUT,NIFTY26DECFUT,NIFTY,NFO,NFO,1,29-DEC-26,0.0,65,FUT,0.1',
    'NIFTY29DEC2626000CE,NIFTY26DEC26000CE,NIFTY,NFO,NFO,2,29-DEC-26,26000.0,65,CE,0.05',
    'VEDL29DEC26292.5PE,VEDL26DEC292.5PE,VEDL,NFO,NFO,3,29-DEC-26,292.5,1150,PE,0.05',
    'CRUDEOIL16DEC26FUT,CRUDEOIL26DECFUT,CRUDEOIL,MCX,MCX,4,16-DEC-26,0.0,1,FUT,1.0',
  ].join('\r\n'),
  'OpenAlgo JSON': JSON.stringify({
    status: 'success', message: 'Found 6 instruments {[', data: [
      { symbol: 'SBIN', brsymbol: 'SBIN-EQ', name: 'STATE BANK, OF INDIA', exchange: 'NSE', brexchange: 'NSE', token: '3045', expiry: '', strike: 0.0, lotsize: 1, instrumenttype: 'EQ', tick_size: 0.05 },
      { symbol: 'NIFTY', brsymbol: 'NIFTY 50', name: 'NIFTY 50', exchange: 'NSE_INDEX', brexchange: 'NSE', token: '256265', expiry: '', strike: 0.0, lotsize: 1, instrumenttype: 'INDEX', tick_size: 0.05 },
      { symbol: 'NIFTY29DEC26FUT', name: 'NIFTY', exchange: 'NFO', token: '1', expiry: '29-DEC-26', strike: 0.0, lotsize: 65, instrumenttype: 'FUT', tick_size: 0.1 },
      { symbol: 'NIFTY29DEC2626000CE', name: 'NIFTY', exchange: 'NFO', token: '2', expiry: '29-DEC-26', strike: 26000.0, lotsize: 65, instrumenttype: 'CE', tick_size: 0.05 },
      { symbol: 'VEDL29DEC26292.5PE', name: 'VEDL', exchange: 'NFO', token: '3', expiry: '29-DEC-26', strike: 292.5, lotsize: 1150, instrumenttype: 'PE', tick_size: 0.05 },
      { symbol: 'CRUDEOIL16DEC26FUT', name: 'CRUDEOIL', exchange: 'MCX', token: '4', expiry: '16-DEC-26', strike: 0.0, lotsize: 1, instrumenttype: 'FUT', tick_size: 1 },
    ],
  }),
  Upstox: JSON.stringify([
    { segment: 'NSE_EQ', name: 'STATE BANK, OF INDIA', exchange: 'NSE', isin: 'INE062A01020', instrument_type: 'EQ', instrument_key: 'NSE_EQ|INE062A01020', lot_size: 1, freeze_quantity: 100000.0, exchange_token: '3045', tick_size: 5.0, trading_symbol: 'SBIN' },
    { segment: 'NSE_INDEX', name: 'Nifty 50', exchange: 'NSE', instrument_type: 'INDEX', instrument_key: 'NSE_INDEX|Nifty 50', exchange_token: '26000', trading_symbol: 'NIFTY' },
    { weekly: false, segment: 'NSE_FO', name: 'NIFTY', exchange: 'NSE', expiry: 1798568999000, instrument_type: 'FUT', underlying_symbol: 'NIFTY', instrument_key: 'NSE_FO|1', lot_size: 65, freeze_quantity: 1800.0, tick_size: 10.0, trading_symbol: 'NIFTY FUT 29 DEC 26', strike_price: 0.0 },
    { weekly: false, segment: 'NSE_FO', name: 'NIFTY', exchange: 'NSE', expiry: 1798568999000, instrument_type: 'CE', underlying_symbol: 'NIFTY', instrument_key: 'NSE_FO|2', lot_size: 65, freeze_quantity: 1800.0, tick_size: 5.0, trading_symbol: 'NIFTY 26000 CE 29 DEC 26', strike_price: 26000.0 },
    { weekly: false, segment: 'NSE_FO', name: 'VEDANTA', exchange: 'NSE', expiry: 1798568999000, instrument_type: 'PE', underlying_symbol: 'VEDL', instrument_key: 'NSE_FO|3', lot_size: 1150, freeze_quantity: 46000.0, tick_size: 5.0, trading_symbol: 'VEDL 292.5 PE 29 DEC 26', strike_price: 292.5 },
    { weekly: false, segment: 'MCX_FO', name: 'CRUDEOIL', exchange: 'MCX', expiry: 1797445799000, instrument_type: 'FUT', underlying_symbol: 'CRUDEOIL', instrument_key: 'MCX_FO|4', lot_size: 1, freeze_quantity: 10000.0, tick_size: 100.0, trading_symbol: 'CRUDEOIL FUT 16 DEC 26', strike_price: 0.0 },
  ]),
  'Upstox CSV': [
    '"instrument_key","exchange_token","tradingsymbol","name","last_price","expiry","strike","tick_size","lot_size","instrument_type","option_type","exchange"',
    '"NSE_EQ|INE062A01020","3045","SBIN","STATE BANK, OF INDIA",812.3,"",,0.05,1,"EQUITY","","NSE_EQ"',
    '"NSE_INDEX|Nifty 50","26000","NIFTY 50","Nifty 50",26000,"",,0,1,"INDEX","","NSE_INDEX"',
    '"NSE_FO|1","1","NIFTY26DECFUT","",26050,"2026-12-29",0.0,0.1,65,"FUTIDX","","NSE_FO"',
    '"NSE_FO|2","2","NIFTY26DEC26000CE","",120,"2026-12-29",26000.0,0.05,65,"OPTIDX","CE","NSE_FO"',
    '"NSE_FO|3","3","VEDL26DEC292.5PE","",9,"2026-12-29",292.5,0.05,1150,"OPTSTK","PE","NSE_FO"',
    '"MCX_FO|4","4","CRUDEOIL26DECFUT","",5000,"2026-12-16",0.0,1.0,1,"FUTCOM","","MCX_FO"',
  ].join('\n'),
  Kite: [
    'instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange',
    '779521,3045,SBIN,"STATE BANK, OF INDIA",0,,0,0.05,1,EQ,NSE,NSE',
    '256265,1001,NIFTY 50,NIFTY 50,0,,0,0,0,EQ,INDICES,NSE',
    '1,1,NIFTY26DECFUT,NIFTY,0,2026-12-29,0,0.1,65,FUT,NFO-FUT,NFO',
    '2,2,NIFTY26DEC26000CE,NIFTY,0,2026-12-29,26000,0.05,65,CE,NFO-OPT,NFO',
    '3,3,VEDL26DEC292.5PE,VEDL,0,2026-12-29,292.5,0.05,1150,PE,NFO-OPT,NFO',
    '4,4,CRUDEOIL26DECFUT,CRUDEOIL,0,2026-12-16,0,1,1,FUT,MCX-FUT,MCX',
  ].join('\n'),
  Dhan: [
    'SEM_EXM_EXCH_ID,SEM_SEGMENT,SEM_SMST_SECURITY_ID,SEM_INSTRUMENT_NAME,SEM_EXPIRY_CODE,SEM_TRADING_SYMBOL,SEM_LOT_UNITS,SEM_CUSTOM_SYMBOL,SEM_EXPIRY_DATE,SEM_STRIKE_PRICE,SEM_OPTION_TYPE,SEM_TICK_SIZE,SEM_EXPIRY_FLAG,SEM_EXCH_INSTRUMENT_TYPE,SEM_SERIES,SM_SYMBOL_NAME',
    'NSE,E,3045,EQUITY,0,SBIN,1.0,State Bank,,,,5.0000,NA,ES,EQ,"STATE BANK, OF INDIA"',
    'NSE,I,13,INDEX,0,NIFTY,1.0,Nifty 50,,,XX,5.0000,NA,INDEX,X,Nifty 50',
    'NSE,D,1,FUTIDX,0,NIFTY-Dec2026-FUT,65.0,NIFTY DEC FUT,2026-12-29 14:30:00,-0.01000,XX,10.0000,M,FUT,NA,',
    'NSE,D,2,OPTIDX,0,NIFTY-Dec2026-26000-CE,65.0,NIFTY 29 DEC 26000 CALL,2026-12-29 14:30:00,26000.00000,CE,5.0000,M,OP,NA,',
    'NSE,D,3,OPTSTK,0,VEDL-Dec2026-292.5-PE,1150.0,VEDL 29 DEC 292.50 PUT,2026-12-29 14:30:00,292.50000,PE,5.0000,M,OP,NA,',
    'MCX,M,4,FUTCOM,0,CRUDEOIL-16Dec2026-FUT,1.0,CRUDEOIL DEC FUT,2026-12-16 23:30:00,-0.01000,XX,100.0000,M,FUTCOM,NA,CRUDEOIL',
  ].join('\n'),
  'Angel One': JSON.stringify([
    { token: '3045', symbol: 'SBIN-EQ', name: 'SBIN', expiry: '', strike: '-1.000000', lotsize: '1', instrumenttype: '', exch_seg: 'NSE', tick_size: '5.000000' },
    { token: '99926000', symbol: 'Nifty 50', name: 'NIFTY', expiry: '', strike: '0.000000', lotsize: '1', instrumenttype: 'AMXIDX', exch_seg: 'NSE', tick_size: '0.000000' },
    { token: '1', symbol: 'NIFTY29DEC26FUT', name: 'NIFTY', expiry: '29DEC2026', strike: '-1.000000', lotsize: '65', instrumenttype: 'FUTIDX', exch_seg: 'NFO', tick_size: '10.000000' },
    { token: '2', symbol: 'NIFTY29DEC2626000CE', name: 'NIFTY', expiry: '29DEC2026', strike: '2600000.000000', lotsize: '65', instrumenttype: 'OPTIDX', exch_seg: 'NFO', tick_size: '5.000000' },
    { token: '3', symbol: 'VEDL29DEC26292.5PE', name: 'VEDL', expiry: '29DEC2026', strike: '29250.000000', lotsize: '1150', instrumenttype: 'OPTSTK', exch_seg: 'NFO', tick_size: '5.000000' },
    { token: '4', symbol: 'CRUDEOIL16DEC26FUT', name: 'CRUDEOIL', expiry: '16DEC2026', strike: '-1.000000', lotsize: '1', instrumenttype: 'FUTCOM', exch_seg: 'MCX', tick_size: '100.000000' },
  ]),
};
