import { describe, expect, it } from '@jest/globals';
import { AxiosError } from 'axios';
import type { ChannelFault } from '../../../../channels/errors.js';
import { answerFault, transportFault, type FailedAnswer } from '../../../../channels/messenger/errors.js';
import { FAULTS, SENTENCES } from '../../../../channels/messenger/fault-table.js';
import { errorNames, graph } from './support.js';

/** Code, subcode and fault of every row of the platform's error list. */
const DOCUMENTED: [code: number, subcode: number | null, fault: ChannelFault][] = [
  [1, null, 'retry'],
  [1, 99, 'retry'],
  [1, 1357046, 'unknown_outcome'],
  [2, null, 'retry'],
  [2, 2018344, 'misconfigured'],
  [3, null, 'misconfigured'],
  [4, null, 'throttled'],
  [4, 2018354, 'rejected'],
  [9, 2018352, 'rejected'],
  [10, null, 'misconfigured'],
  [10, 2018278, 'window_closed'],
  [10, 2018065, 'window_closed'],
  [10, 2534022, 'window_closed'],
  [10, 2018108, 'unreachable'],
  [17, null, 'throttled'],
  [32, null, 'throttled'],
  [100, null, 'rejected'],
  [100, 33, 'rejected'],
  [100, 2018001, 'unreachable'],
  [100, 2018008, 'retry'],
  [100, 2018047, 'rejected'],
  [100, 2018109, 'rejected'],
  [100, 2018218, 'rejected'],
  [100, 2534029, 'policy'],
  [102, null, 'unauthorised'],
  [190, null, 'unauthorised'],
  [190, 458, 'unauthorised'],
  [190, 459, 'unauthorised'],
  [190, 460, 'unauthorised'],
  [190, 463, 'unauthorised'],
  [190, 464, 'unauthorised'],
  [190, 467, 'unauthorised'],
  [190, 490, 'unauthorised'],
  [190, 492, 'unauthorised'],
  [190, 2069032, 'unauthorised'],
  [200, null, 'misconfigured'],
  [200, 2018028, 'misconfigured'],
  [200, 2534041, 'unauthorised'],
  [200, 1545041, 'unreachable'],
  [230, null, 'unreachable'],
  [341, null, 'throttled'],
  [368, null, 'policy'],
  [551, null, 'unreachable'],
  [551, 1545041, 'unreachable'],
  [613, null, 'throttled'],
  [1200, null, 'retry'],
  [2022, null, 'policy'],
  [10900, null, 'unreachable'],
  [10903, null, 'unreachable'],
  [10904, null, 'misconfigured'],
  [80001, null, 'throttled'],
  [80002, null, 'throttled'],
  [80006, null, 'throttled'],
  [2018218, null, 'rejected'],
  [424242, null, 'rejected'],
];

function refuse(error: object, changes: Partial<FailedAnswer> = {}) {
  return answerFault({
    status: 400,
    body: { error },
    regainMs: null,
    effect: 'message',
    usesUpload: false,
    ...changes,
  });
}

