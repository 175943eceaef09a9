/** A command line for each command that people write by hand and whose options go together in no obvious way. */
export const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  can: [
    'interlock can --environment illumidesk.com --criticality C4 --severity S4 --minutes 10 --rollback 5',
    'interlock can --change CHG-12',
  ],
  claim: [
    'interlock claim --environment illumidesk.com --criticality C4 --severity S4 --minutes 10 --rollback 5 -- make deploy',
  ],
  guard: ['interlock guard --observer cora -- ssh db-1 sudo systemctl restart postgresql'],
  check: ['interlock check plan.yaml --only preflight'],
  decide: ['interlock decide facts.yaml --json'],
  next: ['interlock next --criticality C1 --minutes 90 --days 14'],
  'plan new': [
    'interlock plan new plan.yaml --from console-setting --set to=20',
    'interlock plan new plan.yaml --template c2',
  ],
  'policy explain': ['interlock policy explain --criticality C2 --kind maintenance'],
  'policy at': [
    'interlock policy at 2026-12-24T22:00:00Z --environment illumidesk.com --criticality C2 --severity S3 --minutes 60',
  ],
  'policy diff': ['interlock policy diff @1 @2'],
  'policy replay': ['interlock policy replay facts.yaml --policy next.yaml'],
  'ledger list': ['interlock ledger list --person ana --outcome deny --since 2026-11-01T00:00:00Z'],
  'ledger prove': ['interlock ledger prove CHG-12 --to proofs'],
  'ledger check-proof': ['interlock ledger check-proof CHG-12.24.tlog-proof --key log.vkey'],
  'user add': ['interlock user add rhea --name Rhea --role reviewer', 'interlock user add robot --service'],
  'token create': ['interlock token create robot --scope ask --scope act --days 30 --out robot.token'],
  'rota override': [
    'interlock rota override eoc --person rolf --from 2026-12-01T18:00:00Z --to 2026-12-02T06:00:00Z',
  ],
  'rota source add': ["interlock rota source add eoc pagerduty:PI7DH85 --map 'cora@example.com -> cora'"],
  'bastion register': ['interlock bastion register bastion-1 --environment illumidesk.com --out bastion.key'],
  approve: [
    'interlock approve CHG-12 --as reviewer',
    'interlock approve CHG-12 --as eoc --for start --on chat',
  ],
  withdraw: ['interlock withdraw CHG-12', 'interlock withdraw CHG-12 42'],
  schedule: [
    'interlock schedule CHG-12 --start 2026-12-01T22:00:00Z --minutes 60 --openings',
    'interlock schedule CHG-12 --start 2026-12-01T22:00:00Z --minutes 60',
  ],
  'exception ask': [
    "interlock exception ask CHG-12 allowed-hours --reason 'The vendor is there by day alone.'",
  ],
  'exception withdraw': [
    "interlock exception withdraw CHG-12 allowed-hours --reason 'The vendor comes at night after all.'",
  ],
  'lock propose': [
    "interlock lock propose --kind hard --environment illumidesk.com --first 2026-12-24 --last 2026-12-26 --reason 'Holidays'",
    "interlock lock propose --kind soft --environment illumidesk.com --rule 'FREQ=MONTHLY;BYMONTHDAY=22' --starting 2026-12-01 --reason 'Release day'",
  ],
  'lock emergency': [
    "interlock lock emergency --kind hard --environment illumidesk.com --for '2 h' --reason 'The site is unsteady.'",
  ],
  'veto lay': [
    "interlock veto lay CHG-12 --reason 'The site is unsteady.'",
    "interlock veto lay '*' --reason 'All hands are busy.'",
  ],
  'incident open': ["interlock incident open 'The site is slow' --severity S2"],
  inform: ["interlock inform CHG-12 support --message 'Half of it is done.'"],
  'webhook add': ["interlock webhook add https://example.com/hook --type 'change.*' run.ended"],
  'silence make': [
    "interlock silence make CHG-12 --match instance=db-01 --minutes 10 --reason 'It is restarted.'",
  ],
  settle: ["interlock settle RUN-3 happened --statement 'The new value stands in the file.'"],
  complete: [
    "interlock complete RUN-3 --state 'All is as planned.' --graph https://graphs.example.com/d/shop",
  ],
};
