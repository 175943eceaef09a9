import { Link } from '@tanstack/react-router';

/** On a page that is still empty: where it stands among what there is to set up. */
export function SetupHint() {
  return <Link to="/setup">What is left to set up</Link>;
}
