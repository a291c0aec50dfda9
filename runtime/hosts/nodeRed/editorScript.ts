/** Colours come from the editor's theme. */
export const EDITOR_STYLE = `\
.bellwether-form .form-row > label { width: 150px; vertical-align: top; padding-top: 6px; }
.bellwether-form .form-row > input[type=text], .bellwether-form .form-row > input[type=password], .bellwether-form .form-row > select { width: calc(100% - 160px); }
.bellwether-form .form-row > textarea { width: calc(100% - 160px); font-family: var(--red-ui-monospace-font); }
.bellwether-form .form-row > input[type=checkbox] { width: auto; margin-top: 9px; }
.bellwether-form .bellwether-unit { color: var(--red-ui-secondary-text-color); }
.bellwether-form .bellwether-help { margin: 2px 0 4px 154px; font-size: 12px; line-height: 1.4; color: var(--red-ui-secondary-text-color); }
.bellwether-form .bellwether-section { border-top: 1px solid var(--red-ui-secondary-border-color); padding: 8px 0; margin-bottom: 4px; }
.bellwether-form .bellwether-section > summary { cursor: pointer; margin-bottom: 8px; color: var(--red-ui-primary-text-color); }
.bellwether-form .bellwether-paste { margin: 4px 0 4px 154px; font-size: 12px; }
.bellwether-form .bellwether-hook > [data-bellwether-copy] { margin-left: 154px; }
.bellwether-form .bellwether-help.bellwether-passed { color: var(--red-ui-text-color-success, var(--red-ui-primary-text-color)); }
.bellwether-form .bellwether-help.bellwether-failed { color: var(--red-ui-text-color-error); }
.bellwether-form .bellwether-rows { min-width: 400px; }
.bellwether-form .bellwether-cells { display: flex; flex-wrap: wrap; gap: 4px; }
.bellwether-form .bellwether-cells label { flex: 1 1 110px; width: auto; margin: 0; font-size: 11px; color: var(--red-ui-secondary-text-color); }
.bellwether-form .bellwether-cells input[type=text], .bellwether-form .bellwether-cells select { width: 100%; }
`;

/**
 * What the forms of all nodes share in the editor, in plain browser JavaScript. It stands in every node's html because Node-RED loads
 * them independently; the first one defines it.
 *
 * `identify` gives a node that has none, or one that was copied, keys of its own: the node key is the node's id (what the runtime
 * uses for an empty one as well), the token 24 random bytes.
 */
