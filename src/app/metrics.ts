type Labels = Readonly<Record<string, string>>;

interface Family {
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly values: Map<string, number>;
}

const escape = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

function labelText(labels: Labels): string {
  const pairs = Object.keys(labels)
    .toSorted()
    .map((name) => `${name}="${escape(labels[name] ?? '')}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** Counters and gauges of this process, written in Prometheus' text format. */
export class Metrics {
  readonly #families = new Map<string, Family>();

  /** Declares a metric before its first use. @throws if the name is taken. */
  declare(name: string, type: 'counter' | 'gauge', help: string): void {
    if (this.#families.has(name))
      throw new Error(`expected a new metric name, got \`${name}\` a second time`);
    this.#families.set(name, { help, type, values: new Map() });
  }

  count(name: string, labels: Labels = {}, by = 1): void {
    const values = this.#family(name).values;
    const key = labelText(labels);
    values.set(key, (values.get(key) ?? 0) + by);
  }

  set(name: string, labels: Labels, value: number): void {
    this.#family(name).values.set(labelText(labels), value);
  }

  /** All metrics in Prometheus' text exposition format 0.0.4. */
  text(): string {
    let text = '';
    for (const [name, family] of this.#families) {
      text += `# HELP ${name} ${family.help}\n# TYPE ${name} ${family.type}\n`;
      for (const [labels, value] of family.values) text += `${name}${labels} ${value}\n`;
    }
    return text;
  }

  #family(name: string): Family {
    const family = this.#families.get(name);
    if (!family) throw new Error(`expected a declared metric, got \`${name}\``);
    return family;
  }
}
