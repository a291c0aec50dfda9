import type { INodeTypeDescription } from 'n8n-workflow';
import type { WebhookTriggerDefinition } from '../definition';

type Texts = Required<Pick<INodeTypeDescription, 'eventTriggerDescription' | 'activationMessage' | 'triggerPanel'>>;

/** Where the URL goes and what to send, by source; another source gets the general words. */
const STEPS: Readonly<Record<string, { readonly sender: string; readonly paste: string }>> = {
  tradingViewTrigger: {
    sender: 'TradingView',
    paste: 'In TradingView open the alert, tick <b>Webhook URL</b> under Notifications and paste the URL. Put this into <b>Message</b>: '
      + '<code>{"id":"{{ticker}}-{{timenow}}-{{strategy.order.id}}","secret":"YOUR KEY","exchange":"NSE","symbol":"{{ticker}}","action":"{{strategy.order.action}}","quantity":"{{strategy.order.contracts}}","price":"{{close}}","ts":"{{timenow}}"}</code>. '
      + 'TradingView calls ports 80 and 443 only.',
  },
  chartInkTrigger: {
    sender: 'ChartInk',
    paste: 'In ChartInk choose <b>Create/Modify Alert</b> on your scan and paste the URL under <b>Webhook URL</b>. '
      + 'ChartInk sends no key: whoever knows the URL can send, so keep it to yourself.',
  },
  approvalTrigger: {
    sender: 'a person',
    paste: 'Paste the URL into <b>Answer URL</b> of the Approval node that asks. The links in its messages open this address, so it must be reachable from the phone that gets them.',
  },
};

/** Panel, waiting text and activation message of a trigger: what a trader has to paste where. */
export function triggerTexts(definition: WebhookTriggerDefinition): Texts {
  const { sender, paste } = STEPS[definition.type] ?? { sender: 'the sender', paste: 'Give the URL to the service that sends.' };
  const test = 'While you build: click <b>Execute step</b>, paste the <b>Test URL</b> and let one alert fire.';
  const live = 'To trade: publish the workflow and use the <b>Production URL</b>; its alerts run by themselves and show under Executions.';
  return {
    eventTriggerDescription: `Waiting for ${sender} to call the Test URL`,
    activationMessage: `Alerts of ${sender} to the Production URL now run this workflow.`,
    triggerPanel: {
      header: `Let ${sender} send an alert`,
      executionsHelp: { inactive: `${paste} <br /><br /> ${test} <br /><br /> ${live}`, active: `${paste} <br /><br /> ${live} They do not show in the editor.` },
      activationHint: 'Once the workflow is published, alerts to the Production URL run it without this button.',
    },
  };
}
