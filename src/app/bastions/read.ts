import type { Bastion } from '../../contract/bastions.ts';
import { listBastions } from '../../store/bastions.ts';
import type { AppContext } from '../context.ts';
import { bastionView } from './view.ts';

/** All registrations, newest first, revoked ones too. */
export async function readBastions(context: AppContext): Promise<Bastion[]> {
  return (await listBastions(context.db)).map(bastionView);
}
