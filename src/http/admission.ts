import type { AppContext } from '../app/context.ts';
import { admit } from '../app/gate/admission.ts';
import { admissionAnswer, admissionReview, type AdmissionAnswer } from '../contract/admission.ts';
import { callOf, type Api } from './api.ts';

/** Two objects of a cluster, each of which may be a megabyte and a half. */
const BODY_LIMIT_BYTES = 4 * 1_048_576;

/** `POST /api/v1/admission/kubernetes`: a cluster asks before it takes something. */
export function registerAdmission(app: Api, context: AppContext): void {
  app.post(
    '/api/v1/admission/kubernetes',
    {
      config: { access: 'ask' },
      bodyLimit: BODY_LIMIT_BYTES,
      schema: {
        tags: ['gate'],
        summary: 'May a cluster take this: a validating webhook of Kubernetes, `AdmissionReview` of `v1`',
        body: admissionReview,
        response: { 200: admissionAnswer },
      },
    },
    async (request): Promise<AdmissionAnswer> => {
      const { uid } = request.body.request;
      const admission = await admit(context, callOf(request), request.body.request);
      return {
        apiVersion: 'admission.k8s.io/v1',
        kind: 'AdmissionReview',
        response: {
          uid,
          allowed: admission.allowed,
          ...(!admission.allowed && {
            status: { code: 403, reason: 'Forbidden', message: `interlock: ${admission.because}` },
          }),
        },
      };
    },
  );
}
