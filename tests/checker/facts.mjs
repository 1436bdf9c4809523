// One organisation's imported files, as facts by member.
import { readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseCsv } from './csv.mjs';
import { parseToml } from './toml.mjs';

/** Days since 1970 of "2026-11-21"; null for an empty field. */
export function dayOf(text) {
  if (text === undefined || text === '') return null;
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) throw new Error(`not a date: ${text}`);
  return Date.UTC(+match[1], match[2] - 1, +match[3]) / 86_400_000;
}

/** Poisha, a BigInt, of "1250", "1250.5" or "-3.25"; an empty field is null. */
export function poishaOf(text) {
  if (text === undefined || text === '') return null;
  const match = /^(-?)(\d+)(?:\.(\d{1,2}))?$/.exec(text);
  if (!match) throw new Error(`not an amount: ${text}`);
  const value = BigInt(match[2]) * 100n + BigInt((match[3] ?? '').padEnd(2, '0') || '0');
  return match[1] ? -value : value;
}

function groupBy(rows, column) {
  const groups = new Map();
  for (const row of rows) {
    const key = row[column];
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(row);
  }
  return groups;
}

const indexBy = (rows, column) => new Map(rows.map((row) => [row[column], row]));

export function loadFacts(directory) {
  const read = (name) => {
    const path = join(directory, name);
    return existsSync(path) ? parseCsv(readFileSync(path, 'utf8')) : [];
  };
  const manifest = JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8'));
  return makeFacts({
    manifest,
    branches: read('branches.csv'),
    staff: read('staff.csv'),
    groups: read('groups.csv'),
    members: read('members.csv'),
    savings: read('savings_accounts.csv'),
    loans: read('loans.csv'),
    schedule: read('schedule.csv'),
    transactions: read('transactions.csv'),
    holidays: read('holidays.csv'),
    moratoria: read('moratoria.csv'),
  });
}

/** Facts from rows as parseCsv gives them. */
export function makeFacts(files) {
  const offices = indexBy(files.branches, 'branch_code');
  const staff = indexBy(files.staff, 'staff_code');
  const groups = indexBy(files.groups, 'group_code');
  const savings = groupBy(files.savings, 'member_code');
  const loans = groupBy(files.loans, 'member_code');
  const schedule = groupBy(files.schedule, 'loan_no');
  const transactions = groupBy(files.transactions, 'member_code');
  const calendars = new Map();

  const calendarOf = (code) => {
    if (!calendars.has(code)) calendars.set(code, makeCalendar(code, offices, files));
    return calendars.get(code);
  };
  return files.members.map((row) => {
    const office = offices.get(row.branch_code);
    const group = groups.get(row.group_code) ?? null;
    const hers = (loans.get(row.member_code) ?? []).map((loan) =>
      makeLoan(loan, schedule.get(loan.loan_no) ?? []));
    hers.sort((a, b) =>
      (a.status !== 'active') - (b.status !== 'active') || compare(a.loanNo, b.loanNo));
    const officer = staff.get(group?.staff_code || hers[0]?.staffCode || '') ?? null;
    return {
      code: row.member_code,
      name: { bn: row.name_bn, en: row.name_en },
      msisdn: row.msisdn,
      language: row.language === 'en' ? 'en' : 'bn',
      status: row.status,
      incomeClass: row.income_class ?? '',
      income: poishaOf(row.annual_family_income),
      trainingWeeksDone: row.training_weeks_done ? Number(row.training_weeks_done) : null,
      office: { name: { bn: office.name_bn, en: office.name_en }, phone: office.phone,
                officer: office.officer_name },
      officer: officer && { bn: officer.short_name_bn, en: officer.short_name_en },
      asOf: dayOf(files.manifest.offices?.[row.branch_code] ?? files.manifest.as_of),
      calendar: calendarOf(row.branch_code),
      meeting: makeMeeting(group),
      savingsRate: group ? (poishaOf(group.savings_rate) ?? 0n) : 0n,
      savings: (savings.get(row.member_code) ?? []).map((account) => ({
        product: account.product, balance: poishaOf(account.balance), status: account.status })),
      loans: hers,
      transactions: (transactions.get(row.member_code) ?? []).map((one) => ({
        id: one.txn_id, kind: one.kind, amount: poishaOf(one.amount), on: dayOf(one.txn_on),
        postedAt: one.posted_at })),
    };
  });
}

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

