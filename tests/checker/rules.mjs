// What a member owes, has and may have: the organisations' rules done again from their description
// alone, without a look at how the gateway does it. Days are numbers since 1970, amounts
// BigInts of poisha.
import { weekdayOf } from './forms.mjs';

const recentMax = 12;
export const productOrder = ['general', 'voluntary', 'term', 'security', 'group_share'];

// The calendar.

/** Adds months to a day; the day of the month is kept, or the month's last where it has no such. */
export function addMonths(day, months) {
  const date = new Date(day * 86_400_000);
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1);
  const next = new Date(first);
  const length = new Date(Date.UTC(next.getUTCFullYear(), next.getUTCMonth() + 1, 0)).getUTCDate();
  return first / 86_400_000 + Math.min(date.getUTCDate(), length) - 1;
}

/** What a listed holiday does on this day: a rule, or null when the day is none. */
export function holidayRule(calendar, day, usual) {
  const rows = calendar.holidays.filter((row) => row.day === day);
  if (rows.length === 0) return null;
  return rows.find((row) => row.rule)?.rule ?? usual;
}

/** The last day of the collection's pause that covers this day, or null. */
export function pauseEnd(calendar, day) {
  const ends = calendar.moratoria.filter((row) => row.from <= day && day <= row.to)
    .map((row) => row.to);
  return ends.length ? Math.max(...ends) : null;
}

export function nextWorkingDay(calendar, daysOff, day) {
  for (let next = day + 1; ; next++) {
    const rule = holidayRule(calendar, next, 'off');
    if (!daysOff.includes(weekdayOf(next)) && (rule === null || rule === 'none')) return next;
  }
}

/** A product's rules in force on a day; for an older day the oldest. */
export function productOn(rules, code, day, oldestToo = false) {
  const versions = rules.products.filter((one) => one.code === code).sort((a, b) => a.from - b.from);
  return versions.filter((one) => one.from <= day).at(-1) ?? (oldestToo ? versions[0] : undefined);
}

// Schedules.

/** The rows of a loan: as imported, else by the terms of its own row. */
export function scheduleOf(loan, rules) {
  if (loan.schedule.length > 0) return loan.schedule;
  const unit = productOn(rules, loan.product, loan.disbursedOn, true)?.roundingUnit ?? 500n;
  const dates = datesOf(loan);
  if (!dates) return [];
  const amounts = equalAmounts(loan.principal + loan.charge, BigInt(loan.instalments), unit);
  let left = loan.paidTotal;
  return amounts.map((total, i) => {
    const paid = i === amounts.length - 1 ? left : left < total ? left : total;
    left -= paid;
    return { seq: i + 1, dueOn: dates[i], total, paid };
  });
}

function datesOf(loan) {
  const step = { W: 7, '2W': 14 }[loan.period];
  const indexes = Array.from({ length: loan.instalments }, (_, i) => i);
  if (loan.firstDueOn === null) return null;
  if (step) return indexes.map((i) => loan.firstDueOn + step * i);
  if (loan.period === 'X') {
    return loan.instalments > 2 ? null : [loan.firstDueOn, loan.lastDueOn].slice(0, loan.instalments);
  }
  // The day of the month is the disbursement's; the first date may have been clamped.
  for (let months = 0; months < 24; months++) {
    if (addMonths(loan.disbursedOn, months) === loan.firstDueOn) {
      return indexes.map((i) => addMonths(loan.disbursedOn, months + i));
    }
  }
  return indexes.map((i) => addMonths(loan.firstDueOn, i));
}

/** Each rounded up to the unit, the last one the remainder, never more than the others. */
export function equalAmounts(total, count, unit) {
  for (const step of [unit, 1000n, 500n, 100n, 1n]) {
    if (step > unit) continue;
    const each = ((total + count * step - 1n) / (count * step)) * step;
    const last = total - each * (count - 1n);
    if (last > 0n && last <= each) {
      return [...Array(Number(count - 1n)).fill(each), last];
    }
  }
  const small = total / count;
  const larger = Number(total % count);
  return Array.from({ length: Number(count) }, (_, i) => (i < larger ? small + 1n : small));
}