describe('answerFault', () => {
  it.each(DOCUMENTED)('takes %s/%s for %s', (code, error_subcode, fault) => {
    const error = refuse({ code, ...(error_subcode === null ? {} : { error_subcode }), fbtrace_id: 'A1' });
    expect(error).toMatchObject({ fault, detail: { status: 400, code, subcode: error_subcode, traceId: 'A1' } });
  });

  it.each(errorNames())('reads the recorded answer %s by its numbers alone', (name) => {
    const { error } = graph(`${name}.error`) as { error: Record<string, unknown> };
    const expected = DOCUMENTED.find(
      ([code, subcode]) => code === error.code && subcode === (error.error_subcode ?? null),
    );
    expect(expected).toBeDefined();
    const { message: _wording, type: _type, ...numbers } = error;
    for (const told of [error, numbers, { ...numbers, message: 'outside of allowed window, token expired' }]) {
      expect(refuse(told).fault).toBe(expected?.[2]);
    }
  });

  it('has a sentence for people for every row, without the platform’s wording', () => {
    for (const row of FAULTS.values()) expect(SENTENCES[row.says]).toMatch(/^[A-Z].{20,}\.$/);
    expect(refuse({ code: 190, message: 'Malformed access token EAAsecret' }).message).not.toContain('EAAsecret');
  });

  it('limits tries where the list says so', () => {
    expect(refuse({ code: 1, error_subcode: 99 })).toMatchObject({ maxTries: 2, lastFault: 'misconfigured' });
    expect(refuse({ code: 2 }).lastFault).toBeNull();
    expect(refuse({ code: 100, error_subcode: 2018008 }).maxTries).toBe(2);
    expect(refuse({ code: 2 }).maxTries).toBe(3);
    expect(refuse({ code: 1200 }).maxTries).toBeNull();
  });

  it('drops an upload only if the send named one', () => {
    for (const error_subcode of [33, 2018008, 2018047]) {
      expect(refuse({ code: 100, error_subcode }, { usesUpload: true }).dropUpload).toBe(true);
      expect(refuse({ code: 100, error_subcode }).dropUpload).toBe(false);
    }
    expect(refuse({ code: 190 }, { usesUpload: true }).dropUpload).toBe(false);
  });

  it('waits as long as the platform asks when limited, else as the hub does by itself', () => {
    expect(refuse({ code: 613 }).retryAfterMs).toBeNull();
    expect(refuse({ code: 80006 }, { regainMs: 900_000 }).retryAfterMs).toBe(900_000);
    expect(refuse({ code: 100 }, { regainMs: 900_000 }).retryAfterMs).toBeNull();
  });

  it('does not take a server error that says nothing for a promise that nothing was sent', () => {
    for (const code of [1, 424242]) expect(refuse({ code }, { status: 500 }).fault).toBe('unknown_outcome');
    for (const code of [2, 1200]) expect(refuse({ code }, { status: 500 }).fault).toBe('retry');
    expect(refuse({ code: 1, error_subcode: 99 }, { status: 500 }).fault).toBe('unknown_outcome');
    expect(refuse({ code: 1 }, { status: 500, effect: 'nothing' }).fault).toBe('retry');
    expect(refuse({ code: 1, error_subcode: 1357046 }, { effect: 'nothing' }).fault).toBe('retry');
    expect(refuse({ code: 190 }, { status: 500 }).fault).toBe('unauthorised');
    expect(refuse({ code: 4 }, { status: 503 }).fault).toBe('throttled');
  });

  it('tries unknown errors again if they are said to pass', () => {
    expect(refuse({ code: 424242, is_transient: true }).fault).toBe('retry');
    expect(refuse({ code: '190' }).fault).toBe('unauthorised');
    expect(refuse({ code: 424242 }, { status: 403 }).fault).toBe('rejected');
  });

  it('goes by the status where there is nothing else', () => {
    const without = (status: number) => refuse({}, { status, body: null }).fault;
    expect([200, 302, 404, 429, 500, 503].map(without)).toEqual([
      'unknown_outcome',
      'rejected',
      'rejected',
      'throttled',
      'unknown_outcome',
      'unknown_outcome',
    ]);
  });
});

describe('transportFault', () => {
  const timedOut = (syscall: string) => AxiosError.from(Object.assign(new Error(), { code: 'ETIMEDOUT', syscall }));

  it('tells a connection that was never made from one that fell silent', () => {
    expect(transportFault(timedOut('connect'), 'message').fault).toBe('retry');
    expect(transportFault(timedOut('read'), 'message').fault).toBe('unknown_outcome');
    expect(transportFault(new AxiosError('late', 'ETIMEDOUT'), 'message').fault).toBe('unknown_outcome');
  });

  it('tries again whatever has no effect', () => {
    expect(transportFault(timedOut('read'), 'nothing').fault).toBe('retry');
    expect(transportFault('no error at all', 'nothing').detail).toEqual({ transport: 'unknown' });
  });
});
