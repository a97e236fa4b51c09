/**
 * Stands in for the SDK's credential chain in the Lambdas' bundles (bundling.ts): a Lambda finds
 * its credentials in the environment, and the chain's log-in clients are a quarter of the code.
 */

/** Called like the function of @aws-sdk/credential-provider-node that it replaces. */
export function defaultProvider() {
  return async () => ({
    accessKeyId: variable('AWS_ACCESS_KEY_ID'),
    secretAccessKey: variable('AWS_SECRET_ACCESS_KEY'),
    sessionToken: variable('AWS_SESSION_TOKEN'),
  });
}

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}
