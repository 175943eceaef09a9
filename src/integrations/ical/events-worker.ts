import { parentPort, workerData } from 'node:worker_threads';
import { eventsIn, type EventsQuestion } from './events.ts';

// The one file that does something on import: it is the beginning of a thread, see `read-aside.ts`.
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- it goes to a thread, not to a window
parentPort?.postMessage(eventsIn(workerData as EventsQuestion));
