import { findPerson } from '../../store/people.ts';
import type { Transaction } from '../../store/database.ts';
import { writerOfHandOff } from '../../store/hand-offs.ts';
import { isSameHuman } from '../../store/humans.ts';
import { versionsOf } from '../../store/locks.ts';
import { onDutyNow } from '../../store/rota.ts';
import type { TaskKind, TaskRow } from '../../store/tasks.ts';
import { engineersAhead } from '../hand-off/send.ts';
import { confirmersNow, lockOf } from '../lock/ask-to-confirm.ts';
import { giversOf, reviewersNow } from '../lock/exempted.ts';

/** Whose duty a task is, the first first, and whom it may not be of, whatever their duty. */
interface Duty {
  readonly able: readonly string[];
  readonly except: readonly string[];
}

/**
 * Whose each kind of task is by the policy, once its owner is shut out
 * ([ADR 0148](../../../docs/adr/0148-a-task-goes-to-whose-duty-it-is.md)).
 */
const BY_DUTY = {
  'approval-in-retrospect': ofIncidentManager,
  'hand-off': ofIncidentManager,
  'emergency-review': ofIncidentManager,
  'exemption-review': async (tx, { change_id, key }) => ({
    able: [...(await reviewersNow(tx)), ...(await onDuty(tx, 'imoc'))],
    except: change_id === null ? [] : await giversOf(tx, change_id, key),
  }),
  'tell-vpe': ofIncidentManager,
  'confirm-lock': async (tx, { key }) => ({
    able: await confirmersNow(tx),
    except: (await versionsOf(tx, lockOf(key))).map(({ made_by }) => made_by),
  }),
  'accept-hand-off': async (tx, { change_id }) => ({
    able: await engineersAhead(tx),
    except: change_id === null ? [] : await writerOfHandOff(tx, change_id),
  }),
  'delayed-check': async (tx) => ({
    able: [...(await onDuty(tx, 'eoc')), ...(await onDuty(tx, 'imoc'))],
    except: [],
  }),
} satisfies Record<TaskKind, (tx: Transaction, task: TaskRow) => Promise<Duty>>;

/** Who is to have a task whose owner is shut out: the first able one who is not; `null` where nobody is. */
export async function ownerByDuty(tx: Transaction, kind: TaskKind, task: TaskRow): Promise<string | null> {
  const { able, except } = await BY_DUTY[kind](tx, task);
  for (const person of able) {
    const account = await findPerson(tx, person);
    if (account?.disabled_at === null && !(await isSameHuman(tx, person, except))) return person;
  }
  return null;
}

async function ofIncidentManager(tx: Transaction): Promise<Duty> {
  return { able: await onDuty(tx, 'imoc'), except: [] };
}

async function onDuty(tx: Transaction, rota: 'eoc' | 'imoc'): Promise<readonly string[]> {
  const person = (await onDutyNow(tx))[rota];
  return person === undefined ? [] : [person];
}
