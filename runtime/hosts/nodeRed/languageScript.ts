import { ROW_OPERATORS } from '../../domain/condition';

/** Colours come from the editor's theme. */
export const LANGUAGE_STYLE = `\
.bellwether-form .bellwether-meaning { margin: 2px 0 12px; padding: 6px 10px; min-height: 20px; border-left: 3px solid var(--red-ui-secondary-border-color); background: var(--red-ui-secondary-background); font-size: 12px; line-height: 1.5; color: var(--red-ui-secondary-text-color); overflow-wrap: anywhere; }
.bellwether-form .bellwether-meaning:empty { display: none; }
.bellwether-form .bellwether-meaning.bellwether-understood { border-left-color: var(--red-ui-text-color-success, var(--red-ui-primary-text-color)); }
.bellwether-form .bellwether-meaning.bellwether-not-understood { border-left-color: var(--red-ui-text-color-error); }
.bellwether-form .bellwether-meaning > div:first-child { color: var(--red-ui-primary-text-color); }
.bellwether-form .bellwether-meaning.bellwether-readable > div:first-child, .bellwether-form .bellwether-pointer { font-family: var(--red-ui-monospace-font); }
.bellwether-form .bellwether-pointer { white-space: pre-wrap; color: var(--red-ui-secondary-text-color); }
.bellwether-form .bellwether-pointer mark { background: none; color: var(--red-ui-text-color-error); border-bottom: 2px solid var(--red-ui-text-color-error); }
.bellwether-form .form-row > .bellwether-condition { margin-top: 6px; }
.bellwether-form .bellwether-condition + .bellwether-help, .bellwether-form .red-ui-editableList + .bellwether-help { margin-left: 0; }
.bellwether-form .bellwether-condition .red-ui-editableList-container { padding: 2px 0; border-radius: 4px; }
.bellwether-form .bellwether-condition .red-ui-editableList-list > li { padding: 4px 8px; }
.bellwether-form .bellwether-group-head { display: flex; align-items: center; gap: 8px; margin-bottom: 4px; }
.bellwether-form .bellwether-group-head select { width: auto; }
.bellwether-form .bellwether-comparison { display: flex; flex-wrap: wrap; gap: 4px; align-items: center; }
.bellwether-form .bellwether-comparison input { flex: 1 1 110px; min-width: 90px; width: auto; margin: 0; font-family: var(--red-ui-monospace-font); font-size: 12px; }
.bellwether-form .bellwether-comparison select { flex: 0 0 144px; width: 144px; margin: 0; }
.bellwether-form .bellwether-comparison input[data-cell=candles] { flex: 0 0 56px; min-width: 56px; }
`;

/**
 * What forms in the condition language share in the editor: the table of a condition as nested editable lists, words that are proposed while typing, and the
 * meaning under the fields, which the runtime gives over the admin API. Plain browser JavaScript, like the script it stands behind.
 */
