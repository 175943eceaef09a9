import { history, type Told } from './history.ts';

/** The same violation with as few of its faults as still bring it about: each is left out in turn, as long as that helps. */
export async function shrunk(told: Told): Promise<Told> {
  for (const fault of told.faults) {
    const without = await history(
      told.seed,
      told.faults.filter((one) => one !== fault),
    );
    if (without.violation !== null) return shrunk(without);
  }
  return told;
}
