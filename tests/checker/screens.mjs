// The grammar of the screens: which text says which fact with which values, and which keys lead
// there. The one file to change when a menu or a text changes its form.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseToml } from './toml.mjs';
import {
  asciiDigits, countForm, dateForm, moneyForm, phoneForm, plain, timeForm, weekdayForm,
} from './forms.mjs';
import {
  eligibility, lastTransactions, loanDue, memberDue, nextMeeting, runningLoans, savingsOf,
} from './rules.mjs';

export const languages = ['bn', 'en'];

/** From the main menu. */
export const keys = {
  due: ['1'], statement: ['2'], savings: ['3'], meeting: ['4'], loan: ['5'], eligibility: ['6'],
  branch: ['8', '4'], sms: ['8', '3'], help: ['8', '5'],
  language: { bn: ['8', '1', '1'], en: ['8', '1', '2'] },
};

const wordOfKind = {
  loan_repay: 'loan_repay', sav_deposit: 'savings_deposit', sav_withdraw: 'savings_withdraw',
  disburse: 'disburse', interest: 'interest', adjust: 'adjust', reversal: 'reversal',
};
const wordOfProduct = {
  general: 'general', voluntary: 'voluntary', term: 'term', security: 'security',
  group_share: 'share',
};
const smsWords = ['sms_with_amounts', 'sms_without_amounts', 'sms_none'];

// Texts → patterns.

const digit = '[0-9\\u09E6-\\u09EF]';
const patterns = {
  money: `-?${digit}[0-9\\u09E6-\\u09EF,.]*`,
  count: `${digit}+`,
  date: `${digit}{1,2}/${digit}{1,2}`,
  time: `(?:${digit}{1,2}:${digit}{2} (?:am|pm)|\\S+ ${digit}{1,2}:${digit}{2})`,
  phone: `\\+?${digit}*`,
  text: '.*?',
};
const kindOf = {
  n: 'count', k: 'count', count: 'count', tries: 'count',
  date: 'date', date2: 'date', asof: 'date', time: 'time', phone: 'phone', tail: 'text',
  day: 'text', name: 'text', place: 'text', branch: 'text', officer: 'text', kind: 'text',
  status: 'text', org: 'text',
};
/** Names may be cut to a screen's width, and are transliterated where a file has no English one. */
const names = new Set(['name', 'place', 'branch', 'officer']);

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function linePattern(line, named) {
  return plain(line).split(/(\{\w+\})/).map((part) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (!name) return escaped(part);
    const pattern = patterns[kindOf[name] ?? 'money'];
    return named ? `(?<${name}>${pattern})` : `(?:${pattern})`;
  }).join('');
}

/** A text as an expression over lines that each end in "\n", with a named group per placeholder. */
export function compileText(source) {
  let row = null;
  const lines = source.replace(/\n$/, '').split('\n').map((line) => {
    const template = /^\{row: ?(.*)\}$/.exec(line)?.[1];
    if (template !== undefined) {
      row = new RegExp(`^${linePattern(template, true)}$`, 'u');
      return `(?<rows>(?:(?:[1-8] )?${linePattern(template, false)}\\n)+)`;
    }
    const body = `${linePattern(line, true)} ?\\n`;
    // A line that is nothing but one value is left out when there is no value.
    return /^\{\w+\}$/.test(line) ? `(?:${body})?` : body;
  });
  return { whole: new RegExp(`^${lines.join('')}$`, 'u'), row };
}

/** config/texts/<language>.toml and, over it, the organisation's own config/texts/<code>/…. */
export function loadTexts(directory, organisation) {
  const texts = {};
  for (const language of languages) {
    const flat = {};
    const files = [join(directory, `${language}.toml`),
                   join(directory, organisation, `${language}.toml`)];
    for (const file of files.filter((one) => existsSync(one))) {
      const tree = parseToml(readFileSync(file, 'utf8'));
      for (const [section, entries] of Object.entries(tree)) {
        for (const [name, source] of Object.entries(entries)) flat[`${section}.${name}`] = source;
      }
    }
    texts[language] = flat;
  }
  return texts;
}

/** Which ways the organisation's menu offers to the eligibility screen and on from it. */
export function loadOffers(config, organisation) {
  const own = parseToml(readFileSync(join(config, 'organisations', `${organisation}.toml`), 'utf8'));
  const { screens } = parseToml(readFileSync(join(config, 'menus', own.menu), 'utf8'));
  return {
    eligibilityInMain: screens.main.options['6'] === 'eligibility',
    amountAfterEligibility: Boolean(screens.eligibility.options?.['1']),
  };
}

export class Grammar {
  constructor(texts) {
    this.texts = texts;
    this.compiled = new Map();
  }

  text(id, language) {
    const source = this.texts[language][id];
    if (source === undefined) throw new Error(`no text ${id} in ${language}`);
    return plain(source.replace(/\n$/, ''));
  }

  pattern(id, language) {
    const key = `${language} ${id}`;
    if (!this.compiled.has(key)) this.compiled.set(key, compileText(this.text(id, language)));
    return this.compiled.get(key);
  }

