import { UNSET_CHOICE, type Control } from '../controls';
import type { NodeDefinition } from '../definition';
import type { ConfigDefinition } from './config';
import { nodeForm, sections, testPathOf, usesLanguage } from './form';
import { LANGUAGE_TEXTS } from './languageTexts';
import { PASTE } from './paste';

interface FieldTexts {
  readonly label: string;
  readonly unit?: string;
  readonly help?: string;
  readonly placeholder?: string;
  readonly options?: Readonly<Record<string, string>>;
  readonly fields?: Readonly<Record<string, FieldTexts>>;
}

/** The English message catalogue of a node, as translators find it in `locales/en-US/<name>.json`. */
export function nodeRedCatalogue(definition: NodeDefinition | ConfigDefinition): Readonly<Record<string, unknown>> {
  const form = nodeForm(definition);
  const named = [...sections(form.controls).keys()].filter((section) => section !== undefined);
  return {
    palette: { label: { bellwether: 'Bellwether' } },
    title: definition.title,
    form: {
      name: 'Name',
      ...(form.configNodes.some(({ name }) => name === 'account') ? { account: 'Account', accountHelp: 'Empty uses the paper account "paper".' } : {}),
      ...(form.configNodes.some(({ name }) => name === 'channel') ? { channel: 'Channel', channelHelp: 'Where alerts go besides the journal. Empty: the journal alone.' } : {}),
      ...(form.hasHook ? HOOK_TEXTS : {}),
      ...(PASTE[definition.type] === undefined ? {} : { paste: PASTE[definition.type]?.hint }),
      ...(testPathOf(form) === undefined ? {} : TEST_TEXTS),
      remove: 'Remove',
      unset: UNSET_CHOICE,
    },
    field: texts(form.controls),
    ...(named.length === 0 ? {} : { section: Object.fromEntries(named.map((section) => [section, section])) }),
    ...(definition.kind === 'config' ? {} : { output: Object.fromEntries(definition.outputs.map(({ port, label }) => [port, label])) }),
    ...(usesLanguage(form) ? { language: LANGUAGE_TEXTS } : {}),
    errors: ERRORS,
  };
}

const HOOK_TEXTS = {
  url: 'Webhook URL',
  copy: 'Copy',
  copied: 'Copied',
  renew: 'New address',
  renewHelp: 'The old address stops working with the next deploy.',
  urlHelp: 'Deploy, then post alerts to this address. Whoever knows it can send signals: keep it to yourself. From outside, replace the host by your public one.',
};

const TEST_TEXTS = {
  test: 'Test',
  testHelp: 'Asks the broker with what stands here. No order is sent.',
  testing: 'Asking the broker…',
  testFailed: 'Node-RED did not answer. You may lack the right to deploy, or the session of this page is over: reload it.',
};

const ERRORS = {
  required: 'is required',
  number: 'must be a number',
  integer: 'must be a whole number',
  minimum: 'must be at least __limit__',
  above: 'must be more than __limit__',
  maximum: 'must be at most __limit__',
  row: 'row __row__:',
};

function texts(controls: readonly Control[]): Readonly<Record<string, FieldTexts>> {
  return Object.fromEntries(controls.map((control) => [control.name, {
    label: control.label,
    ...(control.unit === undefined ? {} : { unit: control.unit }),
    ...(control.help === undefined ? {} : { help: control.help }),
    ...(control.placeholder === undefined ? {} : { placeholder: control.placeholder }),
    ...(control.options.length === 0 ? {} : { options: Object.fromEntries(control.options.map(({ value, label }) => [value, label])) }),
    ...(control.fields.length === 0 ? {} : { fields: texts(control.fields) }),
  }]));
}
