import type { Connection } from './app/ports/connection.ts';
import { BadSetting } from './bad-setting.ts';
import { PUBLIC_AUDIENCE, type AudienceRoute } from './contract/integrations/audiences.ts';
import type { IntegrationsFile } from './contract/integrations/file.ts';
import type { SecretReference } from './contract/integrations/secret.ts';
import type { AudienceName } from './contract/updates.ts';
import { audienceWebhook } from './integrations/audience-webhook/audience-webhook.ts';
import { mattermostRoom } from './integrations/mattermost/mattermost.ts';
import type { Secret } from './integrations/peer/secret.ts';
import { slackRoom } from './integrations/slack/room.ts';

type SecretOf = (reference: SecretReference) => Secret;

interface Referred {
  readonly secretOf: SecretOf;
  /** A secret that is an address. */
  readonly addressOf: SecretOf;
}

/** A place, by what makes it the same; whoever shares it is told there once. */
interface Place {
  readonly kind: 'slack' | 'mattermost' | 'webhook';
  readonly at: string;
  readonly open: (name: string, audiences: readonly AudienceName[]) => Connection;
}

/** A connection for each room and each webhook of an audience's own. @throws {BadSetting} where the public shares one with the company */
export function audiencePlaces(file: IntegrationsFile, referred: Referred): Connection[] {
  const { secretOf } = referred;
  const production = file.mattermost && secretOf(file.mattermost.webhook).reveal();
  const named = (Object.entries(file.audiences) as [AudienceName, AudienceRoute][]).flatMap(
    ([audience, route]) =>
      [roomOf(file, route, referred), hookOf(route, secretOf)].flatMap((place) =>
        place ? [{ audience, place }] : [],
      ),
  );
  const places = Map.groupBy(named, ({ place: { kind, at } }) => `${kind} ${at}`);
  return [...places.values()].flatMap((sharing) => {
    const [first] = sharing;
    if (!first) return [];
    const { kind, at, open } = first.place;
    const audiences = sharing.map(({ audience }) => audience);
    if (kind === 'mattermost' && at === production)
      throw wrong(
        audiences,
        'a room beside that of `mattermost`, which hears of changes already, got the same',
      );
    if (audiences.includes(PUBLIC_AUDIENCE) && audiences.length > 1)
      throw wrong(audiences, `places of which \`${PUBLIC_AUDIENCE}\` shares none, got the same`);
    return open(`${kind}-${first.audience}`, audiences);
  });
}

function roomOf(
  { slack }: IntegrationsFile,
  { room }: AudienceRoute,
  { secretOf, addressOf }: Referred,
): Place | null {
  const channel = room?.slack;
  if (slack && channel !== undefined)
    return {
      kind: 'slack',
      at: channel,
      open: (name, audiences) => slackRoom({ name, channel, audiences }, slack, secretOf(slack.token)),
    };
  if (room?.mattermost === undefined) return null;
  const webhook = addressOf(room.mattermost);
  return {
    kind: 'mattermost',
    at: webhook.reveal(),
    open: (name, audiences) => mattermostRoom(name, audiences, webhook),
  };
}

function hookOf({ webhook }: AudienceRoute, secretOf: SecretOf): Place | null {
  if (!webhook) return null;
  const { url, signing } = webhook;
  return {
    kind: 'webhook',
    at: new URL(url).href,
    open: (name, audiences) => audienceWebhook({ name, url, audiences }, signing.map(secretOf)),
  };
}

/** No address is repeated: parts of it may be secret. */
function wrong(audiences: readonly AudienceName[], expected: string): BadSetting {
  return new BadSetting(`expected of the audiences ${audiences.join(', ')} ${expected}`);
}
