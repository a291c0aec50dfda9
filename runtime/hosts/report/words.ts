import { FIGURES, type FigureName, type Figures } from '../../domain/metrics';
import { INDIA_ZONE, type EpochMs } from '../../domain/time';

const AMOUNT = new Intl.NumberFormat('en-IN', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const WHOLE = new Intl.NumberFormat('en-IN', { maximumFractionDigits: 0 });
const MOMENT = new Intl.DateTimeFormat('en-GB', { timeZone: INDIA_ZONE, day: '2-digit', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false });
const DAY = new Intl.DateTimeFormat('en-GB', { timeZone: INDIA_ZONE, day: 'numeric', month: 'short', year: 'numeric' });

/** `₹1,23,456.00`; a loss with a minus sign. */
export function rupees(value: number, whole = false): string {
  const text = (whole ? WHOLE : AMOUNT).format(Math.abs(value));
  return `${value < 0 && /[1-9]/.test(text) ? '−' : ''}₹${text}`;
}

/** `12.34%`. */
export function percent(value: number): string {
  return `${decimal(value)}%`;
}

/** Two decimals with a real minus sign. */
export function decimal(value: number): string {
  const text = AMOUNT.format(Math.abs(value));
  return `${value < 0 && /[1-9]/.test(text) ? '−' : ''}${text}`;
}

/** `20 Nov 2026, 09:15`, in India. */
export function moment(at: EpochMs): string {
  return MOMENT.format(at);
}

/** `20 Nov 2026`, in India. */
export function dayOf(at: EpochMs): string {
  return DAY.format(at);
}

/** `3 d 4 h`, `2 h 5 min`, `45 s`. */
export function duration(ms: number): string {
  const [days, hours, minutes, seconds] = [Math.floor(ms / 86_400_000), Math.floor(ms / 3_600_000) % 24, Math.floor(ms / 60_000) % 60, Math.round(ms / 1_000) % 60];
  if (days > 0) return hours === 0 ? `${days} d` : `${days} d ${hours} h`;
  if (hours > 0) return minutes === 0 ? `${hours} h` : `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min` : `${seconds} s`;
}

/** `41 trades, net ₹1,234.50`, with what is still open. */
export function resultWords({ totalTrades = 0, openTrades = 0, netPnl = 0 }: Figures): string {
  return `${totalTrades} trade${totalTrades === 1 ? '' : 's'}${openTrades === 0 ? '' : ` (${openTrades} open)`}, net ${rupees(netPnl)}`;
}

/** A figure as people read it; a dash where it is absent. */
export function figureText(figures: Figures, name: FigureName): string {
  const value = figures[name];
  if (value === undefined) return '–';
  switch (FIGURES[name].unit) {
    case 'rupees': return rupees(value);
    case 'percent': return percent(value);
    case 'ratio': return decimal(value);
    case 'count': return WHOLE.format(value);
    case 'ms': return duration(value);
    case 'time': return moment(value);
  }
}
