import assert from 'node:assert/strict';
import test from 'node:test';
import { parseCsv } from './csv.mjs';
import { parseToml } from './toml.mjs';

test('CSV: quotes, line ends inside them, CRLF and a BOM are read', () => {
  assert.deepEqual(parseCsv('\uFEFFa,b\r\n"x, ""y""","1\n2"\r\nz,\n'), [
    { a: 'x, "y"', b: '1\n2' },
    { a: 'z', b: '' },
  ]);
  assert.deepEqual(parseCsv('a,b\n1,2'), [{ a: '1', b: '2' }]);
  assert.deepEqual(parseCsv(''), []);
  assert.throws(() => parseCsv('a,b\n1\n1,2\n'), /row 2 has 1 fields/);
});

test('TOML: what the configuration uses is read', () => {
  const read = parseToml(`
# a comment
zone = "Asia/Dhaka" # another
days = [5, 6,
        7]
[name]
bn = "কেএমএসএস"
[[products]]
code = "A"
min = 10_000
rate = 12.5
from = 2010-11-01
on = true
[[products]]
code = "B"
[screens.main]
options = { 1 = "due", 2 = "more" }
text = """
1 \\"One\\"
2 Two"""
`);
  assert.equal(read.zone, 'Asia/Dhaka');
  assert.deepEqual(read.days, [5, 6, 7]);
  assert.equal(read.name.bn, 'কেএমএসএস');
  assert.deepEqual(read.products,
    [{ code: 'A', min: 10000, rate: 12.5, from: '2010-11-01', on: true }, { code: 'B' }]);
  assert.deepEqual(read.screens.main,
    { options: { 1: 'due', 2: 'more' }, text: '1 "One"\n2 Two' });
  assert.throws(() => parseToml('a ='), /line 1/);
});
