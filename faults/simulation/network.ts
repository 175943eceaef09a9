import type { Chance } from '../chance.ts';
import type { Answer } from './coordinator.ts';
import type { VirtualTime } from './virtual-time.ts';

/** The way from the hosts to the server: slow, lossy, cut, and it says things twice. */
export interface Network {
  cut: boolean;
  serverUp: boolean;
  /** How often a message is lost, and how often it comes once more, much later. */
  loss: number;
  echo: number;
  /** The answer, or `null` where none came in time. */
  ask<T>(work: () => Promise<Answer<T>>, timeoutMs: number): Promise<Answer<T> | null>;
}

export function networkOf(time: VirtualTime, chance: Chance, fail: (error: unknown) => void): Network {
  const passes = (network: Network) => !network.cut && network.serverUp && !chance.happens(network.loss);
  const delay = () => (chance.happens(0.03) ? chance.between(1_000, 8_000) : chance.between(1, 60));
  const deliver = async <T>(
    network: Network,
    work: () => Promise<Answer<T>>,
    take: (answer: Answer<T>) => void,
  ) => {
    try {
      await time.sleep(delay());
      if (!passes(network)) return;
      const answer = await work();
      await time.sleep(delay());
      if (passes(network)) take(answer);
    } catch (error) {
      fail(error);
    }
  };
  return {
    cut: false,
    serverUp: true,
    loss: 0,
    echo: 0,
    ask(work, timeoutMs) {
      return new Promise((resolve) => {
        void deliver(this, work, resolve);
        if (chance.happens(this.echo)) {
          const late = chance.between(500, 90_000);
          void time.sleep(late).then(() => deliver(this, work, () => undefined));
        }
        void time.sleep(timeoutMs).then(() => resolve(null));
      });
    },
  };
}
