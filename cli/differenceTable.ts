import type { DifferenceRow } from './statusFacts';
import { indianTime, type Column } from './table';

export const differenceColumns: readonly Column<DifferenceRow>[] = [
  { title: 'ID', cell: (row) => row.id }, { title: 'SINCE (IST)', cell: (row) => indianTime(row.since) }, { title: 'ACCOUNT', cell: (row) => row.account }, { title: 'KIND', cell: (row) => row.kind },
  { title: 'SYMBOL', cell: (row) => row.instrument ?? '', width: 40 }, { title: 'THE BROKER SAYS', cell: (row) => row.brokerSays, width: 60 }, { title: 'THE JOURNAL SAYS', cell: (row) => row.journalSays, width: 60 },
  { title: 'GAP', cell: (row) => row.gap }, { title: 'STATE', cell: (row) => (row.by === null ? row.state : `${row.state} by ${row.by}: ${row.reason ?? ''}`), width: 60 },
];
