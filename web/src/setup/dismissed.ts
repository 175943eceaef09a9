import { useState } from 'react';

/** Whether a person does not want to be shown what is left to set up; kept in this browser, for them alone. */
export function useDismissed(
  name: string | undefined,
): readonly [dismissed: boolean, dismiss: (dismissed: boolean) => void] {
  const [changed, setChanged] = useState<boolean | null>(null);
  if (name === undefined) return [true, () => undefined];
  const place = `setup:dismissed:${name}`;
  const dismissed = changed ?? localStorage.getItem(place) === 'yes';
  const dismiss = (yes: boolean) => {
    if (yes) localStorage.setItem(place, 'yes');
    else localStorage.removeItem(place);
    setChanged(yes);
  };
  return [dismissed, dismiss];
}
