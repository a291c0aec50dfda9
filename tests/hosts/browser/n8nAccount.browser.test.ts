import type { OpenAlgoServer } from '../../doubles/openalgoServer';
import { ACCOUNT, CAPITAL } from '../liveAccount';
import { API_KEY, liveGateway } from '../liveBrokers';
import { OWNER } from '../n8n/process';
import { startN8n, type Session } from '../n8n/session';
import { Chromium, describeInBrowser } from './chromium';
import { N8nEditor } from './n8nEditor';

jest.setTimeout(240_000);

describeInBrowser('the credential of a broker in n8n', () => {
  let gateway: OpenAlgoServer;
  let session: Session;
  let browser: Chromium;

  beforeAll(async () => {
    gateway = await liveGateway();
    session = await startN8n();
    await session.client.createCredential('Gateway', 'bellwetherOpenAlgoApi', { id: ACCOUNT, url: gateway.url, apiKey: API_KEY, openAlgoMode: 'live', capital: CAPITAL, limits: {} });
    browser = await Chromium.open();
  });

  afterAll(async () => {
    await browser.close();
    await session.host.dispose();
    await gateway.close();
  });

  test('is tested at the gateway: the right key passes, a wrong one is told with what to do; no order is sent', async () => {
    const { page } = browser;
    const editor = new N8nEditor(page, session.host.base);
    await editor.signIn(OWNER);
    await editor.newWorkflow();
    const panel = await editor.addNode('Place Order');
    await panel.chooseCredential('Gateway');
    await page.locator('[data-test-id="credential-edit-button"]').click();
    await page.getByText('Connection tested successfully').waitFor();
    await page.locator('.el-dialog input[type="password"]').first().fill('not the key');
    await page.locator('[data-test-id="credential-save-button"]').click();
    await page.getByText('Couldn’t connect with these settings').waitFor();
    await page.getByText('More details').click();
    await page.getByText('Invalid openalgo apikey. Log in to the broker in OpenAlgo').first().waitFor();
    expect(gateway.asked('placeorder')).toEqual([]);
    expect(gateway.asked('funds').length).toBeGreaterThan(0);
  });
});
