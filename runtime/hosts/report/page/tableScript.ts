/** The page's own behaviour that needs no chart: colours by system or by choice, and the list of trades. Plain browser JavaScript; whatever came from outside is set as text. */
export const TABLE_SCRIPT = `\
var report = { data: JSON.parse(document.getElementById("data").textContent), onTheme: [], onTrade: null };
(function () {
  "use strict";
  var root = document.documentElement, THEMES = ["system", "light", "dark"], theme = 0, button = document.getElementById("theme");
  function applyTheme() {
    if (THEMES[theme] === "system") root.removeAttribute("data-theme"); else root.setAttribute("data-theme", THEMES[theme]);
    button.textContent = "Colours: " + THEMES[theme];
    report.onTheme.forEach(function (listener) { listener(); });
  }
  button.addEventListener("click", function () { theme = (theme + 1) % THEMES.length; applyTheme(); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", applyTheme);

  var MONEY = new Intl.NumberFormat("en-IN", { minimumFractionDigits: 2, maximumFractionDigits: 2 }), WHOLE = new Intl.NumberFormat("en-IN");
  var TIME = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Kolkata", day: "2-digit", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
  function money(value) { return (value < 0 ? "\\u2212" : "") + MONEY.format(Math.abs(value)); }
  function time(at) { return at === null ? "open" : TIME.format(at).replace(/:00$/, ""); }
  report.money = money; report.time = time;

  var PAGE = 25, PRINTED = 400, body = document.querySelector("#trades tbody");
  if (!body) return;
  var count = document.getElementById("count"), filter = document.getElementById("filter"), outcome = document.getElementById("outcome"), side = document.getElementById("side");
  var previous = document.getElementById("previous"), next = document.getElementById("next"), page = 0, sort = { key: "entry", up: true }, shown = [];
  var trades = report.data.trades.map(function (trade, index) { trade.number = index + 1; trade.words = [trade.symbol, trade.strategy, trade.by, trade.because, trade.exitBy, trade.exitBecause, trade.side, trade.product].join(" ").toLowerCase(); return trade; });

  function choose() {
    var words = filter.value.toLowerCase().split(/\\s+/).filter(Boolean);
    shown = trades.filter(function (trade) {
      if (side.value && trade.side !== side.value) return false;
      if (outcome.value === "won" && !(trade.pnl > 0 && trade.exit !== null) || outcome.value === "lost" && !(trade.pnl < 0 && trade.exit !== null) || outcome.value === "open" && trade.exit !== null) return false;
      return words.every(function (word) { return trade.words.indexOf(word) >= 0; });
    });
    shown.sort(function (a, b) {
      var x = a[sort.key], y = b[sort.key], order = x === y ? 0 : x === null ? 1 : y === null ? -1 : x < y ? -1 : 1;
      return (sort.up ? order : -order) || a.number - b.number;
    });
    page = 0;
    draw();
  }
  function cell(row, text, kind) { var made = row.insertCell(); if (kind) made.className = kind; made.textContent = text; return made; }
  function end(row, at, by, because) {
    var made = cell(row, time(at), "why");
    [by, because].forEach(function (text) { if (text) { var more = document.createElement("span"); more.className = "because"; more.textContent = text; made.appendChild(more); } });
  }
  function drawRows(from, many) {
    body.textContent = "";
    shown.slice(from, from + many).forEach(function (trade) {
      var row = body.insertRow();
      row.tabIndex = 0;
      cell(row, String(trade.number), "number soft"); end(row, trade.entry, trade.by, trade.because); end(row, trade.exit, trade.exitBy, trade.exitBecause); cell(row, trade.symbol, "name");
      cell(row, trade.side); cell(row, WHOLE.format(trade.quantity), "number"); cell(row, money(trade.entryPrice), "number"); cell(row, trade.exitPrice === null ? "" : money(trade.exitPrice), "number");
      cell(row, money(trade.charges), "number"); cell(row, money(trade.pnl), "number " + (trade.pnl > 0 ? "gain" : trade.pnl < 0 ? "loss" : ""));
      function go() { if (report.onTrade) report.onTrade(trade); }
      row.addEventListener("click", function () { if (String(getSelection()) === "") go(); });
      row.addEventListener("keydown", function (event) { if (event.key === "Enter") go(); });
    });
  }
  function draw() {
    drawRows(page * PAGE, PAGE);
    var pages = Math.max(1, Math.ceil(shown.length / PAGE));
    count.textContent = shown.length === 0 ? "None." : WHOLE.format(shown.length) + (shown.length === 1 ? " trade" : " trades") + (pages > 1 ? ", page " + (page + 1) + " of " + pages : "");
    previous.disabled = page === 0; next.disabled = page >= pages - 1;
  }
  previous.addEventListener("click", function () { page -= 1; draw(); });
  next.addEventListener("click", function () { page += 1; draw(); });
  [filter, outcome, side].forEach(function (field) { field.addEventListener("input", choose); });
  document.querySelectorAll("#trades th button").forEach(function (head) {
    head.addEventListener("click", function () {
      var key = head.dataset.key;
      sort = { key: key, up: sort.key === key ? !sort.up : true };
      document.querySelectorAll("#trades th").forEach(function (other) { other.removeAttribute("aria-sort"); });
      head.parentElement.setAttribute("aria-sort", sort.up ? "ascending" : "descending");
      choose();
    });
  });
  addEventListener("beforeprint", function () { drawRows(0, PRINTED); document.getElementById("printed").textContent = shown.length > PRINTED ? "The first " + PRINTED + " of " + shown.length + " trades are printed." : ""; });
  addEventListener("afterprint", draw);
  choose();
})();
`;
