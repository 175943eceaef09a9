import { Button, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Dialog } from '../parts/dialog.tsx';
import { changesSearch, type ChangesSearch } from './search.ts';
import classes from './filters.module.css';

const PLACE = 'interlock-views-of-changes';

interface SavedView {
  readonly name: string;
  readonly search: ChangesSearch;
}

/** Views of the list that were given a name; kept in this browser. */
export function SavedViews({ search }: { readonly search: ChangesSearch }) {
  const [views, setViews] = useState(readViews);
  const [naming, setNaming] = useState(false);
  const keep = (next: readonly SavedView[]) => {
    setViews(next);
    localStorage.setItem(PLACE, JSON.stringify(next));
  };
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = new FormData(event.currentTarget).get('name');
    if (typeof name !== 'string' || name.trim() === '') return;
    keep([...views.filter((view) => view.name !== name.trim()), { name: name.trim(), search }]);
    setNaming(false);
  };
  const narrowed = Object.keys(search).length > 0;
  if (!narrowed && views.length === 0) return null;
  return (
    <div className={classes['saved']}>
      {views.map((view) => (
        <span key={view.name}>
          <Link to="/changes" search={view.search}>
            {view.name}
          </Link>{' '}
          <button
            type="button"
            aria-label={`Forget the view ${view.name}`}
            onClick={() => keep(views.filter((one) => one !== view))}
          >
            ×
          </button>
        </span>
      ))}
      {narrowed && (
        <button type="button" onClick={() => setNaming(true)}>
          Save this view
        </button>
      )}
      {naming && (
        <Dialog title="Save this view" onClose={() => setNaming(false)}>
          <form onSubmit={save}>
            <TextInput name="name" label="Name" required maxLength={60} />
            <Button mt="sm" type="submit">
              Save
            </Button>
          </form>
        </Dialog>
      )}
    </div>
  );
}

function readViews(): readonly SavedView[] {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(PLACE) ?? '[]');
    if (!Array.isArray(read)) return [];
    return read.flatMap((one: Partial<SavedView>) =>
      typeof one.name === 'string' ? [{ name: one.name, search: changesSearch({ ...one.search }) }] : [],
    );
  } catch {
    return [];
  }
}
