/** The name at the end of a role's ARN, without its path. */
export const roleNameOf = (arn: string) => arn.slice(arn.lastIndexOf('/') + 1);
