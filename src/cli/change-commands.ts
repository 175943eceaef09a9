import { register as announce } from './announce.ts';
import { register as approve } from './approve.ts';
import { register as calendar } from './calendar.ts';
import { register as change } from './change.ts';
import { register as channel } from './channel.ts';
import { register as discuss } from './discuss.ts';
import { register as emergency } from './emergency.ts';
import { register as exception } from './exception.ts';
import { register as budgets } from './budgets.ts';
import { register as inform } from './inform.ts';
import { register as integration } from './integration.ts';
import { register as incident } from './incident.ts';
import { register as lock } from './lock.ts';
import { register as notice } from './notice.ts';
import { register as present } from './present.ts';
import { register as schedule } from './schedule.ts';
import { register as task } from './task.ts';
import { register as verbal } from './verbal.ts';
import { register as veto } from './veto.ts';
import { register as webhook } from './webhook.ts';
import { register as withdraw } from './withdraw.ts';

/** The commands about requests, what is said of them and what stands in their way, in the order in which help lists them. */
export const CHANGE_COMMANDS = [
  change,
  approve,
  withdraw,
  exception,
  emergency,
  schedule,
  calendar,
  announce,
  present,
  verbal,
  inform,
  discuss,
  channel,
  veto,
  budgets,
  incident,
  lock,
  notice,
  task,
  webhook,
  integration,
];
