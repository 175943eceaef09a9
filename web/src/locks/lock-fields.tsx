import { Checkbox, Group, NativeSelect, Radio, Stack, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { LOCK_KINDS } from '../../../src/kernel/policy/facts.ts';
import { askNow } from '../server/questions.ts';
import { type LockDraft, ruleOf } from './lock-draft.ts';
import { CATEGORY_WORDS, KIND_WORDS } from './words.ts';
import classes from './locks.module.css';

interface FieldsProps {
  readonly draft: LockDraft;
  readonly change: (part: Partial<LockDraft>) => void;
  /** Another text of a lock that stands cannot become one that acts at once. */
  readonly edits: boolean;
}

/** Everything that a lock says. */
export function LockFields(props: FieldsProps) {
  const { draft, change } = props;
  return (
    <Stack gap="md" mb="md">
      <Radio.Group label="What it stops" value={draft.kind} onChange={(value) => change({ kind: value })}>
        <Stack gap="xs" mt="xs">
          {LOCK_KINDS.map((kind) => (
            <Radio key={kind} value={kind} label={`${kind}: ${KIND_WORDS[kind]}`} />
          ))}
        </Stack>
      </Radio.Group>
      <Environments draft={draft} change={change} />
      <When {...props} />
      <NativeSelect
        label="Category"
        value={draft.category}
        data={Object.entries(CATEGORY_WORDS).map(([value, label]) => ({ value, label }))}
        onChange={({ currentTarget }) => change({ category: currentTarget.value as LockDraft['category'] })}
      />
      <Textarea
        label="Reason"
        description="Whoever is stopped by it reads this."
        value={draft.reason}
        rows={3}
        onChange={({ currentTarget }) => change({ reason: currentTarget.value })}
      />
    </Stack>
  );
}

function Environments({ draft, change }: Pick<FieldsProps, 'draft' | 'change'>) {
  const names = useQuery(askNow).data?.environments.filter(({ operational }) => operational) ?? [];
  return (
    <Checkbox.Group
      label="Where it holds"
      value={[...draft.environments]}
      onChange={(environments) => change({ environments })}
    >
      <Stack gap="xs" mt="xs">
        {names.map(({ name }) => (
          <Checkbox key={name} value={name} label={name} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

const WHENS: Readonly<Record<LockDraft['when'], string>> = {
  days: 'Whole days',
  hours: 'From an instant to another',
  again: 'Days that come again',
  once: 'At once, for a while',
};

function When({ draft, change, edits }: FieldsProps) {
  const ways = Object.entries(WHENS).filter(([way]) => !(edits && way === 'once'));
  return (
    <>
      <NativeSelect
        label="When"
        value={draft.when}
        data={ways.map(([value, label]) => ({ value, label }))}
        onChange={({ currentTarget }) => change({ when: currentTarget.value as LockDraft['when'] })}
      />
      {draft.when === 'days' && <Days draft={draft} change={change} />}
      {draft.when === 'hours' && <Hours draft={draft} change={change} />}
      {draft.when === 'again' && <Again draft={draft} change={change} />}
      {draft.when === 'once' && (
        <NativeSelect
          label="For how long"
          value={draft.timeToLive}
          data={['1 h', '2 h', '4 h', '8 h', '12 h', '24 h']}
          onChange={({ currentTarget }) => change({ timeToLive: currentTarget.value })}
        />
      )}
    </>
  );
}

function Days({ draft, change }: Pick<FieldsProps, 'draft' | 'change'>) {
  return (
    <div className={classes['pair']}>
      <TextInput
        type="date"
        label="First day"
        value={draft.first}
        onChange={({ currentTarget }) => change({ first: currentTarget.value })}
      />
      <TextInput
        type="date"
        label="Last day"
        value={draft.last}
        onChange={({ currentTarget }) => change({ last: currentTarget.value })}
      />
    </div>
  );
}

function Hours({ draft, change }: Pick<FieldsProps, 'draft' | 'change'>) {
  return (
    <div className={classes['pair']}>
      <TextInput
        type="datetime-local"
        label="Begins, UTC"
        value={draft.start}
        onChange={({ currentTarget }) => change({ start: currentTarget.value })}
      />
      <TextInput
        type="datetime-local"
        label="Ends, UTC"
        value={draft.end}
        onChange={({ currentTarget }) => change({ end: currentTarget.value })}
      />
    </div>
  );
}

const EVERY: Readonly<Record<LockDraft['every'], string>> = {
  week: 'every week, that day of the week',
  month: 'every month, that day of the month',
  year: 'every year, that day',
  rule: 'by a rule of RFC 5545',
};

function Again({ draft, change }: Pick<FieldsProps, 'draft' | 'change'>) {
  return (
    <>
      <div className={classes['pair']}>
        <TextInput
          type="date"
          label="First day"
          value={draft.starting}
          onChange={({ currentTarget }) => change({ starting: currentTarget.value })}
        />
        <TextInput
          type="number"
          label="Days each time"
          min={1}
          max={366}
          value={draft.days}
          onChange={({ currentTarget }) => change({ days: currentTarget.value })}
        />
      </div>
      <NativeSelect
        label="Comes again"
        value={draft.every}
        data={Object.entries(EVERY).map(([value, label]) => ({ value, label }))}
        onChange={({ currentTarget }) => change({ every: currentTarget.value as LockDraft['every'] })}
      />
      {draft.every === 'rule' ? (
        <TextInput
          label="Rule"
          value={draft.rule}
          spellCheck={false}
          onChange={({ currentTarget }) => change({ rule: currentTarget.value })}
        />
      ) : (
        draft.starting !== '' && (
          <Group gap="xs">
            <span className="quiet">as a rule</span> <code>{ruleOf(draft)}</code>
          </Group>
        )
      )}
    </>
  );
}
