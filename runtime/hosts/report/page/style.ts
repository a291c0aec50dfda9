/** How the page looks: one column of paper, colours as variables so that light, dark and print are the same sheet. No font and no picture is fetched. */
export const STYLE = `\
:root { color-scheme: light; --paper: #f6f7f9; --sheet: #ffffff; --ink: #16202e; --soft: #5a6675; --line: #e1e5eb; --grid: #eef1f5; --accent: #24548f; --gain: #0b7a55; --loss: #bf2f2f; --gain-wash: 11 122 85; --loss-wash: 191 47 47; --note: #fff6e2; --note-line: #d9a12b; --shade: #f2f4f7; }
:root[data-theme="dark"] { color-scheme: dark; --paper: #0e131a; --sheet: #161d27; --ink: #e6ebf2; --soft: #98a5b5; --line: #2a3442; --grid: #1f2833; --accent: #7db2f0; --gain: #3fc493; --loss: #f07b75; --gain-wash: 63 196 147; --loss-wash: 240 123 117; --note: #2b2414; --note-line: #d9a12b; --shade: #1c2531; }
@media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { color-scheme: dark; --paper: #0e131a; --sheet: #161d27; --ink: #e6ebf2; --soft: #98a5b5; --line: #2a3442; --grid: #1f2833; --accent: #7db2f0; --gain: #3fc493; --loss: #f07b75; --gain-wash: 63 196 147; --loss-wash: 240 123 117; --note: #2b2414; --note-line: #d9a12b; --shade: #1c2531; } }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; -webkit-text-size-adjust: 100%; }
main, body > header, body > footer { max-width: 1160px; margin: 0 auto; padding: 0 24px; }
body > header { padding-top: 36px; padding-bottom: 20px; display: flex; gap: 16px; align-items: flex-start; justify-content: space-between; }
h1 { font-size: 28px; line-height: 1.2; margin: 6px 0 6px; letter-spacing: -.01em; overflow-wrap: anywhere; }
h2 { font-size: 18px; margin: 0 0 4px; letter-spacing: -.005em; }
h3 { font-size: 12px; font-weight: 600; letter-spacing: .06em; text-transform: uppercase; color: var(--soft); margin: 0 0 6px; }
p { margin: 0 0 8px; }
a { color: var(--accent); }
.soft { color: var(--soft); }
.small { font-size: 13px; }
.badge { display: inline-block; font-size: 11px; font-weight: 700; letter-spacing: .08em; text-transform: uppercase; color: var(--accent); border: 1px solid currentColor; border-radius: 999px; padding: 2px 10px; }
section { background: var(--sheet); border: 1px solid var(--line); border-radius: 12px; padding: 22px 24px; margin: 0 0 18px; }
section > .soft:first-of-type { margin-bottom: 14px; }
section.notice { background: var(--note); border-color: var(--note-line); }
.gain { color: var(--gain); } .loss { color: var(--loss); }
.cards { display: grid; grid-template-columns: repeat(4, 1fr); gap: 1px; padding: 0; overflow: hidden; background: var(--line); }
.cards > div { background: var(--sheet); padding: 16px 20px; min-width: 0; }
.cards dt { font-size: 13px; color: var(--soft); }
.cards dd { margin: 2px 0 0; font-size: 24px; font-weight: 600; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
.cards .under { display: block; font-size: 12.5px; font-weight: 400; letter-spacing: 0; color: var(--soft); min-height: 1.5em; }
dl { margin: 0; }
.groups { display: grid; grid-template-columns: repeat(3, 1fr); gap: 22px 40px; }
.groups dl > div { display: flex; justify-content: space-between; gap: 14px; padding: 6px 0; border-bottom: 1px solid var(--grid); }
.groups dt { color: var(--soft); } .groups dt[title] { cursor: help; }
.groups dd { margin: 0; text-align: right; font-variant-numeric: tabular-nums; font-weight: 500; white-space: nowrap; }
.scroll { overflow-x: auto; margin: 0 -24px; padding: 0 24px; }
.scroll:focus-visible, button:focus-visible, select:focus-visible, input:focus-visible, summary:focus-visible, a:focus-visible, tr:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 13.5px; }
th { font-weight: 600; color: var(--soft); text-align: left; font-size: 12.5px; white-space: nowrap; }
th, td { padding: 7px 8px; border-bottom: 1px solid var(--grid); vertical-align: top; }
th:first-child, td:first-child { padding-left: 0; } th:last-child, td:last-child { padding-right: 0; }
td.number, th.number { text-align: right; white-space: nowrap; }
td.wide { overflow-wrap: anywhere; min-width: 180px; } .terms th { width: 180px; font-size: 13.5px; } .terms td { min-width: 0; }
td.when { white-space: nowrap; } td.why { min-width: 190px; overflow-wrap: anywhere; } td.name { overflow-wrap: anywhere; min-width: 90px; }
.months td, .months th { text-align: right; padding: 7px 8px; border: 0; } .months th:first-child { text-align: left; }
.months td { border: 2px solid var(--sheet); border-radius: 6px; background-clip: padding-box; }
.months td.total { font-weight: 600; }
button, select, input { font: inherit; font-size: 13.5px; color: var(--ink); background: var(--sheet); border: 1px solid var(--line); border-radius: 8px; padding: 6px 12px; }
button { cursor: pointer; } button:hover { border-color: var(--soft); } button:disabled { opacity: .45; cursor: default; }
th button { all: unset; cursor: pointer; font-weight: 600; } th button:hover { color: var(--ink); } th[aria-sort] button::after { padding-left: 4px; }
th[aria-sort="ascending"] button::after { content: "\\2191"; } th[aria-sort="descending"] button::after { content: "\\2193"; }
.bar { display: flex; flex-wrap: wrap; gap: 10px; align-items: center; margin: 10px 0 12px; } .bar .grow { flex: 1 1 200px; min-width: 140px; }
.chart { position: relative; width: 100%; } #equity { height: 400px; } #price { height: 440px; }
.legend { min-height: 21px; font-variant-numeric: tabular-nums; font-size: 13px; color: var(--soft); }
.key { display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: 13px; color: var(--soft); margin-top: 8px; } .key i { font-style: normal; margin-right: 5px; }
#trades tbody tr { cursor: pointer; } #trades tbody tr:hover { background: var(--shade); }
.because { display: block; color: var(--soft); font-size: 12.5px; line-height: 1.4; }
ul { margin: 6px 0 0; padding-left: 20px; } li { margin: 4px 0; }
details { margin-top: 8px; } summary { cursor: pointer; color: var(--soft); } pre { white-space: pre-wrap; font-size: 11.5px; color: var(--soft); }
.print { display: none; } .print svg { width: 100%; height: auto; display: block; }
svg text { font: 11px system-ui, sans-serif; fill: #5a6675; }
body > footer { color: var(--soft); font-size: 12.5px; padding-top: 6px; padding-bottom: 48px; }
.skip { position: absolute; left: -9999px; } .skip:focus { left: 12px; top: 12px; background: var(--sheet); padding: 8px 12px; z-index: 9; }
@media (max-width: 860px) { .groups { grid-template-columns: 1fr 1fr; } .cards { grid-template-columns: 1fr 1fr; } }
@media (max-width: 560px) {
  main, body > header, body > footer { padding-left: 12px; padding-right: 12px; } body > header { padding-top: 20px; flex-wrap: wrap; } section { padding: 16px 14px; } section.cards { padding: 0; } .scroll { margin: 0 -14px; padding: 0 14px; }
  .terms th { width: 32%; white-space: normal; } .groups { grid-template-columns: 1fr; } .cards > div { padding: 12px 14px; } .cards dd { font-size: 19px; } h1 { font-size: 23px; } #price { height: 340px; } #equity { height: 320px; }
}
@media print {
  :root, :root[data-theme="dark"], :root:not([data-theme="light"]) { color-scheme: light; --paper: #fff; --sheet: #fff; --ink: #16202e; --soft: #4b5664; --line: #d5dae1; --grid: #e6e9ee; --accent: #24548f; --gain: #0b7a55; --loss: #bf2f2f; --gain-wash: 11 122 85; --loss-wash: 191 47 47; --note: #fff; --shade: #fff; }
  @page { margin: 14mm 12mm; } body { font-size: 10.5pt; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  main, body > header, body > footer { max-width: none; padding-left: 0; padding-right: 0; } body > header { padding-top: 0; }
  section { border: 0; border-top: 1px solid var(--line); border-radius: 0; padding: 12px 0; margin: 0 0 6px; } section.cards { border: 1px solid var(--line); border-radius: 6px; padding: 0; break-inside: avoid; }
  .cards { grid-template-columns: repeat(4, 1fr); } .cards > div { padding: 8px 12px; } .cards dd { font-size: 15pt; } .groups { grid-template-columns: repeat(3, 1fr); gap: 12px 24px; } .groups dl > div { padding: 3px 0; }
  .screen, .bar, button { display: none !important; } th button { display: inline !important; } .print { display: block; } .scroll { overflow: visible; margin: 0; padding: 0; }
  td.why { min-width: 0; } .because { font-size: 7.5pt; } table { font-size: 8.5pt; } th, td { padding: 3px 5px; } tr, .groups > div, figure { break-inside: avoid; } h2 { break-after: avoid; } thead { display: table-header-group; }
}
`;
