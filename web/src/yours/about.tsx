import { Link } from '@tanstack/react-router';

/** The thing that a notice or a task is about (`change/CHG-1`): a way to its page, where it has one. */
export function About({ object }: { readonly object: string }) {
  const slash = object.indexOf('/');
  const [kind, id] = [object.slice(0, slash), object.slice(slash + 1)];
  switch (kind) {
    case 'change':
      return (
        <Link to="/changes/$id" params={{ id }}>
          {id}
        </Link>
      );
    case 'run':
      return (
        <Link to="/runs/$run" params={{ run: id }}>
          {id}
        </Link>
      );
    case 'incident':
      return (
        <Link to="/incidents/$id" params={{ id }}>
          {id}
        </Link>
      );
    case 'lock':
      return (
        <Link to="/locks/$id" params={{ id }}>
          {id}
        </Link>
      );
    case 'task':
    case 'rota':
      return <>{`${kind} ${id}`}</>;
    default:
      return <code>{object}</code>;
  }
}
