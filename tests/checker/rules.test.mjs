import assert from 'node:assert/strict';
import test from 'node:test';
import { dayOf, makeRules } from './facts.mjs';
import * as rules from './rules.mjs';

const kmss = makeRules({
  weekly_holidays: [5],
  eligibility_product: 'KMSS-46',
  products: [{ code: 'KMSS-46', effective_from: '2010-11-01', principal_min: 10_000,
               principal_max: 500_000, savings_first_percent: 10, charge_percent: 12.5,
               method: 'flat', instalments: 46, period: 'weekly', holidays: 'carry_to_next' }],
});
const rss = makeRules({
  weekly_holidays: [5, 6],
  eligibility_product: 'RSS-10',
  income_bands: [{ effective_from: '2000-01-01', ka_max: 50_000, kha_max: 60_000 }],
  products: [{ code: 'RSS-10', effective_from: '2000-01-01', principal_min: 5_000,
               principal_max: 50_000, charge_percent: 5, method: 'service_charge',
               instalments: 10, period: 'monthly', holidays: 'next_working_day',
               income_classes: ['ka', 'kha'] }],
});
const taka = (amount) => BigInt(amount) * 100n;
const noDaysOff = { holidays: [], moratoria: [] };

/** Four weekly instalments of Tk 100 from Saturday 7 November 2026. */
function weekly(paid, more = {}) {
  return {
    loanNo: 'L1', product: 'KMSS-46', status: 'active', period: 'W', instalments: 4,
    disbursedOn: dayOf('2026-10-20'), firstDueOn: dayOf('2026-11-07'), paidTotal: taka(0),
    principal: taka(350), charge: taka(50), outstanding: taka(400), overdue: 0n,
    householdLimit: null,
    schedule: paid.map((amount, i) => ({ seq: i + 1, dueOn: dayOf('2026-11-07') + 7 * i,
                                         total: taka(100), paid: taka(amount) })),
    ...more,
  };
}

function member(more = {}) {
  return { code: '001000001', status: 'active', incomeClass: '', income: null, loans: [],
           savings: [], transactions: [], savingsRate: 0n, meeting: null, calendar: noDaysOff,
           asOf: dayOf('2026-11-21'), ...more };
}
const due = (loan, more = {}, today = '2026-11-21') =>
  rules.memberDue(member({ loans: [loan], ...more }), kmss, dayOf(today));

test('months are added with the day kept or clamped', () => {
  assert.equal(rules.addMonths(dayOf('2026-01-31'), 1), dayOf('2026-02-28'));
  assert.equal(rules.addMonths(dayOf('2026-01-31'), 2), dayOf('2026-03-31'));
  assert.equal(rules.addMonths(dayOf('2026-11-30'), -9), dayOf('2026-02-28'));
  assert.equal(rules.addMonths(dayOf('2026-12-05'), 1), dayOf('2027-01-05'));
});

test('equal instalments are rounded up and the last takes the rest', () => {
  const kmssLoan = rules.equalAmounts(taka(11_250), 46n, 500n);
  assert.deepEqual([kmssLoan[0], kmssLoan[45], kmssLoan.length], [taka(245), taka(225), 46]);
  const largest = rules.equalAmounts(taka(562_500), 46n, 500n);
  assert.deepEqual([largest[0], largest[45]], [taka(12_230), taka(12_150)]);
  assert.deepEqual(rules.equalAmounts(taka(5_250), 10n, 500n), Array(10).fill(taka(525)));
});

test('the as-of day is closed: what fell due on it and is open is overdue', () => {
  const open = due(weekly([100, 100, 0, 0]));
  assert.deepEqual([open.kind, open.overdue, open.amount, open.on],
                   ['next', taka(100), taka(100), dayOf('2026-11-28')]);
  const partly = due(weekly([100, 100, 40, 0]));
  assert.deepEqual([partly.overdue, partly.amount, partly.seq], [taka(60), taka(100), 4]);
});

test('what is paid ahead lowers the next instalment or skips it', () => {
  const partly = due(weekly([100, 100, 100, 30]));
  assert.deepEqual([partly.overdue, partly.amount, partly.advance], [0n, taka(70), taka(30)]);
  const wholly = due(weekly([100, 100, 100, 100]));
  assert.deepEqual([wholly.kind, wholly.advance], ['none', taka(100)]);
});

