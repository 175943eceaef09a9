import { transact, type Transaction } from '../../store/database.ts';
import { readEntries } from '../../store/ledger.ts';
import { insertDelivery } from '../../store/webhook-deliveries.ts';
import { moveCursor, takeEndpointBehind, type EndpointRow } from '../../store/webhook-endpoints.ts';
import type { AppContext } from '../context.ts';
import { newId } from '../secrets.ts';

/** Most entries looked at for one endpoint in one transaction. */
const AT_ONCE = 500;
/** Most transactions in one turn. */
const TURNS = 50;

/** Makes a message of each newly recorded entry that an endpoint wants to hear of. Gives how many entries were looked at. */
export async function feedWebhooks({ db }: Pick<AppContext, 'db'>): Promise<number> {
  let seen = 0;
  for (let turn = 0; turn < TURNS; turn += 1) {
    const looked = await transact(db, async (tx) => {
      const endpoint = await takeEndpointBehind(tx);
      return endpoint ? feed(tx, endpoint) : 0;
    });
    if (looked === 0) break;
    seen += looked;
  }
  return seen;
}

async function feed(tx: Transaction, endpoint: EndpointRow): Promise<number> {
  const rows = await readEntries(tx, endpoint.cursor, AT_ONCE);
  for (const { index, entry } of rows) {
    const read = JSON.parse(entry) as { readonly type: string; readonly time: string };
    if (!wants(endpoint.types, read.type)) continue;
    const data = { index: index.toString(), entry: read };
    const body = JSON.stringify({ type: read.type, timestamp: read.time, data });
    const message = { id: newId('msg'), endpoint: endpoint.id, ledger_index: index, type: read.type, body };
    await insertDelivery(tx, message);
  }
  await moveCursor(tx, endpoint.id, endpoint.cursor + BigInt(rows.length));
  return rows.length;
}

/** Whether a type is among those asked for: by its name, or all of its kind by `kind.*`. */
export function wants(types: readonly string[], type: string): boolean {
  return types.some((one) => one === type || (one.endsWith('.*') && type.startsWith(one.slice(0, -1))));
}
