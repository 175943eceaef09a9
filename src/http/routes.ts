import type { AppContext } from '../app/context.ts';
import type { Api } from './api.ts';
import { registerAccountLinks } from './account-links.ts';
import { registerActs } from './acts.ts';
import { registerAdmission } from './admission.ts';
import { registerAlertmanager } from './alertmanager.ts';
import { registerApprovals } from './approvals.ts';
import { registerAttachments } from './attachments.ts';
import { registerAuthentications } from './authentications.ts';
import { registerBastions } from './bastions.ts';
import { registerCalendarFeeds } from './calendar-feeds.ts';
import { registerCalendar } from './calendar.ts';
import { registerChangeHistory } from './change-history.ts';
import { registerChanges } from './changes.ts';
import { registerClaims } from './claims.ts';
import { registerDecisions } from './decisions.ts';
import { registerDirectory } from './directory.ts';
import { registerDiscussion } from './discussion.ts';
import { registerDoctor } from './doctor.ts';
import { registerEmergencies } from './emergencies.ts';
import { registerErrorBudgets } from './error-budgets.ts';
import { registerGuardedCommands } from './guarded-commands.ts';
import { registerHandOffs } from './hand-offs.ts';
import { registerHealth } from './health.ts';
import { registerImports } from './imports.ts';
import { registerIncidents } from './incidents.ts';
import { registerHooks } from './hooks.ts';
import { registerIntegrations } from './integrations.ts';
import { registerLedger } from './ledger.ts';
import { registerLocks } from './locks.ts';
import { registerMeasures } from './measures.ts';
import { registerMetrics } from './metrics.ts';
import { registerMonitoring } from './monitoring.ts';
import { registerNotices } from './notices.ts';
import { registerPeople } from './people.ts';
import { registerPolicy } from './policy.ts';
import { registerPresence } from './presence.ts';
import { registerProcedures } from './procedures.ts';
import { registerRotaCovers } from './rota-covers.ts';
import { registerRotaSources } from './rota-sources.ts';
import { registerRota } from './rota.ts';
import { registerRuns } from './runs.ts';
import { registerSessions } from './sessions.ts';
import { registerSetup } from './setup.ts';
import { registerSilences } from './silences.ts';
import { registerSignIn } from './sign-in.ts';
import { registerStatus } from './status.ts';
import { registerStream } from './stream.ts';
import { registerChangePreview } from './change-preview.ts';
import { registerTemplates } from './templates.ts';
import { registerTokens } from './tokens.ts';
import { registerUpdates } from './updates.ts';
import { registerVerbalWords } from './verbal-words.ts';
import { registerStops } from './stops.ts';
import { registerVetoes } from './vetoes.ts';
import { registerWebhooks } from './webhooks.ts';

/** Registers the routes of one module. Whatever it does before the server is ready may be awaited. */
type Register = (app: Api, context: AppContext) => void | Promise<void>;

/** Every route module, one a file. */
export const ROUTES: readonly Register[] = [
  registerHealth,
  registerActs,
  registerMetrics,
  registerDoctor,
  registerSetup,
  registerSessions,
  registerSignIn,
  registerDirectory,
  registerAuthentications,
  registerPeople,
  registerTokens,
  registerAccountLinks,
  registerRota,
  registerRotaCovers,
  registerRotaSources,
  registerBastions,
  registerLedger,
  registerDecisions,
  registerClaims,
  registerAdmission,
  registerRuns,
  registerStream,
  registerChanges,
  registerChangePreview,
  registerTemplates,
  registerImports,
  registerChangeHistory,
  registerAttachments,
  registerCalendar,
  registerCalendarFeeds,
  registerApprovals,
  registerVerbalWords,
  registerDiscussion,
  registerUpdates,
  registerPolicy,
  registerPresence,
  registerVetoes,
  registerStops,
  registerEmergencies,
  registerErrorBudgets,
  registerIncidents,
  registerGuardedCommands,
  registerProcedures,
  registerMeasures,
  registerAlertmanager,
  registerLocks,
  registerMonitoring,
  registerNotices,
  registerWebhooks,
  registerIntegrations,
  registerHooks,
  registerStatus,
  registerSilences,
  registerHandOffs,
];