test('only arrears are left after the last date, and nothing is overdue of stale facts', () => {
  const late = due(weekly([100, 100, 100, 0]), { asOf: dayOf('2026-12-05') }, '2026-12-05');
  assert.deepEqual([late.kind, late.overdue], ['arrears', taka(100)]);
  const stale = due(weekly([100, 100, 0, 0]), { asOf: dayOf('2026-11-17') });
  assert.deepEqual([stale.kind, stale.on], ['next', dayOf('2026-11-21')]);
  const older = due(weekly([100, 0, 0, 0]), { asOf: dayOf('2026-11-12') });
  assert.deepEqual([older.kind, older.on, older.amount], ['stale', dayOf('2026-11-14'), taka(100)]);
});

test('a holiday instalment is carried to the next date and is not overdue meanwhile', () => {
  const calendar = { holidays: [{ day: dayOf('2026-11-21'), rule: null }], moratoria: [] };
  const carried = due(weekly([100, 100, 0, 0]), { calendar });
  assert.deepEqual([carried.overdue, carried.on, carried.amount],
                   [0n, dayOf('2026-11-28'), taka(200)]);
  const last = { holidays: [{ day: dayOf('2026-11-28'), rule: null }], moratoria: [] };
  assert.equal(due(weekly([100, 100, 100, 0]), { calendar: last }).on, dayOf('2026-12-05'));
  const none = { holidays: [{ day: dayOf('2026-11-21'), rule: 'none' }], moratoria: [] };
  assert.equal(due(weekly([100, 100, 0, 0]), { calendar: none }).overdue, taka(100));
  const shift = { holidays: [{ day: dayOf('2026-11-21'), rule: 'shift_all' }], moratoria: [] };
  const shifted = due(weekly([100, 100, 0, 0]), { calendar: shift });
  assert.deepEqual([shifted.on, shifted.amount], [dayOf('2026-11-28'), taka(100)]);
});

test('a working day after a holiday passes weekly and listed days off', () => {
  const calendar = { holidays: [{ day: dayOf('2026-11-19'), rule: null },
                                { day: dayOf('2026-11-22'), rule: null }], moratoria: [] };
  assert.equal(rules.nextWorkingDay(calendar, [5, 6], dayOf('2026-11-19')), dayOf('2026-11-23'));
  assert.equal(rules.nextWorkingDay(calendar, [5], dayOf('2026-11-19')), dayOf('2026-11-21'));
});

test('a pause suspends what is inside and what was before, until the first date after it', () => {
  const calendar = { holidays: [],
                     moratoria: [{ from: dayOf('2026-11-13'), to: dayOf('2026-11-23') }] };
  const paused = due(weekly([0, 0, 0, 0]), { calendar });
  assert.deepEqual([paused.overdue, paused.on, paused.amount, paused.pausedUntil],
                   [0n, dayOf('2026-11-28'), taka(400), dayOf('2026-11-23')]);
  // Once it is over, what was late before it is late again; what fell inside came due after it.
  const over = due(weekly([0, 0, 0, 0]), { calendar, asOf: dayOf('2026-11-24') }, '2026-11-24');
  assert.deepEqual([over.overdue, over.amount], [taka(100), taka(300)]);
});

test('loans on the same day are added, later ones wait', () => {
  const later = weekly([0, 0, 0, 0], { loanNo: 'L2', schedule: weekly([0]).schedule
    .map((row) => ({ ...row, dueOn: dayOf('2026-12-01') })) });
  const both = rules.memberDue(member({ loans: [weekly([100, 100, 100, 0]), later] }), kmss,
                               dayOf('2026-11-21'));
  assert.deepEqual([both.amount, both.loansOpen, both.seq], [taka(100), 2, 0]);
});

test('a loan without rows gets the schedule of its terms, paid oldest first', () => {
  const loan = weekly([], { schedule: [], paidTotal: taka(250), principal: taka(390),
                            charge: taka(8) });
  const rows = rules.scheduleOf(loan, kmss);
  assert.deepEqual(rows.map((row) => [row.total, row.paid]),
    [[10000n, 10000n], [10000n, 10000n], [10000n, 5000n], [9800n, 0n]]);
  assert.equal(rows[3].dueOn, dayOf('2026-11-28'));
  assert.equal(rules.leftOf(loan, kmss), taka(148));
});

