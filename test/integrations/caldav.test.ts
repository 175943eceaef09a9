import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PublishedEvent } from '../../src/app/ports/calendar-text.ts';
import type { Taken } from '../../src/app/ports/connection.ts';
import { caldavConnection } from '../../src/integrations/caldav/caldav.ts';
import { Secret } from '../../src/integrations/peer/secret.ts';
import { startCaldav } from '../kit/caldav.ts';
import { integrationContract } from '../kit/integration-contract.ts';
import { RADICALE_PASSWORD, RADICALE_USER, startRadicale, type TestRadicale } from '../kit/radicale.ts';

const open = ({ url }: { readonly url: string }, secret = RADICALE_PASSWORD) =>
  caldavConnection({ url, user: RADICALE_USER, password: { env: 'NONE' } }, new Secret(secret));
const START = Date.UTC(2026, 10, 17, 9);
const event: PublishedEvent = {
  uid: 'CHG-1@interlock',
  sequence: 3,
  changedAt: START - 86_400_000,
  start: START,
  end: START + 3_600_000,
  title: 'CHG-1 (C2) Raise work_mem; für Zürich, 🚀 and a title that is long enough for several lines',
  place: 'illumidesk.com, staging.illumidesk.com',
  url: 'https://interlock.example.com/changes/CHG-1',
  status: 'confirmed',
  busy: true,
};
const wanted = { id: 'key:1', about: 'calendar/CHG-1@interlock', by: 'a-log', event, known: null };
const signal = () => AbortSignal.timeout(5_000);

let turn = 0;
integrationContract({
  name: 'caldav',
  peer: startCaldav,
  open,
  offers: {
    // What stands there is not written again, so each of these is another.
    calendar: (connection, id, during) =>
      connection.offers.calendar!.keep(
        { ...wanted, event: { ...event, uid: `${id}:${(turn += 1)}` } },
        during,
      ),
  },
  idOf: null,
});

/** What a receipt says. */
const parts = (said: Taken) => {
  if (said.kind !== 'taken') throw new Error(said.because);
  return (said.receipt ?? '').split(' ');
};

describe('caldav, with Radicale', () => {
  let radicale: TestRadicale;
  beforeAll(async () => {
    radicale = await startRadicale();
  });
  afterAll(() => radicale.stop());
  const calendar = (secret?: string) => open(radicale, secret).offers.calendar!;
  const only = async () =>
    [...(await radicale.objects())].filter(([name]) => name.startsWith('interlock-'))[0]!;
  const edit = async (from: RegExp, to: string) => {
    const [name, text] = await only();
    const { status } = await radicale.ask('PUT', name, {
      body: text.replace(from, to),
      headers: { 'content-type': 'text/calendar' },
    });
    expect(status).toBe(201);
  };
  /** What the receipts of the tests before left. */
  let tag: string;

  it('writes an event once, and finds its own again without an answer', async () => {
    const first = parts(await calendar().keep(wanted, signal()));
    expect(first[0]).toBe('3');
    const [, text] = await only();
    expect(text.replaceAll(/\r?\n /g, '')).toContain(
      String.raw`CHG-1 (C2) Raise work_mem\; für Zürich\, 🚀 and`,
    );
    expect(text).not.toContain('METHOD');
    // As after an attempt whose answer was lost.
    expect(parts(await calendar().keep(wanted, signal()))).toEqual(first);
    tag = first[1]!;
    expect(await calendar().look([event.uid, 'CHG-9@interlock'], signal())).toEqual({
      kind: 'seen',
      found: new Map([[event.uid, tag]]),
    });
  });

  it('puts right what somebody edited, above their sequence, and says so', async () => {
    await edit(/SEQUENCE:3/, 'SEQUENCE:7');
    expect(await calendar().look([event.uid], signal())).not.toMatchObject({
      found: new Map([[event.uid, tag]]),
    });
    const [sequence, now, restored] = parts(
      await calendar().keep({ ...wanted, known: tag, event: { ...event, sequence: 4 } }, signal()),
    );
    expect([sequence, restored]).toEqual(['8', 'restored']);
    expect((await only())[1]).toContain('SEQUENCE:8');
    await edit(
      /END:VEVENT/,
      'BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:x\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\nEND:VEVENT',
    );
    const again = parts(
      await calendar().keep({ ...wanted, known: now!, event: { ...event, sequence: 9 } }, signal()),
    );
    expect(again[2]).toBe('restored');
    expect((await only())[1]).not.toContain('VALARM');
    tag = again[1]!;
  });

  it('writes anew what somebody took out, and nothing beside it', async () => {
    const [name] = await only();
    expect((await radicale.ask('DELETE', name)).status).toBe(200);
    expect(await calendar().look([event.uid], signal())).toEqual({ kind: 'seen', found: new Map() });
    const made = parts(
      await calendar().keep({ ...wanted, known: tag, event: { ...event, sequence: 12 } }, signal()),
    );
    expect([made[0], made[2]]).toEqual(['12', 'restored']);
    expect((await radicale.objects()).size).toBe(1);
    tag = made[1]!;
  });

  it('leaves what is not its own, also at the very name, and takes its own out', async () => {
    const [name, text] = await only();
    const others = calendar();
    expect(await others.keep({ ...wanted, by: 'another-log' }, signal())).toMatchObject({ kind: 'refused' });
    expect(await others.remove({ ...wanted, by: 'another-log', uid: event.uid }, signal())).toMatchObject({
      kind: 'refused',
    });
    expect((await only())[1]).toBe(text);
    await edit(/SUMMARY:[^]*?\r\n(?! )/, 'SUMMARY:Mine now\r\n');
    const gone = { ...wanted, uid: event.uid, known: tag };
    expect(await calendar().remove(gone, signal())).toEqual({ kind: 'taken', receipt: 'gone' });
    expect((await radicale.ask('GET', name)).status).toBe(404);
    expect(await calendar().remove(gone, signal())).toEqual({ kind: 'taken', receipt: 'gone' });
  });

  it('says of a wrong password, and of a place that is no calendar, that it would not do', async () => {
    expect(await open(radicale).test(signal())).toEqual({
      kind: 'taken',
      receipt: expect.stringMatching(/^calendar Production on 127\.0\.0\.1:/),
    });
    expect(await open(radicale, 'another-password').test(signal())).toMatchObject({ kind: 'later' });
    expect((await open({ url: new URL('nothing/', radicale.url).href }).test(signal())).kind).not.toBe(
      'taken',
    );
    expect((await open({ url: new URL('..', radicale.url).href }).test(signal())).kind).not.toBe('taken');
  });
});
