import { CLAIM_ANNOTATION, type AdmissionReview } from '../../contract/admission.ts';
import type { DecisionDocument } from '../../contract/decision.ts';
import { AppError } from '../../contract/errors.ts';
import type { KindOfChange } from '../../contract/gate.ts';
import type { KubernetesRule } from '../../contract/integrations/kubernetes.ts';
import { transact } from '../../store/database.ts';
import type { Call } from '../actor.ts';
import { entryBase, record } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { previewAsk } from '../decide-asks.ts';
import { digestOf } from '../digest.ts';
import { hostFacts } from '../change/host.ts';
import { ensureProof } from '../monitoring/monitoring.ts';
import { askPeers, INCIDENTS_ALONE } from './ask-peers.ts';
import { askGate } from './ask.ts';
import { whyNotUnder } from './under-claim.ts';
import { whyRefused } from './why-refused.ts';

type Request = AdmissionReview['request'];

/** Whether a cluster may take something, and if not, why. */
export type Admission = { readonly allowed: true } | { readonly allowed: false; readonly because: string };

const ALLOWED: Admission = { allowed: true };
const refused = (because: string): Admission => ({ allowed: false, because });

/**
 * Whether a cluster may take what it was sent. What fits no rule is refused; what names a running claim of its user is under that claim,
 * which was asked; the rest is asked. A dry run of the cluster is answered and leaves nothing.
 *
 * @throws {AppError} where there is no answer: the cluster then refuses (`failurePolicy: Fail`).
 */
export async function admit(context: AppContext, call: Call, request: Request): Promise<Admission> {
  const { kubernetes } = context.connections;
  if (!kubernetes) throw new AppError('not_found', 'expected `kubernetes` in integrations.yaml, got none');
  const rule = kubernetes.rules.find((one) => fits(one, request));
  if (!rule)
    return recordedRefusal(context, call, request, `expected a rule of integrations.yaml for it, got none`);
  if (rule.metadataAlone === 'allowed' && isMetadataAlone(context, request)) return ALLOWED;
  // Of what is deleted there is only what it was.
  const { annotations } = (request.object ?? request.oldObject)?.metadata ?? {};
  const claim = annotations?.[CLAIM_ANNOTATION];
  if (claim !== undefined) return underClaim(context, call, { rule, request, claim });
  if (rule.ask === undefined)
    return recordedRefusal(
      context,
      call,
      request,
      `expected the annotation ${CLAIM_ANNOTATION} with a running claim, got none`,
    );
  return asked(context, call, request, { ...rule.ask, environment: rule.environment, monthlyRelease: false });
}

function fits({ namespaces, resources, operations }: KubernetesRule, request: Request): boolean {
  return (
    namespaces.includes(request.namespace || '-') &&
    resources.includes(resourceOf(request)) &&
    operations.includes(request.operation)
  );
}

/** `deployments.apps/scale`, as a rule names it. */
function resourceOf({ resource: { group, resource }, subResource }: Request): string {
  const named = group === '' ? resource : `${resource}.${group}`;
  return subResource ? `${named}/${subResource}` : named;
}

/** Whether nothing else of an object is another one: by a digest over all of it, whatever kind it is. */
function isMetadataAlone(context: AppContext, { operation, object, oldObject }: Request): boolean {
  if (operation !== 'UPDATE' || !object || !oldObject) return false;
  return digestOf(context, restOf(object)) === digestOf(context, restOf(oldObject));
}

function restOf({ metadata: _metadata, status: _status, ...rest }: Record<string, unknown>) {
  return JSON.parse(JSON.stringify(rest));
}

async function asked(
  context: AppContext,
  call: Call,
  request: Request,
  change: KindOfChange,
): Promise<Admission> {
  const answer = request.dryRun
    ? await previewed(context, call, change)
    : await askGate(context, call, change);
  return answer.allowed ? ALLOWED : refused(whyRefused(answer));
}

/** `sideEffects: NoneOnDryRun`: the answer as it stands, with nothing recorded. */
async function previewed(context: AppContext, call: Call, change: KindOfChange): Promise<DecisionDocument> {
  if (context.ledger.frozen !== null) throw new AppError('ledger_frozen');
  await Promise.all([
    ensureProof(context, { environment: change.environment, targets: null }),
    askPeers(context, INCIDENTS_ALONE),
  ]);
  const question = { change, host: hostFacts(call.actor, null) };
  const { document } = await transact(context.db, (tx) => previewAsk(tx, context, call, question));
  return document;
}

interface Claimed {
  readonly rule: KubernetesRule;
  readonly request: Request;
  readonly claim: string;
}

async function underClaim(
  context: AppContext,
  call: Call,
  { rule, request, claim }: Claimed,
): Promise<Admission> {
  const user = request.userInfo.username ?? 'nobody';
  const account = Object.hasOwn(rule.under, user) ? rule.under[user] : undefined;
  if (account === undefined) {
    return recordedRefusal(
      context,
      call,
      request,
      `expected a user of the cluster who may work under a claim, got \`${user}\``,
    );
  }
  const why = await whyNotUnder(context, call, { claim, account, environment: rule.environment });
  if (why !== null) return recordedRefusal(context, call, request, why);
  if (!request.dryRun)
    await recorded(context, call, request, { outcome: 'allow', reason: `under ${claim} of ${account}` });
  return ALLOWED;
}

async function recordedRefusal(
  context: AppContext,
  call: Call,
  request: Request,
  because: string,
): Promise<Admission> {
  if (!request.dryRun) await recorded(context, call, request, { outcome: 'deny', reason: because });
  return refused(because);
}

async function recorded(
  context: AppContext,
  call: Call,
  request: Request,
  { outcome, reason }: { readonly outcome: 'allow' | 'deny'; readonly reason: string },
): Promise<void> {
  const { operation, namespace, name, uid } = request;
  await transact(context.db, (tx) =>
    record(tx, {
      ...entryBase(context, call),
      type: outcome === 'allow' ? 'admission.allowed' : 'admission.refused',
      action: 'admit',
      object: 'cluster/kubernetes',
      outcome,
      reason: short(reason),
      before: null,
      after: null,
      details: {
        operation,
        resource: short(resourceOf(request)),
        namespace: short(namespace ?? ''),
        name: short(name ?? ''),
        uid: short(uid),
      },
    }),
  );
}

/** Names of a cluster are as long as its users make them; an entry is not. */
const short = (text: string) => text.slice(0, 300).toWellFormed();
