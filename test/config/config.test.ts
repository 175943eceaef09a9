import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { credentials } from '../../src/cli/credentials.ts';
import { readConfig } from '../../src/config.ts';

const PROVIDER = {
  INTERLOCK_OIDC_ISSUER: 'https://id.example',
  INTERLOCK_OIDC_CLIENT_ID: 'interlock',
  INTERLOCK_PUBLIC_URL: 'https://interlock.example',
};

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toEqual({
      dataDir: path.resolve('.interlock'),
      host: '127.0.0.1',
      port: 8420,
      databaseUrl: null,
      ledgerKeyFile: path.resolve('.interlock/ledger.key'),
      policyFile: null,
      prometheusUrl: null,
      alertmanagerUrl: null,
      allowedHosts: [],
      metricsOpen: false,
      adminTokenFile: null,
      alertSecrets: [],
      thanosUrl: null,
      allowPrivateAddresses: false,
      requestsPerMinute: 6_000,
      witnesses: [],
      integrations: { file: path.resolve('.interlock/integrations.yaml'), named: false },
      identity: { freshMinutes: 10, directoryFile: null, provider: null },
    });
  });

  it('takes an empty value for none', () => {
    expect(readConfig({ DATABASE_URL: '', INTERLOCK_POLICY: ' ', INTERLOCK_METRICS_OPEN: '' })).toEqual(
      readConfig({}),
    );
  });

  it('has the key of the ledger in the data folder, unless it is named', () => {
    expect(readConfig({ INTERLOCK_DATA: '/data' }).ledgerKeyFile).toBe('/data/ledger.key');
    const named = { INTERLOCK_DATA: '/data', INTERLOCK_LEDGER_KEY_FILE: '/secrets/ledger.key' };
    expect(readConfig(named).ledgerKeyFile).toBe('/secrets/ledger.key');
  });

  it('lists host names however they are parted', () => {
    expect(readConfig({ INTERLOCK_ALLOWED_HOSTS: 'a.example, b.example c.example' }).allowedHosts).toEqual([
      'a.example',
      'b.example',
      'c.example',
    ]);
  });

  it.each([
    [{ INTERLOCK_PORT: '65536' }, 'INTERLOCK_PORT: expected a port from 0 to 65535, got `65536`'],
    [
      { INTERLOCK_REQUESTS_PER_MINUTE: 'many' },
      'INTERLOCK_REQUESTS_PER_MINUTE: expected a number of requests, 0 for no limit, got `many`',
    ],
    [
      { INTERLOCK_WITNESSES: 'w.example#x' },
      'INTERLOCK_WITNESSES: expected an address that begins with `https://`',
    ],
    [
      { INTERLOCK_WITNESSES: 'https://w.example' },
      'INTERLOCK_WITNESSES: expected a verifier key `name+id+key` after `#`, got ``',
    ],
    [
      // A key that signs notes does not cosign.
      {
        INTERLOCK_WITNESSES:
          'https://w.example#example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k',
      },
      'INTERLOCK_WITNESSES: expected an Ed25519 key (type 4, 32 bytes)',
    ],
    [{ INTERLOCK_FRESH_MINUTES: '61' }, 'INTERLOCK_FRESH_MINUTES: expected minutes from 1 to 60, got `61`'],
    [
      { INTERLOCK_OIDC_ISSUER: 'http://id.example' },
      'INTERLOCK_OIDC_ISSUER: expected an address that begins with `https://`, got `http://id.example`',
    ],
    [
      { INTERLOCK_OIDC_ISSUER: 'https://id.example' },
      'INTERLOCK_OIDC_CLIENT_ID: expected a value beside INTERLOCK_OIDC_ISSUER, got none',
    ],
    [
      { ...PROVIDER, INTERLOCK_OIDC_SIGNED_BY: 'HS256' },
      'INTERLOCK_OIDC_SIGNED_BY: expected one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA, got `HS256`',
    ],
    [{ INTERLOCK_PORT: '80a' }, 'INTERLOCK_PORT: expected a port from 0 to 65535, got `80a`'],
    [{ INTERLOCK_PORT: '-1' }, 'INTERLOCK_PORT: expected a port from 0 to 65535, got `-1`'],
    [{ DATABASE_URL: 'host=db' }, 'DATABASE_URL: expected an address that begins with `postgres://`'],
    [{ PROMETHEUS_URL: 'prometheus:9090' }, 'PROMETHEUS_URL: expected an address that begins with `http://`'],
    [{ ALERTMANAGER_URL: 'file:///etc' }, 'ALERTMANAGER_URL: expected an address that begins with `http://`'],
    [{ INTERLOCK_METRICS_OPEN: 'yes' }, 'INTERLOCK_METRICS_OPEN: expected `true` or `false`, got `yes`'],
  ])('refuses %j', (environment, message) => {
    expect(() => readConfig(environment)).toThrow(message);
  });
});

const url = (environment: Record<string, string>) => credentials({}, environment).url;

describe('the command line', () => {
  it('asks the server that the same settings start, unless another is named', () => {
    expect(url({})).toBe('http://127.0.0.1:8420/');
    expect(url({ INTERLOCK_PORT: '9000' })).toBe('http://127.0.0.1:9000/');
    expect(url({ INTERLOCK_PORT: '9000', INTERLOCK_URL: 'https://a.example' })).toBe('https://a.example/');
    expect(() => url({ INTERLOCK_PORT: 'x' })).toThrow('expected the address of a server');
  });
});
