import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { studentT } from '../../lib/curve/student-t.ts';

describe("Student's t, two-sided", () => {
  // Printed tables of the t distribution, to their last digit.
  const printed: { share: number; degrees: number; t: number; digits: number }[] = [
    { share: 0.95, degrees: 1, t: 12.706, digits: 3 },
    { share: 0.95, degrees: 2, t: 4.303, digits: 3 },
    { share: 0.95, degrees: 3, t: 3.182, digits: 3 },
    { share: 0.95, degrees: 4, t: 2.776, digits: 3 },
    { share: 0.95, degrees: 5, t: 2.571, digits: 3 },
    { share: 0.95, degrees: 9, t: 2.262, digits: 3 },
    { share: 0.95, degrees: 19, t: 2.093, digits: 3 },
    { share: 0.95, degrees: 30, t: 2.042, digits: 3 },
    { share: 0.95, degrees: 120, t: 1.98, digits: 3 },
    { share: 0.95, degrees: 1_000_000, t: 1.96, digits: 3 },
    { share: 0.9, degrees: 10, t: 1.812, digits: 3 },
    { share: 0.99, degrees: 9, t: 3.25, digits: 3 },
    { share: 0.99, degrees: 1, t: 63.657, digits: 3 },
  ];
  for (const { share, degrees, t, digits } of printed) {
    it(`${share * 100} % with ${degrees} degrees of freedom: ${t}`, () => {
      assert.equal(Number(studentT(share, degrees).toFixed(digits)), t);
    });
  }
});
