import assert from 'node:assert/strict';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { dirname, join } from 'node:path';
import { Grammar, difference, isHerRow, isNameOf, loadOffers, loadTexts } from './screens.mjs';
import { pinOf } from './walk.mjs';

const config = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'config');
const grammar = new Grammar({
  bn: {
    'due.next': 'কিস্তি {inst} টাকা\n{day} {date}\n{n}টির মধ্যে {k} নম্বর',
    'stmt.rows': '{row: {date} {kind} {paid}}\n({asof} পর্যন্ত)',
    'nav.back': '0 ফিরুন', 'nav.exit': '0 শেষ', 'nav.more': '9 আরও',
  },
  en: {
    'meet.next': 'Meeting {day} {date}\n{time}\n{place}',
    'loan.choose': 'Which loan?\n{row: Tk {principal} of {date}}',
    'nav.back': '0 Back', 'nav.exit': '0 Exit', 'nav.more': '9 More',
  },
});

test('a screen is its text and the lines under it', () => {
  assert.deepEqual(grammar.split('কিস্তি\n9 আরও\n0 ফিরুন'),
    { lines: ['কিস্তি'], more: true, exit: false, back: true });
  assert.deepEqual(grammar.split('Main\n0 Exit'),
    { lines: ['Main'], more: false, exit: true, back: false });
});

test('a text is recognised with its values', () => {
  const found = grammar.match('due.next', 'bn', ['কিস্তি ১,২৪৫ টাকা', 'শনি ২৮/১১', '৪৬টির মধ্যে ৭ নম্বর']);
  assert.deepEqual({ ...found.values },
    { inst: '১,২৪৫', day: 'শনি', date: '২৮/১১', n: '৪৬', k: '৭' });
  assert.equal(grammar.match('due.next', 'bn', ['কিস্তি ১,২৪৫ টাকা', 'শনি ২৮/১১']), null);
});

test('rows are told apart, with and without keys', () => {
  const rows = grammar.match('stmt.rows', 'bn',
    ['২১/১১ কিস্তি ২৪৫', '১৪/১১ সঞ্চয় ৫০', '(২১/১১ পর্যন্ত)']).rows;
  assert.deepEqual(rows.map((row) => row.paid), ['২৪৫', '৫০']);
  const loans = grammar.match('loan.choose', 'en',
    ['Which loan?', '1 Tk 10,000 of 1/2', '2 Tk 20,000 of 3/4']).rows;
  assert.deepEqual(loans.map((row) => row.principal), ['10,000', '20,000']);
});

test('a line without its value may be left out', () => {
  const found = grammar.match('meet.next', 'en', ['Meeting Sat 28/11', 'Pond side']);
  assert.deepEqual([found.values.time, found.values.place], [undefined, 'Pond side']);
});

test('a wrong figure is said', () => {
  const expected = { id: 'due.next', values: { inst: '১,২৪৫', day: 'শনি', date: '২৮/১১', n: '৪৬',
                                               k: '৭' } };
  const lines = ['কিস্তি ১,২৪৫ টাকা', 'শনি ২৮/১১', '৪৬টির মধ্যে ৭ নম্বর'];
  assert.equal(difference(grammar, expected, lines, 'bn'), null);
  lines[0] = 'কিস্তি ১,২৪৬ টাকা';
  assert.match(difference(grammar, expected, lines, 'bn'), /inst is "১,২৪৬", not "১,২৪৫"/);
  assert.match(difference(grammar, expected, ['?'], 'bn'), /not due.next/);
});

test('names may be cut at a whole character or transliterated', () => {
  assert.equal(isNameOf({ bn: 'মোহাম্মদপুর', en: 'Mohammadpur' }, 'মোহাম্মদপুর', 'bn'), true);
  assert.equal(isNameOf({ bn: 'মোহাম্মদপুর', en: 'Mohammadpur' }, 'Mohamma', 'en'), true);
  assert.equal(isNameOf({ bn: 'মোহাম্মদপুর', en: 'Mohammadpur' }, 'Mohimma', 'en'), false);
  assert.equal(isNameOf({ bn: 'মোহাম্মদপুর', en: '' }, 'Mohammodpur', 'en'), true);
  assert.equal(isNameOf({ bn: 'মোহাম্মদপুর', en: '' }, 'মোহাম্মদপুর', 'en'), false);
  assert.equal(isNameOf({ bn: 'মোহাম্মদপুর', en: '' }, 'মোহাম', 'bn'), false);
});

test('her line of a shared phone is her first name and her number’s end', () => {
  const her = { code: '001000042', name: { bn: 'আমেনা বেগম', en: 'Amena Begum' } };
  assert.equal(isHerRow(her, { name: 'আমেনা', tail: '42' }, 'bn'), true);
  assert.equal(isHerRow(her, { name: 'আমেনা', tail: '৪২' }, 'bn'), true);
  assert.equal(isHerRow(her, { name: 'আমেনা', tail: '43' }, 'bn'), false);
  assert.equal(isHerRow(her, { name: 'রহিমা', tail: '42' }, 'bn'), false);
});

test('every member gets a PIN that is hard to guess, always the same', () => {
  for (let i = 1; i < 3000; i++) {
    const her = { code: `001${String(i).padStart(6, '0')}`, msisdn: String(8801710000000 + i) };
    const pin = pinOf(her);
    assert.match(pin, /^\d{4}$/);
    assert.equal(pin, pinOf(her));
    assert.doesNotMatch(pin, /^(\d)\1{3}$|^(\d\d)\2$|0123|1234|9876|8901|2109|^19[4-9]\d|^20[0-2]\d/);
    assert.ok(!her.code.endsWith(pin));
  }
});

test('the texts of the configuration can be read, in both languages alike', () => {
  for (const organisation of ['mss', 'kmss', 'rss']) {
    const texts = loadTexts(join(config, 'texts'), organisation);
    assert.deepEqual(Object.keys(texts.bn).sort(), Object.keys(texts.en).sort());
    const real = new Grammar(texts);
    for (const language of ['bn', 'en']) {
      for (const id of Object.keys(texts[language])) real.pattern(id, language);
    }
    assert.equal(loadOffers(config, organisation).eligibilityInMain, organisation !== 'rss');
  }
});