test('a meeting of today counts until it begins, a holiday drops it', () => {
  const meeting = { weekday: 6, minutes: 600, frequency: 'W', place: { bn: 'ক', en: 'A' } };
  const her = member({ meeting });
  const at = (minutes, more = {}) =>
    rules.nextMeeting({ ...her, ...more }, kmss, dayOf('2026-11-21'), minutes);
  assert.equal(at(600).on, dayOf('2026-11-21'));
  assert.equal(at(601).on, dayOf('2026-11-28'));
  const calendar = { holidays: [{ day: dayOf('2026-11-28'), rule: null }], moratoria: [] };
  assert.deepEqual(at(601, { calendar }),
                   { on: dayOf('2026-12-05'), cancelled: dayOf('2026-11-28') });
  assert.equal(at(601, { meeting: { ...meeting, frequency: 'M' } }).on, dayOf('2026-12-05'));
  assert.equal(rules.nextMeeting(member(), kmss, dayOf('2026-11-21'), 0), null);
});

test('fortnights are counted from a Monday of 1970', () => {
  const her = member({ meeting: { weekday: 1, minutes: null, frequency: '2W',
                                  place: { bn: '', en: '' } } });
  const next = rules.nextMeeting(her, kmss, dayOf('2026-11-21'), 0).on;
  assert.equal((next - 4) % 14, 0);
  assert.ok(next >= dayOf('2026-11-21') && next < dayOf('2026-11-21') + 14);
});

test('KMSS lends ten times what is saved, between its limits', () => {
  const saver = (amount) => member({ savings: [
    { product: 'general', balance: taka(amount), status: 'active' },
    { product: 'term', balance: taka(90_000), status: 'active' },
    { product: 'general', balance: taka(70_000), status: 'closed' }] });
  const ask = (amount, asked = null) =>
    rules.eligibility(saver(amount), kmss, dayOf('2026-11-21'), asked && taka(asked));
  assert.deepEqual(ask(12_345), { kind: 'yes', savings: taka(12_345), limit: taka(123_450) });
  assert.equal(ask(999_999_999).limit, taka(500_000));
  assert.deepEqual(ask(640), { kind: 'gap', goal: taka(10_000), gap: taka(360) });
  assert.deepEqual(ask(1_000, 20_000), { kind: 'gap', goal: taka(20_000), gap: taka(1_000) });
  assert.deepEqual(ask(2_000, 20_000), { kind: 'amount', goal: taka(20_000) });
  assert.equal(ask(2_000, 9_999).kind, 'outside');
  assert.equal(ask(2_000, 500_001).kind, 'outside');
});

test('a running loan comes first, and a written-off one counts', () => {
  for (const status of ['active', 'written_off']) {
    const her = member({ loans: [weekly([100, 0, 0, 0], { status })] });
    assert.deepEqual(rules.eligibility(her, kmss, dayOf('2026-11-21')),
                     { kind: 'running', left: taka(300) });
  }
  const repaid = member({ loans: [weekly([100, 100, 100, 100], { status: 'closed' })] });
  assert.equal(rules.eligibility(repaid, kmss, dayOf('2026-11-21')).kind, 'gap');
  const gone = member({ status: 'dropout' });
  assert.equal(rules.eligibility(gone, kmss, dayOf('2026-11-21')).kind, 'unknown');
});

test('RSS lends to the classes ka and kha', () => {
  const ask = (more) => rules.eligibility(member(more), rss, dayOf('2026-11-21'));
  assert.deepEqual(ask({ incomeClass: 'ka' }),
    { kind: 'charge', min: taka(5_000), limit: taka(50_000), rate: taka(50) });
  assert.equal(ask({ incomeClass: 'ga' }).kind, 'excluded');
  assert.equal(ask({ income: taka(60_000) }).kind, 'charge');
  assert.equal(ask({ income: taka(60_001) }).kind, 'excluded');
  assert.equal(ask({}).kind, 'unknown');
});

test('nothing is said of the charge where the rate declines', () => {
  const declining = { ...rss, products: rss.products.map((one) => ({ ...one, method: 'declining' })) };
  assert.deepEqual(
    rules.eligibility(member({ incomeClass: 'ka' }), declining, dayOf('2026-11-21')),
    { kind: 'range', min: taka(5_000), limit: taka(50_000) });
});
