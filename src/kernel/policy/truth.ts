/** True, false, or `undefined`: not known. */
export type Truth = boolean | undefined;

/** True if both are, false if one is: what is not known cannot save it. */
export function both(a: Truth, b: Truth): Truth {
  if (a === false || b === false) return false;
  return a === undefined || b === undefined ? undefined : true;
}

export function not(a: Truth): Truth {
  return a === undefined ? undefined : !a;
}

/** Whether a value is the one wanted; not known if the value is not. */
export function is<T>(value: T | undefined, wanted: T): Truth {
  return value === undefined ? undefined : value === wanted;
}
