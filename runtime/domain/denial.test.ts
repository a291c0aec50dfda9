import { explained } from './denial';

test.each([
  [{ message: 'The market is closed.', remedy: 'Wait.' }, 'The market is closed. Wait.'],
  [{ message: 'Invalid openalgo apikey', remedy: 'Check the key.' }, 'Invalid openalgo apikey. Check the key.'],
  [{ message: 'Invalid openalgo apikey' }, 'Invalid openalgo apikey'],
])('a refusal is told in whole sentences: %j', (denial, sentences) => {
  expect(explained(denial)).toBe(sentences);
});
