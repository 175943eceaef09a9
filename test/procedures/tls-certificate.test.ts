import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CarriedOut, procedure } from '../kit/carry-out.ts';
import { authority, certificate } from '../kit/certificate.ts';
import { testHosts, type TestHosts } from '../kit/hosts.ts';
import { eventually } from '../kit/loopback-process.ts';
import { startNginx, type TestNginx } from '../kit/nginx.ts';
import { scratchParent } from '../kit/scratch.ts';

const HOST = '127.0.0.1';
const NAME = 'shop.test';
const DAY = 86_400_000;
const issuer = authority();
const until = (days: number) => new Date(Date.now() + days * DAY);
const old = certificate([NAME], until(10), issuer);
const fresh = certificate([NAME], until(90), issuer);

let folder: string;
let nginx: TestNginx;
let hosts: TestHosts;
const opened: CarriedOut[] = [];

/** The procedure for this file. */
function replaceBy(pem: string): CarriedOut {
  const file = path.join(folder, 'new.pem');
  writeFileSync(file, pem, { mode: 0o600 });
  const one = procedure('tls-certificate', {
    with: {
      name: NAME,
      file,
      digest: createHash('sha256').update(pem).digest('hex'),
      destination: path.join(nginx.folder, 'both.pem').slice(1),
      port: nginx.https,
      authorities: path.join(folder, 'authority.pem'),
    },
    targets: [{ name: HOST, type: 'load-balancer' }],
    env: { PATH: hosts.PATH },
  });
  opened.push(one);
  return one;
}

/** For how many days the certificate is good that is served now, and for which names. */
const served = () =>
  new Promise<readonly [number, string | undefined]>((resolve, reject) => {
    const socket = connect(
      { host: HOST, port: nginx.https, servername: NAME, rejectUnauthorized: false },
      () => {
        const { valid_to, subjectaltname } = socket.getPeerCertificate();
        socket.destroy();
        resolve([Math.round((Date.parse(valid_to) - Date.now()) / DAY), subjectaltname]);
      },
    );
    socket.on('error', reject);
  });

beforeAll(async () => {
  folder = mkdtempSync(path.join(scratchParent(), 'interlock-certificate-'));
  writeFileSync(path.join(folder, 'authority.pem'), issuer.cert);
  nginx = await startNginx('', old);
  // One file for both, as the procedure wants it.
  const configuration = path.join(nginx.folder, 'nginx.conf');
  const edits = [
    [/(chain|key)\.pem/g, 'both.pem'],
    ['error.log;', 'error.log notice;'],
    // As it is where people use it: without a master nginx does not read its configuration again.
    ['master_process off', 'master_process on'],
  ] as const;
  const edited = edits.reduce(
    (text, [was, is]) => text.replaceAll(was, is),
    readFileSync(configuration, 'utf8'),
  );
  writeFileSync(configuration, edited);
  writeFileSync(path.join(nginx.folder, 'both.pem'), old.key + old.chain);
  await nginx.restart();
  const log = () => readFileSync(path.join(nginx.folder, 'error.log'), 'utf8');
  const reload = async () => {
    const before = log().length;
    nginx.reload();
    // Once the workers of before are gone, whoever connects is served by what it read now.
    await eventually(
      async () => log().slice(before),
      (said) => said.includes('exited with code 0'),
    );
  };
  hosts = await testHosts({
    [HOST]: {
      systemctl: { 'reload nginx': reload, 'is-active nginx': () => 'active' },
      programs: { nginx: `exec ${nginx.argv.join(' ')} "$@"` },
    },
  });
});
afterAll(async () => {
  opened.forEach((one) => one.clear());
  await hosts?.stop();
  await nginx?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('serves the new certificate, and the old one again', async () => {
  const plan = replaceBy(fresh.key + fresh.chain);
  expect(await plan.lint()).toEqual([]);
  expect(await plan.preflight()).toEqual([]);
  const { ok, output } = await plan.dryRun();
  expect(ok, output).toBe(true);
  expect(output).not.toContain('PRIVATE KEY');
  expect(await served()).toEqual([10, `DNS:${NAME}`]);
  const carried = await plan.forward();
  expect(carried.stopped).toBeNull();
  expect(await plan.postchecks()).toEqual([]);
  expect(await served()).toEqual([90, `DNS:${NAME}`]);
  expect((await plan.back(carried)).stopped).toBeNull();
  expect(await served()).toEqual([10, `DNS:${NAME}`]);
});

test('sees a certificate for another name, and serves the old one again', async () => {
  const other = certificate(['other.test'], until(90), issuer);
  const plan = replaceBy(other.key + other.chain);
  const carried = await plan.forward();
  expect(carried.stopped).toContain(`${HOST} serves ${NAME} with the new certificate: fail`);
  expect(await served()).toEqual([90, 'DNS:other.test']);
  expect(await plan.back(carried)).toEqual({
    done: [`put the old certificate back on ${HOST}`],
    stopped: null,
  });
  expect(await served()).toEqual([10, `DNS:${NAME}`]);
});

test('sees a key that is not of its certificate before it is loaded', async () => {
  const plan = replaceBy(old.key + fresh.chain);
  const carried = await plan.forward();
  expect(carried.done).toEqual([`put the certificate on ${HOST}`]);
  expect(carried.stopped).toContain(`nginx of ${HOST} takes the file: fail`);
  expect((await plan.back(carried)).stopped).toBeNull();
  expect(await plan.preflight()).toEqual([]);
});

test('does not begin with a certificate that ends soon', async () => {
  const soon = certificate([NAME], until(3), issuer);
  expect(await replaceBy(soon.key + soon.chain).preflight()).toEqual([
    expect.stringContaining('the new certificate is good for two weeks: fail'),
  ]);
});