export const LANGUAGE_SCRIPT = `\
bellwether.language = bellwether.language || (function () {
  var OPERATORS = ${JSON.stringify(ROW_OPERATORS)};
  var ONE_SIDED = ["is rising", "is falling", "is true"];
  var COMBINE = { and: "all", or: "any", notAnd: "notAll", notOr: "none" };
  var PATIENCE_MS = 250, PROPOSALS = 12;

  function text(node, key, values) { return node._def._ ? node._def._("language." + key, values) : key; }

  function propose(form, input) {
    if (!input.autoComplete || !form.completions) return;
    input.autoComplete({ search: function (value) {
      var word = (/[A-Za-z][A-Za-z0-9_. ]*$/.exec(value) || [""])[0].replace(/^(and|or|not)\\s+/i, "");
      if (word.length < 1) return [];
      var lower = word.toLowerCase(), head = value.slice(0, value.length - word.length);
      var found = form.completions.filter(function (each) { return each.value.toLowerCase().indexOf(lower) === 0; });
      if (found.some(function (each) { return each.value.toLowerCase() === lower; })) return [];
      if (found.length === 0) found = form.completions.filter(function (each) { return each.label.toLowerCase().indexOf(lower) >= 0; });
      return found.slice(0, PROPOSALS).map(function (each) {
        var label = $("<div>").css({ display: "flex", gap: "12px", justifyContent: "space-between" });
        $("<span>").text(each.value).appendTo(label);
        $("<small>").css({ opacity: 0.7 }).text(each.label).appendTo(label);
        return { value: head + each.value, label: label };
      });
    } });
  }

  function fold(cell, offset) { return cell === undefined ? "" : offset ? cell + "[" + offset + "]" : String(cell); }

  function comparison(form, node, container, row) {
    var box = $('<div class="bellwether-comparison" data-bellwether-comparison>').appendTo(container);
    function input(name, value, key) {
      var field = $('<input type="text">').attr({ "data-cell": name, placeholder: text(node, key), "aria-label": text(node, key) }).val(value).appendTo(box);
      return field;
    }
    var left = input("left", fold(row.left, row.leftOffset), "left");
    var operator = $('<select data-cell="operator">').attr("aria-label", text(node, "operator")).appendTo(box);
    OPERATORS.forEach(function (each) { $("<option>").val(each).text(text(node, "operators." + each)).appendTo(operator); });
    operator.val(row.operator || ">");
    var right = input("right", fold(row.right, row.rightOffset), "right");
    var upper = input("upper", fold(row.upper, row.upperOffset), "upper");
    var candles = input("candles", row.candles === undefined ? "1" : row.candles, "candles");
    [left, right, upper].forEach(function (field) { propose(form, field); });
    function refresh() {
      var value = operator.val();
      right.toggle(ONE_SIDED.indexOf(value) < 0);
      upper.toggle(value === "between");
      candles.toggle(value === "is rising" || value === "is falling");
    }
    operator.on("change", refresh);
    refresh();
  }

  function group(form, node, container, data, changed) {
    var box = $('<div data-bellwether-rowgroup>').appendTo(container);
    var head = $('<div class="bellwether-group-head">').appendTo(box);
    var combine = $('<select data-cell="combine">').attr("aria-label", text(node, "combine")).appendTo(head);
    Object.keys(COMBINE).forEach(function (each) { $("<option>").val(each).text(text(node, COMBINE[each])).appendTo(combine); });
    combine.val((data.not ? "not" : "") + (data.not ? data.operator.charAt(0).toUpperCase() + data.operator.slice(1) : data.operator));
    var list = $("<ol>").appendTo(box).editableList({
      addButton: false, sortable: true, removable: true, height: "auto", sortItems: changed, removeItem: changed,
      addItem: function (row, index, item) { if (item.kind === "group") group(form, node, row, item, changed); else comparison(form, node, row, item); },
      buttons: [
        { label: text(node, "addCondition"), icon: "fa fa-plus", click: function () { list.editableList("addItem", { kind: "row", operator: ">" }); changed(); } },
        { label: text(node, "addGroup"), icon: "fa fa-indent", click: function () { list.editableList("addItem", { kind: "group", operator: data.operator === "and" ? "or" : "and", rows: [{ kind: "row", operator: ">" }] }); changed(); } }
      ]
    });
    (data.rows || []).forEach(function (row) { list.editableList("addItem", row); });
    box.data("list", list);
  }

  function readGroup(box) {
    var combine = box.children(".bellwether-group-head").find("[data-cell=combine]").val();
    var rows = [];
    box.data("list").children("li").not(".red-ui-editableList-item-deleting").each(function () {
      var content = $(this).children(".red-ui-editableList-item-content");
      var inner = content.children("[data-bellwether-rowgroup]");
      var row = inner.length ? readGroup(inner) : readComparison(content.children("[data-bellwether-comparison]"));
      if (row) rows.push(row);
    });
    var result = { kind: "group", operator: /or$/i.test(combine) ? "or" : "and", rows: rows };
    if (/^not/.test(combine)) result.not = true;
    return result;
  }

  /** A row in which nothing was written is none. */
  function readComparison(box) {
    function cell(name) { return box.find("[data-cell=" + name + "]").val().trim(); }
    var row = { kind: "row", left: cell("left"), operator: cell("operator") };
    if (row.left === "" && cell("right") === "") return null;
    if (ONE_SIDED.indexOf(row.operator) < 0) row.right = cell("right");
    if (row.operator === "between") row.upper = cell("upper");
    if (row.operator === "is rising" || row.operator === "is falling") row.candles = /^\\d+$/.test(cell("candles")) ? Number(cell("candles")) : 1;
    return row;
  }

  function tableOf(name) { return $('[data-bellwether-condition="' + name + '"]'); }
  function readTable(name) { return readGroup(tableOf(name).children("[data-bellwether-rowgroup]")); }

  function writeTable(form, node, name, data, changed) {
    var rows = data && data.rows && data.rows.length ? data.rows : [{ kind: "row", operator: ">" }];
    group(form, node, tableOf(name).empty(), Object.assign({ kind: "group", operator: "and" }, data, { rows: rows }), changed);
  }

  function show(node, answer) {
    var box = $("[data-bellwether-meaning]").empty().removeClass("bellwether-understood bellwether-not-understood bellwether-readable");
    if (!answer || (answer.ok && answer.lines.length === 0)) return;
    box.addClass(answer.ok ? "bellwether-understood bellwether-readable" : "bellwether-not-understood");
    if (answer.ok) { answer.lines.forEach(function (line) { $("<div>").text(line).appendTo(box); }); return; }
    $("<div>").text(answer.denial.message).appendTo(box);
    if (answer.at) {
      var at = answer.at, from = at.column - 1, found = (/^[A-Za-z0-9_.]+|^\\S/.exec(at.text.slice(from)) || [" "])[0];
      $('<div class="bellwether-pointer">').append(document.createTextNode(at.text.slice(0, from)), $("<mark>").text(found), document.createTextNode(at.text.slice(from + found.length))).appendTo(box);
    }
    if (answer.denial.remedy) $("<div>").text(answer.denial.remedy).appendTo(box);
  }

  /** Draws the tables and keeps the meaning up to date until the form is closed. "current" gives the form's values. */
  function prepare(node, form, type, current) {
    var timer = null, asked = 0, shown = null, tables = form.controls.filter(function (control) { return control.kind === "conditionRows"; });
    function ask(values, done) { return $.ajax({ url: "bellwether/meaning/" + type, method: "POST", contentType: "application/json", data: JSON.stringify(values) }).done(done); }
    function now() {
      var number = asked += 1;
      ask(current(), function (answer) { if (number === asked) show(node, answer); });
    }
    function changed() { clearTimeout(timer); timer = setTimeout(now, PATIENCE_MS); }
    tables.forEach(function (control) { writeTable(form, node, control.name, node[control.name], changed); });
    $(".bellwether-form [data-bellwether-completes]").each(function () { propose(form, $(this)); });
    if (!form.hasMeaning) return;
    var choices = tables.flatMap(function (control) { return Object.keys(control.showWhen || {}); });
    choices.forEach(function (name) {
      var choice = $("#" + form.prefix + "-" + name), before = choice.val();
      choice.on("change", function () {
        var values = current(), chosen = choice.val();
        if (chosen === before) return;
        values[name] = before;
        before = chosen;
        ask(values, function (answer) {
          if (answer.ok && answer.values) Object.keys(answer.values).forEach(function (filled) {
            if (tables.some(function (control) { return control.name === filled; })) writeTable(form, node, filled, answer.values[filled], changed);
            else $("#" + form.prefix + "-" + filled).val(answer.values[filled]);
          });
          changed();
        });
      });
    });
    $(".bellwether-form").on("input change keyup", "input, select, textarea", changed);
    now();
  }

  return { prepare: prepare, readTable: readTable, propose: propose };
})();
`;