function makeLoan(row, rows) {
  return {
    loanNo: row.loan_no,
    product: row.product_code,
    principal: poishaOf(row.principal),
    charge: poishaOf(row.charge_total),
    instalments: Number(row.installments),
    period: row.period,
    disbursedOn: dayOf(row.disbursed_on),
    firstDueOn: dayOf(row.first_due_on),
    lastDueOn: dayOf(row.last_due_on),
    paidTotal: poishaOf(row.paid_total),
    outstanding: poishaOf(row.outstanding_total),
    overdue: poishaOf(row.overdue_amount) ?? 0n,
    status: row.status,
    staffCode: row.staff_code,
    householdLimit: poishaOf(row.household_limit),
    schedule: rows
      .map((one) => ({ seq: Number(one.seq), dueOn: dayOf(one.due_on),
                       total: poishaOf(one.total_due), paid: poishaOf(one.paid) ?? 0n }))
      .sort((a, b) => a.seq - b.seq),
  };
}

function makeMeeting(group) {
  if (!group || group.meeting_dow === '') return null;
  const time = /^(\d{1,2}):(\d{2})/.exec(group.meeting_time);
  return {
    weekday: Number(group.meeting_dow),
    minutes: time ? Number(time[1]) * 60 + Number(time[2]) : null,
    place: { bn: group.meeting_place_bn, en: group.meeting_place_en },
    frequency: group.meeting_freq || 'W',
  };
}

/** The days off of one office: its own, its ancestors' and the whole organisation's. */
function makeCalendar(code, offices, files) {
  const scopes = new Set(['']);
  for (let at = code; at && !scopes.has(at); at = offices.get(at)?.parent_code) scopes.add(at);
  return {
    holidays: files.holidays.filter((row) => scopes.has(row.scope_code))
      .map((row) => ({ day: dayOf(row.date), rule: row.rule || null })),
    moratoria: files.moratoria.filter((row) => scopes.has(row.scope_code))
      .map((row) => ({ from: dayOf(row.from), to: dayOf(row.to) })),
  };
}

/** config/organisations/<code>.toml: the rules as data. */
export function loadRules(path) {
  return makeRules(parseToml(readFileSync(path, 'utf8')));
}

const taka = (amount) => (amount === undefined ? null : BigInt(Math.round(amount * 100)));

export function makeRules(config) {
  return {
    daysOff: config.weekly_holidays ?? [5],
    eligibilityProduct: config.eligibility_product,
    trainingWeeks: config.training?.weeks ?? 0,
    incomeBands: (config.income_bands ?? []).map((band) => ({
      from: dayOf(band.effective_from), kaMax: taka(band.ka_max), khaMax: taka(band.kha_max) })),
    offered: (config.offered_requests ?? []).map((one) => one.kind),
    products: (config.products ?? []).map((one) => ({
      code: one.code,
      from: dayOf(one.effective_from),
      min: taka(one.principal_min) ?? 0n,
      max: taka(one.principal_max) ?? 0n,
      savingsFirstPercent: one.savings_first_percent ?? 0,
      chargePercent: one.charge_percent ?? 0,
      method: one.method,
      instalments: one.instalments,
      period: one.period,
      roundingUnit: taka(one.rounding_unit ?? 5),
      holidays: one.holidays ?? 'carry_to_next',
      perHousehold: one.per_household ?? false,
      incomeClasses: one.income_classes ?? [],
      whileRunning: one.while_running ?? false,
    })),
  };
}
