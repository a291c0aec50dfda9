import { UNSET_CHOICE, type Control } from '../controls';
import { sections, testPathOf, type NodeForm } from './form';
import { PASTE } from './paste';

/** Longer lists are scrolled. */
const MOST_IN_SIGHT = 8;

/** The fields of an edit form. Texts stand in English and are replaced from the catalogue by their `data-i18n` keys. */
export function formFields(form: NodeForm): string {
  const bySection = [...sections(form.controls)];
  return [
    textRow(form, 'name', 'form.name', 'Name'),
    ...form.configNodes.map(({ name }) => configRow(form, name)),
    ...(form.hasHook ? [hookRows(form)] : []),
    ...bySection.map(([section, controls]) => (section === undefined ? plainRows(form, controls) : folded(form, section, controls))),
    ...(testPathOf(form) === undefined ? [] : [TEST_ROW]),
  ].filter((part) => part !== '').join('\n');
}

/** Asks whether what the form says works; nothing has to be deployed for it. */
const TEST_ROW = `<div class="form-row">
<button type="button" class="red-ui-button" data-bellwether-test><i class="fa fa-plug"></i> <span data-i18n="form.test">Test</span></button>
<div class="bellwether-help" data-bellwether-tested role="status" aria-live="polite" data-i18n="form.testHelp">Asks the broker with what stands here. No order is sent.</div>
</div>`;

function folded(form: NodeForm, section: string, controls: readonly Control[]): string {
  return `<details class="bellwether-section" data-bellwether-section>\n<summary data-i18n="section.${section}">${escape(section)}</summary>\n${rows(form, controls)}\n</details>`;
}

/** The meaning stands right behind the last of the fields that it follows from. */
function plainRows(form: NodeForm, controls: readonly Control[]): string {
  const { definition } = form;
  const names = definition.kind === 'config' ? undefined : definition.meaning?.params;
  const last = controls.findLastIndex(({ name }) => names?.includes(name) === true);
  return last < 0 ? rows(form, controls) : [rows(form, controls.slice(0, last + 1)), '<div class="bellwether-meaning" data-bellwether-meaning aria-live="polite"></div>', rows(form, controls.slice(last + 1))].join('\n');
}

function rows(form: NodeForm, controls: readonly Control[]): string {
  return controls.map((control) => row(form, control)).join('\n');
}

function row(form: NodeForm, control: Control): string {
  const key = `field.${control.name}`;
  const id = `${form.prefix}-${control.name}`;
  const unit = control.unit === undefined ? '' : ` <small class="bellwether-unit" data-i18n="${key}.unit">${escape(control.unit)}</small>`;
  const label = `<label for="${id}"><span data-i18n="${key}.label">${escape(control.label)}</span>${unit}</label>`;
  const help = control.help === undefined ? '' : `\n<div class="bellwether-help" data-i18n="${key}.help">${escape(control.help)}</div>`;
  return `<div class="form-row" data-bellwether-field="${control.name}">\n${label}\n${input(control, id, key)}${help}\n</div>`;
}

function input(control: Control, id: string, key: string): string {
  switch (control.kind) {
    case 'text':
      return `<input type="text" id="${id}"${placeholder(control, key)}${control.completes ? ' data-bellwether-completes' : ''}>`;
    case 'number':
    case 'integer':
      return `<input type="text" id="${id}" inputmode="decimal"${placeholder(control, key)}>`;
    case 'secret':
      return `<input type="password" id="${id}" autocomplete="off">`;
    case 'code':
      return `<textarea id="${id}" rows="6"${placeholder(control, key)}></textarea>`;
    case 'toggle':
      return `<input type="checkbox" id="${id}">`;
    case 'choice':
      return `<select id="${id}">${control.default === undefined && !control.required ? `<option value="" data-i18n="form.unset">${UNSET_CHOICE}</option>` : ''}${options(control, key)}</select>`;
    case 'choices':
      // All of them in sight: nobody scrolls a list of weekdays.
      return `<select id="${id}" multiple size="${Math.min(control.options.length, MOST_IN_SIGHT)}">${options(control, key)}</select>`;
    case 'rows':
      return `<ol class="bellwether-rows" data-bellwether-rows="${control.name}"></ol>`;
    case 'conditionRows':
      return `<div class="bellwether-condition" data-bellwether-condition="${control.name}"></div>`;
    case 'group':
      return `<div class="bellwether-group" data-bellwether-group="${control.name}"></div>`;
  }
}

function options(control: Control, key: string): string {
  return control.options.map(({ value, label }) => `<option value="${escape(value)}" data-i18n="${key}.options.${value}">${escape(label)}</option>`).join('');
}

/** An empty number means its default: the form shows it in the empty field. */
function placeholder(control: Control, key: string): string {
  if (control.placeholder !== undefined) return ` placeholder="${escape(control.placeholder)}" data-i18n="[placeholder]${key}.placeholder"`;
  const preset = control.default;
  return typeof preset === 'number' ? ` placeholder="${preset}"` : '';
}

function textRow(form: NodeForm, name: string, key: string, label: string): string {
  return `<div class="form-row">\n<label for="${form.prefix}-${name}" data-i18n="${key}">${label}</label>\n<input type="text" id="${form.prefix}-${name}">\n</div>`;
}

function configRow(form: NodeForm, name: 'account' | 'channel'): string {
  const [label, help] = name === 'account' ? ['Account', 'Empty uses the paper account "paper".'] : ['Channel', 'Where alerts go besides the journal. Empty: the journal alone.'];
  return `<div class="form-row">\n<label for="${form.prefix}-${name}" data-i18n="form.${name}">${label}</label>\n<input type="text" id="${form.prefix}-${name}">\n<div class="bellwether-help" data-i18n="form.${name}Help">${escape(help)}</div>\n</div>`;
}

/** The address, ready to copy, and what to tell the sender. */
function hookRows(form: NodeForm): string {
  const paste = PASTE[form.definition.type];
  const message = paste?.message === undefined ? '' : `\n<pre class="bellwether-paste">${escape(paste.message)}</pre>\n<button type="button" class="red-ui-button red-ui-button-small" data-bellwether-copy=".bellwether-paste"><i class="fa fa-copy"></i> <span data-i18n="form.copy">Copy</span></button>`;
  const hint = paste === undefined ? '' : `\n<div class="bellwether-help" data-i18n="form.paste">${escape(paste.hint)}</div>${message}`;
  return `<div class="form-row bellwether-hook">
<label for="bellwether-url" data-i18n="form.url">Webhook URL</label>
<input type="hidden" id="${form.prefix}-token">
<input type="text" id="bellwether-url" readonly>
<div class="bellwether-help">
<button type="button" class="red-ui-button red-ui-button-small" data-bellwether-copy="#bellwether-url"><i class="fa fa-copy"></i> <span data-i18n="form.copy">Copy</span></button>
<button type="button" class="red-ui-button red-ui-button-small" data-bellwether-renew data-i18n="[title]form.renewHelp"><i class="fa fa-refresh"></i> <span data-i18n="form.renew">New address</span></button>
</div>
<div class="bellwether-help" data-i18n="form.urlHelp">Deploy, then post alerts to this address. Whoever knows it can send signals: keep it to yourself. From outside, replace the host by your public one.</div>${hint}
</div>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}
