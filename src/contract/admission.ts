import { z } from 'zod';
import { plainText } from './plain-text.ts';

const name = plainText.max(1_000);
/** Anything with a name in it; what else an object holds is its own. */
const object = z
  .looseObject({
    metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).nullish() }).optional(),
  })
  .nullish();

/** The annotation that names the claim somebody works under. */
export const CLAIM_ANNOTATION = 'interlock/claim';

/**
 * What the API server sends, of version `v1`; members that nothing here looks at are passed over, for later versions of Kubernetes add
 * some (https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#webhook-request-and-response).
 */
export const admissionReview = z.looseObject({
  apiVersion: z.literal('admission.k8s.io/v1'),
  kind: z.literal('AdmissionReview'),
  request: z.looseObject({
    uid: name.min(1),
    resource: z.looseObject({ group: name, version: name, resource: name.min(1) }),
    subResource: name.optional(),
    name: name.optional(),
    namespace: name.optional(),
    operation: z.enum(['CREATE', 'UPDATE', 'DELETE', 'CONNECT']),
    userInfo: z.looseObject({ username: name.optional() }),
    object,
    oldObject: object,
    dryRun: z.boolean().nullish(),
  }),
});
export type AdmissionReview = z.infer<typeof admissionReview>;

/** What it is answered, under the same `uid`. */
export const admissionAnswer = z
  .strictObject({
    apiVersion: z.literal('admission.k8s.io/v1'),
    kind: z.literal('AdmissionReview'),
    response: z.strictObject({
      uid: z.string(),
      allowed: z.boolean(),
      status: z
        .strictObject({ code: z.int(), reason: z.literal('Forbidden'), message: z.string() })
        .optional()
        .describe('Why not: the rules that refuse, and the next opening.'),
    }),
  })
  .meta({ id: 'AdmissionAnswer' });
export type AdmissionAnswer = z.infer<typeof admissionAnswer>;
