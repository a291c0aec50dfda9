/** The page's charts, over lightweight-charts 5. Charts know UTC only, so times are moved by India's offset and labelled so. Plain browser JavaScript. */
export const CHART_SCRIPT = `\
(function () {
  "use strict";
  var charts = window.LightweightCharts, data = report.data, OFFSET = 19800, MOST_MARKERS = 1200;
  if (!charts) return;
  function colour(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }
  function wash(name, alpha) { return "rgba(" + colour(name).split(" ").join(",") + "," + alpha + ")"; }
  function look() {
    return { layout: { background: { color: colour("--sheet") }, textColor: colour("--soft"), fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12, attributionLogo: false, panes: { separatorColor: colour("--line"), separatorHoverColor: colour("--line") } },
      grid: { vertLines: { color: colour("--grid") }, horzLines: { color: colour("--grid") } }, rightPriceScale: { borderColor: colour("--line") }, timeScale: { borderColor: colour("--line") },
      crosshair: { vertLine: { color: colour("--soft"), labelBackgroundColor: colour("--accent") }, horzLine: { color: colour("--soft"), labelBackgroundColor: colour("--accent") } } };
  }
  function make(element) {
    var chart = charts.createChart(element, Object.assign({ autoSize: true, localization: { locale: "en-IN" }, handleScroll: { mouseWheel: false, vertTouchDrag: false }, handleScale: { mouseWheel: false } }, look()));
    chart.applyOptions({ timeScale: { timeVisible: true, secondsVisible: false, minBarSpacing: 0.001 }, crosshair: { mode: charts.CrosshairMode.Normal } });
    return chart;
  }

  // Equity and drawdown.
  var place = document.getElementById("equity");
  if (place) {
    var worth = make(place), line = worth.addSeries(charts.AreaSeries, { lineWidth: 2, priceLineVisible: false }), fall = worth.addSeries(charts.AreaSeries, { lineWidth: 1, priceLineVisible: false, invertFilledArea: true, priceFormat: { type: "custom", minMove: 0.0001, formatter: function (value) { return Math.abs(value) < 0.00005 ? "0%" : value.toFixed(Math.abs(value) < 0.1 ? 3 : 1) + "%"; } } }, 1);
    var rounded = new Intl.NumberFormat("en-IN", { maximumFractionDigits: 0 });
    line.applyOptions({ priceFormat: { type: "custom", formatter: function (value) { return rounded.format(value); } } });
    line.createPriceLine({ price: data.capital, lineStyle: charts.LineStyle.Dashed, lineWidth: 1, axisLabelVisible: false, color: "#8a94a3" });
    line.setData(data.equity.time.map(function (time, index) { return { time: time + OFFSET, value: data.equity.equity[index] }; }));
    fall.setData(data.equity.time.map(function (time, index) { return { time: time + OFFSET, value: data.equity.drawdown[index] }; }));
    worth.panes()[0].setStretchFactor(2.4); worth.panes()[1].setStretchFactor(1);
    fall.priceScale().applyOptions({ scaleMargins: { top: 0, bottom: 0.12 } });
    var dress = function () {
      worth.applyOptions(look());
      line.applyOptions({ lineColor: colour("--accent"), topColor: colour("--accent") + "38", bottomColor: colour("--accent") + "05" });
      fall.applyOptions({ lineColor: colour("--loss"), topColor: wash("--loss-wash", 0.05), bottomColor: wash("--loss-wash", 0.35) });
    };
    dress(); report.onTheme.push(dress); worth.timeScale().fitContent();
    var worthLegend = document.getElementById("equity-legend");
    worth.subscribeCrosshairMove(function (move) {
      var value = move.seriesData && move.seriesData.get(line), depth = move.seriesData && move.seriesData.get(fall);
      worthLegend.textContent = value ? report.time((value.time - OFFSET) * 1000) + "   equity \\u20b9" + report.money(value.value) + (depth ? "   drawdown " + depth.value.toFixed(2) + "%" : "") : "";
    });
  }

  // Prices with entries and exits.
  place = document.getElementById("price");
  if (!place) return;
  var symbols = document.getElementById("symbol"), lengths = document.getElementById("timeframe"), legend = document.getElementById("price-legend");
  var chart = make(place), bars = chart.addSeries(charts.CandlestickSeries, { borderVisible: false, priceLineVisible: false }), markers = charts.createSeriesMarkers(bars, []), shown = [], marks = [], pending = false;
  var NAMES = [[60, "1 min"], [180, "3 min"], [300, "5 min"], [600, "10 min"], [900, "15 min"], [1800, "30 min"], [3600, "1 h"], [86400, "1 day"], [604800, "1 week"]];

  function slotOf(time, seconds) {
    if (seconds === 604800) { return Math.floor((time + OFFSET + 259200) / seconds) * seconds - OFFSET - 259200; }
    if (seconds === 86400) return Math.floor((time + OFFSET) / seconds) * seconds - OFFSET;
    var open = Math.floor((time + OFFSET) / 86400) * 86400 - OFFSET + 33300;
    return time < open ? Math.floor(time / seconds) * seconds : open + Math.floor((time - open) / seconds) * seconds;
  }
  function joined(source, seconds) {
    var out = [], last = null;
    for (var index = 0; index < source.time.length; index += 1) {
      var time = seconds * 1000 === source.barMs ? source.time[index] : slotOf(source.time[index], seconds);
      if (last && last.time === time + OFFSET) { last.high = Math.max(last.high, source.high[index]); last.low = Math.min(last.low, source.low[index]); last.close = source.close[index]; }
      else { last = { time: time + OFFSET, open: source.open[index], high: source.high[index], low: source.low[index], close: source.close[index] }; out.push(last); }
    }
    return out;
  }
  function barAt(time) {
    var low = 0, high = shown.length - 1, found = 0;
    while (low <= high) { var middle = (low + high) >> 1; if (shown[middle].time <= time) { found = middle; low = middle + 1; } else high = middle - 1; }
    return found;
  }
  function drawMarks() {
    pending = false;
    var range = chart.timeScale().getVisibleLogicalRange();
    if (!range) return;
    var inside = marks.filter(function (mark) { return mark.bar >= range.from - 1 && mark.bar <= range.to + 1; });
    var crowd = inside.length > MOST_MARKERS, words = inside.length <= 40;
    document.getElementById("crowded").textContent = crowd ? inside.length + " entries and exits are in view: zoom in to see them." : "";
    markers.setMarkers(crowd ? [] : inside.map(function (mark) {
      return { time: shown[mark.bar].time, position: mark.below ? "belowBar" : "aboveBar", shape: mark.shape, color: colour(mark.colour), text: words ? mark.text : "", size: 1 };
    }));
  }
  function plan() { if (!pending) { pending = true; requestAnimationFrame(drawMarks); } }
  function markAll(symbol) {
    marks = [];
    data.trades.forEach(function (trade) {
      if (trade.symbol !== symbol || shown.length === 0) return;
      var isLong = trade.side === "long";
      marks.push({ bar: barAt(trade.entry / 1000 + OFFSET), below: isLong, shape: isLong ? "arrowUp" : "arrowDown", colour: "--accent", text: (isLong ? "Buy " : "Sell ") + trade.quantity });
      if (trade.exit !== null) marks.push({ bar: barAt(trade.exit / 1000 + OFFSET), below: !isLong, shape: "circle", colour: trade.pnl < 0 ? "--loss" : "--gain", text: (trade.pnl < 0 ? "" : "+") + report.money(trade.pnl) });
    });
    marks.sort(function (a, b) { return a.bar - b.bar; });
  }
  function draw() {
    var source = data.prices[symbols.selectedIndex];
    shown = joined(source, Number(lengths.value));
    markAll(source.symbol);
    bars.setData(shown);
    chart.timeScale().setVisibleLogicalRange({ from: Math.max(-1, shown.length - 220), to: shown.length + 4 });
    plan();
  }
  function choose() {
    var source = data.prices[symbols.selectedIndex], own = source.barMs / 1000;
    lengths.textContent = "";
    NAMES.concat(NAMES.some(function (name) { return name[0] === own; }) ? [] : [[own, source.barName]]).filter(function (name) { return name[0] >= own; }).sort(function (a, b) { return a[0] - b[0]; }).forEach(function (name) { lengths.add(new Option(name[1], String(name[0]))); });
    document.getElementById("price-note").textContent = source.note;
    draw();
  }
  var paint = function () {
    chart.applyOptions(look());
    bars.applyOptions({ upColor: colour("--gain"), downColor: colour("--loss"), wickUpColor: colour("--gain"), wickDownColor: colour("--loss") });
    plan();
  };
  data.prices.forEach(function (source) { symbols.add(new Option(source.symbol)); });
  symbols.addEventListener("change", choose); lengths.addEventListener("change", draw);
  document.getElementById("whole").addEventListener("click", function () { chart.timeScale().fitContent(); });
  function zoom(factor) {
    var range = chart.timeScale().getVisibleLogicalRange();
    if (!range) return;
    var middle = (range.from + range.to) / 2, half = Math.max(4, (range.to - range.from) / 2 * factor);
    chart.timeScale().setVisibleLogicalRange({ from: middle - half, to: middle + half });
  }
  function move(share) { var range = chart.timeScale().getVisibleLogicalRange(), by = range ? (range.to - range.from) * share : 0; if (range) chart.timeScale().setVisibleLogicalRange({ from: range.from + by, to: range.to + by }); }
  [["zoom-in", function () { zoom(0.5); }], ["zoom-out", function () { zoom(2); }], ["earlier", function () { move(-0.6); }], ["later", function () { move(0.6); }]].forEach(function (pair) { document.getElementById(pair[0]).addEventListener("click", pair[1]); });
  chart.timeScale().subscribeVisibleLogicalRangeChange(plan);
  chart.subscribeCrosshairMove(function (move) {
    var bar = move.seriesData && move.seriesData.get(bars);
    legend.textContent = bar ? report.time((bar.time - OFFSET) * 1000) + "   O " + report.money(bar.open) + "   H " + report.money(bar.high) + "   L " + report.money(bar.low) + "   C " + report.money(bar.close) : "";
  });
  report.onTheme.push(paint);
  report.onTrade = function (trade) {
    var index = data.prices.findIndex(function (source) { return source.symbol === trade.symbol; });
    if (index < 0) return;
    if (symbols.selectedIndex !== index) { symbols.selectedIndex = index; choose(); }
    var from = barAt(trade.entry / 1000 + OFFSET), to = trade.exit === null ? shown.length : barAt(trade.exit / 1000 + OFFSET), room = Math.max(20, to - from);
    chart.timeScale().setVisibleLogicalRange({ from: from - room, to: to + room });
    document.getElementById("prices").scrollIntoView();
  };
  paint(); choose();
})();
`;
