// The demo's own figures against this arithmetic: UTHAN_DEMO names a directory with one organisation
// in each sub-directory, as tools/demo.sh makes it (var/demo/import).
import assert from 'node:assert/strict';
import test from 'node:test';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dirname, join } from 'node:path';
import { parseCsv } from './csv.mjs';
import { loadFacts, loadRules, poishaOf } from './facts.mjs';
import { leftOf, loanDue, memberDue } from './rules.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const demo = process.env.UTHAN_DEMO ?? join(root, 'var', 'demo', 'import');

for (const organisation of ['mss', 'kmss', 'rss']) {
  const files = join(demo, organisation);
  test(`${organisation}: overdue and left agree with loans.csv`, { skip: !existsSync(files) }, () => {
    const rules = loadRules(join(root, 'config', 'organisations', `${organisation}.toml`));
    const overdue = new Map(parseCsv(readFileSync(join(files, 'loans.csv'), 'utf8'))
      .map((row) => [row.loan_no, row]));
    let compared = 0;
    const kinds = new Set();
    for (const member of loadFacts(files)) {
      kinds.add(memberDue(member, rules, member.asOf).kind);
      for (const loan of member.loans) {
        const row = overdue.get(loan.loanNo);
        assert.equal(leftOf(loan, rules), poishaOf(row.outstanding_total), loan.loanNo);
        if (loan.status !== 'active') continue;
        const due = loanDue(loan, member, rules, member.asOf);
        assert.equal(due.overdue, poishaOf(row.overdue_amount), loan.loanNo);
        compared++;
      }
    }
    assert.ok(compared > 50, `${compared} loans`);
    assert.deepEqual([...kinds].sort(), ['arrears', 'next', 'none']);
  });
}