/** When each row is collected, and the first collection after a day. */
export function collection(loan, rows, calendar, rules) {
  const usual = productOn(rules, loan.product, loan.disbursedOn, true)?.holidays ?? 'carry_to_next';
  const last = rows.at(-1).dueOn;
  const dateAt = (index) => {
    if (index < rows.length) return rows[index].dueOn;
    const beyond = index - rows.length + 1;
    if (loan.period === 'W') return last + 7 * beyond;
    if (loan.period === '2W') return last + 14 * beyond;
    if (loan.period === 'M') return addMonths(last, beyond);
    return nextWorkingDay(calendar, rules.daysOff, last);
  };
  const dateAfter = (day) => {
    if (loan.period === 'X') {
      return rows.find((row) => row.dueOn > day)?.dueOn
        ?? nextWorkingDay(calendar, rules.daysOff, day);
    }
    let index = 0;
    while (dateAt(index) <= day) index++;
    return dateAt(index);
  };
  const settled = (day) => {
    for (;;) {
      const pause = pauseEnd(calendar, day);
      const rule = holidayRule(calendar, day, usual);
      if (pause !== null) day = dateAfter(pause);
      else if (rule === null || rule === 'none') return day;
      else if (rule === 'next_working_day') day = nextWorkingDay(calendar, rules.daysOff, day);
      else day = dateAfter(day);
    }
  };
  let shift = 0;
  const days = rows.map((_, i) => {
    while (pauseEnd(calendar, dateAt(i + shift)) === null &&
           holidayRule(calendar, dateAt(i + shift), usual) === 'shift_all') {
      shift++;
    }
    return settled(dateAt(i + shift));
  });
  return { days, after: (day) => settled(dateAfter(day)) };
}

const openOf = (row) => (row.total > row.paid ? row.total - row.paid : 0n);
const sum = (amounts) => amounts.reduce((a, b) => a + b, 0n);

const isWhole = (loan, rows) =>
  rows.length > 0 && rows[0].seq === 1 && rows.length === loan.instalments;

/** What is still to pay on a loan. */
export function leftOf(loan, rules) {
  const rows = scheduleOf(loan, rules);
  return isWhole(loan, rows) ? sum(rows.map(openOf)) : loan.outstanding;
}

/** One loan at its office's as-of. */
export function loanDue(loan, member, rules, today) {
  const rows = scheduleOf(loan, rules);
  const pause = pauseEnd(member.calendar, today);
  const due = {
    left: leftOf(loan, rules), overdue: 0n, nextOn: null, nextAmount: 0n, nextSeq: 0, advance: 0n,
    count: loan.instalments, paidCount: 0,
  };
  if (rows.length === 0) {
    due.overdue = pause === null ? loan.overdue : 0n;
    return due;
  }
  due.paidCount = rows[0].seq - 1 + rows.filter((row) => openOf(row) === 0n).length;
  const { days, after } = collection(loan, rows, member.calendar, rules);
  rows.forEach((row, i) => {
    if (days[i] > member.asOf) due.advance += row.paid;
    else if (row.paid > row.total) due.advance += row.paid - row.total;
    const open = openOf(row);
    if (open === 0n) return;
    const on = pause !== null && days[i] <= pause ? after(pause) : days[i];
    if (on <= member.asOf) {
      due.overdue += open;
    } else if (due.nextOn === null || on <= due.nextOn) {
      if (on !== due.nextOn) Object.assign(due, { nextOn: on, nextAmount: 0n });
      due.nextAmount += open;
      due.nextSeq = row.seq;
    }
  });
  return due;
}

export const runningLoans = (member) => member.loans.filter((loan) => loan.status === 'active');

/** Over all running loans. `kind`: none, next, arrears or stale. */
export function memberDue(member, rules, today) {
  const each = runningLoans(member).map((loan) => loanDue(loan, member, rules, today));
  const dates = each.map((one) => one.nextOn).filter((day) => day !== null);
  const open = each.filter((one) => one.left > 0n);
  const due = {
    overdue: sum(each.map((one) => one.overdue)),
    advance: sum(each.map((one) => one.advance)),
    on: dates.length ? Math.min(...dates) : null,
    amount: 0n,
    loansOpen: open.length,
    seq: open.length === 1 ? open[0].nextSeq : 0,
    count: open.length === 1 ? open[0].count : 0,
    pausedUntil: pauseEnd(member.calendar, today),
  };
  due.amount = sum(each.filter((one) => one.nextOn !== null && one.nextOn === due.on)
    .map((one) => one.nextAmount));
  if (due.on === null) due.kind = due.overdue > 0n ? 'arrears' : 'none';
  else due.kind = due.on < today ? 'stale' : 'next';
  return due;
}

// Savings and transactions.

export function savingsOf(member) {
  const active = member.savings.filter((account) => account.status === 'active');
  const products = productOrder.filter((name) => active.some((a) => a.product === name));
  return {
    accounts: active.length,
    total: sum(active.map((account) => account.balance)),
    rows: products.map((product) => ({
      product, balance: sum(active.filter((a) => a.product === product).map((a) => a.balance)) })),
  };
}