  /** {values, rows} when the lines are this text, else null. */
  match(id, language, lines) {
    const { whole, row } = this.pattern(id, language);
    const found = whole.exec(lines.map((line) => line + '\n').join(''));
    if (!found) return null;
    const { rows, ...values } = found.groups ?? {};
    return {
      values,
      rows: (rows ?? '').split('\n').filter(Boolean).map((line) => {
        const choice = /^([1-8]) (.*)$/.exec(line);
        const match = row.exec(line) ?? row.exec(choice?.[2] ?? '');
        return match?.groups ?? {};
      }),
    };
  }

  /** Which text of which language the lines are; null when none. */
  identify(ids, lines) {
    for (const language of languages) {
      for (const id of ids) {
        if (this.texts[language][id] !== undefined && this.match(id, language, lines)) {
          return { id, language };
        }
      }
    }
    return null;
  }

  word(name, language) {
    return this.text(`word.${name}`, language);
  }

  /** What separates a screen's text from the lines under it: {lines, more, exit}. */
  split(screen) {
    const lines = plain(screen).split('\n');
    const found = { lines, more: false, exit: false, back: false };
    const is = (id) => languages.some((language) => lines.at(-1) === this.text(id, language));
    if (is('nav.back')) found.back = Boolean(lines.pop());
    else if (is('nav.exit')) found.exit = Boolean(lines.pop());
    if (is('nav.more')) found.more = Boolean(lines.pop());
    return found;
  }
}

// Facts → texts with values. Each returns {id, values, rows}; names are {bn, en}.

export class Expectations {
  /** @param grammar for its words */
  constructor(grammar, rules, today) {
    Object.assign(this, { grammar, rules, today });
  }

  due(member, language) {
    const due = memberDue(member, this.rules, this.today);
    const money = (amount) => moneyForm(amount, language);
    const values = { asof: dateForm(member.asOf, language) };
    if (due.kind === 'none') return { id: 'due.none', values };
    if (due.kind === 'arrears') {
      return { id: 'due.overdue_only', values: { ...values, overdue: money(due.overdue) } };
    }
    const dated = { ...values, day: weekdayForm(due.on, language), date: dateForm(due.on, language) };
    if (due.kind === 'stale') {
      return { id: 'due.stale',
               values: { ...values, date: dated.date, inst: money(due.amount) } };
    }
    if (due.pausedUntil !== null) {
      return { id: 'due.paused',
               values: { ...values, date: dateForm(due.pausedUntil, language), day: dated.day,
                         date2: dated.date, inst: money(due.amount) } };
    }
    if (due.overdue > 0n) {
      return { id: 'due.overdue',
               values: { ...dated, overdue: money(due.overdue), inst: money(due.amount),
                         total: money(due.overdue + due.amount) } };
    }
    if (due.loansOpen > 1 || due.seq === 0) {
      return { id: 'due.several',
               values: { ...dated, count: countForm(due.loansOpen, language),
                         total: money(due.amount) } };
    }
    if (due.advance > 0n) {
      return { id: 'due.advance',
               values: { ...dated, inst: money(due.amount), advance: money(due.advance) } };
    }
    if (member.savingsRate > 0n) {
      return { id: 'due.total',
               values: { ...dated, inst: money(due.amount), sav: money(member.savingsRate),
                         total: money(due.amount + member.savingsRate) } };
    }
    return { id: 'due.next',
             values: { ...dated, inst: money(due.amount), n: countForm(due.count, language),
                       k: countForm(due.seq, language) } };
  }

  statement(member, language) {
    const values = { asof: dateForm(member.asOf, language) };
    const rows = lastTransactions(member).map((one) => ({
      date: dateForm(one.on, language),
      kind: this.grammar.word(wordOfKind[one.kind], language),
      paid: moneyForm(one.amount, language),
    }));
    return rows.length ? { id: 'stmt.rows', values, rows } : { id: 'stmt.none', values };
  }

  savings(member, language) {
    const found = savingsOf(member);
    const asof = dateForm(member.asOf, language);
    if (found.accounts === 0) return { id: 'sav.none', values: {} };
    const suffix = this.offersRequest('refund_emergency') ? '_refund' : '';
    if (found.rows.length === 1) {
      return { id: `sav.balance${suffix}`, values: { savings: moneyForm(found.total, language), asof } };
    }
    return {
      id: `sav.multi${suffix}`,
      values: { total: moneyForm(found.total, language), asof },
      rows: found.rows.map((row) => ({
        kind: this.grammar.word(wordOfProduct[row.product], language),
        sav: moneyForm(row.balance, language),
      })),
    };
  }

  offersRequest(kind) { return (this.rules.offered ?? []).includes(kind); }

