import type {Reporter, TestModule} from 'vitest/node';

/** Ends a run with the line that tools/run_tests.py reads: "N passed, N failed, N skipped". */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>): void {
    const count = {passed: 0, failed: 0, skipped: 0};
    for (const module of modules) {
      const before = count.failed;
      for (const test of module.children.allTests()) {
        const {state} = test.result();
        if (state !== 'pending') count[state] += 1;
      }
      if (module.state() === 'failed' && count.failed === before) count.failed += 1;  // It could not even be loaded.
    }
    console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  }
}
