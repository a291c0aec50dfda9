import type { NodeDefinition } from '../definition';
import type { ConfigDefinition } from './config';
import { credentialFields, propertyDefaults } from './defaults';
import { EDITOR_SCRIPT, EDITOR_STYLE } from './editorScript';
import { usesLanguage } from './form';
import { LANGUAGE_SCRIPT, LANGUAGE_STYLE } from './languageScript';
import { isSecret, nodeForm, testPathOf, type NodeForm } from './form';
import { formFields } from './formFields';

export interface NodeRedHtmlOptions {
  /** Help in Markdown; its first paragraph becomes the palette's tooltip. */
  readonly help: string;
  /** File name of the icon in the node's `icons` folder; default `<definition.type>.svg`. */
  readonly icon?: string;
}

/** The editor half of a node: registration, form and help, as Node-RED expects them in `<name>.html`. Pure: the same definition gives the same text. */
export function nodeRedHtml(definition: NodeDefinition | ConfigDefinition, options: NodeRedHtmlOptions): string {
  const form = nodeForm(definition);
  return [
    `<style>\n${EDITOR_STYLE}${usesLanguage(form) ? LANGUAGE_STYLE : ''}</style>`,
    `<script type="text/javascript">\n${EDITOR_SCRIPT}${usesLanguage(form) ? LANGUAGE_SCRIPT : ''}</script>`,
    `<script type="text/javascript">\nbellwether.forms[${json(form.type)}] = ${json(clientForm(form))};\nRED.nodes.registerType(${json(form.type)}, {\n${registration(form, options.icon ?? `${definition.type}.svg`)}\n});\n</script>`,
    `<script type="text/html" data-template-name="${form.type}">\n<div class="bellwether-form">\n${formFields(form)}\n</div>\n</script>`,
    `<script type="text/markdown" data-help-name="${form.type}">\n${(options.help === '' ? `${definition.description}.` : options.help).trim()}\n</script>`,
  ].join('\n\n') + '\n';
}

function registration(form: NodeForm, icon: string): string {
  const { definition, isConfig } = form;
  const edit = isConfig ? '' : ', this';
  return [
    `category: ${json(isConfig ? 'config' : 'bellwether')}`,
    ...(definition.kind === 'config' ? [] : [
      `color: ${json(colourOf(definition))}`,
      `icon: ${json(icon)}`,
      `inputs: ${definition.kind === 'action' ? 1 : 0}`,
      `outputs: ${definition.outputs.length}`,
      `outputLabels: ${json(definition.outputs.map(({ label }) => label.toLowerCase()))}`,
      `paletteLabel: ${json(paletteLabel(definition))}`,
      ...(END_NODES.has(definition.type) ? ['align: "right"'] : []),
      'labelStyle: function () { return this.name ? "node_label_italic" : ""; }',
    ]),
    `label: function () { return this.name || ${definition.kind === 'config' ? configLabel(definition) : json(nodeLabel(definition))}; }`,
    `defaults: {\n${defaultsText(form)}\n  }`,
    ...(form.controls.some(isSecret) ? [`credentials: ${json(credentialFields(form))}`] : []),
    ...(isConfig ? [] : [`onadd: function () { bellwether.identify(this); }`]),
    `oneditprepare: function () { bellwether.prepare(this, ${json(form.type)}); }`,
    `oneditsave: function () { bellwether.save(this, ${json(form.type)}); }`,
    `oneditcancel: function () { bellwether.close(); }`,
    ...(edit === '' ? ['oneditdelete: function () { bellwether.close(); }'] : []),
  ].map((line) => `  ${line}`).join(',\n');
}

function defaultsText(form: NodeForm): string {
  return Object.entries(propertyDefaults(form)).map(([name, property]) => {
    const validate = form.controls.some((control) => control.name === name)
      ? `, validate: function (value, options) { return bellwether.validate(this, ${json(form.type)}, ${json(name)}, value, options); }`
      : '';
    return `    ${json(name)}: { ${json(property).slice(1, -1)}${validate} }`;
  }).join(',\n');
}

/** A config node without a name is known by its first field. */
function configLabel(definition: ConfigDefinition): string {
  const first = Object.keys(definition.params.shape)[0] ?? 'name';
  return `this[${json(first)}] || ${json(definition.title)}`;
}

/** Who sends alerts is named by its name alone; a trigger of ours says that it is one. */
function nodeLabel(definition: NodeDefinition): string {
  const { title } = definition;
  return (definition.kind === 'webhookTrigger' && definition.answersQuestions !== true ? title.replace(/ Trigger$/, '') : title).toLowerCase();
}

/** The palette breaks a word that is wider than a node in the middle. */
function paletteLabel(definition: NodeDefinition): string {
  return PALETTE_LABELS[definition.type] ?? nodeLabel(definition);
}

const PALETTE_LABELS: Readonly<Record<string, string>> = { performance: 'perf. report' };

/** Nodes that usually end a flow are drawn with their icon on the right. */
const END_NODES: ReadonlySet<string> = new Set(['alert']);

/** Muted, dark enough for a white icon. */
function colourOf(definition: NodeDefinition): string {
  if (definition.kind !== 'action') return '#7ba79d';
  return COLOURS[definition.type] ?? '#8aa0bd';
}

const COLOURS: Readonly<Record<string, string>> = { condition: '#9a92b8', indicator: '#9a92b8', marketData: '#9a92b8', riskGate: '#c7a468', approval: '#c7a468', tradeLock: '#c7a468', alert: '#b592a6' };

/** What the editor's script needs to know of the fields. */
function clientForm(form: NodeForm): object {
  const { prefix, controls, hasHook, isConfig, definition } = form;
  const meaning = definition.kind === 'config' ? undefined : definition.meaning;
  const language = usesLanguage(form) ? { hasLanguage: true, hasMeaning: meaning !== undefined, completions: meaning?.completions, definition: definition.type } : {};
  const testPath = testPathOf(form);
  return { prefix, hasHook, isConfig, ...(testPath === undefined ? {} : { testPath: testPath.replace(/^\//, '') }), ...language, controls: controls.map(({ name, kind, label, required, minimum, maximum, showWhen, default: preset, options, fields }) =>
    ({ name, kind, label, required, minimum, maximum, showWhen, default: preset, options, fields })) };
}

/** JSON that is safe inside a script element. */
function json(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
