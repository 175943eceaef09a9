import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Audiences, PolicyInForce } from './app/context.ts';
import type { Connection, Connections } from './app/ports/connection.ts';
import { BadSetting } from './bad-setting.ts';
import type { IntegrationsFile, PeerName } from './contract/integrations/file.ts';
import { peerAddress, type PostingClient, type SecretReference } from './contract/integrations/secret.ts';
import { audiencePlaces } from './open-audiences.ts';
import { readIntegrations, type NamedSecret } from './documents/integrations.ts';
import { formatProblem, type Problem } from './documents/problem.ts';
import { openIssueTexts } from './open-issue-texts.ts';
import { caldavConnection } from './integrations/caldav/caldav.ts';
import { grafanaConnection } from './integrations/grafana/grafana.ts';
import { mastodonConnection } from './integrations/mastodon/mastodon.ts';
import { githubConnection } from './integrations/github/github.ts';
import { gitlabConnection } from './integrations/gitlab/gitlab.ts';
import { githubDeploymentConnection } from './integrations/github-deployments/connection.ts';
import { gitlabDeploymentConnection } from './integrations/gitlab-deployments/connection.ts';
import { mailConnection } from './integrations/mail/mail.ts';
import { opsgenieConnection } from './integrations/opsgenie/opsgenie.ts';
import { pagerdutyConnection } from './integrations/pagerduty/pagerduty.ts';
import { mattermostConnection } from './integrations/mattermost/mattermost.ts';
import type { Client } from './integrations/peer/lending.ts';
import { masking, Secret } from './integrations/peer/secret.ts';
import { rotaFilesConnection } from './integrations/rota-files/rota-files.ts';
import { slackConnection } from './integrations/slack/slack.ts';
import { terraformConnection } from './integrations/terraform/connection.ts';

type SecretOf = (reference: SecretReference) => Secret;

/** What the file refers to. */
interface Referred {
  readonly secretOf: SecretOf;
  /** A secret that is an address. @throws {BadSetting} where it is none */
  readonly addressOf: SecretOf;
}

/** What makes a connection of its part of the file; `null` where that is absent. One row a peer. */
const ISLANDS: Readonly<Record<PeerName, (file: IntegrationsFile, referred: Referred) => Connection | null>> =
  {
    mail: ({ mail }, { secretOf }) =>
      mail ? mailConnection(mail, mail.password ? secretOf(mail.password) : null) : null,
    slack: ({ slack, address }, { secretOf }) =>
      slack
        ? slackConnection(slack, {
            token: secretOf(slack.token),
            signing: (slack.signing ?? []).map(secretOf),
            app: slack.appToken ? secretOf(slack.appToken) : null,
            client: clientOf('slack', slack.posting, { address, secretOf }),
          })
        : null,
    mattermost: ({ mattermost }, { addressOf }) =>
      mattermost ? mattermostConnection(addressOf(mattermost.webhook)) : null,
    github: ({ github, address }, { secretOf }) =>
      github
        ? githubConnection(github, {
            token: secretOf(github.token),
            hooks: (github.hooks ?? []).map(secretOf),
            client: clientOf('github', github.posting, { address, secretOf }),
          })
        : null,
    gitlab: ({ gitlab, address }, { secretOf }) =>
      gitlab
        ? gitlabConnection(gitlab, {
            token: secretOf(gitlab.token),
            hooks: (gitlab.hooks ?? []).map(secretOf),
            client: clientOf('gitlab', gitlab.posting, { address, secretOf }),
          })
        : null,
    mastodon: ({ mastodon }, { secretOf }) =>
      mastodon ? mastodonConnection(mastodon, secretOf(mastodon.token)) : null,
    grafana: ({ grafana }, { secretOf }) =>
      grafana ? grafanaConnection(grafana, secretOf(grafana.token)) : null,
    caldav: ({ caldav }, { secretOf }) =>
      caldav ? caldavConnection(caldav, secretOf(caldav.password)) : null,
    'github-deployments': ({ 'github-deployments': settings }, { secretOf }) =>
      settings
        ? githubDeploymentConnection(settings, {
            key: secretOf(settings.key),
            signing: settings.signing.map(secretOf),
          })
        : null,
    'gitlab-deployments': ({ 'gitlab-deployments': settings }, { secretOf }) =>
      settings
        ? gitlabDeploymentConnection(settings, {
            token: secretOf(settings.token),
            signing: settings.signing.map(secretOf),
          })
        : null,
    terraform: ({ terraform }, { secretOf }) =>
      terraform ? terraformConnection(terraform, terraform.signing.map(secretOf)) : null,
    pagerduty: ({ pagerduty }, { secretOf }) =>
      pagerduty
        ? pagerdutyConnection(pagerduty, {
            token: secretOf(pagerduty.token),
            hooks: (pagerduty.hooks ?? []).map(secretOf),
          })
        : null,
    opsgenie: ({ opsgenie }, { secretOf }) =>
      opsgenie ? opsgenieConnection(opsgenie, secretOf(opsgenie.token)) : null,
    'rota-files': ({ 'rota-files': files }) => (files ? rotaFilesConnection(files) : null),
  };