export const EDITOR_SCRIPT = `\
window.bellwether = window.bellwether || (function () {
  var forms = {}, editing = null;

  function randomHex(bytes) {
    return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), function (byte) { return byte.toString(16).padStart(2, "0"); }).join("");
  }

  function isOurs(node) { return !!(node && node._def && node._def.defaults && Object.prototype.hasOwnProperty.call(forms, node.type)); }

  function isTaken(node, property) {
    var taken = false;
    RED.nodes.eachNode(function (other) {
      if (other.id !== node.id && isOurs(other) && other[property] === node[property]) taken = true;
    });
    return taken;
  }

  function identify(node) {
    if (!isOurs(node) || forms[node.type].isConfig) return;
    var before = node.nodeKey + " " + node.token;
    if (!node.nodeKey || isTaken(node, "nodeKey")) node.nodeKey = node.id;
    if (forms[node.type].hasHook && (!node.token || isTaken(node, "token"))) node.token = randomHex(24);
    if (before !== node.nodeKey + " " + node.token) { node.changed = true; node.dirty = true; RED.nodes.dirty(true); }
  }
  RED.events.on("nodes:add", identify);

  function text(node, key, values) { return node._def._ ? node._def._(key, values) : key; }

  function fieldOf(form, name) { return $("#" + form.prefix + "-" + name); }

  function valueOf(node, form, name) {
    var field = editing === node.id ? fieldOf(form, name) : $();
    if (field.length === 0) return node[name];
    return field.is(":checkbox") ? field.prop("checked") : field.val();
  }

  function isVisible(node, form, control) {
    return Object.entries(control.showWhen || {}).every(function (entry) {
      var other = form.controls.find(function (candidate) { return candidate.name === entry[0]; });
      var value = valueOf(node, form, entry[0]);
      if (value === undefined || value === null || value === "") value = other && other.default;
      return entry[1].includes(value);
    });
  }

  function problemOf(node, control, value) {
    if (value === undefined || value === null || value === "") return control.required ? text(node, "errors.required") : null;
    if (control.kind === "rows") return problemOfRows(node, control, value);
    if (control.kind !== "number" && control.kind !== "integer") return null;
    var number = String(value).trim();
    if (!/^[+-]?(\\d+\\.?\\d*|\\.\\d+)$/.test(number)) return text(node, "errors.number");
    if (control.kind === "integer" && !Number.isInteger(Number(number))) return text(node, "errors.integer");
    if (control.minimum !== undefined && Number(number) < control.minimum) return text(node, "errors.minimum", { limit: control.minimum });
    if (control.maximum !== undefined && Number(number) > control.maximum) return text(node, "errors.maximum", { limit: control.maximum });
    return null;
  }

  function problemOfRows(node, control, rows) {
    for (var index = 0; index < rows.length; index += 1) {
      for (var field of control.fields) {
        var problem = problemOf(node, field, rows[index][field.name]);
        if (problem) return text(node, "errors.row", { row: index + 1 }) + " " + field.label + " " + problem;
      }
    }
    return null;
  }

  function validate(node, type, name, value, options) {
    var form = forms[type];
    var control = form.controls.find(function (candidate) { return candidate.name === name; });
    if (!isVisible(node, form, control)) return true;
    var problem = problemOf(node, control, value);
    if (!problem) return true;
    return options ? (options.label || control.label) + " " + problem : false;
  }

  function cell(node, control, value, key) {
    var label = $("<label>").text(text(node, key + ".label"));
    var input = control.kind === "choice" ? $("<select>") : control.kind === "toggle" ? $('<input type="checkbox">') : $('<input type="text">');
    if (control.kind === "choice") {
      if (!control.required && control.default === undefined) $("<option>").val("").text(text(node, "form.unset")).appendTo(input);
      control.options.forEach(function (option) { $("<option>").val(option.value).text(text(node, key + ".options." + option.value)).appendTo(input); });
    }
    if (control.kind === "toggle") input.prop("checked", value === undefined ? control.default === true : value === true);
    else input.val(value === undefined ? (control.kind === "choice" || control.kind === "text" ? control.default : "") : value);
    if (typeof control.default === "number") input.attr("placeholder", control.default);
    if (control.placeholder) input.attr("placeholder", text(node, key + ".placeholder"));
    if (control.completes) input.attr("data-bellwether-completes", "");
    return label.append(input.attr("data-bellwether-cell", control.name));
  }

  function cells(container, node, control, values) {
    var box = $('<div class="bellwether-cells">').appendTo(container);
    control.fields.forEach(function (field) { cell(node, field, values[field.name], "field." + control.name + ".fields." + field.name).appendTo(box); });
    function refresh() {
      var now = readCells(box, control);
      control.fields.forEach(function (field) {
        var shown = Object.entries(field.showWhen || {}).every(function (entry) {
          var other = control.fields.find(function (candidate) { return candidate.name === entry[0]; });
          return entry[1].includes(now[entry[0]] === undefined ? other && other.default : now[entry[0]]);
        });
        box.find('[data-bellwether-cell="' + field.name + '"]').parent().toggle(shown);
      });
    }
    box.on("change", "select, input", refresh);
    refresh();
    if (window.bellwether.language) box.find("[data-bellwether-completes]").each(function () { window.bellwether.language.propose(forms[node.type], $(this)); });
  }

  function readCells(container, control) {
    var values = {};
    control.fields.forEach(function (field) {
      var input = container.find('[data-bellwether-cell="' + field.name + '"]');
      var value = field.kind === "toggle" ? input.prop("checked") : input.val();
      if (value !== "" && value !== null) values[field.name] = value;
    });
    return values;
  }

  function listOf(control) { return $('[data-bellwether-rows="' + control.name + '"]'); }
  function groupOf(control) { return $('[data-bellwether-group="' + control.name + '"]'); }

  function prepare(node, type) {
    var form = forms[type];
    editing = node.id;
    form.controls.forEach(function (control) {
      if (control.kind === "group") cells(groupOf(control), node, control, node[control.name] || {});
      if (control.kind !== "rows") return;
      var list = listOf(control).editableList({
        sortable: true, removable: true, height: "auto",
        addItem: function (row, index, values) { cells(row, node, control, values); }
      });
      (node[control.name] || []).forEach(function (values) { list.editableList("addItem", values); });
    });
    form.controls.forEach(function (control) {
      var field = fieldOf(form, control.name);
      if (control.kind === "choice" && field.val() === null && control.default !== undefined) field.val(control.default);
    });
    if (form.hasHook) prepareHook(node, form);
    if (form.testPath) prepareTest(node, type);
    if (form.hasLanguage) window.bellwether.language.prepare(node, form, form.definition, function () { return current(node, type); });
    function refresh() {
      form.controls.forEach(function (control) { $('[data-bellwether-field="' + control.name + '"]').toggle(isVisible(node, form, control)); });
      $("[data-bellwether-section]").each(function () {
        var shown = $(this).find("[data-bellwether-field]").filter(function () { return this.style.display !== "none"; });
        $(this).toggle(shown.length > 0);
      });
    }
    $(".bellwether-form").on("change", "select, input", refresh);
    refresh();
    $("[data-bellwether-section]").each(function () {
      var filled = $(this).find("[data-bellwether-field]").filter(function () {
        var control = form.controls.find(function (candidate) { return candidate.name === this.dataset.bellwetherField; }, this);
        var value = node[control.name];
        return control.name !== "nodeKey" && value !== undefined && value !== "" && value !== control.default && !(Array.isArray(value) && value.length === 0) && value !== false;
      });
      this.open = filled.length > 0;
    });
  }

  function prepareTest(node, type) {
    var button = $("[data-bellwether-test]"), said = $("[data-bellwether-tested]");
    button.on("click", function () {
      button.prop("disabled", true);
      said.removeClass("bellwether-passed bellwether-failed").text(text(node, "form.testing"));
      $.ajax({ url: forms[type].testPath, method: "POST", contentType: "application/json", data: JSON.stringify({ id: node.id, values: current(node, type) }) })
        .done(function (answer) { said.addClass(answer.ok ? "bellwether-passed" : "bellwether-failed").text(answer.message); })
        .fail(function () { said.addClass("bellwether-failed").text(text(node, "form.testFailed")); })
        .always(function () { button.prop("disabled", false); });
    });
  }

  function prepareHook(node, form) {
    identify(node);
    var token = fieldOf(form, "token");
    if (!token.val()) token.val(node.token);
    function show() {
      var root = (RED.settings.httpNodeRoot || "/").replace(/\\/*$/, "/");
      $("#bellwether-url").val(location.origin + root + "bellwether/hook/" + token.val());
    }
    $("[data-bellwether-renew]").on("click", function () { token.val(randomHex(24)).trigger("change"); show(); });
    $("[data-bellwether-copy]").on("click", function () {
      var source = $(this.dataset.bellwetherCopy);
      RED.clipboard.copyText(source.is("input") ? source.val() : source.text(), $(this), text(node, "form.copied"));
    });
    show();
  }

  /** The value of a field that is no input of its own; undefined for the others. */
  function composed(control) {
    if (control.kind === "group") return readCells(groupOf(control), control);
    if (control.kind === "rows") return listOf(control).editableList("items").map(function () { return readCells($(this), control); }).get();
    if (control.kind === "conditionRows") return window.bellwether.language.readTable(control.name);
    return undefined;
  }

  function current(node, type) {
    var form = forms[type], values = {};
    form.controls.forEach(function (control) {
      var value = composed(control);
      values[control.name] = value === undefined ? valueOf(node, form, control.name) : value;
    });
    return values;
  }

  function save(node, type) {
    forms[type].controls.forEach(function (control) {
      var value = composed(control);
      if (value !== undefined) node[control.name] = value;
    });
    close();
  }

  function close() { editing = null; }

  return { forms: forms, identify: identify, validate: validate, prepare: prepare, save: save, close: close };
})();
`;