  /** `minutes` of the day at which it was asked. */
  meeting(member, language, minutes) {
    const next = nextMeeting(member, this.rules, this.today, minutes);
    if (!next) return { id: 'meet.none', values: {} };
    const day = weekdayForm(next.on, language);
    const date = dateForm(next.on, language);
    if (next.cancelled !== null) {
      return { id: 'meet.shifted',
               values: { date: dateForm(next.cancelled, language), day, date2: date } };
    }
    const time = member.meeting.minutes === null ? '' : timeForm(member.meeting.minutes, language);
    return { id: 'meet.next', values: { day, date, time, place: member.meeting.place } };
  }

  /** No loan or one; several are a list (loanList). */
  loan(member, language) {
    const running = runningLoans(member);
    return running.length === 0 ? { id: 'loan.none', values: {} }
      : this.loanSummary(member, running[0], language);
  }

  loanSummary(member, loan, language) {
    const due = loanDue(loan, member, this.rules, this.today);
    return {
      id: 'loan.summary',
      values: {
        principal: moneyForm(loan.principal, language), left: moneyForm(due.left, language),
        n: countForm(due.count, language), k: countForm(due.paidCount, language),
        asof: dateForm(member.asOf, language),
      },
    };
  }

  loanList(member, language) {
    return {
      id: 'loan.choose',
      values: {},
      rows: runningLoans(member).map((loan) => ({
        principal: moneyForm(loan.principal, language), date: dateForm(loan.disbursedOn, language),
      })),
    };
  }

  /** The line in front, for whoever is in training before her first loan; else null. */
  training(member, language) {
    const done = member.trainingWeeksDone;
    const of = this.rules.trainingWeeks;
    if (done === null || done >= of || member.loans.length > 0) return null;
    return { id: 'elig.training',
             values: { k: countForm(done, language), n: countForm(of, language) } };
  }

  /** `asked`: poisha, or null for "how much". */
  eligibility(member, language, asked = null) {
    const { kind, ...amounts } = eligibility(member, this.rules, this.today, asked);
    const values = {};
    for (const [name, amount] of Object.entries(amounts)) values[name] = moneyForm(amount, language);
    if (['yes', 'gap', 'amount', 'running'].includes(kind)) {
      values.asof = dateForm(member.asOf, language);
    }
    return { id: `elig.${kind}`, values, lead: this.training(member, language) };
  }

  branch(member, language) {
    return {
      id: this.offersRequest('call_me') ? 'info.branch_call' : 'info.branch',
      values: {
        branch: member.office.name, phone: phoneForm(member.office.phone, language),
        officer: member.officer ?? { bn: member.office.officer, en: member.office.officer },
      },
    };
  }

  sms(member, language, choice) {
    return { id: 'sms.choice',
             values: { status: this.grammar.word(smsWords[choice - 1], language) } };
  }

  help() {
    return { id: 'info.help', values: {} };
  }
}

/** Why what is shown is not what is expected; null when it is. */
export function difference(grammar, expected, lines, language) {
  if (expected.lead) {
    const { lead, ...rest } = expected;
    return difference(grammar, lead, lines.slice(0, 1), language) ??
      difference(grammar, rest, lines.slice(1), language);
  }
  const shown = grammar.match(expected.id, language, lines);
  if (!shown) return `not ${expected.id} (${language})`;
  const rows = expected.rows ?? [];
  if (shown.rows.length !== rows.length) {
    return `${shown.rows.length} rows, not ${rows.length}`;
  }
  const wrong = [
    ...differing(expected.values, shown.values, language),
    ...rows.flatMap((row, i) => differing(row, shown.rows[i], language)
      .map((what) => `row ${i + 1}: ${what}`)),
  ];
  return wrong.length ? wrong.join('; ') : null;
}

function differing(expected, shown, language) {
  const wrong = [];
  for (const [name, value] of Object.entries(expected)) {
    const right = names.has(name) ? isNameOf(value, shown[name] ?? '', language)
      : (shown[name] ?? '') === plain(value);
    if (!right) {
      const wanted = names.has(name) ? value[language] || value.bn : value;
      wrong.push(`${name} is "${shown[name] ?? ''}", not "${wanted}"`);
    }
  }
  return wrong;
}

/**
 * The name itself or, where a screen is too narrow, its beginning up to a whole character. A name
 * that the file has in Bangla only is shown in Latin letters.
 */
export function isNameOf(name, shown, language) {
  if (language === 'en' && !name.en) {
    return name.bn === '' ? shown === '' : /^[A-Za-z0-9][ -~]*$/.test(shown);
  }
  const full = plain(name[language]);
  // A Latin name in a Bangla column and the like.
  if (language === 'en' && /[\u0980-\u09FF]/.test(full)) return /^[A-Za-z0-9][ -~]*$/.test(shown);
  if (shown === full) return true;
  const next = full.charAt(shown.length);
  return shown.length >= 5 && full.startsWith(shown) && !/\p{M}/u.test(next);
}

/** The account's line on a shared phone: first name and the last two digits of her number. */
export function isHerRow(member, row, language) {
  const first = (text) => text.split(' ')[0];
  return asciiDigits(row.tail) === member.code.slice(-2) &&
    isNameOf({ bn: first(member.name.bn), en: first(member.name.en) }, row.name, language);
}