/** The newest first. */
export function lastTransactions(member) {
  return [...member.transactions]
    .sort((a, b) => b.on - a.on || (b.postedAt < a.postedAt ? -1 : b.postedAt > a.postedAt ? 1 : 0)
                    || (b.id < a.id ? -1 : 1))
    .slice(0, recentMax);
}

// Meetings.

function regularMeetings(meeting, anchor, from, count) {
  const found = [];
  const reference = anchor !== null && weekdayOf(anchor) === meeting.weekday
    ? anchor : 3 + meeting.weekday; // Monday 5 January 1970 is day 4
  for (let day = from; found.length < count && day < from + 800; day++) {
    if (weekdayOf(day) !== meeting.weekday) continue;
    const fits = {
      W: true,
      '2W': (day - reference) % 14 === 0,
      M: new Date(day * 86_400_000).getUTCDate() <= 7,
    }[meeting.frequency];
    if (fits) found.push(day);
  }
  return found;
}

/** The next meeting at (today, minutes): {on, cancelled}, or null. */
export function nextMeeting(member, rules, today, minutes) {
  const { meeting, calendar } = member;
  if (!meeting) return null;
  const earliest = meeting.minutes !== null && minutes > meeting.minutes ? today + 1 : today;
  const fortnightly = member.loans.find((loan) => loan.period === '2W' && loan.schedule.length);
  const anchor = meeting.frequency === '2W' && fortnightly ? fortnightly.schedule[0].dueOn : null;
  const regular = regularMeetings(meeting, anchor, today - 31, 40);
  let cancelled = null;
  for (const [i, day] of regular.entries()) {
    const rule = holidayRule(calendar, day, 'carry_to_next');
    const moved = rule === 'next_working_day' ? nextWorkingDay(calendar, rules.daysOff, day) : null;
    const held = rule === null || rule === 'none' ? day
      : moved !== null && moved < (regular[i + 1] ?? Infinity) ? moved : null;
    if (rule !== null && rule !== 'none' && day >= today && cancelled === null) cancelled = day;
    if (held !== null && held >= earliest) return { on: held, cancelled };
  }
  return null;
}

// How much she may borrow.

function classOf(member, rules, today) {
  if (member.incomeClass || member.income === null) return member.incomeClass;
  const band = rules.incomeBands.filter((one) => one.from <= today).sort((a, b) => a.from - b.from).at(-1);
  if (!band) return '';
  return member.income <= band.kaMax ? 'ka' : member.income <= band.khaMax ? 'kha' : 'ga';
}

/** What a loan of Tk 1,000 costs, in poisha; a declining rate is no charge per thousand. */
export function chargePerThousand(product) {
  return BigInt(Math.round(product.chargePercent * 1000));
}

/** The savings that must be there before a loan of this size. */
export function savingsNeeded(principal, percent) {
  const share = BigInt(Math.round(percent * 100));
  return (principal * share + 9999n) / 10_000n;
}

/** `asked`: poisha, or null for "how much". `kind` as the text that says it. */
export function eligibility(member, rules, today, asked = null) {
  const product = productOn(rules, rules.eligibilityProduct, today);
  if (!product || product.max <= 0n || member.status !== 'active') return { kind: 'unknown' };
  const limits = member.loans.map((loan) => loan.householdLimit).filter((one) => one !== null);
  const max = limits.reduce((a, b) => (b < a ? b : a), product.max);
  if (product.incomeClasses.length > 0) {
    const hers = classOf(member, rules, today);
    if (hers === '') return { kind: 'unknown' };
    if (!product.incomeClasses.includes(hers)) return { kind: 'excluded' };
  }
  const left = product.whileRunning ? 0n : sum(member.loans
    .filter((loan) => loan.status !== 'closed').map((loan) => leftOf(loan, rules)));
  if (left > 0n) return { kind: 'running', left };
  if (max < product.min) return { kind: 'unknown' };

  const savings = sum(member.savings
    .filter((account) => account.status === 'active' && account.product !== 'term')
    .map((account) => account.balance));
  if (asked !== null && (asked < product.min || asked > max)) {
    return { kind: 'outside', min: product.min, max };
  }
  const goal = asked ?? product.min;
  const needed = savingsNeeded(goal, product.savingsFirstPercent);
  if (needed > savings) return { kind: 'gap', goal, gap: needed - savings };
  if (asked !== null) return { kind: 'amount', goal };
  if (product.savingsFirstPercent === 0) {
    if (product.method === 'declining') return { kind: 'range', min: product.min, limit: max };
    return { kind: 'charge', min: product.min, limit: max, rate: chargePerThousand(product) };
  }
  const share = BigInt(Math.round(product.savingsFirstPercent * 100));
  const bySavings = (savings * 10_000n) / share / 100n * 100n;
  return { kind: 'yes', savings, limit: bySavings < max ? bySavings : max };
}
