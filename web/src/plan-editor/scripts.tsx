import { FileButton, Button, Textarea } from '@mantine/core';
import { Badge } from '../parts/badge.tsx';
import { Section } from '../parts/page.tsx';
import rows from '../parts/rows.module.css';
import classes from './plan-editor.module.css';

interface ScriptsProps {
  /** The paths that the plan names. */
  readonly named: readonly string[];
  readonly scripts: Readonly<Record<string, string>>;
  readonly onChange: (scripts: Readonly<Record<string, string>>) => void;
}

/** The scripts beside a plan: it names each with its digest, so one that is changed is marked until the plan says so. */
export function Scripts({ named, scripts, onChange }: ScriptsProps) {
  const paths = [...new Set([...named, ...Object.keys(scripts)])];
  if (paths.length === 0) return null;
  const without = (path: string) => {
    const { [path]: _gone, ...others } = scripts;
    onChange(others);
  };
  return (
    <Section title="Scripts">
      <ul className={rows['rows']}>
        {paths.map((path) => (
          <li key={path}>
            <div className={rows['line']}>
              <span className={rows['title']}>
                <code>{path}</code>
              </span>
              <Badge tone={path in scripts ? (named.includes(path) ? 'go' : 'quiet') : 'stop'}>
                {path in scripts ? (named.includes(path) ? 'here' : 'not named by the plan') : 'missing'}
              </Badge>
              <FileButton
                onChange={(file) => {
                  void file?.text().then((text) => onChange({ ...scripts, [path]: text }));
                }}
              >
                {(props) => (
                  <Button {...props} size="xs" variant="default">
                    {path in scripts ? 'Replace' : 'Choose'} the file of {path}
                  </Button>
                )}
              </FileButton>
              {path in scripts && !named.includes(path) && (
                <Button size="xs" variant="subtle" onClick={() => without(path)}>
                  Leave {path} out
                </Button>
              )}
            </div>
            {path in scripts && (
              <details className={classes['more']}>
                <summary>Its text</summary>
                <Textarea
                  aria-label={`Text of ${path}`}
                  value={scripts[path]}
                  rows={12}
                  spellCheck={false}
                  onChange={({ currentTarget }) => onChange({ ...scripts, [path]: currentTarget.value })}
                />
              </details>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
