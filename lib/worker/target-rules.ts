import type { AddressRules } from '../target/address.ts';
import { type AllowedTarget, type AskedTarget, allowanceOf, targetRefusal } from '../target/allowed-targets.ts';

/**
 * Which addresses of a target may be connected to.
 * @param allowed pairs of host and key; null: whatever the user named is allowed
 * @throws Error with what to do when the target is not allowed at all
 */
export function rulesFor(target: AskedTarget, allowed: readonly AllowedTarget[] | null): AddressRules {
  if (allowed === null) return { privateAddresses: true };
  const refusal = targetRefusal(target, allowed);
  if (refusal !== null) throw new Error(refusal);
  return { privateAddresses: allowanceOf(target, allowed)?.privateAddresses ?? false };
}
