/** The same work, done once for each key; what it came to stands for everything of that key from then on. */
export function oncePer<T, R>(keyOf: (about: T) => unknown, work: (about: T) => R): (about: T) => R {
  const done = new Map<unknown, R>();
  return (about) => {
    const key = keyOf(about);
    if (!done.has(key)) done.set(key, work(about));
    // Set in the line above, or before.
    return done.get(key) as R;
  };
}

/** For what is known by itself: the same object again. */
export const itself = <T extends object>(about: T): T => about;
