import assert from 'node:assert/strict';
import test from 'node:test';
import { dayOf, poishaOf } from './facts.mjs';
import * as forms from './forms.mjs';

test('money is grouped in lakh and crore, poisha only when there are some', () => {
  for (const [written, en, bn] of [
    ['0', '0', '০'], ['999', '999', '৯৯৯'], ['1000', '1,000', '১,০০০'],
    ['125000', '1,25,000', '১,২৫,০০০'], ['999999999', '99,99,99,999', '৯৯,৯৯,৯৯,৯৯৯'],
    ['1234.5', '1,234.50', '১,২৩৪.৫০'], ['-75.05', '-75.05', '-৭৫.০৫'],
  ]) {
    assert.equal(forms.moneyForm(poishaOf(written), 'en'), en);
    assert.equal(forms.moneyForm(poishaOf(written), 'bn'), bn);
  }
  assert.throws(() => poishaOf('1,000'));
  assert.throws(() => poishaOf('1.234'));
});

test('days are named and written as day and month', () => {
  const day = dayOf('2026-11-21');
  assert.equal(forms.weekdayOf(day), 6);
  assert.equal(forms.weekdayOf(dayOf('1969-12-29')), 1);
  assert.equal(forms.weekdayForm(day, 'en'), 'Sat');
  assert.equal(forms.weekdayForm(day, 'bn'), 'শনি');
  assert.equal(forms.dateForm(day, 'en'), '21/11');
  assert.equal(forms.dateForm(dayOf('2027-03-05'), 'bn'), '৫/৩');
});

test('times say which part of the day', () => {
  assert.equal(forms.timeForm(10 * 60 + 30, 'en'), '10:30 am');
  assert.equal(forms.timeForm(12 * 60, 'en'), '12:00 pm');
  assert.equal(forms.timeForm(5, 'en'), '12:05 am');
  assert.equal(forms.timeForm(10 * 60 + 30, 'bn'), 'সকাল ১০:৩০');
  assert.equal(forms.timeForm(14 * 60, 'bn'), 'দুপুর ২:০০');
});

test('phones are written as they are dialled in the country', () => {
  assert.equal(forms.phoneForm('8801712345678', 'en'), '01712345678');
  assert.equal(forms.phoneForm('+880 1712-345678', 'bn'), '০১৭১২৩৪৫৬৭৮');
  assert.equal(forms.phoneForm('01712345678', 'en'), '01712345678');
});

test('a screen holds 80 Bangla or 182 Latin characters', () => {
  assert.equal(forms.fitsOneScreen('ক'.repeat(80)), true);
  assert.equal(forms.fitsOneScreen('ক'.repeat(81)), false);
  assert.equal(forms.fitsOneScreen('a'.repeat(182)), true);
  assert.equal(forms.fitsOneScreen('a'.repeat(183)), false);
});