/** What the file gives to the use cases. */
export interface Integrations {
  readonly connections: Connections;
  readonly audiences: Audiences;
}

/** Without the file there are none. */
const NONE: Integrations = {
  connections: { all: [], mask: (text) => text },
  audiences: { routes: {}, status: null },
};

/** The shortest that counts as a secret: what is shorter is left over from an example. */
const SHORTEST = 8;

export interface IntegrationsSource {
  readonly file: string;
  /** Whether somebody named it: then it has to be there. */
  readonly named: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What `integrations.yaml` names. Nobody is asked yet. @throws {BadSetting} with `file:line:column` a problem */
export async function openIntegrations(source: IntegrationsSource): Promise<Integrations> {
  const text = await textOf(source);
  if (text === null) return NONE;
  const read = readIntegrations({ file: source.file, text });
  if (!read.ok) throw badFile(read.problems);
  const secrets = await resolved(read.secrets, source);
  const issueTexts = await openIssueTexts(read, path.dirname(source.file));
  const secretOf = (reference: SecretReference): Secret => {
    const secret = secrets.get(keyOf(reference));
    if (!secret) throw new Error('expected a secret that the file names, got another');
    return secret;
  };
  const file = beside(read.file, path.dirname(source.file));
  const addressOf = (reference: SecretReference): Secret => {
    const secret = secretOf(reference);
    if (peerAddress.safeParse(secret.reveal()).success) return secret;
    const named = read.secrets.find((one) => keyOf(one.reference) === keyOf(reference));
    throw badFile(
      named ? [named.problem('expected the address of a webhook in this secret, got something else')] : [],
    );
  };
  const referred = { secretOf, addressOf };
  const peers = Object.values(ISLANDS).flatMap((open) => open(file, referred) ?? []);
  const all = [...peers, ...audiencePlaces(read.file, referred)];
  return {
    connections: { all, kubernetes: read.file.kubernetes, issueTexts, mask: masking([...secrets.values()]) },
    audiences: { routes: read.file.audiences, status: read.file.status ?? null },
  };
}

/**
 * The same, where each environment that has a place of its own in a tracker is one of the policy: mistyped it would have its issues elsewhere.
 * @throws {BadSetting}
 */
export function knownEnvironments(
  opened: Integrations,
  { policy }: Pick<PolicyInForce, 'policy'>,
): Integrations {
  for (const { name: peer, offers } of opened.connections.all)
    for (const name of Object.keys(offers.tracker?.opensAt.environments ?? {}))
      if (!policy.environments.has(name))
        throw new BadSetting(
          `expected an environment of the policy for a place of \`${peer}\` in integrations.yaml, got \`${name}\`: it has ${[...policy.environments.keys()].join(', ')}`,
        );
  return opened;
}

/** The same with its paths from the folder of the file. */
function beside(file: IntegrationsFile, folder: string): IntegrationsFile {
  const { 'rota-files': files } = file;
  if (!files) return file;
  const whole = Object.entries(files).map(([name, place]) => [name, path.resolve(folder, place)] as const);
  return { ...file, 'rota-files': Object.fromEntries(whole) };
}

async function textOf({ file, named }: IntegrationsSource): Promise<string | null> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    if (!named && (cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new BadSetting(`expected an integrations file that can be read, got \`${file}\``, { cause });
  });
}

async function resolved(
  named: readonly NamedSecret[],
  { file, environment }: IntegrationsSource,
): Promise<Map<string, Secret>> {
  const secrets = new Map<string, Secret>();
  const problems: Problem[] = [];
  for (const { reference, problem } of named) {
    const text =
      'env' in reference
        ? environment[reference.env]
        : await readFile(path.resolve(path.dirname(file), reference.file), 'utf8').catch(() => undefined);
    // Not by its name: somebody may have written the secret itself there.
    const where = `in the ${'env' in reference ? 'variable' : 'file'} that is named here`;
    const secret = text?.trim() ?? '';
    if (secret.length >= SHORTEST) secrets.set(keyOf(reference), new Secret(secret));
    else
      problems.push(
        problem(
          `expected a secret of at least ${SHORTEST} characters ${where}, got ${text === undefined ? 'none' : 'a shorter one'}`,
        ),
      );
  }
  if (problems.length > 0) throw badFile(problems);
  return secrets;
}

/** The client with which people lend their right to post; its peer sends them back to one address, which is made here alone. */
function clientOf(
  peer: PeerName,
  posting: PostingClient | undefined,
  { address, secretOf }: { readonly address: string | undefined; readonly secretOf: SecretOf },
): Client | null {
  if (!posting || address === undefined) return null;
  const redirect = new URL(`/accounts/return/${peer}`, address).href;
  return { id: posting.client, secret: secretOf(posting.secret), redirect };
}

function keyOf(reference: SecretReference): string {
  return 'env' in reference ? `env ${reference.env}` : `file ${reference.file}`;
}

function badFile(problems: readonly Problem[]): BadSetting {
  return new BadSetting(problems.map(formatProblem).join('\n'));
}
