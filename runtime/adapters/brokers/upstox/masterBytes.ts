import axios from 'axios';
import { Readable } from 'node:stream';
import { deny, ok, type Outcome } from '../../../domain/denial';
import { MasterError, type Bytes } from '../../instruments/masters/bytes';

export interface MasterBytesOptions {
  /** Of the packed list: `UPSTOX_MASTER_ADDRESS`. */
  readonly address: string;
  /** Longest silence, before and within the answer; default 30,000. */
  readonly silenceMs?: number;
}

/** Opens Upstox' list of instruments. It is public: no token goes there. Redirects are not followed. */
export async function openMasterBytes({ address, silenceMs = 30_000 }: MasterBytesOptions): Promise<Outcome<Bytes>> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), silenceMs);
  const renew = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), silenceMs);
  };
  try {
    const answer = await axios.get<unknown>(address, { responseType: 'stream', signal: silence.signal, maxRedirects: 0, validateStatus: () => true, proxy: false, decompress: false });
    if (answer.data instanceof Readable && answer.status === 200) return ok(listened(answer.data, renew, () => clearTimeout(timer)));
    if (answer.data instanceof Readable) answer.data.destroy();
    clearTimeout(timer);
    return deny('NOT_READY', `Upstox' list of instruments answered ${answer.status}.`);
  } catch (error) {
    clearTimeout(timer);
    const code = axios.isAxiosError(error) ? error.code : undefined;
    return deny('NOT_READY', axios.isCancel(error) ? `Upstox' list of instruments said nothing for ${silenceMs} ms.` : `Upstox' list of instruments can not be reached${code === undefined ? '' : ` (${code})`}.`);
  }
}

async function* listened(stream: Readable, renew: () => void, end: () => void): Bytes {
  try {
    for await (const chunk of stream) {
      renew();
      if (!(chunk instanceof Uint8Array)) throw new MasterError('Upstox gave something that is no data.');
      yield chunk;
    }
  } catch (error) {
    throw error instanceof MasterError ? error : new MasterError('Upstox broke its list of instruments off.');
  } finally {
    end();
    stream.destroy();
  }
}
